#include "platform/procedure/store.hpp"

#include <fmt/format.h>

#include "base/civil_time.hpp"

namespace opsteward::procedure::store {

namespace {

constexpr std::string_view kStateColumns = "id, clause_id, unit_id, state, why_zh, why_en, from_at, until_at";
constexpr std::string_view kFindingColumns =
    "id, clause_id, check_id, unit_id, device_id, subject, severity, reason_zh, reason_en, since_at, evidence";
constexpr std::string_view kRoundColumns = "id, duty_id, unit_id, period_start, due_at, done_at, done_by, note";
constexpr std::string_view kExemptionColumns =
    "id, clause_id, unit_id, reason, ends, requested_by, requested_by_name, requested_at, decided_by_name, decided_at, is_approved, is_withdrawn";

State ParseState(const std::string& key) {
    for (const State state : {State::kMet, State::kAttention, State::kNotMet, State::kNotSetUp, State::kNotApplicable}) {
        if (StateKey(state) == key) return state;
    }
    return State::kNotSetUp;
}

StateRow ReadState(const db::Row& row) {
    return {row[0].AsInt(),
            {row[1].AsText(), row[2].AsInt(), ParseState(row[3].AsText()), {row[4].AsText(), row[5].AsText()}},
            row[6].AsInstant(),
            row[7].AsOptionalInstant()};
}

std::vector<StateRow> ReadStates(const db::ResultSet& result) {
    std::vector<StateRow> states;
    states.reserve(result.rows.size());
    for (const auto& row : result.rows) states.push_back(ReadState(row));
    return states;
}

DutyRound ReadRound(const db::Row& row) {
    DutyRound round;
    round.id = row[0].AsInt();
    round.duty_id = row[1].AsText();
    round.unit_id = row[2].AsInt();
    round.period_start = ParseDate(row[3].AsText()).value_or(Date{});
    round.due_at = row[4].AsInstant();
    round.done_at = row[5].AsOptionalInstant();
    round.done_by = row[6].AsText();
    round.note = row[7].AsText();
    return round;
}

std::vector<DutyRound> ReadRounds(const db::ResultSet& result) {
    std::vector<DutyRound> rounds;
    for (const auto& row : result.rows) rounds.push_back(ReadRound(row));
    return rounds;
}

Exemption ReadExemption(const db::Row& row) {
    Exemption exemption;
    exemption.id = row[0].AsInt();
    exemption.clause_id = row[1].AsText();
    exemption.unit_id = row[2].AsInt();
    exemption.reason = row[3].AsText();
    exemption.ends = ParseDate(row[4].AsText()).value_or(Date{});
    exemption.requested_by = row[5].AsInt();
    exemption.requested_by_name = row[6].AsText();
    exemption.requested_at = row[7].AsInstant();
    exemption.decided_by_name = row[8].AsText();
    exemption.decided_at = row[9].AsOptionalInstant();
    exemption.is_approved = row[10].AsBool();
    exemption.is_withdrawn = row[11].AsBool();
    return exemption;
}

}  // namespace

Result<Head> ReadHead(db::Session& session) {
    OPS_TRY(const db::Row row, session.QueryOne("SELECT revision, judged_at, pack_digest FROM procedure_head WHERE id = 1"));
    return Head{row[0].AsInt(), row[1].AsOptionalInstant(), row[2].AsText()};
}

Result<void> WriteHead(db::Transaction& transaction, bool has_changed, Instant judged_at, std::string_view pack_digest) {
    OPS_CHECK(
        transaction.Execute("UPDATE procedure_head SET revision = revision + $1, judged_at = $2, pack_digest = $3 WHERE id = 1",
                            {has_changed, judged_at, pack_digest}));
    return Ok();
}

Result<std::vector<StateRow>> States(db::Session& session, std::optional<Instant> at) {
    if (!at) {
        OPS_TRY(const db::ResultSet now,
                session.Query(fmt::format("SELECT {} FROM clause_states WHERE until_at IS NULL", kStateColumns)));
        return ReadStates(now);
    }
    OPS_TRY(const db::ResultSet then,
            session.Query(fmt::format("SELECT {} FROM clause_states WHERE from_at <= $1 AND (until_at IS NULL OR until_at > $1)",
                                      kStateColumns),
                          {*at}));
    return ReadStates(then);
}

Result<void> OpenState(db::Transaction& transaction, const Judgement& judgement, Instant from) {
    OPS_CHECK(transaction.Execute(
        "INSERT INTO clause_states (clause_id, unit_id, state, why_zh, why_en, from_at) VALUES ($1, $2, $3, $4, $5, $6)",
        {judgement.clause_id, judgement.unit_id, StateKey(judgement.state), judgement.why.zh, judgement.why.en, from}));
    return Ok();
}

Result<void> CloseState(db::Transaction& transaction, std::int64_t id, Instant until) {
    OPS_CHECK(transaction.Execute("UPDATE clause_states SET until_at = $2 WHERE id = $1", {id, until}));
    return Ok();
}

Result<void> RewordState(db::Transaction& transaction, std::int64_t id, const Text& why) {
    OPS_CHECK(transaction.Execute("UPDATE clause_states SET why_zh = $2, why_en = $3 WHERE id = $1", {id, why.zh, why.en}));
    return Ok();
}

Result<std::vector<StateChange>> StateHistory(db::Session& session, std::string_view clause_id,
                                              const std::set<std::int64_t>& units, int limit) {
    std::vector<db::Value> values = {clause_id, limit};
    std::string in_units;
    for (const std::int64_t unit_id : units) {
        values.emplace_back(unit_id);
        in_units += fmt::format("{}${}", in_units.empty() ? " AND unit_id IN (" : ", ", values.size());
    }
    if (!units.empty()) in_units += ")";
    // A span that ended without another beginning at once was the end of judging for a while: not set up.
    const std::string sql = fmt::format(
        "WITH spans AS ("
        "SELECT id, unit_id, state, why_zh, why_en, from_at, until_at, LAG(state) OVER by_unit AS state_before, "
        "LAG(until_at) OVER by_unit AS until_before, LEAD(from_at) OVER by_unit AS from_after "
        "FROM clause_states WHERE clause_id = $1{} WINDOW by_unit AS (PARTITION BY unit_id ORDER BY id)) "
        "SELECT unit_id, CASE WHEN until_before = from_at THEN state_before ELSE 'not_set_up' END AS was, state AS became, why_zh, why_en, "
        "from_at AS changed_at, id AS span_id FROM spans "
        "UNION ALL "
        "SELECT unit_id, state, 'not_set_up', '', '', until_at, id FROM spans "
        "WHERE until_at IS NOT NULL AND (from_after IS NULL OR from_after <> until_at) "
        "ORDER BY changed_at DESC, span_id DESC LIMIT $2",
        in_units);
    OPS_TRY(const db::ResultSet result, session.Query(sql, std::span<const db::Value>(values)));
    std::vector<StateChange> changes;
    changes.reserve(result.rows.size());
    for (const auto& row : result.rows) {
        changes.push_back({row[0].AsInt(),
                           ParseState(row[1].AsText()),
                           ParseState(row[2].AsText()),
                           {row[3].AsText(), row[4].AsText()},
                           row[5].AsInstant()});
    }
    return changes;
}

Result<std::vector<FindingRow>> Findings(db::Session& session, std::optional<Instant> at) {
    constexpr std::string_view kOrder = " ORDER BY CASE severity WHEN 'not_met' THEN 0 ELSE 1 END, since_at, id";
    auto query = [&]() -> Result<db::ResultSet> {
        if (!at) return session.Query(fmt::format("SELECT {} FROM findings WHERE closed_at IS NULL{}", kFindingColumns, kOrder));
        return session.Query(
            fmt::format("SELECT {} FROM findings WHERE opened_at <= $1 AND (closed_at IS NULL OR closed_at > $1){}",
                        kFindingColumns, kOrder),
            {*at});
    };
    OPS_TRY(const db::ResultSet result, query());
    std::vector<FindingRow> findings;
    findings.reserve(result.rows.size());
    for (const auto& row : result.rows) {
        findings.push_back({row[0].AsInt(),
                            row[1].AsText(),
                            {row[2].AsText(),
                             row[3].AsInt(),
                             row[4].AsOptionalInt(),
                             row[5].AsText(),
                             ParseState(row[6].AsText()),
                             {row[7].AsText(), row[8].AsText()},
                             row[9].AsInstant(),
                             row[10].AsText()}});
    }
    return findings;
}

Result<void> OpenFinding(db::Transaction& transaction, const Finding& finding, std::string_view clause_id, Instant now) {
    OPS_CHECK(transaction.Execute(
        "INSERT INTO findings (check_id, clause_id, unit_id, device_id, subject, severity, reason_zh, reason_en, evidence, since_at, opened_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        {finding.check_id, clause_id, finding.unit_id, finding.device_id, finding.subject, StateKey(finding.severity),
         finding.reason.zh, finding.reason.en, finding.evidence, finding.since, now}));
    return Ok();
}

