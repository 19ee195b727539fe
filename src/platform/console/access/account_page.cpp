// One account: who it is, what it may do, what happened to it; and for those in charge, everything that can be changed.
#include <fmt/format.h>

#include "base/civil_time.hpp"
#include "base/text.hpp"
#include "platform/console/access/account_form.hpp"
#include "platform/console/access/account_history.hpp"
#include "platform/console/access/account_state.hpp"
#include "platform/console/access/authority.hpp"
#include "platform/console/access/permissions.hpp"
#include "platform/console/access/routes.hpp"
#include "platform/web/components.hpp"
#include "platform/web/error_answer.hpp"
#include "platform/web/fields.hpp"

namespace opsteward::console {

using html::Escape;
using html::Format;
using html::Markup;
using identity::Account;
using web::RequestContext;

namespace {

constexpr int kShownHistory = 30;

/// What the form itself can say; anything else is an answer of its own.
bool IsForTheForm(const Error& error) {
    return error.code == ErrorCode::kInvalidInput || error.code == ErrorCode::kConflict;
}

std::string PathOf(const Account& account) {
    return fmt::format("/users/{}", account.id);
}

std::vector<web::Crumb> Crumbs(const RequestContext& context) {
    return {{std::string(context.Say("使用者", "Accounts")), "/users"}};
}

/// A form as it is shown again: what was refused, and how many empty rows it offers.
struct FormState {
    AccountForm form;
    std::vector<std::string> errors = {};
    int spare_rows = 1;
    int status = 200;
};

FormState Again(const RequestContext& context) {
    return {.form = AccountForm::Read(context.form), .spare_rows = 2};
}

FormState Refused(const RequestContext& context, const Error& error) {
    return {.form = AccountForm::Read(context.form),
            .errors = {error.caller_text.In(context.language)},
            .status = web::StatusFor(error.code, false)};
}

class AccountPage {
  public:
    AccountPage(const RequestContext& context, const Account& account, const UnitTree& units)
        : context_(context), account_(account), units_(units), may_change_(HasAuthorityOver(context, account)) {}

    net::Response Answer(const FormState& state, const std::vector<audit::Entry>& history) const {
        web::Page page;
        page.title = account_.display_name;
        page.crumbs = Crumbs(context_);
        page.lead = Lead();
        page.body =
            web::Grid(2, {web::Card(Say("基本資料", "About"), Facts()), web::Card(Say("角色", "Roles"), Roles())});
        if (may_change_) {
            const Markup fields = state.form.Fields(
                context_, units_.Choices(context_.principal().UnitsFor(kManageAccounts)), false, state.spare_rows);
            page.body += web::Card(Say("修改", "Change"),
                                   web::PostForm(PathOf(account_), context_.frame.csrf_token,
                                                 web::FormErrors(state.errors, context_.language) + fields));
            page.body += web::Card(Say("密碼與兩步驟驗證", "Password and second factor"), Actions());
        }
        page.body += History(history);
        return context_.Render(page, state.status);
    }

  private:
    std::string_view Say(std::string_view zh, std::string_view en) const { return context_.Say(zh, en); }
    bool Is(AccountState state) const { return IsInState(account_, state, context_.now); }

    Markup Lead() const {
        if (Is(AccountState::kLocked)) {
            return web::Alert(
                web::Tone::kNotMet, Say("帳號鎖定中：密碼連續輸入錯誤", "The account is locked: too many failures"),
                Format(
                    "<p>{} {}</p>",
                    Say("確認是本人後可解除，否則等到", "Unlock it when you know it was the person; else it ends at"),
                    FormatTime(*account_.locked_until, context_.language)));
        }
        if (Is(AccountState::kEnded)) {
            return web::Alert(
                web::Tone::kNotApplicable,
                Say("帳號已到期；要續用請改使用期限", "The account has ended; set a later last day to go on with it"));
        }
        if (Is(AccountState::kEndsSoon)) {
            return web::Alert(web::Tone::kAttention,
                              Say("帳號即將到期；要續用請改使用期限",
                                  "The account ends soon; set a later last day to go on with it"));
        }
        if (Is(AccountState::kOneTimePassword)) {
            return web::Alert(web::Tone::kAttention,
                              Say("一次性密碼還沒有更換；請確認本人已收到",
                                  "The one-time password is not changed yet; make sure that the person has it"));
        }
        if (Is(AccountState::kNoSecondFactor) && IsAdministrator(account_)) {
            return web::Alert(web::Tone::kAttention,
                              Say("平台管理者尚未設定兩步驟驗證；請提醒本人",
                                  "An administrator without a second factor; remind the person"));
        }
        return {};
    }

