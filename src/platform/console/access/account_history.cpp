#include "platform/console/access/account_history.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/civil_time.hpp"
#include "base/text.hpp"
#include "platform/console/access/account_state.hpp"

namespace opsteward::console {

using html::Format;
using html::Markup;
using web::Tone;

namespace {

struct Action {
    std::string_view key;
    Phrase title;
    Tone tone;
};
constexpr Action kActions[] = {
    {"account.create", {"建立帳號", "Account made"}, Tone::kInfo},
    {"account.update", {"修改帳號", "Account changed"}, Tone::kInfo},
    {"account.enable", {"啟用帳號", "Account enabled"}, Tone::kMet},
    {"account.disable", {"停用帳號", "Account disabled"}, Tone::kNotApplicable},
    {"account.lock", {"連續登入失敗，帳號鎖定", "Account locked after failures"}, Tone::kNotMet},
    {"account.unlock", {"解除鎖定", "Account unlocked"}, Tone::kMet},
    {"account.reset_password", {"重設密碼", "Password reset"}, Tone::kAttention},
    {"account.change_password", {"變更密碼", "Password changed"}, Tone::kInfo},
    {"account.set_up_totp", {"設定兩步驟驗證", "Second factor set up"}, Tone::kMet},
    {"account.remove_totp", {"移除兩步驟驗證", "Second factor removed"}, Tone::kAttention},
    {"account.use_recovery_code", {"使用復原碼登入", "Recovery code used"}, Tone::kAttention},
    {"account.sign_in", {"登入", "Signed in"}, Tone::kNeutral},
    {"account.sign_out", {"登出", "Signed out"}, Tone::kNeutral},
    {"account.sign_in_failed", {"登入失敗", "Sign-in failed"}, Tone::kAttention},
    {"account.revoke_session", {"結束工作階段", "Session ended"}, Tone::kNeutral},
    {"account.create_token", {"建立 API 權杖", "API token made"}, Tone::kInfo},
    {"account.revoke_token", {"撤銷 API 權杖", "API token revoked"}, Tone::kInfo},
};

struct Field {
    std::string_view key;
    Phrase title;
};
constexpr Field kFields[] = {
    {"display_name", {"姓名", "Name"}}, {"email", {"電子郵件", "E-mail"}},     {"unit", {"單位", "Unit"}},
    {"is_enabled", {"啟用", "In use"}}, {"ends_at", {"使用期限", "Last day"}}, {"roles", {"角色", "Roles"}}};

std::string RolesOf(const json::array& roles, const UnitTree& units, Language language) {
    std::vector<std::string> texts;
    for (const json::value& grant : roles) {
        const json::object* object = grant.if_object();
        const json::value* key = object == nullptr ? nullptr : object->if_contains("role");
        const json::value* unit = object == nullptr ? nullptr : object->if_contains("unit");
        if (key == nullptr || !key->is_string() || unit == nullptr || !unit->is_int64()) continue;
        const auto role = identity::ParseRole(key->as_string());
        const std::string title =
            role ? std::string(identity::RoleTitle(*role).In(language)) : std::string(key->as_string());
        texts.push_back(fmt::format("{} @ {}", title, units.PathOf(unit->as_int64())));
    }
    return Join(texts, language == Language::kEnglish ? ", " : "、");
}

std::string ShownValue(std::string_view key, const json::value* value, const UnitTree& units, Language language) {
    const bool is_english = language == Language::kEnglish;
    if (value == nullptr || value->is_null()) return "—";
    if (value->is_bool()) return value->as_bool() ? (is_english ? "yes" : "是") : (is_english ? "no" : "否");
    if (value->is_int64()) return units.PathOf(value->as_int64());
    std::string text;
    if (value->is_array()) text = RolesOf(value->as_array(), units, language);
    if (value->is_string()) text = value->as_string();
    if (key == "ends_at") {
        const auto ends_at = ParseRfc3339(text);
        if (ends_at.ok()) text = FormatDateShort(LastDay(*ends_at), language);
    }
    return text.empty() ? "—" : text;
}

/// "姓名：王小明 → 王大明", one line for each field that differs.
Markup Differences(const audit::Change& change, const UnitTree& units, Language language) {
    const json::object* before = change.before.if_object();
    const json::object* after = change.after.if_object();
    if (before == nullptr || after == nullptr) return {};
    Markup lines;
    for (const Field& field : kFields) {
        const json::value* old = before->if_contains(field.key);
        const json::value* now = after->if_contains(field.key);
        if (old == nullptr || now == nullptr || *old == *now) continue;
        lines += Format("<li>{}{}{} → {}</li>", field.title.In(language), language == Language::kEnglish ? ": " : "：",
                        ShownValue(field.key, old, units, language), ShownValue(field.key, now, units, language));
    }
    return lines.empty() ? Markup() : Format("<ul>{}</ul>", lines);
}

}  // namespace

web::TimelineEntry HistoryEntry(const audit::Entry& entry, const UnitTree& units, Language language) {
    const auto* known = std::ranges::find(kActions, entry.change.action, &Action::key);
    const bool is_known = known != std::end(kActions);
    const std::string what = is_known ? std::string(known->title.In(language)) : entry.change.action;
    const std::string who =
        entry.actor.address.empty() ? entry.actor.name : fmt::format("{}, {}", entry.actor.name, entry.actor.address);
    return {.at = entry.at,
            .tone = is_known ? known->tone : Tone::kNeutral,
            .title =
                language == Language::kEnglish ? fmt::format("{} ({})", what, who) : fmt::format("{}（{}）", what, who),
            .body = Differences(entry.change, units, language)};
}

}  // namespace opsteward::console
