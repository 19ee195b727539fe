#include "platform/jobs/store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace opsteward::jobs {

namespace {

constexpr std::size_t kMaxPayloadBytes = 64 * 1024;
constexpr std::size_t kMaxTextCodePoints = 2000;
/// At once, so that no transaction gets long. There is a next time.
constexpr int kMaxRemoved = 500;
constexpr std::array<std::string_view, 5> kStateKeys = {"queued", "running", "succeeded", "failed", "cancelled"};

JobState StateOf(std::string_view key) {
    const auto found = std::ranges::find(kStateKeys, key);
    return static_cast<JobState>(found == kStateKeys.end() ? 0 : found - kStateKeys.begin());
}

constexpr std::string_view kJobColumns =
    "id, kind, state, payload, created_at, run_at, started_at, finished_at, attempts, progress, doing_zh, doing_en, error_zh, "
    "error_en, requested_by, cancel_requested";

Job ToJob(const db::Row& row) {
    Job job;
    job.id = row[0].AsInt();
    job.kind = row[1].AsText();
    job.state = StateOf(row[2].AsText());
    job.payload = ParseJson(row[3].AsText()).value_or(nullptr);
    job.created_at = row[4].AsInstant();
    job.run_at = row[5].AsInstant();
    job.started_at = row[6].AsOptionalInstant();
    job.finished_at = row[7].AsOptionalInstant();
    job.attempts = static_cast<int>(row[8].AsInt());
    job.progress = row[9].AsReal();
    job.doing = {row[10].AsText(), row[11].AsText()};
    job.error = {row[12].AsText(), row[13].AsText()};
    job.requested_by = row[14].AsText();
    job.cancel_requested = row[15].AsBool();
    return job;
}

/// "kind IN ($3, $4)" for parameters that begin at `first`; adds the kinds to them.
std::string KindCondition(std::span<const JobKind> kinds, std::vector<db::Value>& parameters) {
    std::vector<std::string> places;
    for (const JobKind& kind : kinds) {
        parameters.emplace_back(kind.key);
        places.push_back(fmt::format("${}", parameters.size()));
    }
    return places.empty() ? "1 = 0" : "kind IN (" + Join(places, ", ") + ")";
}

Result<void> AddLines(db::Transaction& transaction, std::int64_t id, std::span<const LogLine> lines) {
    for (const LogLine& line : lines) {
        OPS_CHECK(transaction.Execute("INSERT INTO job_log (job_id, at, line_zh, line_en) VALUES ($1, $2, $3, $4)",
                                      {id, line.at, Shorten(line.text.zh, kMaxTextCodePoints), Shorten(line.text.en, kMaxTextCodePoints)}));
    }
    return Ok();
}

/// A change of a job by a person. `before` is the state it was in.
audit::Change ChangeOf(const Job& job, std::string_view action, JobState after) {
    return {.action = std::string(action),
            .subject_kind = "job",
            .subject_id = std::to_string(job.id),
            .subject_name = job.kind,
            .unit_id = std::nullopt,
            .before = json::object{{"state", JobStateKey(job.state)}},
            .after = json::object{{"state", JobStateKey(after)}}};
}

/// FindJob, with the row locked where several may write at once.
Result<Job> FindForUpdate(db::Transaction& transaction, std::int64_t id) {
    if (transaction.dialect() == db::Dialect::kPostgres) {
        OPS_CHECK(transaction.Query("SELECT id FROM jobs WHERE id = $1 FOR UPDATE", {id}));
    }
    return FindJob(transaction, id);
}

}  // namespace

std::string_view JobStateKey(JobState state) { return kStateKeys[static_cast<std::size_t>(state)]; }