Result<void> UpdateFinding(db::Transaction& transaction, std::int64_t id, const Finding& finding) {
    OPS_CHECK(
        transaction.Execute("UPDATE findings SET reason_zh = $2, reason_en = $3, evidence = $4, since_at = $5 WHERE id = $1",
                            {id, finding.reason.zh, finding.reason.en, finding.evidence, finding.since}));
    return Ok();
}

Result<void> CloseFinding(db::Transaction& transaction, std::int64_t id, Instant now) {
    OPS_CHECK(transaction.Execute("UPDATE findings SET closed_at = $2 WHERE id = $1", {id, now}));
    return Ok();
}

Result<std::vector<RefusedCheck>> RefusedChecks(db::Session& session) {
    OPS_TRY(const db::ResultSet result,
            session.Query("SELECT check_id, problem_zh, problem_en FROM refused_checks ORDER BY check_id"));
    std::vector<RefusedCheck> refused;
    for (const auto& row : result.rows) refused.push_back({row[0].AsText(), {row[1].AsText(), row[2].AsText()}});
    return refused;
}

Result<void> ReplaceRefusedChecks(db::Transaction& transaction, const std::vector<RefusedCheck>& refused) {
    OPS_CHECK(transaction.Execute("DELETE FROM refused_checks"));
    for (const auto& check : refused) {
        OPS_CHECK(transaction.Execute("INSERT INTO refused_checks (check_id, problem_zh, problem_en) VALUES ($1, $2, $3)",
                                      {check.check_id, check.problem.zh, check.problem.en}));
    }
    return Ok();
}

