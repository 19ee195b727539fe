#include "features/firewall/analysis/members.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include "base/work_together.hpp"
#include "features/firewall/analysis/conditions.hpp"
#include "features/firewall/analysis/solvers.hpp"

namespace opsteward::firewall {

namespace {


/// One list's members as products of one family.
class ListProducts {
  public:
    ListProducts(const PacketSpace& space, const MemberList& list) {
        std::vector<Product> products;
        for (std::uint32_t member = 0; member < list.members.size(); ++member) {
            for (const Traffic& traffic : list.members[member].traffic) {
                const auto product = space.ProductOf(traffic, store_);
                if (!product) continue;
                owners_.push_back(member);
                products.push_back(*product);
            }
        }
        products_ = std::move(products);
        index_ = ProductIndex(products_);
    }

    std::vector<Product> Of(std::size_t member) const {
        std::vector<Product> own;
        for (auto at = std::ranges::lower_bound(owners_, member); at != owners_.end() && *at == member; ++at)
            own.push_back(products_[static_cast<std::size_t>(at - owners_.begin())]);
        return own;
    }
    /// Members with a product that covers this one, ascending.
    std::vector<std::size_t> HavingAllOf(const Product& product) const {
        std::vector<std::size_t> members;
        index_.AnyCovering(product.hull, static_cast<std::uint32_t>(products_.size()), [&](std::uint32_t number) {
            if (Covers(products_[number], product)) members.push_back(owners_[number]);
            return false;
        });
        std::ranges::sort(members);
        const auto rest = std::ranges::unique(members);
        members.erase(rest.begin(), rest.end());
        return members;
    }

  private:
    IntervalStore store_;
    std::vector<std::uint32_t> owners_;
    std::vector<Product> products_;
    ProductIndex index_;
};

class ListJudge {
  public:
    ListJudge(Solvers& solvers, std::size_t rule, std::size_t list, const Budget& budget)
        : solvers_(solvers), rule_(rule), list_(list), budget_(budget), ipv4_(SpaceOf(Family::kIpv4), members()), ipv6_(SpaceOf(Family::kIpv6), members()) {}

    std::optional<DeadMember> Judge(std::size_t member) {
        DeadMember dead{rule_, list_, member, MemberReason::kEmpty, {}};
        const std::vector<Product> own4 = ipv4_.Of(member);
        const std::vector<Product> own6 = ipv6_.Of(member);
        if (own4.empty() && own6.empty()) return dead;
        if (const auto other = HoldForWholeRule(solvers_.base().rules[rule_].unknown) ? MemberWithAll(member, own4, own6) : std::nullopt) {
            dead.reason = MemberReason::kOtherMember;
            dead.other = other;
            return dead;
        }
        dead.reason = MemberReason::kEarlierRules;
        Budget budget = budget_;
        const Blockers earlier{static_cast<std::uint32_t>(rule_), kCertain, kNoRule};
        const auto is_covered = [&](Family family) {
            return [&, family](const Product& product) { return solvers_.Ask(family, product, earlier, budget).coverage == Coverage::kCovered; };
        };
        if (std::ranges::all_of(own4, is_covered(Family::kIpv4)) && std::ranges::all_of(own6, is_covered(Family::kIpv6))) return dead;
        return std::nullopt;
    }

  private:
    const MemberList& members() const { return solvers_.base().rules[rule_].members[list_]; }
    const PacketSpace& SpaceOf(Family family) const { return solvers_.rules().Of(family).space(); }

    static void KeepThoseWithAll(const ListProducts& products, const std::vector<Product>& own, std::optional<std::vector<std::size_t>>& members) {
        for (const Product& product : own) {
            const std::vector<std::size_t> having = products.HavingAllOf(product);
            if (!members) {
                members = having;
                continue;
            }
            std::vector<std::size_t> both;
            std::ranges::set_intersection(*members, having, std::back_inserter(both));
            members = std::move(both);
        }
    }

    bool HasAllOf(std::size_t member, std::size_t other) const {
        const auto has = [member](const ListProducts& products, const std::vector<Product>& own) {
            return std::ranges::all_of(own, [&](const Product& product) { return std::ranges::binary_search(products.HavingAllOf(product), member); });
        };
        return has(ipv4_, ipv4_.Of(other)) && has(ipv6_, ipv6_.Of(other));
    }

    /// Another member that has all of it, and not the other way round unless that one comes first.
    std::optional<std::size_t> MemberWithAll(std::size_t member, const std::vector<Product>& own4, const std::vector<Product>& own6) const {
        std::optional<std::vector<std::size_t>> having;
        KeepThoseWithAll(ipv4_, own4, having);
        KeepThoseWithAll(ipv6_, own6, having);
        for (const std::size_t other : having.value_or(std::vector<std::size_t>())) {
            if (other < member || (other > member && !HasAllOf(member, other))) return other;
        }
        return std::nullopt;
    }

    Solvers& solvers_;
    std::size_t rule_;
    std::size_t list_;
    const Budget& budget_;
    ListProducts ipv4_;
    ListProducts ipv6_;
};

double PacketsOf(const Traffic& traffic) {
    const double addresses =
        traffic.family == Family::kIpv4 ? traffic.source4.Size() * traffic.destination4.Size() : traffic.source6.Size() * traffic.destination6.Size();
    return addresses * traffic.in.Size() * traffic.out.Size() * traffic.services.Size() * traffic.source_ports.Size() * traffic.states.Size();
}

}  // namespace

std::string_view NameOf(MemberReason reason) {
    static constexpr std::array<std::string_view, 3> kNames{"earlier_rules", "other_member", "empty"};
    return kNames[static_cast<std::size_t>(reason)];
}

std::vector<DeadMember> FindDeadMembers(const CompiledRules& rules, const std::vector<RuleVerdict>& verdicts, const JudgeOptions& options) {
    const RuleBase& base = rules.base();
    std::vector<std::vector<DeadMember>> found(base.rules.size());
    const Budget budget = options.BudgetOfEach(found.size());
    WorkTogether(options.threads, found.size(), [&] {
        return [&, solvers = std::make_shared<Solvers>(rules)](std::size_t rule) {
            if (!base.rules[rule].IsActive() || verdicts[rule].kind == VerdictKind::kDead) return true;
            for (std::size_t list = 0; list < base.rules[rule].members.size(); ++list) {
                if (base.rules[rule].members[list].members.empty()) continue;
                ListJudge judge(*solvers, rule, list, budget);
                for (std::size_t member = 0; member < base.rules[rule].members[list].members.size(); ++member) {
                    if (options.is_cancelled()) return false;
                    if (const auto dead = judge.Judge(member)) found[rule].push_back(*dead);
                }
            }
            return true;
        };
    });
    std::vector<DeadMember> all;
    for (const auto& some : found) all.insert(all.end(), some.begin(), some.end());
    return all;
}

Breadth BreadthOf(const Rule& rule) {
    Breadth breadth;
    double packets = 0;
    for (const Traffic& traffic : rule.traffic) {
        const double size = PacketsOf(traffic);
        if (size == 0) continue;
        packets += size;
        const bool is_ipv4 = traffic.family == Family::kIpv4;
        breadth.has_any_source |= is_ipv4 ? traffic.source4.IsAll() : traffic.source6.IsAll();
        breadth.has_any_destination |= is_ipv4 ? traffic.destination4.IsAll() : traffic.destination6.IsAll();
        breadth.has_any_service |= traffic.services == AllServices();
    }
    breadth.log2_packets = packets > 0 ? std::log2(packets) : 0;
    return breadth;
}

}  // namespace opsteward::firewall