    Markup OptionalTime(const std::optional<Instant>& instant) const {
        return instant ? web::Time(*instant, context_.now, context_.language)
                       : Format(R"(<span class="ops-muted">—</span>)");
    }

    Markup Facts() const {
        return web::DescriptionList(
            {{std::string(Say("帳號", "User name")), web::Code(account_.name)},
             {std::string(Say("狀態", "State")), AccountBadges(account_, context_.now, context_.language)},
             {std::string(Say("電子郵件", "E-mail")),
              account_.email.empty() ? Format(R"(<span class="ops-muted">—</span>)") : Escape(account_.email)},
             {std::string(Say("單位", "Unit")), Escape(units_.PathOf(account_.unit_id))},
             {std::string(Say("使用期限", "Last day")),
              account_.ends_at ? Escape(FormatDateShort(LastDay(*account_.ends_at), context_.language))
                               : Escape(Say("無期限", "no end"))},
             {std::string(Say("最近登入", "Last sign-in")), OptionalTime(account_.last_sign_in_at)},
             {std::string(Say("建立", "Made")), web::Time(account_.created_at, context_.language)}});
    }

    Markup Roles() const {
        if (account_.grants.empty()) {
            return web::EmptyState(
                Say("尚未授予角色", "No role yet"),
                Say("沒有角色的人登入後看不到任何功能；由平台管理者授予。",
                    "Without a role a person sees no function after signing in; an administrator grants it."));
        }
        std::vector<std::pair<std::string, Markup>> roles;
        for (const identity::RoleGrant& grant : account_.grants) {
            roles.emplace_back(identity::RoleTitle(grant.role).In(context_.language),
                               Escape(units_.PathOf(grant.unit_id)));
        }
        return web::DescriptionList(roles);
    }

    Markup ActionForm(std::string_view action, std::string_view label, std::string_view icon, std::string_view confirm,
                      std::string_view help) const {
        return web::PostForm(fmt::format("{}/{}", PathOf(account_), action), context_.frame.csrf_token,
                             Format(R"(<p class="ops-help">{}</p>)", help) +
                                 web::ButtonRow({web::Button(
                                     label, {.look = web::ButtonLook::kSecondary, .icon = icon, .confirm = confirm})}));
    }

    Markup Actions() const {
        std::vector<Markup> actions;
        if (Is(AccountState::kLocked)) {
            actions.push_back(
                ActionForm("unlock", Say("解除鎖定", "Unlock"), "lock-open", {},
                           Say("立即可以再登入，密碼不變。", "The person may sign in at once; the password stays.")));
        }
        actions.push_back(
            ActionForm("reset-password", Say("重設密碼", "Reset the password"), "key",
                       Say("原密碼立即失效，所有登入會結束。", "The password stops working and all sessions end."),
                       Say("產生一次性密碼，只顯示一次；本人登入後必須更換。",
                           "Makes a one-time password, shown once; the person has to change it at sign-in.")));
        if (account_.has_totp) {
            actions.push_back(ActionForm("remove-totp", Say("移除兩步驟驗證", "Remove the second factor"),
                                         "shield-lock",
                                         Say("之後只用密碼就能登入，直到本人重新設定。",
                                             "The password alone will do until the person sets it up again."),
                                         Say("手機遺失且沒有復原碼時使用。請先確認是本人。",
                                             "For a lost phone without recovery codes. Make sure it is the person.")));
        }
        return web::Grid(2, actions);
    }

