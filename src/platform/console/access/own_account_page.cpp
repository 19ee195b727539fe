// One's own account: who one is here, what one may do, and from where one is signed in.
#include <fmt/format.h>

#include "base/civil_time.hpp"
#include "base/count_text.hpp"
#include "base/text.hpp"
#include "platform/console/access/account_state.hpp"
#include "platform/console/access/own_sessions.hpp"
#include "platform/console/access/routes.hpp"
#include "platform/console/access/unit_tree.hpp"
#include "platform/web/components.hpp"
#include "platform/web/fields.hpp"
#include "platform/web/table.hpp"

namespace opsteward::console {

using html::Escape;
using html::Format;
using html::Markup;
using web::RequestContext;

namespace {

constexpr std::size_t kShownAgent = 80;

Markup Nothing() {
    return Format(R"(<span class="ops-muted">—</span>)");
}

Markup Facts(const RequestContext& context, const identity::Account& account, const UnitTree& units) {
    return web::DescriptionList(
        {{std::string(context.Say("帳號", "User name")), web::Code(account.name)},
         {std::string(context.Say("姓名", "Name")), Escape(account.display_name)},
         {std::string(context.Say("電子郵件", "E-mail")), account.email.empty() ? Nothing() : Escape(account.email)},
         {std::string(context.Say("單位", "Unit")), Escape(units.PathOf(account.unit_id))},
         {std::string(context.Say("使用期限", "Ends")),
          account.ends_at ? Escape(FormatDateShort(LastDay(*account.ends_at), context.language))
                          : Escape(context.Say("無期限", "never"))}});
}

Markup Roles(const RequestContext& context, const identity::Account& account, const UnitTree& units) {
    const std::vector<web::Column> columns = {
        {.title = std::string(context.Say("角色", "Role"))},
        {.title = std::string(context.Say("單位（含以下）", "Unit, and all below it"))}};
    std::vector<std::vector<Markup>> rows;
    for (const identity::RoleGrant& grant : account.grants) {
        rows.push_back(
            {Escape(identity::RoleTitle(grant.role).In(context.language)), Escape(units.PathOf(grant.unit_id))});
    }
    web::TableOptions options;
    options.when_empty =
        web::EmptyState(context.Say("尚未授予角色", "No role yet"),
                        context.Say("請平台管理者授予您的角色，之後才能使用各項功能。",
                                    "Ask an administrator to grant you a role; functions follow from it."));
    return web::Table(columns, rows, context.Say("我的角色", "My roles"), options);
}

Markup SignInMeans(const RequestContext& context, const identity::Account& account) {
    const Markup factor = account.has_totp ? web::Badge(web::Tone::kMet, context.Say("已啟用", "On"))
                                           : web::Badge(web::Tone::kAttention, context.Say("未設定", "Not set up"));
    return web::DescriptionList({{std::string(context.Say("密碼", "Password")),
                                  web::LinkButton(context.Say("變更密碼", "Change password"), "/account/password",
                                                  web::ButtonLook::kSecondary, "key")},
                                 {std::string(context.Say("兩步驟驗證", "Second factor")),
                                  factor + Escape(" ") +
                                      web::LinkButton(account.has_totp ? context.Say("重新設定", "Set up again")
                                                                       : context.Say("設定", "Set up"),
                                                      "/account/totp", web::ButtonLook::kSecondary, "shield-lock")}});
}

Result<net::Response> ShowAccount(const RequestContext& context, const Services& services) {
    OPS_TRY(const auto account, services.identity.FindAccount(context.actor().user_id));
    OPS_TRY(const auto units, UnitTree::Read(services.identity));
    web::Page page;
    page.title = context.Say("我的帳號", "My account");
    if (!account.has_totp && IsAdministrator(account)) {
        page.lead = web::Alert(
            web::Tone::kAttention,
            context.Say("您是平台管理者，請設定兩步驟驗證", "You are an administrator: set up a second factor"),
            Format("<p>{}</p>", web::Link(context.Say("現在設定", "Set it up now"), "/account/totp")));
    }
    page.body = OwnAccountTabs(context, OwnAccountTab::kOverview) +
                web::Grid(2, {web::Card(context.Say("基本資料", "About you"), Facts(context, account, units)),
                              web::Card(context.Say("登入方式", "Signing in"), SignInMeans(context, account))}) +
                web::Card(context.Say("角色", "Roles"), Roles(context, account, units));
    return context.Render(page);
}

Markup RevokeForm(const RequestContext& context, const identity::SessionInfo& session) {
    if (IsOwnSession(context, session)) return web::Badge(web::Tone::kInfo, context.Say("目前這個", "This one"));
    return web::PostForm(fmt::format("/account/sessions/{}/revoke", session.id), context.frame.csrf_token,
                         web::Button(context.Say("結束", "End"), web::ButtonLook::kDanger, "logout"));
}

Result<net::Response> ShowSessions(const RequestContext& context, const Services& services) {
    OPS_TRY(const auto sessions, services.identity.Sessions(context.actor().user_id));
    const std::vector<web::Column> columns = {
        {.title = std::string(context.Say("來源位址", "Address"))},
        {.title = std::string(context.Say("瀏覽器", "Browser"))},
        {.title = std::string(context.Say("登入時間", "Signed in"))},
        {.title = std::string(context.Say("最近使用", "Last used"))},
        {.title = std::string(context.Say("操作", "Actions")), .is_title_hidden = true}};
    std::vector<std::vector<Markup>> rows;
    for (const identity::SessionInfo& session : sessions) {
        rows.push_back({web::Code(session.address), Escape(Shorten(session.user_agent, kShownAgent)),
                        web::Time(session.created_at, context.language),
                        web::Time(session.last_used_at, context.now, context.language), RevokeForm(context, session)});
    }
    const identity::Policy& policy = services.identity.policy();
    web::Page page;
    page.title = context.Say("我的帳號", "My account");
    page.lead = web::Alert(
        web::Tone::kInfo,
        context.Say(
            fmt::format("閒置 {} 分鐘或登入滿 {} 小時會自動登出。看到不是您的登入，請結束它並變更密碼。",
                        policy.session_idle.count(), policy.session_absolute.count()),
            fmt::format(
                "Sessions end after {} idle minutes or {} hours. If one is not yours, end it and change your password.",
                policy.session_idle.count(), policy.session_absolute.count())));
    Markup others;
    if (sessions.size() > 1) {
        others = web::PostForm(
            "/account/sessions/revoke-others", context.frame.csrf_token,
            web::Button(context.Say("結束其他所有登入", "End all others"), web::ButtonLook::kSecondary, "logout"));
    }
    page.body = OwnAccountTabs(context, OwnAccountTab::kSessions) +
                web::Card(context.Say("登入中", "Signed in"),
                          web::Table(columns, rows, context.Say("我的工作階段", "My sessions")), others);
    return context.Render(page);
}

Result<net::Response> RevokeSession(const RequestContext& context, const Services& services) {
    OPS_TRY(const std::int64_t id, context.IdParameter());
    OPS_CHECK(services.identity.RevokeSession(context.actor(), context.actor().user_id, id));
    return context.RedirectWithNotice("/account/sessions", {"已結束該登入。", "That session is ended."});
}

Result<net::Response> RevokeOthers(const RequestContext& context, const Services& services) {
    OPS_TRY(const int count, RevokeOtherSessions(context, services));
    return context.RedirectWithNotice("/account/sessions", {CountText("已結束其他 {} 個登入。", count),
                                                            CountText("{} other [session is|sessions are] ended.", count)});
}

}  // namespace

bool IsOwnSession(const RequestContext& context, const identity::SessionInfo& session) {
    return context.authentication->session && context.authentication->session->id == session.id;
}

Result<int> RevokeOtherSessions(const RequestContext& context, const Services& services) {
    const std::int64_t user_id = context.actor().user_id;
    OPS_TRY(const auto sessions, services.identity.Sessions(user_id));
    int count = 0;
    for (const identity::SessionInfo& session : sessions) {
        if (IsOwnSession(context, session)) continue;
        const auto revoked = services.identity.RevokeSession(context.actor(), user_id, session.id);
        // One that has ended meanwhile is as good as ended here.
        if (!revoked.ok() && revoked.error().code != ErrorCode::kNotFound) return revoked.error();
        if (revoked.ok()) ++count;
    }
    return count;
}

Markup OwnAccountTabs(const RequestContext& context, OwnAccountTab current) {
    const auto tab = [&](OwnAccountTab which, std::string_view title, std::string href) {
        return web::Tab{std::string(title), std::move(href), which == current};
    };
    return web::Tabs({tab(OwnAccountTab::kOverview, context.Say("基本資料", "Overview"), "/account"),
                      tab(OwnAccountTab::kSessions, context.Say("工作階段", "Sessions"), "/account/sessions"),
                      tab(OwnAccountTab::kTokens, context.Say("API 權杖", "API tokens"), "/account/tokens")},
                     context.Say("我的帳號的各部分", "Parts of my account"));
}

std::vector<web::Route> OwnAccountRoutes(std::shared_ptr<const Services> services) {
    using enum net::Method;
    return RouteList(std::move(services))
        .Page(kGet, "/account", web::kSignedIn, ShowAccount)
        .Page(kGet, "/account/sessions", web::kSignedIn, ShowSessions)
        .Page(kPost, "/account/sessions/{id}/revoke", web::kSignedIn, RevokeSession)
        .Page(kPost, "/account/sessions/revoke-others", web::kSignedIn, RevokeOthers)
        .Take();
}

}  // namespace opsteward::console
