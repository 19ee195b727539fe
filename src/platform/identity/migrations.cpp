#include "platform/identity/identity.hpp"

namespace opsteward::identity {

namespace {

constexpr db::Migration kMigrations[] = {
    {"identity", 1, "units, accounts, roles, sessions, tokens", R"(
CREATE TABLE units_tree (
    id @id,
    parent_id @int REFERENCES units_tree (id),
    name TEXT NOT NULL,
    is_active @int NOT NULL
) @strict
;;
CREATE TABLE accounts_local (
    id @id,
    name TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    email TEXT NOT NULL,
    unit_id @int NOT NULL REFERENCES units_tree (id),
    is_enabled @int NOT NULL,
    ends_at @int,
    created_at @int NOT NULL,
    password_hash TEXT NOT NULL,
    password_set_at @int NOT NULL,
    must_change_password @int NOT NULL,
    failures @int NOT NULL DEFAULT 0,
    locked_until @int,
    last_sign_in_at @int,
    totp_secret @blob,
    totp_pending @blob,
    totp_last_step @int NOT NULL DEFAULT 0
) @strict
;;
CREATE TABLE account_roles (
    user_id @int NOT NULL REFERENCES accounts_local (id),
    role TEXT NOT NULL,
    unit_id @int NOT NULL REFERENCES units_tree (id),
    since_at @int NOT NULL,
    PRIMARY KEY (user_id, role, unit_id)
) @strict
;;
CREATE TABLE past_passwords (
    id @id,
    user_id @int NOT NULL REFERENCES accounts_local (id),
    password_hash TEXT NOT NULL
) @strict
;;
CREATE INDEX past_passwords_by_user ON past_passwords (user_id, id)
;;
CREATE TABLE recovery_codes (
    user_id @int NOT NULL REFERENCES accounts_local (id),
    digest TEXT NOT NULL,
    PRIMARY KEY (user_id, digest)
) @strict
;;
CREATE TABLE totp_tickets (
    digest TEXT NOT NULL PRIMARY KEY,
    user_id @int NOT NULL REFERENCES accounts_local (id),
    ends_at @int NOT NULL
) @strict
;;
CREATE TABLE sessions (
    id @id,
    digest TEXT NOT NULL UNIQUE,
    user_id @int NOT NULL REFERENCES accounts_local (id),
    csrf_token TEXT NOT NULL,
    address TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    created_at @int NOT NULL,
    last_used_at @int NOT NULL
) @strict
;;
CREATE INDEX sessions_by_user ON sessions (user_id)
;;
CREATE TABLE api_tokens (
    id @id,
    digest TEXT NOT NULL UNIQUE,
    user_id @int NOT NULL REFERENCES accounts_local (id),
    name TEXT NOT NULL,
    may_write @int NOT NULL,
    created_at @int NOT NULL,
    ends_at @int NOT NULL,
    last_used_at @int
) @strict
;;
CREATE INDEX api_tokens_by_user ON api_tokens (user_id)
;;
CREATE TABLE identity_revision (
    id @int NOT NULL PRIMARY KEY CHECK (id = 1),
    revision @int NOT NULL
) @strict
;;
INSERT INTO identity_revision (id, revision) VALUES (1, 1)
)"},
};

}  // namespace

std::span<const db::Migration> Migrations() { return kMigrations; }

std::span<const db::ViewSpec> Views() {
    static const db::ViewSpec kViews[] = {
        {"units", {"unit_id", "parent_id", "name"}, "SELECT id, parent_id, name FROM units_tree WHERE is_active = 1"},
        {"role_holders",
         {"unit_id", "role", "user_id", "user_name", "since_at", "until_at"},
         "SELECT r.unit_id, r.role, a.id, a.name, r.since_at, a.ends_at FROM account_roles r JOIN accounts_local a ON a.id = r.user_id "
         "WHERE a.is_enabled = 1"},
    };
    return kViews;
}

}  // namespace opsteward::identity
