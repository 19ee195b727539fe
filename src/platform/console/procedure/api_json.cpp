#include "platform/console/procedure/api_json.hpp"

#include <algorithm>

#include "base/civil_time.hpp"
#include "platform/console/procedure/words.hpp"

namespace opsteward::console::compliance {

using web::TextJson;
using web::TimeJson;

json::value KnownTimeJson(Instant instant) { return instant == Instant() ? json::value(nullptr) : TimeJson(instant); }

json::object RoleJson(const procedure::Pack& pack, identity::Role role) {
    const Text title{std::string(RoleName(pack, role, Language::kZhHant)), std::string(RoleName(pack, role, Language::kEnglish))};
    return {{"key", identity::RoleKey(role)}, {"title", TextJson(title)}};
}

namespace {

json::object FindingJson(const procedure::Finding& finding) {
    return {{"check", finding.check_id},
            {"unit_id", finding.unit_id},
            {"device_id", finding.device_id ? json::value(*finding.device_id) : json::value(nullptr)},
            {"subject", finding.subject},
            {"severity", procedure::StateKey(finding.severity)},
            {"reason", TextJson(finding.reason)},
            {"since", TimeJson(finding.since)},
            {"evidence", finding.evidence}};
}

}  // namespace

json::object ClauseJson(const procedure::Pack& pack, const UnitTree& tree, const procedure::ClauseState& state, std::size_t max_findings) {
    const procedure::Clause& clause = *state.clause;
    const auto* chapter = pack.ChapterOf(clause.id);
    json::array modes;
    for (const auto mode : clause.modes) modes.emplace_back(procedure::ModeKey(mode));
    json::array findings;
    for (std::size_t i = 0; i < std::min(state.findings.size(), max_findings); ++i) findings.push_back(FindingJson(state.findings[i]));
    json::array units;
    for (const auto& unit : state.units) {
        units.push_back(json::object{{"unit_id", unit.unit_id},
                                     {"unit", tree.Name(unit.unit_id)},
                                     {"state", procedure::StateKey(unit.state)},
                                     {"why", TextJson(unit.why)},
                                     {"since", TimeJson(unit.since)}});
    }
    return {{"id", clause.id},
            {"title", TextJson(clause.title)},
            {"chapter", chapter == nullptr ? json::value(nullptr) : json::value(chapter->id)},
            {"mode", std::move(modes)},
            {"owner", RoleJson(pack, clause.owner)},
            {"state", procedure::StateKey(state.state)},
            {"why", TextJson(state.why)},
            {"since", KnownTimeJson(state.since)},
            {"judged_at", KnownTimeJson(state.judged_at)},
            {"finding_count", state.findings.size()},
            {"findings", std::move(findings)},
            {"units", std::move(units)}};
}

json::object DutyRoundJson(const procedure::Pack& pack, const UnitTree& tree, const procedure::DutyRound& round, Instant now) {
    const auto* duty = FindDuty(pack, round.duty_id);
    json::array clauses;
    if (duty != nullptr) clauses = json::array(duty->clause_ids.begin(), duty->clause_ids.end());
    return {{"id", round.id},
            {"duty", round.duty_id},
            {"title", TextJson(duty == nullptr ? Text{round.duty_id, round.duty_id} : duty->title)},
            {"owner", duty == nullptr ? json::value(nullptr) : json::value(RoleJson(pack, duty->owner))},
            {"clauses", std::move(clauses)},
            {"unit_id", round.unit_id},
            {"unit", tree.Name(round.unit_id)},
            {"period_start", FormatIsoDate(round.period_start)},
            {"due_at", TimeJson(round.due_at)},
            {"state", RoundStateKey(StateOf(round, duty, now))},
            {"done_at", TimeJson(round.done_at)},
            {"done_by", round.done_by},
            {"note", round.note}};
}

json::object ExemptionJson(const UnitTree& tree, const procedure::Exemption& exemption, Instant now) {
    return {{"id", exemption.id},
            {"clause", exemption.clause_id},
            {"unit_id", exemption.unit_id},
            {"unit", tree.Name(exemption.unit_id)},
            {"reason", exemption.reason},
            {"ends", FormatIsoDate(exemption.ends)},
            {"state", ExemptionStateKey(StateOf(exemption, now))},
            {"requested_by", exemption.requested_by_name},
            {"requested_at", TimeJson(exemption.requested_at)},
            {"decided_by", exemption.decided_by_name},
            {"decided_at", TimeJson(exemption.decided_at)}};
}

json::object TaskJson(const platform::Task& task) {
    constexpr std::string_view kTones[] = {"met", "attention", "not_met", "not_set_up", "not_applicable", "neutral", "info"};
    return {{"title", task.title},
            {"detail", task.detail},
            {"href", task.href},
            {"tone", kTones[static_cast<std::size_t>(task.tone)]},
            {"due_at", TimeJson(task.due_at)}};
}

}  // namespace opsteward::console::compliance
