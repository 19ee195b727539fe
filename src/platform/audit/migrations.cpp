#include "platform/audit/trail.hpp"

namespace opsteward::audit {

namespace {

constexpr db::Migration kMigrations[] = {
    {"audit", 1, "the trail, its head and its last check", R"(
CREATE TABLE audit_trail (
    sequence @int NOT NULL PRIMARY KEY,
    at @int NOT NULL,
    user_id @int NOT NULL,
    user_name TEXT NOT NULL,
    address TEXT NOT NULL,
    action TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    subject_name TEXT NOT NULL,
    unit_id @int,
    before_json TEXT NOT NULL,
    after_json TEXT NOT NULL,
    hash TEXT NOT NULL
) @strict
;;
CREATE INDEX audit_trail_by_subject ON audit_trail (subject_kind, subject_id, sequence)
;;
CREATE INDEX audit_trail_by_time ON audit_trail (at)
;;
CREATE TABLE audit_head (
    id @int NOT NULL PRIMARY KEY CHECK (id = 1),
    sequence @int NOT NULL,
    hash TEXT NOT NULL
) @strict
;;
INSERT INTO audit_head (id, sequence, hash) VALUES (1, 0, '')
;;
CREATE TABLE audit_checks (
    id @int NOT NULL PRIMARY KEY CHECK (id = 1),
    checked_at @int NOT NULL,
    is_intact @int NOT NULL,
    row_count @int NOT NULL,
    problem TEXT NOT NULL
) @strict
)"},
    {"audit", 2, "where the chain breaks, and why in both languages", R"(
ALTER TABLE audit_checks ADD COLUMN broken_at @int
;;
ALTER TABLE audit_checks ADD COLUMN problem_zh TEXT NOT NULL DEFAULT ''
)"},
    {"audit", 3, "checkpoints of log vaults that the trail is sealed in", R"(
CREATE TABLE audit_seals (
    log TEXT NOT NULL,
    through_sequence @int NOT NULL,
    tree_size @int NOT NULL,
    root TEXT NOT NULL,
    sealed_at @int NOT NULL,
    PRIMARY KEY (log, through_sequence)
) @strict
)"},
};

}  // namespace

std::span<const db::Migration> Migrations() { return kMigrations; }

std::span<const db::ViewSpec> Views() {
    static const db::ViewSpec kViews[] = {
        {"audit_chain", {"checked_at", "is_intact", "rows", "problem"}, "SELECT checked_at, is_intact, row_count, problem FROM audit_checks"},
    };
    return kViews;
}

}  // namespace opsteward::audit
