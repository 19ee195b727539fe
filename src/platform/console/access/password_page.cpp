// Changing one's own password: by choice, or because it has to be changed before anything else.
#include <fmt/format.h>

#include "platform/console/access/own_sessions.hpp"
#include "platform/console/access/routes.hpp"
#include "platform/web/components.hpp"
#include "platform/web/error_answer.hpp"
#include "platform/web/fields.hpp"

namespace opsteward::console {

using html::Format;
using html::Markup;
using web::RequestContext;

namespace {

constexpr int kMaxPassword = 1024;

bool IsForced(const RequestContext& context) {
    return context.authentication->session->must_change_password;
}

struct Refused {
    std::string text;
    std::string at_repeated;
    int status = 422;
};

Markup PasswordForm(const RequestContext& context, const identity::Policy& policy, const Refused* refused) {
    const std::string rules(context.Say(
        fmt::format(
            "至少 {} 個字元，含大寫、小寫、數字、符號其中三種，不可包含帳號名稱，也不可與最近 {} 次的密碼相同。",
            policy.min_password_length, policy.remembered_passwords),
        fmt::format("At least {} characters with three of: upper case, lower case, digits, others; without your user "
                    "name; none of "
                    "your last {} passwords.",
                    policy.min_password_length, policy.remembered_passwords)));
    std::vector<std::string> errors;
    if (refused != nullptr && !refused->text.empty()) errors.push_back(refused->text);
    const Markup user =
        Format(R"(<input type="hidden" name="username" value="{}" autocomplete="username">)", context.actor().name);
    const Markup fields =
        user + web::FormErrors(errors, context.language) +
        web::PasswordField(
            "current", context.Say("目前的密碼", "Current password"), {}, {},
            {.is_required = true, .is_focused = true, .autocomplete = "current-password", .max_length = kMaxPassword}) +
        web::PasswordField("replacement", context.Say("新密碼", "New password"), rules, {},
                           {.is_required = true, .autocomplete = "new-password", .max_length = kMaxPassword}) +
        web::PasswordField("repeated", context.Say("再輸入一次新密碼", "New password again"), {},
                           refused == nullptr ? std::string_view() : refused->at_repeated,
                           {.is_required = true, .autocomplete = "new-password", .max_length = kMaxPassword}) +
        web::ButtonRow({web::Button(context.Say("變更密碼", "Change password"), web::ButtonLook::kPrimary, "key")});
    return web::PostForm("/account/password", context.frame.csrf_token, fields);
}

/// The way out for somebody who does not want to choose a password now.
net::Response ForcedPage(const RequestContext& context, const identity::Policy& policy, const Markup& form,
                         int status) {
    const std::string why(context.Say(
        fmt::format("您登入時用的是一次性密碼，或密碼已滿 {} 天。變更後才能使用系統。", policy.password_age.count()),
        fmt::format("You signed in with a one-time password, or your password is {} days old. Change it to go on.",
                    policy.password_age.count())));
    const Markup leave = web::PostForm(
        "/sign-out", context.frame.csrf_token,
        web::ButtonRow({web::Button(context.Say("登出", "Sign out"), web::ButtonLook::kQuiet, "logout")}));
    const std::string_view title = context.Say("請先變更密碼", "Change your password first");
    return net::Response::Html(web::RenderBarePage(context.language, context.frame.theme, title,
                                                   web::Alert(web::Tone::kAttention, why) + form + leave),
                               status);
}

net::Response PasswordPage(const RequestContext& context, const Services& services, const Refused* refused = nullptr) {
    const identity::Policy& policy = services.identity.policy();
    const int status = refused == nullptr ? 200 : refused->status;
    const Markup form = PasswordForm(context, policy, refused);
    if (IsForced(context)) return ForcedPage(context, policy, form, status);
    web::Page page;
    page.title = context.Say("變更密碼", "Change password");
    page.crumbs = {{std::string(context.Say("我的帳號", "My account")), "/account"}};
    page.lead = web::Alert(web::Tone::kInfo, context.Say("變更後，您在其他地方的登入會一併結束。",
                                                         "Your sessions elsewhere end with the change."));
    page.body = web::Card({}, form);
    return context.Render(page, status);
}

Result<net::Response> ShowPassword(const RequestContext& context, const Services& services) {
    return PasswordPage(context, services);
}

Result<net::Response> ChangePassword(const RequestContext& context, const Services& services) {
    const std::string_view replacement = context.form.Get("replacement");
    if (replacement != context.form.Get("repeated")) {
        const Refused refused{{}, std::string(context.Say("兩次輸入的新密碼不同。", "The two new passwords differ."))};
        return PasswordPage(context, services, &refused);
    }
    const auto changed = services.identity.ChangePassword(context.actor(), context.form.Get("current"), replacement);
    if (!changed.ok()) {
        const Error& error = changed.error();
        if (error.code != ErrorCode::kInvalidInput && error.code != ErrorCode::kForbidden) return error;
        const Refused refused{error.caller_text.In(context.language), {}, web::StatusFor(error.code, false)};
        return PasswordPage(context, services, &refused);
    }
    // Whoever knew the old password may hold a session opened with it.
    OPS_CHECK(RevokeOtherSessions(context, services));
    return context.RedirectWithNotice(IsForced(context) ? "/" : "/account",
                                      {"密碼已變更。", "Your password is changed."});
}

}  // namespace

std::vector<web::Route> PasswordRoutes(std::shared_ptr<const Services> services) {
    return RouteList(std::move(services))
        .Page(net::Method::kGet, "/account/password", web::kOwnAccount, ShowPassword)
        .Page(net::Method::kPost, "/account/password", web::kOwnAccount, ChangePassword)
        .Take();
}

}  // namespace opsteward::console