Result<std::vector<Unit>> UnitsInUse(db::Session& session) {
    OPS_TRY(const db::ResultSet result, session.Query("SELECT unit_id, parent_id FROM units ORDER BY unit_id"));
    std::vector<Unit> units;
    for (const auto& row : result.rows) units.push_back({row[0].AsInt(), row[1].is_null()});
    return units;
}

Result<CoverageMap> ReadCoverage(db::Session& session) {
    OPS_TRY(const db::ResultSet result,
            session.Query("SELECT device_id, topic, status, reason_zh, reason_en FROM fact_coverage"));
    CoverageMap coverage;
    for (const auto& row : result.rows) {
        coverage[{row[0].AsInt(), row[1].AsText()}] = {row[2].AsText() == "observed", {row[3].AsText(), row[4].AsText()}};
    }
    return coverage;
}

Result<std::map<std::int64_t, std::string>> DeviceNames(db::Session& session) {
    OPS_TRY(const db::ResultSet result, session.Query("SELECT device_id, name FROM devices"));
    std::map<std::int64_t, std::string> names;
    for (const auto& row : result.rows) names[row[0].AsInt()] = row[1].AsText();
    return names;
}

Result<std::map<std::pair<std::string, std::int64_t>, Instant>> LatestDutyRounds(db::Session& session) {
    OPS_TRY(const db::ResultSet result,
            session.Query("SELECT duty_id, unit_id, MAX(due_at) FROM duty_rounds GROUP BY duty_id, unit_id"));
    std::map<std::pair<std::string, std::int64_t>, Instant> latest;
    for (const auto& row : result.rows) latest[{row[0].AsText(), row[1].AsInt()}] = row[2].AsInstant();
    return latest;
}

Result<bool> AddDutyRound(db::Transaction& transaction, const DutyRound& round, std::string_view clause_id) {
    OPS_TRY(const auto added,
            transaction.Execute("INSERT INTO duty_rounds (duty_id, clause_id, unit_id, period_start, period_start_at, due_at) "
                                "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (duty_id, unit_id, period_start) DO NOTHING",
                                {round.duty_id, clause_id, round.unit_id, FormatIsoDate(round.period_start),
                                 StartOfDay(round.period_start), round.due_at}));
    return added == 1;
}

Result<std::vector<DutyRound>> DutyRounds(db::Session& session, Instant due_from, Instant due_until) {
    OPS_TRY(const db::ResultSet result,
            session.Query(
                fmt::format("SELECT {} FROM duty_rounds WHERE due_at >= $1 AND due_at < $2 ORDER BY due_at, duty_id, unit_id",
                            kRoundColumns),
                {due_from, due_until}));
    return ReadRounds(result);
}

