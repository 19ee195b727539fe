#include "features/firewall/analysis/expectations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace opsteward::firewall {

namespace {

Error Wrong(const Expectation& expectation, std::string_view zh, std::string_view en) {
    return Error::Of(ErrorCode::kInvalidInput, fmt::format("期望檔第 {} 行第 {} 欄「{}」：{}", expectation.line, expectation.column, expectation.name, zh),
                     fmt::format("Expectations, line {}, column {}, \"{}\": {}", expectation.line, expectation.column, expectation.name, en));
}

std::optional<NumberSet> ZonesOf(const ExpectedEnd& end, const RuleBase& base) {
    if (end.zones.empty()) return base.AllZones();
    std::vector<Range<std::uint32_t>> numbers;
    for (const std::string& zone : end.zones) {
        const auto number = base.ZoneNumber(zone);
        if (!number) return std::nullopt;
        numbers.push_back({*number, *number});
    }
    return NumberSet(std::move(numbers));
}

bool HasZones(const Expectation& expectation, const RuleBase& base) { return ZonesOf(expectation.from, base) && ZonesOf(expectation.to, base); }

/// Both families, of which one may be empty. Precondition: HasZones.
std::vector<Traffic> TrafficOf(const Expectation& expectation, const RuleBase& base, const NumberSet& services) {
    std::vector<Traffic> traffic(2);
    traffic[0].source4 = expectation.from.ipv4;
    traffic[0].destination4 = expectation.to.ipv4;
    traffic[1].family = Family::kIpv6;
    traffic[1].source6 = expectation.from.ipv6;
    traffic[1].destination6 = expectation.to.ipv6;
    for (Traffic& entry : traffic) {
        entry.in = *ZonesOf(expectation.from, base);
        entry.out = *ZonesOf(expectation.to, base);
        entry.services = services;
        entry.states = expectation.states;
    }
    return traffic;
}

/// One question that an expectation asks of a rule base.
struct Question {
    std::size_t expectation = 0;
    bool is_accepted = false;
    bool is_about_rest = false;
    std::vector<Traffic> traffic;
};

std::vector<Question> QuestionsOf(std::span<const Expectation> expectations, std::size_t place, const RuleBase& base) {
    const Expectation& expectation = expectations[place];
    std::vector<Question> questions{{place, expectation.is_accepted, false, TrafficOf(expectation, base, expectation.services)}};
    const NumberSet rest = expectation.services.Complement(kLastService);
    if (expectation.is_only && !rest.empty()) questions.push_back({place, false, true, TrafficOf(expectation, base, rest)});
    return questions;
}

ExpectationResult ResultOf(const Question& question, std::size_t place, const RuleBase& base, const TrafficAnswer& answer) {
    ExpectationResult result{question.expectation, place, ExpectationState::kUndecided, question.is_about_rest, {}, {}};
    const auto take = [&](ExpectationState state, const std::optional<Packet>& example) {
        result.state = state;
        result.example = example;
        if (!example) return;
        const Decision decision = Evaluate(base, *example);
        result.rule = decision.may_decide.empty() ? decision.rule : decision.may_decide.front();
    };
    const std::optional<Packet>& counterexample = question.is_accepted ? answer.blocked : answer.allowed;
    if (counterexample) {
        take(ExpectationState::kRefuted, counterexample);
    } else if (answer.extent == (question.is_accepted ? Extent::kAllowed : Extent::kBlocked)) {
        result.state = ExpectationState::kProved;
        result.is_about_rest = false;
    } else if (answer.extent == Extent::kDepends) {
        take(ExpectationState::kDepends, answer.depends);
    }
    return result;
}

/// The answers of a rule base to all questions; the worse of two of one expectation.
void AskAll(const std::vector<Question>& questions, std::size_t place, const RuleBase& base, const Budget& budget, std::vector<ExpectationResult>& results) {
    std::vector<const Traffic*> also;
    for (const Question& question : questions) {
        for (const Traffic& traffic : question.traffic) also.push_back(&traffic);
    }
    const CompiledRules rules(base, also);
    Solvers solvers(rules);
    const auto badness = [](ExpectationState state) {
        static constexpr std::array kOrder{ExpectationState::kProved, ExpectationState::kUndecided, ExpectationState::kDepends, ExpectationState::kRefuted};
        return std::ranges::find(kOrder, state) - kOrder.begin();
    };
    const std::size_t before = results.size();
    for (const Question& question : questions) {
        const ExpectationResult result = ResultOf(question, place, base, AskTraffic(solvers, question.traffic, budget));
        const bool is_second = results.size() > before && results.back().expectation == result.expectation;
        if (!is_second) results.push_back(result);
        else if (badness(result.state) > badness(results.back().state)) results.back() = result;
    }
}

}  // namespace

std::string_view NameOf(ExpectationState state) {
    static constexpr std::array<std::string_view, 4> kNames{"proved", "refuted", "depends", "undecided"};
    return kNames[static_cast<std::size_t>(state)];
}

Result<std::vector<ExpectationResult>> CheckExpectations(std::span<const Expectation> expectations, std::span<const RuleBase> bases, const Budget& budget) {
    std::vector<bool> is_asked(expectations.size());
    std::vector<ExpectationResult> results;
    for (std::size_t place = 0; place < bases.size(); ++place) {
        const RuleBase& base = bases[place];
        std::vector<Question> questions;
        for (std::size_t i = 0; i < expectations.size(); ++i) {
            const Expectation& expectation = expectations[i];
            if ((!expectation.rule_base.empty() && expectation.rule_base != base.name) || !HasZones(expectation, base)) continue;
            is_asked[i] = true;
            for (Question& question : QuestionsOf(expectations, i, base)) questions.push_back(std::move(question));
        }
        if (!questions.empty()) AskAll(questions, place, base, budget, results);
    }
    for (std::size_t i = 0; i < expectations.size(); ++i) {
        if (is_asked[i]) continue;
        const Expectation& expectation = expectations[i];
        const auto named = std::ranges::find(bases, expectation.rule_base, &RuleBase::name);
        if (!expectation.rule_base.empty() && named == bases.end()) {
            return Wrong(expectation, fmt::format("沒有規則集 {}。", expectation.rule_base), fmt::format("there is no rule base {}.", expectation.rule_base));
        }
        std::vector<std::string> zones = expectation.from.zones;
        zones.insert(zones.end(), expectation.to.zones.begin(), expectation.to.zones.end());
        const std::string names = fmt::format("{}", fmt::join(zones, ", "));
        return Wrong(expectation, fmt::format("沒有規則集具有這些介面或區域：{}。", names),
                     fmt::format("no rule base has these interfaces or zones: {}.", names));
    }
    std::ranges::sort(results, {}, [](const ExpectationResult& result) { return std::pair(result.expectation, result.rule_base); });
    return results;
}

}  // namespace opsteward::firewall
