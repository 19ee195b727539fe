// One's own API tokens: made, listed, revoked. A token is shown once, in the answer to the request that made it.
#include <fmt/format.h>

#include "base/text.hpp"
#include "platform/console/access/own_sessions.hpp"
#include "platform/console/access/routes.hpp"
#include "platform/web/components.hpp"
#include "platform/web/error_answer.hpp"
#include "platform/web/fields.hpp"
#include "platform/web/table.hpp"

namespace opsteward::console {

using html::Escape;
using html::Format;
using html::Markup;
using web::RequestContext;

namespace {

Markup TokenTable(const RequestContext& context, const std::vector<identity::ApiToken>& tokens) {
    const std::vector<web::Column> columns = {
        {.title = std::string(context.Say("名稱", "Name"))},
        {.title = std::string(context.Say("範圍", "Scope"))},
        {.title = std::string(context.Say("建立", "Made"))},
        {.title = std::string(context.Say("到期", "Ends"))},
        {.title = std::string(context.Say("最近使用", "Last used"))},
        {.title = std::string(context.Say("操作", "Actions")), .is_title_hidden = true}};
    std::vector<std::vector<Markup>> rows;
    for (const identity::ApiToken& token : tokens) {
        const Markup end = token.ends_at <= context.now
                               ? web::Badge(web::Tone::kNotApplicable, context.Say("已到期", "Ended"))
                               : web::Time(token.ends_at, context.now, context.language);
        rows.push_back({Escape(token.name),
                        Escape(token.may_write ? context.Say("讀寫", "Read and write") : context.Say("唯讀", "Read")),
                        web::Time(token.created_at, context.language), end,
                        token.last_used_at ? web::Time(*token.last_used_at, context.now, context.language)
                                           : Escape(context.Say("尚未使用", "never")),
                        web::PostForm(fmt::format("/account/tokens/{}/revoke", token.id), context.frame.csrf_token,
                                      web::Button(context.Say("撤銷", "Revoke"),
                                                  {.look = web::ButtonLook::kDanger,
                                                   .icon = "trash",
                                                   .confirm = context.Say(
                                                       "使用這個權杖的程式會立即失去連線權限。",
                                                       "Programs that use this token lose access at once.")}))});
    }
    web::TableOptions options;
    options.when_empty = web::EmptyState(
        context.Say("沒有 API 權杖", "No API tokens"),
        context.Say("要讓程式代您存取時，在下方建立一個。", "Make one below when a program has to act for you."));
    return web::Table(columns, rows, context.Say("我的 API 權杖", "My API tokens"), options);
}

/// The form for a new token: empty, or as it was sent when it was refused.
struct TokenForm {
    std::string name = {};
    std::string days = "90";
    std::string scope = "read";
    std::vector<std::string> errors = {};
};

TokenForm Refused(const RequestContext& context, std::string_view why) {
    return {std::string(context.form.Get("name")),
            std::string(context.form.Get("days")),
            std::string(context.form.Get("scope")),
            {std::string(why)}};
}

Markup CreateForm(const RequestContext& context, const TokenForm& form) {
    return web::PostForm(
        "/account/tokens", context.frame.csrf_token,
        web::FormErrors(form.errors, context.language) +
            web::FieldRow({web::TextField("name", context.Say("名稱", "Name"), form.name,
                                          context.Say("寫下哪一支程式使用。", "Say which program uses it."), {},
                                          {.is_required = true, .max_length = 100}),
                           web::NumberField("days", context.Say("有效天數", "Days"), form.days, "1", "366")}) +
            web::RadioField(
                "scope", context.Say("範圍", "Scope"), form.scope,
                {{"read", std::string(context.Say("唯讀", "Read"))},
                 {"write", std::string(context.Say("讀寫", "Read and write"))}},
                context.Say("權杖不會超出您自己的權限。", "A token never exceeds what you may do yourself.")) +
            web::ButtonRow({web::Button(context.Say("建立權杖", "Make a token"), web::ButtonLook::kPrimary, "plus")}));
}

Result<net::Response> TokensPage(const RequestContext& context, const Services& services, const Markup& lead,
                                 const TokenForm& form) {
    OPS_TRY(const auto tokens, services.identity.Tokens(context.actor().user_id));
    web::Page page;
    page.title = context.Say("我的帳號", "My account");
    page.lead = lead;
    page.body = OwnAccountTabs(context, OwnAccountTab::kTokens) +
                web::Card(context.Say("API 權杖", "API tokens"), TokenTable(context, tokens)) +
                web::Card(context.Say("建立權杖", "New token"), CreateForm(context, form));
    return context.Render(page, form.errors.empty() ? 200 : 422);
}

Result<net::Response> ShowTokens(const RequestContext& context, const Services& services) {
    return TokensPage(context, services, {}, {});
}

Result<net::Response> CreateToken(const RequestContext& context, const Services& services) {
    const std::string_view scope = context.form.Get("scope");
    if (scope != "read" && scope != "write") {
        return TokensPage(context, services, {}, Refused(context, context.Say("請選擇範圍。", "Choose a scope.")));
    }
    // What is no number becomes 0, which is refused with the limits.
    const auto days =
        static_cast<int>(std::clamp<std::int64_t>(ParseInt(Trim(context.form.Get("days"))).value_or(0), 0, 10'000));
    const auto token = services.identity.CreateToken(context.actor(), context.actor().user_id, context.form.Get("name"),
                                                     scope == "write", days);
    if (!token.ok()) {
        if (token.error().code != ErrorCode::kInvalidInput) return token.error();
        return TokensPage(context, services, {}, Refused(context, token.error().caller_text.In(context.language)));
    }
    const Markup shown = web::Alert(
        web::Tone::kMet, context.Say("權杖已建立，只顯示這一次", "The token is made. It is shown this one time"),
        Format("<p>{} {}</p><p>{}</p>", web::Code(*token), web::CopyButton(*token, context.language),
               context.Say("請立即存到使用它的程式，不要寄送或寫在文件裡。",
                           "Put it into the program that uses it now; do not mail it or write it down.")));
    return TokensPage(context, services, shown, {});
}

Result<net::Response> RevokeToken(const RequestContext& context, const Services& services) {
    OPS_TRY(const std::int64_t id, context.IdParameter());
    OPS_CHECK(services.identity.RevokeToken(context.actor(), context.actor().user_id, id));
    return context.RedirectWithNotice("/account/tokens", {"權杖已撤銷。", "The token is revoked."});
}

}  // namespace

std::vector<web::Route> OwnTokenRoutes(std::shared_ptr<const Services> services) {
    using enum net::Method;
    return RouteList(std::move(services))
        .Page(kGet, "/account/tokens", web::kSignedIn, ShowTokens)
        .Page(kPost, "/account/tokens", web::kSignedIn, CreateToken)
        .Page(kPost, "/account/tokens/{id}/revoke", web::kSignedIn, RevokeToken)
        .Take();
}

}  // namespace opsteward::console
