#include "platform/console/access/account_form.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/civil_time.hpp"
#include "base/text.hpp"
#include "platform/console/access/account_state.hpp"
#include "platform/web/components.hpp"

namespace opsteward::console {

using html::Format;
using html::Markup;
using web::RequestContext;

namespace {

constexpr std::string_view kAnotherRow = "another_row";
constexpr int kMaxText = 200;
constexpr int kMaxName = 64;

Result<std::int64_t> UnitId(std::string_view text) {
    const auto id = ParseInt(text);
    if (!id) return Error::Of(ErrorCode::kInvalidInput, "請選擇單位。", "Choose a unit.");
    return *id;
}

/// The choices with an empty one in front when `value` is none of them (a closed unit), so that no other is taken
/// unseen.
std::vector<web::Choice> WithPlace(const RequestContext& context, std::vector<web::Choice> units,
                                   std::string_view value) {
    if (std::ranges::find(units, value, &web::Choice::value) == units.end()) {
        units.insert(units.begin(), {"", std::string(context.Say("— 請選擇 —", "— choose —"))});
    }
    return units;
}

Markup RoleRow(const RequestContext& context, const AccountForm::GrantRow& row, const std::vector<web::Choice>& units,
               std::size_t number) {
    std::vector<web::Choice> roles = {{"", std::string(context.Say("— 無 —", "— none —"))}};
    for (const auto& info : identity::AllRoles())
        roles.push_back({std::string(info.key), std::string(info.title.In(context.language))});
    const std::string role_id = fmt::format("role-{}", number);
    const std::string unit_id = fmt::format("role-unit-{}", number);
    return web::FieldRow(
        {web::SelectField("role", context.Say(fmt::format("角色 {}", number), fmt::format("Role {}", number)), row.role,
                          roles, {}, {}, {.id = role_id}),
         web::SelectField("role_unit", context.Say("在單位（含以下）", "In unit, and all below"), row.unit,
                          WithPlace(context, units, row.unit), {}, {}, {.id = unit_id})});
}

}  // namespace

AccountForm AccountForm::Of(const identity::Account& account, Language language) {
    AccountForm form;
    form.name = account.name;
    form.display_name = account.display_name;
    form.email = account.email;
    form.unit = fmt::format("{}", account.unit_id);
    if (account.ends_at) form.ends_on = FormatDateShort(LastDay(*account.ends_at), language);
    form.is_enabled = account.is_enabled;
    for (const identity::RoleGrant& grant : account.grants) {
        form.rows.push_back({std::string(identity::RoleKey(grant.role)), fmt::format("{}", grant.unit_id)});
    }
    return form;
}

AccountForm AccountForm::Read(const net::FormFields& fields) {
    AccountForm form;
    form.name = Trim(fields.Get("name"));
    form.display_name = Trim(fields.Get("display_name"));
    form.email = Trim(fields.Get("email"));
    form.unit = fields.Get("unit");
    form.ends_on = Trim(fields.Get("ends_on"));
    form.is_enabled = fields.Get("is_enabled") == "1";
    const auto roles = fields.GetAll("role");
    const auto units = fields.GetAll("role_unit");
    for (std::size_t i = 0; i < std::min(roles.size(), units.size()); ++i) {
        if (!roles[i].empty()) form.rows.push_back({std::string(roles[i]), std::string(units[i])});
    }
    return form;
}

bool AccountForm::WantsAnotherRow(const net::FormFields& fields) {
    return fields.Has(kAnotherRow);
}

Result<identity::Account> AccountForm::ApplyTo(identity::Account account) const {
    account.display_name = display_name;
    account.email = email;
    account.is_enabled = is_enabled;
    OPS_TRY(account.unit_id, UnitId(unit));
    std::optional<Instant> ends_at;
    if (!ends_on.empty()) {
        OPS_TRY(const Date last_day, ParseDate(ends_on));
        // An end set to the minute by the API stays as it is while the day is the same.
        const bool is_same_day = account.ends_at && LastDay(*account.ends_at) == last_day;
        ends_at = is_same_day ? *account.ends_at : EndOfDay(last_day);
    }
    account.ends_at = ends_at;
    account.grants.clear();
    for (const GrantRow& row : rows) {
        const auto role = identity::ParseRole(row.role);
        if (!role) return Error::Of(ErrorCode::kInvalidInput, "沒有這個角色。", "There is no such role.");
        OPS_TRY(const std::int64_t unit_id, UnitId(row.unit));
        account.grants.push_back({*role, unit_id});
    }
    return account;
}

Markup AccountForm::Fields(const RequestContext& context, const std::vector<web::Choice>& units, bool is_new,
                           int spare_rows) const {
    Markup fields;
    if (is_new) {
        fields += web::TextField(
            "name", context.Say("帳號", "User name"), name,
            context.Say("小寫英文字母、數字、點、底線、連字號；建立後不能更改。",
                        "Lower-case letters, digits, dots, underscores, hyphens; cannot be changed later."),
            {}, {.is_required = true, .is_focused = true, .autocomplete = "off", .max_length = kMaxName});
    }
    fields += web::FieldRow({web::TextField("display_name", context.Say("姓名", "Name"), display_name, {}, {},
                                            {.is_required = true, .autocomplete = "off", .max_length = kMaxText}),
                             web::TextField("email", context.Say("電子郵件", "E-mail"), email, {}, {},
                                            {.autocomplete = "off", .inputmode = "email", .max_length = kMaxText})});
    fields += web::FieldRow(
        {web::SelectField("unit", context.Say("單位", "Unit"), unit, WithPlace(context, units, unit), {}, {},
                          {.is_required = true}),
         web::DateField(
             "ends_on", context.Say("使用期限（最後一天）", "Last day"), ends_on, context.language,
             context.Say("例如 114.8.5；委外人員請填合約迄日。留空為無期限。",
                         "For example 2025-08-05; for contractors the end of the contract. Empty: no end."))});
    fields += web::CheckField("is_enabled",
                              context.Say("啟用（取消後立即登出，且不能再登入）",
                                          "In use (without it the person is signed out and kept out)"),
                              is_enabled);
    Markup role_rows =
        Format(R"(<p class="ops-help">{}</p>)",
               context.Say("角色在單位及其以下生效。選「無」即移除該列。",
                           "A role counts for the unit and everything below it. Choose none to remove a row."));
    std::size_t number = 0;
    for (const GrantRow& row : rows) role_rows += RoleRow(context, row, units, ++number);
    for (int i = 0; i < spare_rows; ++i) role_rows += RoleRow(context, {{}, unit}, units, ++number);
    fields += web::FieldGroup(context.Say("角色", "Roles"), role_rows);
    // The button that saves comes first, for that is the one that Enter presses; the other must not ask for required
    // fields.
    const Markup another = Format(
        R"(<button type="submit" class="ops-button ops-button-secondary" name="{}" value="1" formnovalidate="{?}">)"
        R"({}<span>{}</span></button>)",
        kAnotherRow, true, web::Icon("plus"), context.Say("再加一列角色", "Another role"));
    return fields +
           web::ButtonRow({web::Button(is_new ? context.Say("建立使用者", "Create") : context.Say("儲存", "Save"),
                                       web::ButtonLook::kPrimary, "device-floppy"),
                           another, web::LinkButton(context.Say("取消", "Cancel"), "/users")});
}

}  // namespace opsteward::console
