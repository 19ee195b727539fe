#include "platform/procedure/judging.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/civil_time.hpp"

namespace opsteward::procedure {

namespace {

int Rank(State state) {
    switch (state) {
        case State::kNotMet: return 4;
        case State::kAttention: return 3;
        case State::kNotSetUp: return 2;
        case State::kMet: return 1;
        case State::kNotApplicable: return 0;
    }
    return 0;
}

/// What one check or duty says of a unit.
struct Voice {
    State state = State::kNotSetUp;
    Text why;
};

Text AndMore(const Text& first, std::size_t more) {
    if (more == 0) return first;
    return {fmt::format("{}（另有 {} 項）", first.zh, more), fmt::format("{} (and {} more)", first.en, more)};
}

/// What one check gave for one unit.
struct UnitShare {
    std::vector<const Subject*> population;
    std::vector<const Finding*> findings;
};

/// The devices a check looks at, and for those whose topics are not all observed the first reason.
struct DevicesSeen {
    std::size_t count = 0;
    std::vector<Text> unobserved;
};

const Text* WhyUnobserved(const Check& check, std::int64_t device_id, const JudgingInput& input) {
    static const Text kNeverAsked{"尚未觀察。", "It has not been observed yet."};
    for (const auto& topic : check.topics) {
        const auto found = input.coverage.find({device_id, topic});
        if (found == input.coverage.end()) return &kNeverAsked;
        if (!found->second.is_observed) return &found->second.reason;
    }
    return nullptr;
}

DevicesSeen LookAtDevices(const Check& check, const std::vector<const Subject*>& population, const JudgingInput& input) {
    DevicesSeen seen;
    std::set<std::int64_t> devices;
    for (const Subject* subject : population) {
        if (!subject->device_id || !devices.insert(*subject->device_id).second) continue;
        const Text* reason = WhyUnobserved(check, *subject->device_id, input);
        if (reason == nullptr) continue;
        const auto name = input.device_names.find(*subject->device_id);
        const std::string& device = name == input.device_names.end() ? subject->name : name->second;
        seen.unobserved.push_back({fmt::format("{}：{}", device, reason->zh), fmt::format("{}: {}", device, reason->en)});
    }
    seen.count = devices.size();
    return seen;
}

/// The worst, and of these the oldest.
const Finding& Gravest(const std::vector<const Finding*>& findings) {
    return **std::min_element(findings.begin(), findings.end(), [](const Finding* a, const Finding* b) {
        return a->severity != b->severity ? IsWorse(a->severity, b->severity) : a->since < b->since;
    });
}

Voice SpeakForUnit(const Check& check, const UnitShare& share, const JudgingInput& input) {
    const DevicesSeen devices = LookAtDevices(check, share.population, input);
    const auto& unobserved = devices.unobserved;
    if (devices.count > 0 && unobserved.size() == devices.count) {
        return {State::kNotSetUp, AndMore(unobserved.front(), unobserved.size() - 1)};
    }
    if (!share.findings.empty()) {
        const Finding& gravest = Gravest(share.findings);
        return {gravest.severity, AndMore(gravest.reason, share.findings.size() - 1)};
    }
    if (!unobserved.empty()) return {State::kAttention, AndMore(unobserved.front(), unobserved.size() - 1)};
    return {State::kMet,
            {fmt::format("{}：已查核 {} 項，未發現問題。", check.title.zh, share.population.size()),
             fmt::format("{}: {} looked at, nothing found.", check.title.en, share.population.size())}};
}

/// What several voices together say of a unit.
Voice Together(const std::vector<Voice>& voices) {
    const Voice* worst = &voices.front();
    bool any_met = false;
    for (const auto& voice : voices) {
        if (IsWorse(voice.state, worst->state)) worst = &voice;
        any_met = any_met || voice.state == State::kMet;
    }
    Voice together = *worst;
    // Part of it is judged and part of it is still open: more than nothing, less than met.
    if (worst->state == State::kNotSetUp && any_met) together.state = State::kAttention;
    if (worst->state == State::kMet && voices.size() > 1) {
        together.why.zh += fmt::format("（共 {} 項查核與工作）", voices.size());
        together.why.en += fmt::format(" ({} checks and duties in all)", voices.size());
    }
    return together;
}

}  // namespace

bool IsWorse(State a, State b) { return Rank(a) > Rank(b); }

Judgement JudgeDuty(const DutyStanding& standing, Instant now) {
    const Duty& duty = *standing.duty;
    Judgement judgement{"", standing.unit_id, State::kNotSetUp, {}};
    const auto say = [&](State state, Instant at, std::string_view zh, std::string_view en) {
        const Date date = TaipeiDate(at);
        judgement.state = state;
        judgement.why = {fmt::format("{}：{} {}", duty.title.zh, FormatDate(date, Language::kZhHant), zh),
                         fmt::format("{}: {} {}", duty.title.en, en, FormatDate(date, Language::kEnglish))};
        return judgement;
    };
    if (standing.overdue_since)
        return say(State::kNotMet, *standing.overdue_since, "到期，逾期未完成。", "not done, it was due on");
    if (standing.due_at && !standing.is_open_round_done && now >= *standing.due_at - duty.lead) {
        return say(State::kAttention, *standing.due_at, "到期，尚未完成。", "not done yet, due on");
    }
    if (standing.last_done_at) return say(State::kMet, *standing.last_done_at, "已完成。", "done on");
    if (standing.due_at) return say(State::kNotSetUp, *standing.due_at, "到期，尚無完成紀錄。", "no record yet, due on");
    judgement.why = {duty.title.zh + "：尚無紀錄。", duty.title.en + ": no record yet."};
    return judgement;
}

namespace {

using ClauseInUnit = std::pair<std::string, std::int64_t>;
using Voices = std::map<ClauseInUnit, std::vector<Voice>>;

void HearCheck(const CheckResult& result, const JudgingInput& input, Voices& voices) {
    std::map<std::int64_t, UnitShare> by_unit;
    for (const auto& subject : result.run.population) by_unit[subject.unit_id].population.push_back(&subject);
    for (const auto& found : result.run.findings) by_unit[found.finding.unit_id].findings.push_back(&found.finding);
    for (const auto& [unit_id, share] : by_unit) {
        voices[{result.check->clause_id, unit_id}].push_back(SpeakForUnit(*result.check, share, input));
    }
}

void HearDuty(const DutyStanding& standing, Instant now, Voices& voices) {
    const Judgement said = JudgeDuty(standing, now);
    for (const auto& clause_id : standing.duty->clause_ids) {
        voices[{clause_id, standing.unit_id}].push_back({said.state, said.why});
    }
}

Judgement NotApplicable(const ClauseInUnit& where, const ExemptionInForce& exemption) {
    return {where.first,
            where.second,
            State::kNotApplicable,
            {fmt::format("{}（{} 核准，至 {}）", exemption.reason, exemption.approved_by,
                         FormatDate(exemption.ends, Language::kZhHant)),
             fmt::format("{} (approved by {}, until {})", exemption.reason, exemption.approved_by,
                         FormatDate(exemption.ends, Language::kEnglish))}};
}

}  // namespace

std::vector<Judgement> Judge(const JudgingInput& input) {
    Voices voices;
    std::map<std::string, Text> refused;  // by clause
    for (const auto& result : input.checks) {
        HearCheck(result, input, voices);
        if (result.refused) refused.emplace(result.check->clause_id, *result.refused);
    }
    for (const auto& standing : input.duties) HearDuty(standing, input.now, voices);
    // Both have something to say where nobody else does.
    for (const auto& [where, exemption] : input.exemptions) voices[where];
    for (const auto& [clause_id, refusal] : refused) {
        for (const std::int64_t unit_id : input.units) voices[{clause_id, unit_id}];
    }

    std::vector<Judgement> judgements;
    judgements.reserve(voices.size());
    for (const auto& [where, spoken] : voices) {
        if (const auto exempt = input.exemptions.find(where); exempt != input.exemptions.end()) {
            judgements.push_back(NotApplicable(where, exempt->second));
            continue;
        }
        Voice said = spoken.empty() ? Voice{} : Together(spoken);
        const auto refusal = refused.find(where.first);
        if (refusal != refused.end() && !IsWorse(said.state, State::kAttention)) said = {State::kAttention, refusal->second};
        judgements.push_back({where.first, where.second, said.state, said.why});
    }
    return judgements;
}

}  // namespace opsteward::procedure