Result<std::int64_t> Enqueue(db::Transaction& transaction, std::string_view kind, const json::value& payload,
                             std::string_view dedupe_key, Instant run_at, const audit::Actor& actor) {
    const std::string text = json::serialize(payload);
    if (text.size() > kMaxPayloadBytes) return Error::Hidden(ErrorCode::kTooLarge, fmt::format("the payload of a job {} is too large", kind));
    // What could not be read again would stand in the way of all jobs after it.
    OPS_CHECK(ParseJson(text));
    OPS_TRY(const db::Row row,
            transaction.QueryOne("INSERT INTO jobs (kind, state, payload, dedupe_key, requested_by, created_at, run_at) "
                                 "VALUES ($1, 'queued', $2, $3, $4, $5, $5) "
                                 "ON CONFLICT (kind, dedupe_key) WHERE state = 'queued' AND dedupe_key <> '' DO UPDATE SET run_at = "
                                 "CASE WHEN excluded.run_at < jobs.run_at THEN excluded.run_at ELSE jobs.run_at END RETURNING id",
                                 {kind, text, dedupe_key, actor.name, run_at}));
    return row[0].AsInt();
}

Result<std::int64_t> RunNow(db::Transaction& transaction, std::string_view kind, const json::value& payload, std::string_view dedupe_key,
                            std::optional<std::int64_t> unit_id, const audit::Actor& actor, Instant now) {
    OPS_TRY(const std::int64_t id, Enqueue(transaction, kind, payload, dedupe_key, now, actor));
    OPS_CHECK(audit::Append(transaction, actor,
                            {.action = "job.run",
                             .subject_kind = "job",
                             .subject_id = std::to_string(id),
                             .subject_name = std::string(kind),
                             .unit_id = unit_id,
                             .before = nullptr,
                             .after = json::object{{"state", JobStateKey(JobState::kQueued)}}},
                            now));
    return id;
}

Result<std::vector<Job>> ListJobs(db::Session& session, std::string_view kind, std::optional<JobState> state, std::int64_t before_id,
                                  int limit) {
    // Only conditions that are asked for, so that the indexes by kind and state can serve.
    std::string where = "1 = 1";
    std::vector<db::Value> parameters;
    const auto with = [&](std::string_view condition, db::Value value) {
        parameters.push_back(std::move(value));
        where += fmt::format(" AND {} ${}", condition, parameters.size());
    };
    if (!kind.empty()) with("kind =", kind);
    if (state) with("state =", JobStateKey(*state));
    if (before_id > 0) with("id <", before_id);
    parameters.emplace_back(std::clamp(limit, 1, 1000));
    OPS_TRY(const db::ResultSet found,
            session.Query(fmt::format("SELECT {} FROM jobs WHERE {} ORDER BY id DESC LIMIT ${}", kJobColumns, where, parameters.size()),
                          std::span<const db::Value>(parameters)));
    std::vector<Job> jobs;
    for (const db::Row& row : found.rows) jobs.push_back(ToJob(row));
    return jobs;
}

Result<Job> FindJob(db::Session& session, std::int64_t id) {
    OPS_TRY(const db::ResultSet found, session.Query(fmt::format("SELECT {} FROM jobs WHERE id = $1", kJobColumns), {id}));
    if (found.empty()) {
        return Error::Of(ErrorCode::kNotFound, fmt::format("沒有工作 {}（可能已逾保存期限）。", id),
                         fmt::format("There is no job {} (it may have been removed after its time).", id));
    }
    return ToJob(found.rows.front());
}

Result<std::vector<LogLine>> JobLog(db::Session& session, std::int64_t id) {
    OPS_TRY(const db::ResultSet found,
            session.Query("SELECT at, line_zh, line_en FROM job_log WHERE job_id = $1 ORDER BY id", {id}));
    std::vector<LogLine> lines;
    for (const db::Row& row : found.rows) lines.push_back({row[0].AsInstant(), {row[1].AsText(), row[2].AsText()}});
    return lines;
}

Result<std::vector<JobCount>> CountJobs(db::Session& session) {
    OPS_TRY(const db::ResultSet found,
            session.Query("SELECT kind, state, COUNT(*) FROM jobs GROUP BY kind, state ORDER BY kind, state"));
    std::vector<JobCount> counts;
    for (const db::Row& row : found.rows) counts.push_back({row[0].AsText(), StateOf(row[1].AsText()), row[2].AsInt()});
    return counts;
}

Result<std::map<std::string, Instant, std::less<>>> NextRuns(db::Session& session) {
    OPS_TRY(const db::ResultSet found, session.Query("SELECT kind, next_run_at FROM job_schedule"));
    std::map<std::string, Instant, std::less<>> runs;
    for (const db::Row& row : found.rows) runs.emplace(row[0].AsText(), row[1].AsInstant());
    return runs;
}

