#include "platform/jobs/scheduler.hpp"

namespace opsteward::jobs {

namespace {

constexpr db::Migration kMigrations[] = {
    {"jobs", 1, "the queue, its log and its schedule", R"(
CREATE TABLE jobs (
    id @id,
    kind TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    payload TEXT NOT NULL,
    dedupe_key TEXT NOT NULL DEFAULT '',
    requested_by TEXT NOT NULL DEFAULT '',
    created_at @int NOT NULL,
    run_at @int NOT NULL,
    scheduled_for @int,
    started_at @int,
    finished_at @int,
    attempts @int NOT NULL DEFAULT 0,
    lease_token TEXT NOT NULL DEFAULT '',
    lease_until @int NOT NULL DEFAULT 0,
    cancel_requested @int NOT NULL DEFAULT 0,
    progress @real NOT NULL DEFAULT 0,
    doing_zh TEXT NOT NULL DEFAULT '',
    doing_en TEXT NOT NULL DEFAULT '',
    error_zh TEXT NOT NULL DEFAULT '',
    error_en TEXT NOT NULL DEFAULT ''
) @strict
;;
CREATE INDEX jobs_by_due ON jobs (state, run_at, id)
;;
CREATE INDEX jobs_by_kind ON jobs (kind, state, id)
;;
CREATE UNIQUE INDEX jobs_scheduled_once ON jobs (kind, scheduled_for)
;;
CREATE UNIQUE INDEX jobs_queued_once ON jobs (kind, dedupe_key) WHERE state = 'queued' AND dedupe_key <> ''
;;
CREATE TABLE job_log (
    id @id,
    job_id @int NOT NULL REFERENCES jobs (id),
    at @int NOT NULL,
    line_zh TEXT NOT NULL,
    line_en TEXT NOT NULL
) @strict
;;
CREATE INDEX job_log_by_job ON job_log (job_id, id)
;;
CREATE TABLE job_schedule (
    kind TEXT NOT NULL PRIMARY KEY,
    schedule TEXT NOT NULL,
    next_run_at @int NOT NULL
) @strict
)"},
};

}  // namespace

std::span<const db::Migration> Migrations() { return kMigrations; }

}  // namespace opsteward::jobs
