#include "platform/console/access/json_form.hpp"

#include <fmt/format.h>

#include "base/civil_time.hpp"
#include "platform/console/access/account_state.hpp"
#include "platform/web/json_fields.hpp"
#include "platform/web/request_context.hpp"

namespace opsteward::console {

using identity::Account;

namespace {

Error Unreadable(std::string_view key, std::string_view zh, std::string_view en) {
    return Error::Of(ErrorCode::kInvalidInput, fmt::format("欄位 {} {}。", key, zh),
                     fmt::format("The field {} {}.", key, en));
}

/// null, an RFC 3339 time, or a date: the last day.
Result<std::optional<Instant>> ReadEnd(const json::value& value) {
    if (value.is_null()) return std::optional<Instant>();
    if (!value.is_string())
        return Unreadable("ends_at", "必須是 null、RFC 3339 時間或日期", "has to be null, an RFC 3339 time or a date");
    const std::string_view text = value.as_string();
    OPS_TRY(const Instant instant, ParseRfc3339(text));
    const bool is_date = text.find_first_of("Tt ") == std::string_view::npos;
    return std::optional(is_date ? EndOfDay(TaipeiDate(instant)) : instant);
}

Result<std::vector<identity::RoleGrant>> ReadGrants(const json::value& value) {
    if (!value.is_array()) return Unreadable("roles", "必須是陣列", "has to be an array");
    std::vector<identity::RoleGrant> grants;
    for (const json::value& entry : value.as_array()) {
        if (!entry.is_object()) return Unreadable("roles", "的每一項必須是物件", "has to hold objects");
        OPS_CHECK(web::OnlyFields(entry.as_object(), {"role", "unit_id"}));
        OPS_TRY(const std::string key, web::RequiredString(entry.as_object(), "role"));
        const auto role = identity::ParseRole(key);
        if (!role) return Unreadable("role", "不是已知的角色", "names no known role");
        OPS_TRY(const std::int64_t unit_id, web::RequiredInt(entry.as_object(), "unit_id"));
        grants.push_back({*role, unit_id});
    }
    return grants;
}

}  // namespace

json::array GrantsJson(const std::vector<identity::RoleGrant>& grants) {
    json::array list;
    for (const identity::RoleGrant& grant : grants)
        list.push_back(json::object{{"role", identity::RoleKey(grant.role)}, {"unit_id", grant.unit_id}});
    return list;
}

json::object AccountJson(const Account& account) {
    return {{"id", account.id},
            {"name", account.name},
            {"display_name", account.display_name},
            {"email", account.email},
            {"unit_id", account.unit_id},
            {"is_enabled", account.is_enabled},
            {"must_change_password", account.must_change_password},
            {"has_totp", account.has_totp},
            {"ends_at", web::TimeJson(account.ends_at)},
            {"locked_until", web::TimeJson(account.locked_until)},
            {"last_sign_in_at", web::TimeJson(account.last_sign_in_at)},
            {"created_at", web::TimeJson(account.created_at)},
            {"roles", GrantsJson(account.grants)}};
}

json::object UnitJson(const identity::Unit& unit) {
    return {{"id", unit.id},
            {"parent_id", unit.parent_id ? json::value(*unit.parent_id) : json::value(nullptr)},
            {"name", unit.name},
            {"is_active", unit.is_active}};
}

json::object SessionJson(const identity::SessionInfo& session, bool is_current) {
    return {{"id", session.id},
            {"address", session.address},
            {"user_agent", session.user_agent},
            {"created_at", web::TimeJson(session.created_at)},
            {"last_used_at", web::TimeJson(session.last_used_at)},
            {"is_current", is_current}};
}

json::object TokenJson(const identity::ApiToken& token) {
    return {{"id", token.id},
            {"name", token.name},
            {"scope", token.may_write ? "write" : "read"},
            {"created_at", web::TimeJson(token.created_at)},
            {"ends_at", web::TimeJson(token.ends_at)},
            {"last_used_at", web::TimeJson(token.last_used_at)}};
}

Result<bool> RequiredBool(const json::object& body, std::string_view key) {
    const json::value* value = body.if_contains(key);
    if (value == nullptr || !value->is_bool())
        return Unreadable(key, "必須有，且為 true 或 false", "has to be there and be true or false");
    return value->as_bool();
}

Result<void> ReadAccount(const json::object& body, Account& account) {
    if (body.contains("display_name")) {
        OPS_TRY(account.display_name, web::RequiredString(body, "display_name"));
    }
    if (body.contains("email")) {
        OPS_TRY(account.email, web::RequiredString(body, "email"));
    }
    if (body.contains("unit_id")) {
        OPS_TRY(account.unit_id, web::RequiredInt(body, "unit_id"));
    }
    if (body.contains("is_enabled")) {
        OPS_TRY(account.is_enabled, RequiredBool(body, "is_enabled"));
    }
    if (const json::value* end = body.if_contains("ends_at")) {
        OPS_TRY(account.ends_at, ReadEnd(*end));
    }
    if (const json::value* roles = body.if_contains("roles")) {
        OPS_TRY(account.grants, ReadGrants(*roles));
    }
    return Ok();
}

}  // namespace opsteward::console