Result<void> CancelJob(db::Transaction& transaction, std::int64_t id, const audit::Actor& actor, Instant now) {
    OPS_TRY(const Job job, FindForUpdate(transaction, id));
    if (job.state == JobState::kQueued) {
        OPS_CHECK(transaction.Execute("UPDATE jobs SET state = 'cancelled', finished_at = $2 WHERE id = $1", {id, now}));
        return audit::Append(transaction, actor, ChangeOf(job, "job.cancel", JobState::kCancelled), now);
    }
    if (job.state != JobState::kRunning) {
        return Error::Of(ErrorCode::kConflict, "這項工作已經結束，無法取消。", "The job has ended already and can't be cancelled.");
    }
    if (job.cancel_requested) return Ok();
    OPS_CHECK(transaction.Execute("UPDATE jobs SET cancel_requested = 1 WHERE id = $1", {id}));
    audit::Change change = ChangeOf(job, "job.cancel", JobState::kRunning);
    change.before.as_object()["cancel_requested"] = false;
    change.after.as_object()["cancel_requested"] = true;
    return audit::Append(transaction, actor, change, now);
}

Result<void> RetryJob(db::Transaction& transaction, std::int64_t id, const audit::Actor& actor, Instant now) {
    OPS_TRY(const Job job, FindForUpdate(transaction, id));
    if (job.state != JobState::kFailed && job.state != JobState::kCancelled) {
        return Error::Of(ErrorCode::kConflict, "只有失敗或已取消的工作可以重試。", "Only a failed or cancelled job can be tried again.");
    }
    OPS_CHECK(transaction.Execute(
        "UPDATE jobs SET state = 'queued', run_at = $2, started_at = NULL, finished_at = NULL, attempts = 0, cancel_requested = 0, "
        "progress = 0, doing_zh = '', doing_en = '', error_zh = '', error_en = '', dedupe_key = CASE WHEN EXISTS (SELECT 1 FROM jobs "
        "AS other WHERE other.kind = jobs.kind AND other.dedupe_key = jobs.dedupe_key AND other.state = 'queued') THEN '' ELSE "
        "dedupe_key END WHERE id = $1",
        {id, now}));
    return audit::Append(transaction, actor, ChangeOf(job, "job.retry", JobState::kQueued), now);
}

}  // namespace opsteward::jobs

