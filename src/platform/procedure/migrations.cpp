#include "platform/procedure/procedure.hpp"

namespace opsteward::procedure {

namespace {

constexpr db::Migration kMigrations[] = {
    {"procedure", 1, "states, findings, duties, exemptions", R"(
CREATE TABLE procedure_head (
    id @int NOT NULL PRIMARY KEY CHECK (id = 1),
    revision @int NOT NULL,
    judged_at @int,
    pack_digest TEXT NOT NULL
) @strict
;;
INSERT INTO procedure_head (id, revision, judged_at, pack_digest) VALUES (1, 1, NULL, '')
;;
CREATE TABLE clause_states (
    id @id,
    clause_id TEXT NOT NULL,
    unit_id @int NOT NULL,
    state TEXT NOT NULL,
    why_zh TEXT NOT NULL,
    why_en TEXT NOT NULL,
    from_at @int NOT NULL,
    until_at @int
) @strict
;;
CREATE INDEX clause_states_open ON clause_states (clause_id, unit_id) WHERE until_at IS NULL
;;
CREATE INDEX clause_states_by_time ON clause_states (from_at, until_at)
;;
CREATE INDEX clause_states_by_clause ON clause_states (clause_id, id)
;;
CREATE TABLE findings (
    id @id,
    check_id TEXT NOT NULL,
    clause_id TEXT NOT NULL,
    unit_id @int NOT NULL,
    device_id @int,
    subject TEXT NOT NULL,
    severity TEXT NOT NULL,
    reason_zh TEXT NOT NULL,
    reason_en TEXT NOT NULL,
    evidence TEXT NOT NULL,
    since_at @int NOT NULL,
    opened_at @int NOT NULL,
    closed_at @int
) @strict
;;
CREATE INDEX findings_open ON findings (clause_id) WHERE closed_at IS NULL
;;
CREATE INDEX findings_by_time ON findings (opened_at, closed_at)
;;
CREATE TABLE refused_checks (
    check_id TEXT NOT NULL PRIMARY KEY,
    problem_zh TEXT NOT NULL,
    problem_en TEXT NOT NULL
) @strict
;;
CREATE TABLE duty_rounds (
    id @id,
    duty_id TEXT NOT NULL,
    clause_id TEXT NOT NULL,
    unit_id @int NOT NULL,
    period_start TEXT NOT NULL,
    period_start_at @int NOT NULL,
    due_at @int NOT NULL,
    done_at @int,
    done_by_id @int,
    done_by TEXT,
    note TEXT,
    UNIQUE (duty_id, unit_id, period_start)
) @strict
;;
CREATE INDEX duty_rounds_by_due ON duty_rounds (due_at)
;;
CREATE INDEX duty_rounds_open ON duty_rounds (due_at) WHERE done_at IS NULL
;;
CREATE TABLE exemptions (
    id @id,
    clause_id TEXT NOT NULL,
    unit_id @int NOT NULL,
    reason TEXT NOT NULL,
    ends TEXT NOT NULL,
    ends_at @int NOT NULL,
    requested_by @int NOT NULL,
    requested_by_name TEXT NOT NULL,
    requested_at @int NOT NULL,
    decided_by_name TEXT,
    decided_at @int,
    is_approved @int NOT NULL DEFAULT 0,
    is_withdrawn @int NOT NULL DEFAULT 0
) @strict
)"},
};

}  // namespace

std::span<const db::Migration> Migrations() { return kMigrations; }

}  // namespace opsteward::procedure
