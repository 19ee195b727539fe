#include "platform/procedure/evaluation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>

#include "base/civil_time.hpp"
#include "platform/procedure/check_runner.hpp"
#include "platform/procedure/duty_planning.hpp"
#include "platform/procedure/job_kinds.hpp"
#include "platform/procedure/judging.hpp"
#include "platform/procedure/store.hpp"

namespace opsteward::procedure {

namespace {

using FindingKey = std::tuple<std::string, std::int64_t, std::int64_t, std::string>;  // check, unit, device or 0, subject
using StateKeyOf = std::pair<std::string, std::int64_t>;                              // clause, unit

FindingKey KeyOf(const Finding& finding) {
    return {finding.check_id, finding.unit_id, finding.device_id.value_or(0), finding.subject};
}

/// What an evaluation found, before it is written.
struct Outcome {
    std::vector<Found> findings;
    std::vector<Judgement> judgements;
    std::vector<store::RefusedCheck> refused;
};

Text Refusal(const Check& check, const Text& problem) {
    return {fmt::format("查核「{}」未採用：{}", check.title.zh, problem.zh),
            fmt::format("The check \"{}\" was refused: {}", check.title.en, problem.en)};
}

/// What was wrong with a check when the pack was read stays wrong; it is not run.
Result<CheckRun> RunUnlessRefused(db::Database& database, const Check& check, const PackInUse& in_use, Instant now) {
    const auto refused = in_use.refused.find(check.id);
    if (refused != in_use.refused.end()) return Error::Of(ErrorCode::kInvalidInput, refused->second.zh, refused->second.en);
    return RunCheck(database, check, now);
}

Result<std::vector<CheckResult>> RunChecks(db::Database& database, const PackInUse& in_use, jobs::JobContext& context) {
    const auto& checks = in_use.pack.checks;
    std::vector<CheckResult> results;
    results.reserve(checks.size());
    for (const Check& check : checks) {
        if (context.is_cancelled()) return Error::Of(ErrorCode::kCancelled, "已取消。", "Cancelled.");
        context.Progress(static_cast<double>(results.size()) / static_cast<double>(checks.size()), check.title);
        CheckResult result{&check, {}, {}};
        auto run = RunUnlessRefused(database, check, in_use, context.now());
        if (run.ok()) {
            result.run = std::move(run).value();
        } else if (run.error().code == ErrorCode::kUnavailable) {
            // The database is away: that says nothing of the check, and the job is tried again.
            return run.error();
        } else {
            result.refused = Refusal(check, run.error().caller_text);
            context.Log(*result.refused);
        }
        results.push_back(std::move(result));
    }
    return results;
}

bool IsInForce(const Exemption& exemption, Instant now) {
    return exemption.is_approved && !exemption.is_withdrawn && now < StartOfDay(exemption.ends) + std::chrono::days(1);
}

/// What besides the checks has a say: coverage, duties, exemptions.
Result<void> ReadRest(db::Session& session, const Pack& pack, JudgingInput& input) {
    OPS_TRY(input.coverage, store::ReadCoverage(session));
    OPS_TRY(input.device_names, store::DeviceNames(session));
    OPS_TRY(const auto units, store::UnitsInUse(session));
    for (const auto& unit : units) input.units.push_back(unit.id);
    OPS_TRY(const auto rounds, store::DutyRoundsThatMatter(session, input.now));
    input.duties = StandingsOf(pack, rounds, units, input.now);
    OPS_TRY(const auto exemptions, store::Exemptions(session, ""));
    for (const auto& exemption : exemptions) {
        if (!IsInForce(exemption, input.now)) continue;
        // Newest first: of several the newest counts.
        input.exemptions.try_emplace({exemption.clause_id, exemption.unit_id},
                                     ExemptionInForce{exemption.reason, exemption.ends, exemption.decided_by_name});
    }
    return Ok();
}

Result<Outcome> Look(db::Database& database, const PackInUse& in_use, jobs::JobContext& context) {
    JudgingInput input;
    input.now = context.now();
    OPS_TRY(input.checks, RunChecks(database, in_use, context));
    OPS_CHECK(database.ReadWith([&](db::Session& session) { return ReadRest(session, in_use.pack, input); }));
    Outcome outcome;
    outcome.judgements = Judge(input);
    for (auto& result : input.checks) {
        if (result.refused) outcome.refused.push_back({result.check->id, *result.refused});
        std::move(result.run.findings.begin(), result.run.findings.end(), std::back_inserter(outcome.findings));
    }
    // As the database gives them back.
    std::sort(outcome.refused.begin(), outcome.refused.end(),
              [](const store::RefusedCheck& a, const store::RefusedCheck& b) { return a.check_id < b.check_id; });
    return outcome;
}

/// Closes, changes or opens what is recorded of one finding. False when all is as it was.
Result<bool> WriteFinding(db::Transaction& transaction, const store::FindingRow* known, Found found, std::string_view clause_id,
                          Instant now) {
    Finding& finding = found.finding;
    if (known == nullptr) {
        OPS_CHECK(store::OpenFinding(transaction, finding, clause_id, now));
        return true;
    }
    const Finding& before = known->finding;
    // Where the check leaves it open, it began when it was first found, also when it has become graver or lighter.
    if (!found.has_own_since) finding.since = before.since;
    if (before.severity != finding.severity || known->clause_id != clause_id) {
        OPS_CHECK(store::CloseFinding(transaction, known->id, now));
        OPS_CHECK(store::OpenFinding(transaction, finding, clause_id, now));
        return true;
    }
    if (before.reason == finding.reason && before.evidence == finding.evidence && before.since == finding.since) return false;
    OPS_CHECK(store::UpdateFinding(transaction, known->id, finding));
    return true;
}

Result<bool> WriteFindings(db::Transaction& transaction, const Pack& pack, const std::vector<Found>& findings, Instant now) {
    OPS_TRY(const auto rows, store::Findings(transaction, std::nullopt));
    std::map<FindingKey, const store::FindingRow*> open;
    for (const auto& row : rows) open[KeyOf(row.finding)] = &row;
    std::map<std::string_view, std::string_view> clause_of;
    for (const auto& check : pack.checks) clause_of[check.id] = check.clause_id;

    bool has_changed = false;
    std::set<FindingKey> seen;
    for (const auto& found : findings) {
        const FindingKey key = KeyOf(found.finding);
        if (!seen.insert(key).second) continue;  // a check that names a subject twice has found it once
        const auto known = open.find(key);
        OPS_TRY(const bool is_written, WriteFinding(transaction, known == open.end() ? nullptr : known->second, found,
                                                    clause_of[found.finding.check_id], now));
        has_changed = has_changed || is_written;
    }
    for (const auto& [key, row] : open) {
        if (seen.contains(key)) continue;
        OPS_CHECK(store::CloseFinding(transaction, row->id, now));
        has_changed = true;
    }
    return has_changed;
}

Result<bool> WriteStates(db::Transaction& transaction, const std::vector<Judgement>& judgements, Instant now) {
    bool has_changed = false;
    OPS_TRY(const auto rows, store::States(transaction, std::nullopt));
    std::map<StateKeyOf, const store::StateRow*> open;
    for (const auto& row : rows) open[{row.judgement.clause_id, row.judgement.unit_id}] = &row;
    for (const auto& judgement : judgements) {
        const auto known = open.find({judgement.clause_id, judgement.unit_id});
        if (known != open.end()) {
            const store::StateRow& row = *known->second;
            open.erase(known);
            if (row.judgement == judgement) continue;
            has_changed = true;
            if (row.judgement.state == judgement.state) {
                OPS_CHECK(store::RewordState(transaction, row.id, judgement.why));
                continue;
            }
            OPS_CHECK(store::CloseState(transaction, row.id, now));
        }
        OPS_CHECK(store::OpenState(transaction, judgement, now));
        has_changed = true;
    }
    for (const auto& [key, row] : open) {
        OPS_CHECK(store::CloseState(transaction, row->id, now));
        has_changed = true;
    }
    return has_changed;
}

}  // namespace

Result<jobs::Effect> EvaluateAll(db::Database& database, std::shared_ptr<const PackInUse> in_use, jobs::JobContext& context) {
    OPS_TRY(auto looked, Look(database, *in_use, context));
    const Instant now = context.now();
    return jobs::Effect([outcome = std::make_shared<const Outcome>(std::move(looked)), in_use,
                         now](db::Transaction& transaction) -> Result<void> {
        const Pack& pack = in_use->pack;
        OPS_TRY(bool has_changed, WriteFindings(transaction, pack, outcome->findings, now));
        OPS_TRY(const bool states_changed, WriteStates(transaction, outcome->judgements, now));
        OPS_TRY(const auto refused_before, store::RefusedChecks(transaction));
        if (refused_before != outcome->refused) {
            OPS_CHECK(store::ReplaceRefusedChecks(transaction, outcome->refused));
            has_changed = true;
        }
        OPS_TRY(const auto head, store::ReadHead(transaction));
        // Another pack may bring other duties.
        if (head.pack_digest != pack.digest) OPS_CHECK(jobs::Enqueue(transaction, kPlanDuties, nullptr, "plan", now, {}));
        has_changed = has_changed || states_changed || head.pack_digest != pack.digest;
        return store::WriteHead(transaction, has_changed, now, pack.digest);
    });
}

}  // namespace opsteward::procedure
