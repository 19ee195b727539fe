#include "features/firewall/analysis/query.hpp"

#include <algorithm>
#include <array>

#include "base/log.hpp"

namespace opsteward::firewall {

namespace {

/// The rule number of the fallback, behind all rules.
constexpr std::uint32_t kFallback = kNoRule;

class TrafficQuestion {
  public:
    TrafficQuestion(Solvers& solvers, const std::vector<Traffic>& traffic, const Budget& budget) : solvers_(solvers), budget_(budget) {
        for (const Traffic& entry : traffic) {
            const auto product = solvers.rules().Of(entry.family).space().ProductOf(entry, store_);
            if (product) products_.push_back({entry.family, *product});
        }
    }

    TrafficAnswer Answer() {
        if (products_.empty()) return answer_;
        for (const std::uint32_t rule : Meeting()) AskRule(rule);
        AskRule(kFallback);
        answer_.extent = ExtentOfAll();
        return std::move(answer_);
    }

  private:
    struct FamilyProduct {
        Family family;
        Product product;
    };

    std::vector<std::uint32_t> Meeting() const {
        std::vector<std::uint32_t> meeting;
        for (const auto& [family, product] : products_) {
            const FamilyRules& rules = solvers_.rules().Of(family);
            rules.index().ForEachMeeting(product.hull, kNoRule, [&, &asked = product](std::uint32_t number) {
                if (!AreDisjoint(rules.products()[number], asked)) meeting.push_back(rules.RuleOf(number));
            });
        }
        std::ranges::sort(meeting);
        const auto rest = std::ranges::unique(meeting);
        meeting.erase(rest.begin(), rest.end());
        return meeting;
    }

    bool IsUncertain(std::uint32_t rule) const { return rule != kFallback && !solvers_.base().rules[rule].unknown.empty(); }
    Action ActionOf(std::uint32_t rule) const { return rule == kFallback ? solvers_.base().fallback : solvers_.base().rules[rule].action; }

    /// Whether some of the traffic gets to the rule, past those that count.
    Solvers::Answer AskPast(std::uint32_t rule, std::uint8_t classes, Budget& budget) {
        Solvers::Answer worst;
        const Blockers blockers{rule, classes, kNoRule};
        for (const auto& [family, product] : products_) {
            const std::span<const Product> parts = rule == kFallback ? std::span(&product, 1) : solvers_.rules().Of(family).ProductsOf(rule);
            for (const Product& part : parts) {
                const IntervalStore::Mark mark = store_.mark();
                const auto both = Intersection(product, part, store_);
                const Solvers::Answer answer = both ? solvers_.Ask(family, *both, blockers, budget) : Solvers::Answer{};
                store_.Release(mark);
                if (answer.coverage == Coverage::kUncovered) return answer;
                if (answer.coverage == Coverage::kUndecided) worst = answer;
            }
        }
        return worst;
    }

    void AskRule(std::uint32_t rule) {
        Budget budget = budget_;
        const Outcome outcome = LetsThrough(ActionOf(rule)) ? Outcome::kAllowed : Outcome::kBlocked;
        if (!IsUncertain(rule)) {
            // Rules before it with unknown parts and the same outcome change nothing.
            const auto classes = static_cast<std::uint8_t>(kCertain | (kUncertain & OpposedTo(ActionOf(rule))));
            const Solvers::Answer answer = AskPast(rule, classes, budget);
            is_undecided_ |= answer.coverage == Coverage::kUndecided;
            if (answer.coverage == Coverage::kUncovered) Take(rule, outcome, answer.witness);
        }
        if (!HasUncertain()) return;
        const Solvers::Answer answer = AskPast(rule, kCertain, budget);
        is_undecided_ |= answer.coverage == Coverage::kUndecided;
        if (answer.coverage != Coverage::kUncovered) return;
        (outcome == Outcome::kAllowed ? may_be_allowed_ : may_be_blocked_) = true;
        const bool is_told = !answer_.deciding.empty() && answer_.deciding.back().rule == PlaceOf(rule);
        if (!is_told) Take(rule, OutcomeOf(solvers_.base(), Evaluate(solvers_.base(), answer.witness)), answer.witness);
    }

    bool HasUncertain() const {
        return ((solvers_.rules().Of(Family::kIpv4).classes() | solvers_.rules().Of(Family::kIpv6).classes()) & kUncertain) != 0;
    }

    static std::optional<std::size_t> PlaceOf(std::uint32_t rule) { return rule == kFallback ? std::nullopt : std::optional<std::size_t>(rule); }

    void Take(std::uint32_t rule, Outcome outcome, const Packet& packet) {
        if (OutcomeOf(solvers_.base(), Evaluate(solvers_.base(), packet)) != outcome) {
            log::error("firewall analysis: an example for rule {} of {} has another outcome when it is replayed; the answer is withheld", rule,
                       solvers_.base().name);
            is_undecided_ = true;
            return;
        }
        std::optional<Packet>& example = outcome == Outcome::kAllowed ? answer_.allowed : outcome == Outcome::kBlocked ? answer_.blocked : answer_.depends;
        if (!example) example = packet;
        if (answer_.deciding.size() < TrafficAnswer::kMostDeciding) answer_.deciding.push_back({PlaceOf(rule), outcome, packet});
        else answer_.has_more = true;
    }

    Extent ExtentOfAll() const {
        const bool may_be_allowed = may_be_allowed_ || answer_.allowed.has_value();
        const bool may_be_blocked = may_be_blocked_ || answer_.blocked.has_value();
        if (answer_.allowed && answer_.blocked) return Extent::kPartly;
        if (is_undecided_) return Extent::kUndecided;
        if (!may_be_blocked) return Extent::kAllowed;
        if (!may_be_allowed) return Extent::kBlocked;
        return Extent::kDepends;
    }

    Solvers& solvers_;
    const Budget& budget_;
    IntervalStore store_;
    std::vector<FamilyProduct> products_;
    TrafficAnswer answer_;
    bool may_be_allowed_ = false;
    bool may_be_blocked_ = false;
    bool is_undecided_ = false;
};

}  // namespace

std::string_view NameOf(Extent extent) {
    static constexpr std::array<std::string_view, 6> kNames{"empty", "allowed", "blocked", "partly", "depends", "undecided"};
    return kNames[static_cast<std::size_t>(extent)];
}

TrafficAnswer AskTraffic(Solvers& solvers, const std::vector<Traffic>& traffic, const Budget& budget) {
    return TrafficQuestion(solvers, traffic, budget).Answer();
}

TrafficAnswer AskTraffic(const RuleBase& base, const std::vector<Traffic>& traffic, const Budget& budget) {
    std::vector<const Traffic*> also;
    for (const Traffic& entry : traffic) also.push_back(&entry);
    const CompiledRules rules(base, also);
    Solvers solvers(rules);
    return AskTraffic(solvers, traffic, budget);
}

}  // namespace opsteward::firewall