    Markup History(const std::vector<audit::Entry>& history) const {
        if (history.empty()) {
            return web::Card(Say("歷程", "History"),
                             web::EmptyState(Say("沒有更早的紀錄", "Nothing earlier"),
                                             Say("歷程到此為止。", "The history ends here."),
                                             web::LinkButton(Say("回到最新", "To the newest"), PathOf(account_))));
        }
        std::vector<web::TimelineEntry> entries;
        for (const audit::Entry& entry : history) entries.push_back(HistoryEntry(entry, units_, context_.language));
        Markup older;
        if (history.size() == static_cast<std::size_t>(kShownHistory)) {
            older = web::LinkButton(Say("更早的紀錄", "Earlier"),
                                    fmt::format("{}?before={}", PathOf(account_), history.back().sequence));
        }
        return web::Card(Say("歷程", "History"), web::Timeline(entries, context_.now, context_.language) + older);
    }

    const RequestContext& context_;
    const Account& account_;
    const UnitTree& units_;
    const bool may_change_;
};

Result<net::Response> Show(const RequestContext& context, const Services& services, const Account& account,
                           const FormState& state) {
    OPS_TRY(const auto units, UnitTree::Read(services.identity));
    audit::Filter filter;
    filter.subject_kind = "account";
    filter.subject_id = fmt::format("{}", account.id);
    filter.units =
        context.principal().UnitsFor(kReadAccounts);  // what happened while the account was elsewhere is told there
    filter.before_sequence = ParseInt(context.request.query.Get("before")).value_or(0);
    filter.limit = kShownHistory;
    OPS_TRY(const auto history, services.database.Read<std::vector<audit::Entry>>(
                                    [&](db::Session& session) { return audit::Search(session, filter); }));
    return AccountPage(context, account, units).Answer(state, history);
}

Result<net::Response> ShowAccount(const RequestContext& context, const Services& services) {
    OPS_TRY(const Account account, ReadableAccount(context, services));
    return Show(context, services, account, {.form = AccountForm::Of(account, context.language)});
}

Result<Account> Changed(const RequestContext& context, const Account& account) {
    OPS_TRY(Account changed, AccountForm::Read(context.form).ApplyTo(account));
    OPS_CHECK(RequireAuthorityOver(context, changed));
    return changed;
}

Result<net::Response> ChangeAccount(const RequestContext& context, const Services& services) {
    OPS_TRY(const Account account, ManagedAccount(context, services));
    if (AccountForm::WantsAnotherRow(context.form)) return Show(context, services, account, Again(context));
    const auto changed = Changed(context, account);
    const Result<void> saved =
        changed.ok() ? services.identity.UpdateAccount(context.actor(), *changed) : Result<void>(changed.error());
    if (!saved.ok()) {
        if (!IsForTheForm(saved.error())) return saved.error();
        return Show(context, services, account, Refused(context, saved.error()));
    }
    return context.RedirectWithNotice(PathOf(account), {"已儲存。", "Saved."});
}

/// A one-time password, in the answer to the request that made it and nowhere else.
net::Response OneTimePassword(const RequestContext& context, std::string_view title, const Account& account,
                              std::string_view password) {
    web::Page page;
    page.title = title;
    page.crumbs = Crumbs(context);
    page.lead = web::Alert(
        web::Tone::kMet,
        context.Say("請把一次性密碼交給本人；它只顯示這一次",
                    "Give the one-time password to the person; it is shown this one time"),
        Format("<p>{}</p>",
               context.Say(
                   "請當面或以電話告知，不要寄送。本人登入後必須立即更換。",
                   "Tell it in person or by telephone, do not mail it. It has to be changed at the first sign-in.")));
    page.body =
        web::Card({}, web::DescriptionList({{std::string(context.Say("帳號", "User name")), web::Code(account.name)},
                                            {std::string(context.Say("姓名", "Name")), Escape(account.display_name)},
                                            {std::string(context.Say("一次性密碼", "One-time password")),
                                             web::Code(password) + web::CopyButton(password, context.language)}}) +
                          web::ButtonRow({web::LinkButton(context.Say("已告知，檢視帳號", "Done; open the account"),
                                                          PathOf(account), web::ButtonLook::kPrimary)}));
    return context.Render(page);
}

Result<net::Response> ResetPassword(const RequestContext& context, const Services& services) {
    OPS_TRY(const Account account, ManagedAccount(context, services));
    OPS_TRY(const std::string password, services.identity.ResetPassword(context.actor(), account.id));
    return OneTimePassword(context, context.Say("密碼已重設", "The password is reset"), account, password);
}

Result<net::Response> RemoveTotp(const RequestContext& context, const Services& services) {
    OPS_TRY(const Account account, ManagedAccount(context, services));
    OPS_CHECK(services.identity.RemoveTotp(context.actor(), account.id));
    return context.RedirectWithNotice(PathOf(account), {"已移除兩步驟驗證。", "The second factor is removed."});
}

Result<net::Response> Unlock(const RequestContext& context, const Services& services) {
    OPS_TRY(const Account account, ManagedAccount(context, services));
    OPS_CHECK(services.identity.Unlock(context.actor(), account.id));
    return context.RedirectWithNotice(PathOf(account), {"已解除鎖定。", "The account is unlocked."});
}

Result<net::Response> NewPage(const RequestContext& context, const Services& services, const FormState& state) {
    OPS_TRY(const auto units, UnitTree::Read(services.identity));
    web::Page page;
    page.title = context.Say("新增使用者", "New account");
    page.crumbs = Crumbs(context);
    page.lead =
        web::Alert(web::Tone::kInfo, context.Say("建立後會顯示一次性密碼，請交給本人",
                                                 "You are then shown a one-time password to give to the person"));
    const Markup fields = state.form.Fields(context, units.Choices(context.principal().UnitsFor(kManageAccounts)), true,
                                            state.spare_rows);
    page.body = web::Card({}, web::PostForm("/users", context.frame.csrf_token,
                                            web::FormErrors(state.errors, context.language) + fields));
    return context.Render(page, state.status);
}

Result<net::Response> ShowNew(const RequestContext& context, const Services& services) {
    FormState state;
    state.form.unit = context.request.query.Get("unit");
    return NewPage(context, services, state);
}

Result<net::Response> CreateAccount(const RequestContext& context, const Services& services) {
    if (AccountForm::WantsAnotherRow(context.form)) return NewPage(context, services, Again(context));
    const AccountForm form = AccountForm::Read(context.form);
    Account blank;
    blank.name = form.name;
    const auto account = Changed(context, blank);
    const Result<std::string> password = account.ok() ? services.identity.CreateAccount(context.actor(), *account)
                                                      : Result<std::string>(account.error());
    if (!password.ok()) {
        if (!IsForTheForm(password.error())) return password.error();
        return NewPage(context, services, Refused(context, password.error()));
    }
    OPS_TRY(const Account created, services.identity.FindAccountByName(account->name));
    return OneTimePassword(context, context.Say("使用者已建立", "The account is made"), created, *password);
}

}  // namespace

std::vector<web::Route> AccountRoutes(std::shared_ptr<const Services> services) {
    using enum net::Method;
    return RouteList(std::move(services))
        .Page(kGet, "/users/new", kManageAccounts, ShowNew)
        .Page(kPost, "/users", kManageAccounts, CreateAccount)
        .Page(kGet, "/users/{id}", kReadAccounts, ShowAccount)
        .Page(kPost, "/users/{id}", kManageAccounts, ChangeAccount)
        .Page(kPost, "/users/{id}/reset-password", kManageAccounts, ResetPassword)
        .Page(kPost, "/users/{id}/remove-totp", kManageAccounts, RemoveTotp)
        .Page(kPost, "/users/{id}/unlock", kManageAccounts, Unlock)
        .Take();
}

}  // namespace opsteward::console
