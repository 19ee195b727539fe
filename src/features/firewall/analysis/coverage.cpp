#include "features/firewall/analysis/coverage.hpp"

#include <algorithm>
#include <array>

namespace opsteward::firewall {

namespace {

constexpr int kPacketsTried = 8;
constexpr std::uint64_t kSeed = 20'230'815;

}  // namespace

bool CoverageSolver::FindPacket(const Product& product, const Blockers& blockers) {
    const std::uint32_t end = rules_->FirstProductOf(blockers.below);
    std::uint64_t random = kSeed;
    for (int i = 0; i < kPacketsTried; ++i) {
        const Packet packet = i == 0 ? rules_->space().PacketIn(product) : rules_->space().AnyPacketIn(product, random);
        Product point;
        point.hull = rules_->space().PointOf(packet);
        const bool is_blocked = rules_->index().AnyCovering(
            point.hull, end, [&](std::uint32_t number) { return rules_->Counts(number, blockers) && Covers(rules_->products()[number], point); });
        if (is_blocked) continue;
        witness_ = packet;
        return true;
    }
    return false;
}

Coverage CoverageSolver::Ask(const Product& product, const Blockers& blockers, Budget& budget) {
    if (budget.IsSpent()) return Coverage::kUndecided;
    budget.SpendNode();
    if (FindPacket(product, blockers)) return Coverage::kUncovered;
    const std::uint32_t end = rules_->FirstProductOf(blockers.below);
    const std::span<const Product> products = rules_->products();
    covering_.clear();
    std::uint32_t first = end;
    rules_->index().AnyCovering(product.hull, end, [&](std::uint32_t number) {
        if (number < first && rules_->Counts(number, blockers) && Covers(products[number], product)) first = number;
        return false;
    });
    if (first < end) {
        covering_.push_back(first);
        return Coverage::kCovered;
    }
    numbers_.clear();
    rules_->index().ForEachMeeting(product.hull, end, [&](std::uint32_t number) {
        if (rules_->Counts(number, blockers)) numbers_.push_back(number);
    });
    return Solve(product, budget);
}

Coverage CoverageSolver::AskThese(const Product& product, std::span<const std::uint32_t> candidates, Budget& budget) {
    numbers_.assign(candidates.begin(), candidates.end());
    return Solve(product, budget);
}

std::vector<std::uint32_t> CoverageSolver::Covering() const {
    std::vector<std::uint32_t> numbers = covering_;
    std::ranges::sort(numbers);
    const auto rest = std::ranges::unique(numbers);
    numbers.erase(rest.begin(), rest.end());
    return numbers;
}

Coverage CoverageSolver::Solve(const Product& product, Budget& budget) {
    // So that which of two that serve alike is taken does not depend on how they were found.
    std::ranges::sort(numbers_);
    pending_.clear();
    covering_.clear();
    store_.Release({});
    Push(product, 0, numbers_.size());
    while (!pending_.empty()) {
        const Pending pending = pending_.back();
        pending_.pop_back();
        if (budget.IsSpent()) return Coverage::kUndecided;
        budget.SpendNode();
        budget.SpendSteps(pending.end - pending.begin);
        // What was made within a part is not needed when the part is done with.
        store_.Release(pending.mark);
        numbers_.resize(pending.end);
        std::optional<std::uint32_t> pivot;
        if (IsCoveredByOne(pending, pivot)) continue;
        if (!pivot) {
            uncovered_ = pending.product;
            witness_ = rules_->space().PacketIn(uncovered_);
            return Coverage::kUncovered;
        }
        covering_.push_back(*pivot);
        const std::size_t end = numbers_.size();
        const std::size_t steps = Divide(pending.product, rules_->products()[*pivot], store_, [&](const Product& part) { Push(part, pending.end, end); }).steps;
        budget.SpendSteps(steps);
    }
    return Coverage::kCovered;
}

double CoverageSolver::ShareOf(const Product& candidate, const Product& product) const {
    if ((candidate.several | product.several) != 0 || rules_->space().family() == Family::kIpv6) return rules_->space().OverlapOf(candidate, product);
    double share = 1;
    for (std::size_t i = 0; i < kDimensions; ++i) {
        share *= static_cast<double>(static_cast<std::int64_t>(std::min(candidate.hull.last[i], product.hull.last[i])) -
                                     std::max(candidate.hull.first[i], product.hull.first[i]) + 1);
    }
    return share;
}

bool CoverageSolver::IsCoveredByOne(const Pending& pending, std::optional<std::uint32_t>& pivot) {
    double largest = -1;
    for (std::size_t i = pending.begin; i < pending.end; ++i) {
        const std::uint32_t number = numbers_[i];
        const Product& candidate = rules_->products()[number];
        if (AreDisjoint(candidate, pending.product)) continue;
        if (Covers(candidate, pending.product)) {
            covering_.push_back(number);
            return true;
        }
        numbers_.push_back(number);
        const double share = ShareOf(candidate, pending.product);
        if (share <= largest) continue;
        largest = share;
        pivot = number;
    }
    return false;
}

}  // namespace opsteward::firewall
