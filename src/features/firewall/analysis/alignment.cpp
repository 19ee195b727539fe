#include "features/firewall/analysis/alignment.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "features/firewall/analysis/conditions.hpp"

namespace opsteward::firewall {

namespace {

class Hash {
  public:
    void Add(std::uint64_t number) {
        // Knuth's multiplier of MMIX, with the upper half folded down.
        state_ = (state_ ^ number) * 6364136223846793005U + 1442695040888963407U;
        state_ ^= state_ >> 29;
    }
    void Add(std::string_view text) { Add(std::hash<std::string_view>()(text)); }
    template <typename T>
    void Add(const RangeSet<T>& set) {
        Add(set.ranges().size());
        for (const auto& range : set.ranges()) {
            AddValue(range.first);
            AddValue(range.last);
        }
    }
    std::uint64_t value() const { return state_; }

  private:
    void AddValue(std::uint32_t value) { Add(std::uint64_t{value}); }
    void AddValue(Uint128 value) {
        Add(static_cast<std::uint64_t>(value >> 64));
        Add(static_cast<std::uint64_t>(value));
    }

    std::uint64_t state_ = 0;
};

std::uint64_t HashOf(const Rule& rule) {
    Hash hash;
    hash.Add(static_cast<std::uint64_t>(rule.action));
    hash.Add(std::uint64_t{rule.IsActive()});
    for (const Traffic& traffic : rule.traffic) {
        hash.Add(static_cast<std::uint64_t>(traffic.family));
        for (const auto* set : {&traffic.in, &traffic.out, &traffic.source4, &traffic.destination4, &traffic.services, &traffic.source_ports, &traffic.states})
            hash.Add(*set);
        hash.Add(traffic.source6);
        hash.Add(traffic.destination6);
    }
    for (const UnknownPart& part : rule.unknown) {
        hash.Add(std::string_view(part.what));
        hash.Add(std::string_view(part.text));
    }
    return hash.value();
}

/// Of each rule in `after` the rule in `before` that means the same, first with first.
std::vector<std::size_t> PairUp(std::span<const Rule> before, std::span<const Rule> after) {
    std::unordered_map<std::uint64_t, std::vector<std::size_t>> places;
    for (std::size_t i = before.size(); i-- > 0;) places[HashOf(before[i])].push_back(i);
    std::vector<std::size_t> pairs(after.size(), kNoPartner);
    for (std::size_t i = 0; i < after.size(); ++i) {
        const auto found = places.find(HashOf(after[i]));
        if (found == places.end() || found->second.empty() || !MeansTheSame(before[found->second.back()], after[i])) continue;
        pairs[i] = found->second.back();
        found->second.pop_back();
    }
    return pairs;
}

}  // namespace

bool MeansTheSame(const Rule& a, const Rule& b) {
    return a.action == b.action && a.IsActive() == b.IsActive() && a.traffic == b.traffic && HaveSameConditions(a, b);
}

std::vector<std::size_t> AlignRules(std::span<const Rule> before, std::span<const Rule> after) {
    const std::vector<std::size_t> pairs = PairUp(before, after);
    // The longest rising subsequence (Schensted, 1961): of each length the one that ends lowest, and what came before.
    std::vector<std::size_t> ends;
    std::vector<std::size_t> previous(after.size(), kNoPartner);
    for (std::size_t i = 0; i < after.size(); ++i) {
        if (pairs[i] == kNoPartner) continue;
        const auto place = std::ranges::lower_bound(ends, pairs[i], {}, [&pairs](std::size_t end) { return pairs[end]; });
        if (place != ends.begin()) previous[i] = *std::prev(place);
        if (place == ends.end()) ends.push_back(i);
        else *place = i;
    }
    std::vector<std::size_t> partners(after.size(), kNoPartner);
    for (std::size_t i = ends.empty() ? kNoPartner : ends.back(); i != kNoPartner; i = previous[i]) partners[i] = pairs[i];
    return partners;
}

}  // namespace opsteward::firewall
