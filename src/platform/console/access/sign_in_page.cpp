// Signing in, with a second step for those who have a second factor, and signing out.
#include <fmt/format.h>

#include "platform/console/access/routes.hpp"
#include "platform/web/components.hpp"
#include "platform/web/error_answer.hpp"
#include "platform/web/fields.hpp"
#include "platform/web/gate.hpp"
#include "platform/web/request_rules.hpp"

namespace opsteward::console {

using html::Format;
using html::Markup;
using web::RequestContext;

namespace {

constexpr int kMaxName = 64;
constexpr int kMaxPassword = 1024;

/// Where to go afterwards: the page that was asked for, if it is one of this site.
std::string Destination(std::string_view next) {
    return web::IsLocalPath(next) ? std::string(next) : "/";
}

Markup Refusal(const RequestContext& context, const Error* error) {
    if (error == nullptr) return {};
    return Format(R"(<div role="alert">{}</div>)",
                  web::Alert(web::Tone::kNotMet, context.Say("沒有登入", "You are not signed in"),
                             Format("<p>{}</p>", error->caller_text.In(context.language))));
}

net::Response Bare(const RequestContext& context, std::string_view title, const Markup& body, const Error* error) {
    const int status = error == nullptr ? 200 : web::StatusFor(error->code, false);
    return net::Response::Html(web::RenderBarePage(context.language, context.frame.theme, title, body), status);
}

net::Response PasswordStep(const RequestContext& context, const Services& services, std::string_view next,
                           const Error* error = nullptr) {
    const std::string destination = Destination(next);
    Markup lead = Refusal(context, error);
    if (error == nullptr && !context.frame.notice.empty()) {
        lead = Format(R"(<div role="status">{}</div>)", web::Alert(web::Tone::kMet, context.frame.notice));
    } else if (error == nullptr && destination != "/") {
        lead =
            web::Alert(web::Tone::kInfo, context.Say("請先登入，之後會回到您要看的頁面。",
                                                     "Sign in first; you are then taken to the page you asked for."));
    }
    const identity::Policy& policy = services.identity.policy();
    const std::string lock_rule(
        context.Say(fmt::format("連續錯誤 {} 次，帳號會鎖定 {} 分鐘。", policy.max_failures, policy.lock_time.count()),
                    fmt::format("After {} failures an account is locked for {} minutes.", policy.max_failures,
                                policy.lock_time.count())));
    const Markup form = web::PostForm(
        "/login", context.frame.csrf_token,
        web::HiddenField("next", destination) +
            web::TextField(
                "name", context.Say("帳號", "User name"), context.form.Get("name"), {}, {},
                {.is_required = true, .is_focused = true, .autocomplete = "username", .max_length = kMaxName}) +
            web::PasswordField("password", context.Say("密碼", "Password"), lock_rule, {},
                               {.is_required = true, .autocomplete = "current-password", .max_length = kMaxPassword}) +
            web::ButtonRow({web::Button(context.Say("登入", "Sign in"), web::ButtonLook::kPrimary)}));
    return Bare(context, context.Say("登入", "Sign in"), lead + form, error);
}

net::Response CodeStep(const RequestContext& context, std::string_view ticket, std::string_view next,
                       const Error* error = nullptr) {
    const std::string destination = Destination(next);
    const Markup form = web::PostForm(
        "/login/code", context.frame.csrf_token,
        web::HiddenField("ticket", ticket) + web::HiddenField("next", destination) +
            web::TextField(
                "code", context.Say("驗證碼", "Code"), {},
                context.Say("驗證程式上的 6 位數字；手機不在身邊時，可輸入一組復原碼。",
                            "The six digits of your authenticator, or one of your recovery codes."),
                {},
                {.is_required = true, .is_focused = true, .autocomplete = "one-time-code", .max_length = kMaxName}) +
            web::ButtonRow(
                {web::Button(context.Say("確認", "Confirm"), web::ButtonLook::kPrimary),
                 web::LinkButton(context.Say("重新登入", "Begin again"),
                                 "/login?next=" + net::PercentEncode(destination), web::ButtonLook::kQuiet)}));
    return Bare(context, context.Say("第二步：驗證碼", "Second step: code"), Refusal(context, error) + form, error);
}

/// Whether the person who asks can be told on the page itself what was refused.
bool IsRefusal(const Error& error) {
    return error.code == ErrorCode::kUnauthenticated || error.code == ErrorCode::kTooMany;
}

/// A new session, known by a new secret; the one that the browser may have held before ends.
Result<net::Response> Enter(const RequestContext& context, const Services& services, const identity::SignIn& sign_in,
                            std::string_view next) {
    if (context.authentication != nullptr && context.authentication->session) {
        OPS_CHECK(services.identity.SignOut(*context.authentication->session));
    }
    net::Response response = net::Response::Redirect(Destination(next));
    response.headers.Add("Set-Cookie", web::SessionCookie(sign_in.session_secret, context.request.is_tls));
    return response;
}

Result<net::Response> ShowSignIn(const RequestContext& context, const Services& services) {
    const std::string_view next = context.request.query.Get("next");
    if (context.frame.is_signed_in) return net::Response::Redirect(Destination(next));
    return PasswordStep(context, services, next);
}

Result<net::Response> SignInWithPassword(const RequestContext& context, const Services& services) {
    const std::string_view next = context.form.Get("next");
    const auto sign_in =
        services.identity.SignInWithPassword(context.form.Get("name"), context.form.Get("password"),
                                             context.request.peer_address, context.request.headers.Get("User-Agent"));
    if (!sign_in.ok()) {
        if (!IsRefusal(sign_in.error())) return sign_in.error();
        return PasswordStep(context, services, next, &sign_in.error());
    }
    if (sign_in->step == identity::SignIn::Step::kNeedsTotp) return CodeStep(context, sign_in->totp_ticket, next);
    return Enter(context, services, *sign_in, next);
}

/// Without a ticket there is nothing to show: a reload begins again.
Result<net::Response> ShowCode(const RequestContext&, const Services&) {
    return net::Response::Redirect("/login");
}

Result<net::Response> SignInWithCode(const RequestContext& context, const Services& services) {
    const std::string_view ticket = context.form.Get("ticket");
    const std::string_view next = context.form.Get("next");
    const auto sign_in = services.identity.SignInWithTotp(
        ticket, context.form.Get("code"), context.request.peer_address, context.request.headers.Get("User-Agent"));
    if (!sign_in.ok()) {
        if (!IsRefusal(sign_in.error())) return sign_in.error();
        return CodeStep(context, ticket, next, &sign_in.error());
    }
    return Enter(context, services, *sign_in, next);
}

Result<net::Response> SignOut(const RequestContext& context, const Services& services) {
    OPS_CHECK(services.identity.SignOut(*context.authentication->session));
    net::Response response = context.RedirectWithNotice("/login", {"已登出。", "You are signed out."});
    response.headers.Add("Set-Cookie", web::SessionCookie({}, context.request.is_tls));
    return response;
}

}  // namespace

std::vector<web::Route> SignInRoutes(std::shared_ptr<const Services> services) {
    using enum net::Method;
    return RouteList(std::move(services))
        .Page(kGet, "/login", web::kPublic, ShowSignIn)
        .Page(kPost, "/login", web::kPublic, SignInWithPassword)
        .Page(kGet, "/login/code", web::kPublic, ShowCode)
        .Page(kPost, "/login/code", web::kPublic, SignInWithCode)
        .Page(kPost, "/sign-out", web::kOwnAccount, SignOut)
        .Take();
}

}  // namespace opsteward::console
