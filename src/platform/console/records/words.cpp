#include "platform/console/records/words.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <span>
#include <vector>

#include "base/civil_time.hpp"
#include "base/text.hpp"
#include "platform/identity/role.hpp"

namespace opsteward::console::records {

namespace {

struct Word {
    std::string_view key;
    Phrase title;
};

constexpr Word kActions[] = {
    {"account.change_password", {"變更密碼", "Changed the password"}},
    {"account.create", {"建立帳號", "Created an account"}},
    {"account.create_token", {"建立 API 權杖", "Made an API token"}},
    {"account.disable", {"停用帳號", "Disabled an account"}},
    {"account.enable", {"啟用帳號", "Enabled an account"}},
    {"account.lock", {"鎖定帳號", "Locked an account"}},
    {"account.remove_totp", {"移除兩步驟驗證", "Removed two-step sign-in"}},
    {"account.reset_password", {"重設密碼", "Reset a password"}},
    {"account.revoke_session", {"結束工作階段", "Ended a session"}},
    {"account.revoke_token", {"撤銷 API 權杖", "Revoked an API token"}},
    {"account.set_up_totp", {"設定兩步驟驗證", "Set up two-step sign-in"}},
    {"account.sign_in", {"登入", "Signed in"}},
    {"account.sign_in_failed", {"登入失敗", "Failed to sign in"}},
    {"account.sign_out", {"登出", "Signed out"}},
    {"account.unlock", {"解除鎖定", "Unlocked an account"}},
    {"account.update", {"修改帳號", "Changed an account"}},
    {"account.use_recovery_code", {"使用復原碼", "Used a recovery code"}},
    {"device.add", {"登錄設備", "Registered a device"}},
    {"device.approval_expired", {"核准到期", "An approval ended"}},
    {"device.approve", {"核准項目", "Approved items"}},
    {"device.change", {"修改設備", "Changed a device"}},
    {"device.withdraw_approval", {"撤回核准", "Withdrew an approval"}},
    {"duty.complete", {"完成定期工作", "Completed a duty"}},
    {"exemption.approve", {"核准不適用", "Approved an exemption"}},
    {"exemption.reject", {"駁回不適用", "Rejected an exemption"}},
    {"exemption.request", {"申請不適用", "Requested an exemption"}},
    {"exemption.withdraw", {"撤回不適用", "Withdrew an exemption"}},
    {"job.cancel", {"取消工作", "Cancelled a job"}},
    {"job.retry", {"重試工作", "Tried a job again"}},
    {"job.run", {"立即執行工作", "Ran a job at once"}},
    {"unit.close", {"裁撤單位", "Closed a unit"}},
    {"unit.create", {"新增單位", "Created a unit"}},
    {"unit.open", {"恢復使用單位", "Opened a unit again"}},
    {"unit.update", {"修改單位", "Changed a unit"}},
};

constexpr Word kSubjectKinds[] = {
    {"account", {"帳號", "Account"}},       {"device", {"設備", "Device"}}, {"duty", {"定期工作", "Duty"}},
    {"exemption", {"不適用", "Exemption"}}, {"job", {"背景工作", "Job"}},   {"unit", {"單位", "Unit"}},
};

constexpr Word kFields[] = {
    {"address", {"位址", "Address"}},
    {"approved", {"核准項目", "Approved"}},
    {"cancel_requested", {"要求取消", "Asked to stop"}},
    {"clause", {"條文", "Clause"}},
    {"days", {"有效日數", "Days"}},
    {"display_name", {"顯示名稱", "Display name"}},
    {"duty", {"定期工作", "Duty"}},
    {"email", {"電子郵件", "E-mail"}},
    {"ends", {"期限", "Ends"}},
    {"ends_at", {"到期", "Ends"}},
    {"expired", {"到期的核准", "Ended approval"}},
    {"has_totp", {"兩步驟驗證", "Two-step sign-in"}},
    {"id", {"編號", "Number"}},
    {"in_service", {"使用中", "In service"}},
    {"is_active", {"使用中", "In use"}},
    {"is_core", {"核心設備", "Core device"}},
    {"is_enabled", {"啟用", "Enabled"}},
    {"kind", {"種類", "Kind"}},
    {"locked_until", {"鎖定至", "Locked until"}},
    {"minutes", {"分鐘", "Minutes"}},
    {"must_change_password", {"須變更密碼", "Has to change the password"}},
    {"name", {"名稱", "Name"}},
    {"note", {"說明", "Note"}},
    {"notes", {"備註", "Notes"}},
    {"owner_id", {"負責人帳號編號", "Owner's account number"}},
    {"parent", {"上級單位", "Parent unit"}},
    {"port", {"連接埠", "Port"}},
    {"program", {"程式", "Program"}},
    {"protocol", {"通訊協定", "Protocol"}},
    {"reason", {"理由", "Reason"}},
    {"roles", {"角色", "Roles"}},
    {"scope", {"範圍", "Scope"}},
    {"session", {"工作階段", "Session"}},
    {"state", {"狀態", "State"}},
    {"token", {"權杖", "Token"}},
    {"unit", {"單位", "Unit"}},
    {"unit_id", {"單位", "Unit"}},
    {"until", {"期限", "Until"}},
    {"with", {"驗證方式", "Signed in with"}},
    {"withdrawn", {"撤回的核准", "Withdrawn approval"}},
};

/// Values that are keys, by their field and the key: "state=failed".
constexpr Word kValues[] = {
    {"scope=read", {"只能讀取", "reading only"}}, {"scope=write", {"讀取與寫入", "reading and writing"}},
    {"state=approved", {"已核准", "approved"}},   {"state=cancelled", {"已取消", "cancelled"}},
    {"state=failed", {"失敗", "failed"}},         {"state=queued", {"排隊中", "queued"}},
    {"state=rejected", {"已駁回", "rejected"}},   {"state=running", {"執行中", "running"}},
    {"state=succeeded", {"成功", "succeeded"}},   {"state=waiting", {"待核定", "waiting"}},
    {"state=withdrawn", {"已撤回", "withdrawn"}}, {"with=code", {"驗證碼", "code"}},
    {"with=password", {"密碼", "password"}},
};

constexpr std::string_view kUnitFields[] = {"parent", "unit", "unit_id"};

constexpr bool IsSorted(std::span<const Word> words) {
    return std::ranges::is_sorted(words, {}, &Word::key);
}
static_assert(IsSorted(kActions) && IsSorted(kSubjectKinds) && IsSorted(kFields) && IsSorted(kValues));

std::optional<Phrase> Find(std::span<const Word> words, std::string_view key) {
    const auto found = std::ranges::lower_bound(words, key, {}, &Word::key);
    return found == words.end() || found->key != key ? std::nullopt : std::optional(found->title);
}

std::string TitleIn(std::span<const Word> words, std::string_view key, Language language) {
    const auto title = Find(words, key);
    return std::string(title ? title->In(language) : key);
}

std::string RoleName(std::string_view key, Language language) {
    const auto role = identity::ParseRole(key);
    return std::string(role ? identity::RoleTitle(*role).In(language) : key);
}

/// The name of the field itself, without those of the objects around it.
std::string_view LastPart(std::string_view field) {
    return field.substr(field.rfind('.') + 1);
}

}  // namespace

std::string ActionTitle(std::string_view action, Language language) {
    return TitleIn(kActions, action, language);
}

std::string SubjectKindTitle(std::string_view kind, Language language) {
    return TitleIn(kSubjectKinds, kind, language);
}

std::string FieldTitle(std::string_view field, Language language) {
    return TitleIn(kFields, LastPart(field), language);
}

std::string ValueWords::UnitName(std::int64_t unit_id) const {
    const auto found = unit_names_.find(unit_id);
    return found == unit_names_.end() ? std::string() : found->second;
}

std::string ValueWords::OfRoleGrant(const json::object& grant) const {
    const std::string title = RoleName(grant.at("role").as_string(), language_);
    const std::string unit = Of("unit", grant.at("unit"));
    return language_ == Language::kEnglish ? title + " (" + unit + ")" : title + "（" + unit + "）";
}

std::string ValueWords::OfList(std::string_view field, const json::array& list) const {
    std::vector<std::string> parts;
    for (const json::value& item : list) {
        const json::object* const object = item.if_object();
        const bool is_grant = object != nullptr && object->size() == 2 && object->contains("unit") &&
                              object->contains("role") && object->at("role").is_string();
        parts.push_back(is_grant ? OfRoleGrant(*object) : Of(field, item));
    }
    return Join(parts, language_ == Language::kEnglish ? ", " : "、");
}

std::string ValueWords::OfRecord(const json::object& record) const {
    std::vector<std::string> parts;
    for (const auto& [key, value] : record) {
        if (!value.is_null()) parts.push_back(Of(key, value));
    }
    return Join(parts, " ");
}

std::string ValueWords::Of(std::string_view field, const json::value& value) const {
    const bool is_english = language_ == Language::kEnglish;
    const std::string_view name = LastPart(field);
    if (value.is_null()) return is_english ? "none" : "無";
    if (const bool* const flag = value.if_bool()) return is_english ? (*flag ? "yes" : "no") : (*flag ? "是" : "否");
    if (const json::array* const list = value.if_array()) {
        return list->empty() ? Of(field, nullptr) : OfList(field, *list);
    }
    if (const json::object* const record = value.if_object(); record != nullptr && !record->empty()) return OfRecord(*record);
    if (const std::int64_t* const number = value.if_int64();
        number != nullptr && std::ranges::find(kUnitFields, name) != std::end(kUnitFields)) {
        if (std::string unit = UnitName(*number); !unit.empty()) return unit;
    }
    if (!value.is_string()) return json::serialize(value);
    const std::string text(value.as_string());
    if (text.empty()) return is_english ? "empty" : "空白";
    if (name == "roles") return RoleName(text, language_);
    if (const auto title = Find(kValues, std::string(name) + "=" + text)) return std::string(title->In(language_));
    // Only what the program writes itself: RFC 3339 with milliseconds in UTC.
    constexpr std::size_t kTimeLength = std::string_view("2025-08-05T06:03:07.000Z").size();
    if (text.size() == kTimeLength && text.ends_with('Z')) {
        if (const auto time = ParseRfc3339(text); time.ok()) return FormatTime(*time, language_);
    }
    return text;
}

std::string ValueWords::Of(const FieldChange& change) const {
    std::string text;
    if (!change.field.empty()) {
        text = FieldTitle(change.field, language_) + (language_ == Language::kEnglish ? ": " : "：");
    }
    if (change.before) text += Of(change.field, *change.before) + " → ";
    if (change.after) return text + Of(change.field, *change.after);
    return text + (language_ == Language::kEnglish ? "removed" : "已移除");
}

}  // namespace opsteward::console::records