namespace opsteward::jobs::store {

Result<void> PlanKind(db::Transaction& transaction, const JobKind& kind, Instant now) {
    if (kind.schedule.empty()) {
        OPS_CHECK(transaction.Execute("DELETE FROM job_schedule WHERE kind = $1", {kind.key}));
        return Ok();
    }
    const bool is_interval = kind.schedule.starts_with("every ");
    OPS_TRY(const Instant next, NextRun(kind.schedule, now));
    // The first run of an interval is now; that of a changed schedule is what it says.
    OPS_CHECK(transaction.Execute(
        "INSERT INTO job_schedule (kind, schedule, next_run_at) VALUES ($1, $2, $3) "
        "ON CONFLICT (kind) DO UPDATE SET schedule = excluded.schedule, next_run_at = $4 WHERE job_schedule.schedule <> excluded.schedule",
        {kind.key, kind.schedule, is_interval ? now : next, next}));
    return Ok();
}

Result<bool> EnqueueScheduled(db::Transaction& transaction, const JobKind& kind, Instant now) {
    OPS_TRY(const db::ResultSet found,
            transaction.Query("SELECT next_run_at FROM job_schedule WHERE kind = $1 AND next_run_at <= $2", {kind.key, now}));
    if (found.empty()) return false;
    const Instant due = found.rows.front()[0].AsInstant();
    // From the planned time on, so that intervals do not drift; from now on when that is past as well.
    OPS_TRY(Instant next, NextRun(kind.schedule, due));
    if (next <= now) {
        OPS_TRY(next, NextRun(kind.schedule, now));
    }
    // Another scheduler that saw the same run waits here for the row, and then finds it moved on.
    OPS_TRY(const std::int64_t moved,
            transaction.Execute("UPDATE job_schedule SET next_run_at = $3 WHERE kind = $1 AND next_run_at = $2", {kind.key, due, next}));
    if (moved == 0) return false;
    OPS_TRY(const db::ResultSet pending,
            transaction.Query("SELECT 1 FROM jobs WHERE kind = $1 AND state IN ('queued', 'running') AND scheduled_for IS NOT NULL LIMIT 1",
                              {kind.key}));
    if (!pending.empty()) return true;
    OPS_CHECK(transaction.Execute("INSERT INTO jobs (kind, state, payload, created_at, run_at, scheduled_for, requested_by) "
                                  "VALUES ($1, 'queued', '{}', $2, $3, $3, 'system') ON CONFLICT (kind, scheduled_for) DO NOTHING",
                                  {kind.key, now, due}));
    return true;
}

Result<Outlook> LookAhead(db::Session& session, std::span<const JobKind> kinds, Instant now) {
    std::vector<db::Value> parameters;
    const std::string condition = KindCondition(kinds, parameters);
    const std::string sql =
        fmt::format("SELECT MIN(due) FROM (SELECT MIN(run_at) AS due FROM jobs WHERE state = 'queued' AND {0} "
                    "UNION ALL SELECT MIN(lease_until) + 1 FROM jobs WHERE state = 'running' AND {0} "
                    "UNION ALL SELECT MIN(next_run_at) FROM job_schedule WHERE {0}) AS dues",
                    condition);
    OPS_TRY(const db::ResultSet found, session.Query(sql, parameters));
    Outlook outlook;
    if (!found.empty()) outlook.next = found.rows.front()[0].AsOptionalInstant();
    outlook.is_work_due = outlook.next && *outlook.next <= now;
    return outlook;
}

namespace {

/// A job whose worker was lost, and that is not to be run again.
Result<bool> SettleLost(db::Transaction& transaction, const db::Row& row, const JobKind& kind, Instant now) {
    const bool is_cancelled = row[5].AsBool();
    const bool is_worn_out = row[4].AsInt() >= kind.max_attempts;
    if (row[2].AsText() != "running" || (!is_cancelled && !is_worn_out)) return false;
    const Text error = is_cancelled ? Text{}
                                    : Text{"執行到一半中斷的次數已達上限，不再自動重試。",
                                           "It was cut off in the middle too often and is not tried again by itself."};
    OPS_CHECK(transaction.Execute("UPDATE jobs SET state = $2, finished_at = $3, lease_token = '', error_zh = $4, error_en = $5 WHERE id = $1",
                                  {row[0], JobStateKey(is_cancelled ? JobState::kCancelled : JobState::kFailed), now, error.zh, error.en}));
    return true;
}

}  // namespace

Result<Claim> ClaimNext(db::Transaction& transaction, std::span<const JobKind> kinds, std::string_view token, Instant now) {
    std::vector<db::Value> parameters = {now};
    const std::string condition = KindCondition(kinds, parameters);
    const std::string sql =
        fmt::format("SELECT id, kind, state, payload, attempts, cancel_requested FROM jobs WHERE ((state = 'queued' AND run_at <= $1) OR "
                    "(state = 'running' AND lease_until < $1)) AND {} ORDER BY run_at, id LIMIT 1{}",
                    condition, transaction.dialect() == db::Dialect::kPostgres ? " FOR UPDATE SKIP LOCKED" : "");
    OPS_TRY(const db::ResultSet found, transaction.Query(sql, parameters));
    Claim claim;
    if (found.empty()) return claim;
    const db::Row& row = found.rows.front();
    claim.id = row[0].AsInt();
    claim.kind = row[1].AsText();
    const auto kind = std::ranges::find(kinds, claim.kind, &JobKind::key);
    OPS_TRY(const bool is_settled, SettleLost(transaction, row, *kind, now));
    if (is_settled) {
        claim.outcome = Claim::Outcome::kSettled;
        return claim;
    }
    OPS_TRY(claim.payload, ParseJson(row[3].AsText()));
    claim.attempts = static_cast<int>(row[4].AsInt()) + 1;
    claim.outcome = Claim::Outcome::kClaimed;
    OPS_CHECK(transaction.Execute("UPDATE jobs SET state = 'running', lease_token = $2, lease_until = $3, attempts = $4, started_at = $5, "
                                  "progress = 0, doing_zh = '', doing_en = '' WHERE id = $1",
                                  {claim.id, token, now + kind->lease, claim.attempts, now}));
    return claim;
}

Result<Hold> LookAtHold(db::Session& session, std::int64_t id, std::string_view token) {
    OPS_TRY(const db::ResultSet found,
            session.Query("SELECT cancel_requested FROM jobs WHERE id = $1 AND lease_token = $2 AND state = 'running'", {id, token}));
    if (found.empty()) return Hold{};
    return Hold{true, found.rows.front()[0].AsBool()};
}

Result<Hold> Renew(db::Transaction& transaction, std::int64_t id, std::string_view token, const Report& report) {
    OPS_TRY(const db::ResultSet found,
            transaction.Query("UPDATE jobs SET lease_until = $3, progress = $4, doing_zh = $5, doing_en = $6 "
                              "WHERE id = $1 AND lease_token = $2 AND state = 'running' RETURNING cancel_requested",
                              {id, token, report.lease_until, report.progress, Shorten(report.doing.zh, kMaxTextCodePoints),
                               Shorten(report.doing.en, kMaxTextCodePoints)}));
    if (found.empty()) return Hold{};
    OPS_CHECK(AddLines(transaction, id, report.lines));
    return Hold{true, found.rows.front()[0].AsBool()};
}

Result<bool> End(db::Transaction& transaction, std::int64_t id, std::string_view token, const Ending& ending) {
    const bool has_succeeded = ending.state == JobState::kSucceeded;
    const bool is_queued = ending.state == JobState::kQueued;
    const bool yields_to_cancellation = has_succeeded || is_queued;
    OPS_TRY(const std::int64_t ended,
            transaction.Execute(
                "UPDATE jobs SET state = $3, finished_at = $4, run_at = CASE WHEN $5 = 1 THEN $6 ELSE run_at END, "
                "attempts = attempts - $7, lease_token = '', progress = CASE WHEN $8 = 1 THEN 1 ELSE progress END, error_zh = $9, "
                "error_en = $10, dedupe_key = CASE WHEN $5 = 1 AND EXISTS (SELECT 1 FROM jobs AS other WHERE other.kind = jobs.kind AND "
                "other.dedupe_key = jobs.dedupe_key AND other.state = 'queued') THEN '' ELSE dedupe_key END "
                "WHERE id = $1 AND lease_token = $2 AND state = 'running' AND ($11 = 0 OR cancel_requested = 0)",
                {id, token, JobStateKey(ending.state), is_queued ? db::Value() : db::Value(ending.now), is_queued, ending.run_at,
                 ending.is_attempt_counted ? 0 : 1, has_succeeded, Shorten(ending.error.zh, kMaxTextCodePoints),
                 Shorten(ending.error.en, kMaxTextCodePoints), yields_to_cancellation}));
    if (ended == 0) return false;
    OPS_CHECK(AddLines(transaction, id, ending.lines));
    return true;
}

Result<std::int64_t> RemoveOld(db::Transaction& transaction, const JobKind& kind, Instant now) {
    // Locked first, so that a job that is just being retried keeps its log.
    OPS_TRY(const db::ResultSet old,
            transaction.Query(fmt::format("SELECT id FROM jobs WHERE kind = $1 AND state IN ('succeeded', 'failed', 'cancelled') AND "
                                          "finished_at < $2 AND id < (SELECT MAX(latest.id) FROM jobs AS latest WHERE latest.kind = $1 AND "
                                          "latest.state IN ('succeeded', 'failed', 'cancelled')) ORDER BY id LIMIT $3{}",
                                          transaction.dialect() == db::Dialect::kPostgres ? " FOR UPDATE SKIP LOCKED" : ""),
                              {kind.key, now - kind.keep, kMaxRemoved}));
    for (const db::Row& row : old.rows) {
        OPS_CHECK(transaction.Execute("DELETE FROM job_log WHERE job_id = $1", {row[0]}));
        OPS_CHECK(transaction.Execute("DELETE FROM jobs WHERE id = $1", {row[0]}));
    }
    return static_cast<std::int64_t>(old.rows.size());
}

}  // namespace opsteward::jobs::store
