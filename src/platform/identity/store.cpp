#include "platform/identity/store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace opsteward::identity::store {

namespace {

constexpr std::string_view kAccountColumns =
    "id, name, display_name, email, unit_id, is_enabled, must_change_password, CASE WHEN totp_secret IS NULL THEN 0 ELSE 1 END, "
    "ends_at, locked_until, last_sign_in_at, created_at";

Account ReadAccount(const db::Row& row) {
    Account account;
    account.id = row[0].AsInt();
    account.name = row[1].AsText();
    account.display_name = row[2].AsText();
    account.email = row[3].AsText();
    account.unit_id = row[4].AsInt();
    account.is_enabled = row[5].AsBool();
    account.must_change_password = row[6].AsBool();
    account.has_totp = row[7].AsBool();
    account.ends_at = row[8].AsOptionalInstant();
    account.locked_until = row[9].AsOptionalInstant();
    account.last_sign_in_at = row[10].AsOptionalInstant();
    account.created_at = row[11].AsInstant();
    return account;
}

Result<void> AddGrants(db::Transaction& transaction, std::int64_t user_id, const std::vector<RoleGrant>& grants, Instant now) {
    for (const auto& grant : grants) {
        OPS_CHECK(transaction.Execute(
            "INSERT INTO account_roles (user_id, role, unit_id, since_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            {user_id, RoleKey(grant.role), grant.unit_id, now}));
    }
    return Ok();
}

Result<Account> WithGrants(db::Session& session, const db::Row& row) {
    Account account = ReadAccount(row);
    OPS_TRY(account.grants, Grants(session, account.id));
    return account;
}

std::optional<db::Blob> OptionalBlob(const db::Value& value) {
    if (value.is_null()) return std::nullopt;
    return value.AsBlob();
}

}  // namespace

Result<void> RaiseRevision(db::Transaction& transaction) {
    OPS_CHECK(transaction.Execute("UPDATE identity_revision SET revision = revision + 1 WHERE id = 1"));
    return Ok();
}

Result<std::vector<RoleGrant>> Grants(db::Session& session, std::int64_t user_id) {
    OPS_TRY(const db::ResultSet found, session.Query("SELECT role, unit_id FROM account_roles WHERE user_id = $1 ORDER BY unit_id, role", {user_id}));
    std::vector<RoleGrant> grants;
    for (const db::Row& row : found.rows) {
        if (const auto role = ParseRole(row[0].AsText())) grants.push_back({*role, row[1].AsInt()});
    }
    return grants;
}

Result<std::vector<Account>> Accounts(db::Session& session) {
    OPS_TRY(const db::ResultSet found, session.Query(fmt::format("SELECT {} FROM accounts_local ORDER BY name", kAccountColumns)));
    OPS_TRY(const db::ResultSet roles, session.Query("SELECT user_id, role, unit_id FROM account_roles ORDER BY user_id, unit_id, role"));
    std::map<std::int64_t, std::vector<RoleGrant>> grants;
    for (const db::Row& row : roles.rows) {
        if (const auto role = ParseRole(row[1].AsText())) grants[row[0].AsInt()].push_back({*role, row[2].AsInt()});
    }
    std::vector<Account> accounts;
    for (const db::Row& row : found.rows) {
        accounts.push_back(ReadAccount(row));
        accounts.back().grants = std::move(grants[accounts.back().id]);
    }
    return accounts;
}

Result<Account> FindAccount(db::Session& session, std::int64_t id) {
    OPS_TRY(const db::Row row, session.QueryOne(fmt::format("SELECT {} FROM accounts_local WHERE id = $1", kAccountColumns), {id}));
    return WithGrants(session, row);
}

Result<Account> FindAccountByName(db::Session& session, std::string_view name) {
    OPS_TRY(const db::Row row, session.QueryOne(fmt::format("SELECT {} FROM accounts_local WHERE name = $1", kAccountColumns), {name}));
    return WithGrants(session, row);
}

Result<std::int64_t> InsertAccount(db::Transaction& transaction, const Account& account, std::string_view password_hash, Instant now) {
    OPS_TRY(const db::Row row,
            transaction.QueryOne("INSERT INTO accounts_local (name, display_name, email, unit_id, is_enabled, ends_at, created_at, "
                                 "password_hash, password_set_at, must_change_password) "
                                 "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $7, 1) RETURNING id",
                                 {account.name, account.display_name, account.email, account.unit_id, account.is_enabled, account.ends_at,
                                  now, password_hash}));
    OPS_CHECK(AddGrants(transaction, row[0].AsInt(), account.grants, now));
    return row[0].AsInt();
}

Result<void> UpdateAccount(db::Transaction& transaction, const Account& account, Instant now) {
    OPS_CHECK(transaction.Execute(
        "UPDATE accounts_local SET display_name = $2, email = $3, unit_id = $4, is_enabled = $5, ends_at = $6 WHERE id = $1",
        {account.id, account.display_name, account.email, account.unit_id, account.is_enabled, account.ends_at}));
    OPS_TRY(const auto held, Grants(transaction, account.id));
    for (const auto& grant : held) {
        const bool stays = std::any_of(account.grants.begin(), account.grants.end(), [&](const RoleGrant& wanted) {
            return wanted.role == grant.role && wanted.unit_id == grant.unit_id;
        });
        if (stays) continue;
        OPS_CHECK(transaction.Execute("DELETE FROM account_roles WHERE user_id = $1 AND role = $2 AND unit_id = $3",
                                      {account.id, RoleKey(grant.role), grant.unit_id}));
    }
    return AddGrants(transaction, account.id, account.grants, now);
}

Result<std::int64_t> CountAdministrators(db::Session& session) {
    OPS_TRY(const db::Row row,
            session.QueryOne("SELECT COUNT(*) FROM account_roles r JOIN accounts_local a ON a.id = r.user_id JOIN units_tree u ON u.id = "
                             "r.unit_id WHERE r.role = 'administrator' AND u.parent_id IS NULL AND a.is_enabled = 1 AND a.ends_at IS NULL"));
    return row[0].AsInt();
}

Result<void> LockAccount(db::Transaction& transaction, std::int64_t user_id) {
    OPS_CHECK(transaction.Execute("UPDATE accounts_local SET failures = failures WHERE id = $1", {user_id}));
    return Ok();
}

Result<Credentials> FindCredentials(db::Session& session, std::int64_t user_id) {
    OPS_TRY(const db::Row row, session.QueryOne("SELECT password_hash, password_set_at, must_change_password, failures, totp_secret, "
                                                "totp_pending, totp_last_step FROM accounts_local WHERE id = $1",
                                                {user_id}));
    return Credentials{row[0].AsText(),         row[1].AsInstant(),      row[2].AsBool(), static_cast<int>(row[3].AsInt()),
                       OptionalBlob(row[4]), OptionalBlob(row[5]), static_cast<std::uint64_t>(row[6].AsInt())};
}

Result<std::vector<std::string>> PastPasswords(db::Session& session, std::int64_t user_id, int count) {
    OPS_TRY(const db::ResultSet found,
            session.Query("SELECT password_hash FROM past_passwords WHERE user_id = $1 ORDER BY id DESC LIMIT $2", {user_id, count}));
    std::vector<std::string> hashes;
    for (const db::Row& row : found.rows) hashes.push_back(row[0].AsText());
    return hashes;
}

Result<void> SetPassword(db::Transaction& transaction, std::int64_t user_id, std::string_view password_hash, bool must_change, Instant now) {
    OPS_CHECK(transaction.Execute("INSERT INTO past_passwords (user_id, password_hash) SELECT id, password_hash FROM accounts_local WHERE id = $1",
                                  {user_id}));
    OPS_CHECK(transaction.Execute("UPDATE accounts_local SET password_hash = $2, password_set_at = $3, must_change_password = $4 WHERE id = $1",
                                  {user_id, password_hash, now, must_change}));
    return Ok();
}

Result<void> SetFailures(db::Transaction& transaction, std::int64_t user_id, int failures, std::optional<Instant> locked_until) {
    OPS_CHECK(transaction.Execute("UPDATE accounts_local SET failures = $2, locked_until = $3 WHERE id = $1", {user_id, failures, locked_until}));
    return Ok();
}

Result<void> SetSignedIn(db::Transaction& transaction, std::int64_t user_id, Instant now) {
    OPS_CHECK(transaction.Execute("UPDATE accounts_local SET last_sign_in_at = $2, failures = 0, locked_until = NULL WHERE id = $1", {user_id, now}));
    return Ok();
}

Result<void> SetTotp(db::Transaction& transaction, std::int64_t user_id, const std::optional<db::Blob>& secret,
                     const std::optional<db::Blob>& pending, std::uint64_t last_step) {
    OPS_CHECK(transaction.Execute("UPDATE accounts_local SET totp_secret = $2, totp_pending = $3, totp_last_step = $4 WHERE id = $1",
                                  {user_id, secret, pending, static_cast<std::int64_t>(last_step)}));
    return Ok();
}

Result<void> SetTotpStep(db::Transaction& transaction, std::int64_t user_id, std::uint64_t step) {
    OPS_CHECK(transaction.Execute("UPDATE accounts_local SET totp_last_step = $2 WHERE id = $1", {user_id, static_cast<std::int64_t>(step)}));
    return Ok();
}

Result<void> ReplaceRecoveryCodes(db::Transaction& transaction, std::int64_t user_id, const std::vector<std::string>& digests) {
    OPS_CHECK(transaction.Execute("DELETE FROM recovery_codes WHERE user_id = $1", {user_id}));
    for (const auto& digest : digests) {
        OPS_CHECK(transaction.Execute("INSERT INTO recovery_codes (user_id, digest) VALUES ($1, $2)", {user_id, digest}));
    }
    return Ok();
}

Result<bool> UseRecoveryCode(db::Transaction& transaction, std::int64_t user_id, std::string_view digest) {
    OPS_TRY(const auto used, transaction.Execute("DELETE FROM recovery_codes WHERE user_id = $1 AND digest = $2", {user_id, digest}));
    return used == 1;
}

Result<void> InsertTicket(db::Transaction& transaction, std::string_view digest, std::int64_t user_id, Instant ends_at) {
    OPS_CHECK(transaction.Execute("INSERT INTO totp_tickets (digest, user_id, ends_at) VALUES ($1, $2, $3)", {digest, user_id, ends_at}));
    return Ok();
}

Result<std::int64_t> FindTicket(db::Session& session, std::string_view digest, Instant now) {
    OPS_TRY(const db::Row row, session.QueryOne("SELECT user_id FROM totp_tickets WHERE digest = $1 AND ends_at > $2", {digest, now}));
    return row[0].AsInt();
}

Result<bool> DeleteTicket(db::Transaction& transaction, std::string_view digest) {
    OPS_TRY(const auto gone, transaction.Execute("DELETE FROM totp_tickets WHERE digest = $1", {digest}));
    return gone == 1;
}

Result<Holder> FindSessionHolder(db::Session& session, std::string_view digest) {
    OPS_TRY(const db::Row row,
            session.QueryOne("SELECT s.id, s.user_id, s.csrf_token, s.address, s.user_agent, s.created_at, s.last_used_at, a.name, "
                             "a.display_name, a.is_enabled, a.ends_at, a.password_set_at, a.must_change_password, r.revision "
                             "FROM sessions s JOIN accounts_local a ON a.id = s.user_id CROSS JOIN identity_revision r WHERE s.digest = $1",
                             {digest}));
    Holder holder;
    holder.session = {row[0].AsInt(),     row[1].AsInt(),     row[3].AsText(), row[4].AsText(), row[5].AsInstant(),
                      row[6].AsInstant(), row[2].AsText(), row[12].AsBool()};
    holder.last_used_at = row[6].AsInstant();
    holder.user_name = row[7].AsText();
    holder.display_name = row[8].AsText();
    holder.is_enabled = row[9].AsBool();
    holder.account_ends_at = row[10].AsOptionalInstant();
    holder.password_set_at = row[11].AsInstant();
    holder.revision = row[13].AsInt();
    return holder;
}

Result<Holder> FindTokenHolder(db::Session& session, std::string_view digest) {
    OPS_TRY(const db::Row row,
            session.QueryOne("SELECT t.id, t.user_id, t.may_write, t.ends_at, t.last_used_at, a.name, a.display_name, a.is_enabled, "
                             "a.ends_at, a.password_set_at, r.revision FROM api_tokens t JOIN accounts_local a ON a.id = t.user_id "
                             "CROSS JOIN identity_revision r WHERE t.digest = $1",
                             {digest}));
    Holder holder;
    holder.session.id = row[0].AsInt();
    holder.session.user_id = row[1].AsInt();
    holder.may_write = row[2].AsBool();
    holder.ends_at = row[3].AsInstant();
    holder.last_used_at = row[4].AsOptionalInstant();
    holder.user_name = row[5].AsText();
    holder.display_name = row[6].AsText();
    holder.is_enabled = row[7].AsBool();
    holder.account_ends_at = row[8].AsOptionalInstant();
    holder.password_set_at = row[9].AsInstant();
    holder.revision = row[10].AsInt();
    return holder;
}

Result<void> InsertSession(db::Transaction& transaction, const SessionInfo& session, std::string_view digest) {
    OPS_CHECK(transaction.Execute("INSERT INTO sessions (digest, user_id, csrf_token, address, user_agent, created_at, last_used_at) "
                                  "VALUES ($1, $2, $3, $4, $5, $6, $7)",
                                  {digest, session.user_id, session.csrf_token, session.address, session.user_agent, session.created_at,
                                   session.last_used_at}));
    return Ok();
}

Result<void> TouchSession(db::Transaction& transaction, std::int64_t id, Instant now) {
    OPS_CHECK(transaction.Execute("UPDATE sessions SET last_used_at = $2 WHERE id = $1", {id, now}));
    return Ok();
}

Result<void> TouchToken(db::Transaction& transaction, std::int64_t id, Instant now) {
    OPS_CHECK(transaction.Execute("UPDATE api_tokens SET last_used_at = $2 WHERE id = $1", {id, now}));
    return Ok();
}

Result<std::vector<SessionInfo>> Sessions(db::Session& session, std::int64_t user_id) {
    OPS_TRY(const db::ResultSet found,
            session.Query("SELECT id, address, user_agent, created_at, last_used_at FROM sessions WHERE user_id = $1 ORDER BY last_used_at DESC",
                          {user_id}));
    std::vector<SessionInfo> sessions;
    for (const db::Row& row : found.rows) {
        sessions.push_back({row[0].AsInt(), user_id, row[1].AsText(), row[2].AsText(), row[3].AsInstant(), row[4].AsInstant(), "", false});
    }
    return sessions;
}

Result<std::int64_t> DeleteSessions(db::Transaction& transaction, std::int64_t user_id, std::int64_t id) {
    return transaction.Execute("DELETE FROM sessions WHERE user_id = $1 AND ($2 = 0 OR id = $2)", {user_id, id});
}

Result<std::int64_t> DeleteEndedSessions(db::Transaction& transaction, Instant used_before, Instant made_before, Instant now) {
    OPS_CHECK(transaction.Execute("DELETE FROM totp_tickets WHERE ends_at <= $1", {now}));
    OPS_CHECK(transaction.Execute("DELETE FROM api_tokens WHERE ends_at <= $1", {now}));
    return transaction.Execute("DELETE FROM sessions WHERE last_used_at <= $1 OR created_at <= $2", {used_before, made_before});
}

Result<std::vector<ApiToken>> Tokens(db::Session& session, std::int64_t user_id) {
    OPS_TRY(const db::ResultSet found,
            session.Query("SELECT id, name, may_write, created_at, ends_at, last_used_at FROM api_tokens WHERE user_id = $1 ORDER BY id DESC",
                          {user_id}));
    std::vector<ApiToken> tokens;
    for (const db::Row& row : found.rows) {
        tokens.push_back({row[0].AsInt(), user_id, row[1].AsText(), row[2].AsBool(), row[3].AsInstant(), row[4].AsInstant(),
                          row[5].AsOptionalInstant()});
    }
    return tokens;
}

Result<std::int64_t> InsertToken(db::Transaction& transaction, const ApiToken& token, std::string_view digest) {
    OPS_TRY(const db::Row row,
            transaction.QueryOne("INSERT INTO api_tokens (digest, user_id, name, may_write, created_at, ends_at) "
                                 "VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
                                 {digest, token.user_id, token.name, token.may_write, token.created_at, token.ends_at}));
    return row[0].AsInt();
}

Result<std::int64_t> DeleteToken(db::Transaction& transaction, std::int64_t user_id, std::int64_t id) {
    return transaction.Execute("DELETE FROM api_tokens WHERE user_id = $1 AND id = $2", {user_id, id});
}

Result<std::vector<Unit>> Units(db::Session& session) {
    OPS_TRY(const db::ResultSet found, session.Query("SELECT id, parent_id, name, is_active FROM units_tree ORDER BY name, id"));
    std::map<std::int64_t, std::vector<Unit>> children;  // by parent; 0: the top
    for (const db::Row& row : found.rows) {
        children[row[1].AsInt()].push_back({row[0].AsInt(), row[1].AsOptionalInt(), row[2].AsText(), row[3].AsBool()});
    }
    std::vector<Unit> ordered;
    std::vector<Unit> pending(children[0].rbegin(), children[0].rend());
    while (!pending.empty()) {
        Unit unit = std::move(pending.back());
        pending.pop_back();
        const auto& below = children[unit.id];
        pending.insert(pending.end(), below.rbegin(), below.rend());
        ordered.push_back(std::move(unit));
    }
    return ordered;
}

Result<std::int64_t> InsertUnit(db::Transaction& transaction, std::optional<std::int64_t> parent_id, std::string_view name) {
    OPS_TRY(const db::Row row, transaction.QueryOne("INSERT INTO units_tree (parent_id, name, is_active) VALUES ($1, $2, 1) RETURNING id",
                                                    {parent_id, name}));
    return row[0].AsInt();
}

Result<void> UpdateUnit(db::Transaction& transaction, const Unit& unit) {
    OPS_CHECK(transaction.Execute("UPDATE units_tree SET parent_id = $2, name = $3, is_active = $4 WHERE id = $1",
                                  {unit.id, unit.parent_id, unit.name, unit.is_active}));
    return Ok();
}

Result<std::int64_t> CountActivePeople(db::Session& session, std::int64_t unit_id) {
    OPS_TRY(const db::Row row, session.QueryOne("SELECT COUNT(*) FROM accounts_local WHERE unit_id = $1 AND is_enabled = 1", {unit_id}));
    return row[0].AsInt();
}

}  // namespace opsteward::identity::store