Result<std::vector<DutyRound>> OpenDutyRounds(db::Session& session, Instant due_before) {
    OPS_TRY(const db::ResultSet result,
            session.Query(
                fmt::format("SELECT {} FROM duty_rounds WHERE done_at IS NULL AND due_at < $1 ORDER BY due_at, duty_id, unit_id",
                            kRoundColumns),
                {due_before}));
    return ReadRounds(result);
}

Result<std::vector<DutyRound>> DutyRoundsThatMatter(db::Session& session, Instant now) {
    OPS_TRY(
        const db::ResultSet result,
        session.Query(
            fmt::format(
                "SELECT {0} FROM duty_rounds WHERE done_at IS NULL AND period_start_at <= $1 UNION ALL "
                "SELECT {0} FROM (SELECT {0}, ROW_NUMBER() OVER (PARTITION BY duty_id, unit_id ORDER BY due_at DESC) AS place "
                "FROM duty_rounds WHERE done_at IS NOT NULL) AS done WHERE place = 1",
                kRoundColumns),
            {now}));
    return ReadRounds(result);
}

Result<DutyRound> FindDutyRound(db::Session& session, std::int64_t id) {
    OPS_TRY(const db::Row row, session.QueryOne(fmt::format("SELECT {} FROM duty_rounds WHERE id = $1", kRoundColumns), {id}));
    return ReadRound(row);
}

Result<std::int64_t> CompleteDutyRound(db::Transaction& transaction, std::int64_t id, const audit::Actor& actor,
                                       std::string_view note, Instant now) {
    return transaction.Execute(
        "UPDATE duty_rounds SET done_at = $2, done_by_id = $3, done_by = $4, note = $5 WHERE id = $1 AND done_at IS NULL",
        {id, now, actor.user_id, actor.name, note});
}

Result<std::vector<Exemption>> Exemptions(db::Session& session, std::string_view clause_id) {
    OPS_TRY(const db::ResultSet result,
            session.Query(
                fmt::format("SELECT {} FROM exemptions WHERE $1 = '' OR clause_id = $1 ORDER BY id DESC", kExemptionColumns),
                {clause_id}));
    std::vector<Exemption> exemptions;
    for (const auto& row : result.rows) exemptions.push_back(ReadExemption(row));
    return exemptions;
}

Result<bool> HasWaitingExemption(db::Session& session, std::string_view clause_id, std::int64_t unit_id) {
    OPS_TRY(const db::ResultSet result,
            session.Query(
                "SELECT id FROM exemptions WHERE clause_id = $1 AND unit_id = $2 AND decided_at IS NULL AND is_withdrawn = 0",
                {clause_id, unit_id}));
    return !result.empty();
}

Result<Exemption> FindExemption(db::Session& session, std::int64_t id) {
    OPS_TRY(const db::Row row, session.QueryOne(fmt::format("SELECT {} FROM exemptions WHERE id = $1", kExemptionColumns), {id}));
    return ReadExemption(row);
}

Result<std::int64_t> InsertExemption(db::Transaction& transaction, const Exemption& exemption, Instant ends_at) {
    OPS_TRY(
        const db::Row row,
        transaction.QueryOne(
            "INSERT INTO exemptions (clause_id, unit_id, reason, ends, ends_at, requested_by, requested_by_name, requested_at) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
            {exemption.clause_id, exemption.unit_id, exemption.reason, FormatIsoDate(exemption.ends), ends_at,
             exemption.requested_by, exemption.requested_by_name, exemption.requested_at}));
    return row[0].AsInt();
}

Result<void> DecideExemption(db::Transaction& transaction, std::int64_t id, const audit::Actor& actor, bool approve,
                             Instant now) {
    OPS_CHECK(transaction.Execute("UPDATE exemptions SET decided_by_name = $2, decided_at = $3, is_approved = $4 WHERE id = $1",
                                  {id, actor.name, now, approve}));
    return Ok();
}

Result<void> WithdrawExemption(db::Transaction& transaction, std::int64_t id) {
    OPS_CHECK(transaction.Execute("UPDATE exemptions SET is_withdrawn = 1 WHERE id = $1", {id}));
    return Ok();
}

}  // namespace opsteward::procedure::store
