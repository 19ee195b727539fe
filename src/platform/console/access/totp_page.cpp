// Setting up the second factor: a secret for an authenticator app, one code to prove it works, recovery codes.
#include <fmt/format.h>

#include "base/text.hpp"
#include "platform/console/access/qr_code.hpp"
#include "platform/console/access/routes.hpp"
#include "platform/web/components.hpp"
#include "platform/web/error_answer.hpp"
#include "platform/web/fields.hpp"

namespace opsteward::console {

using html::Format;
using html::Markup;
using web::RequestContext;

namespace {

constexpr std::size_t kGroup = 4;

web::Page TotpPage(const RequestContext& context) {
    web::Page page;
    page.title = context.Say("兩步驟驗證", "Second factor");
    page.crumbs = {{std::string(context.Say("我的帳號", "My account")), "/account"}};
    return page;
}

/// "ABCD EFGH …": easier to type.
std::string Grouped(std::string_view secret) {
    std::string grouped;
    for (std::size_t i = 0; i < secret.size(); ++i) {
        if (i > 0 && i % kGroup == 0) grouped += ' ';
        grouped += secret[i];
    }
    return grouped;
}

Markup BeginForm(const RequestContext& context, std::string_view label, web::ButtonLook look) {
    return web::PostForm("/account/totp/begin", context.frame.csrf_token,
                         web::ButtonRow({web::Button(label, look, "shield-lock")}));
}

Markup ConfirmForm(const RequestContext& context, std::string_view error) {
    return web::PostForm(
        "/account/totp", context.frame.csrf_token,
        web::TextField("code", context.Say("驗證程式顯示的 6 位數字", "The six digits that the app shows"), {}, {},
                       error,
                       {.is_required = true,
                        .is_focused = true,
                        .autocomplete = "one-time-code",
                        .inputmode = "numeric",
                        .max_length = 6}) +
            web::ButtonRow(
                {web::Button(context.Say("確認並啟用", "Confirm and switch on"), web::ButtonLook::kPrimary, "check")}));
}

Result<net::Response> ShowTotp(const RequestContext& context, const Services& services) {
    OPS_TRY(const auto account, services.identity.FindAccount(context.actor().user_id));
    web::Page page = TotpPage(context);
    if (account.has_totp) {
        page.lead =
            web::Alert(web::Tone::kMet, context.Say("兩步驟驗證已啟用", "The second factor is on"),
                       Format("<p>{}</p>",
                              context.Say("登入時除密碼外，還要輸入驗證程式的 6 位數字。",
                                          "Signing in takes six digits of your authenticator besides the password.")));
        page.body = web::Card(
            context.Say("換手機或重發復原碼", "Another phone, or new recovery codes"),
            Format("<p>{}</p>",
                   context.Say(
                       "重新設定後，原本的手機和復原碼即失效；完成確認之前，原本的仍可使用。",
                       "The phone and codes you have now stop working once the new ones are confirmed, not before.")) +
                BeginForm(context, context.Say("重新設定", "Set up again"), web::ButtonLook::kSecondary));
        return context.Render(page);
    }
    page.lead =
        web::Alert(web::Tone::kAttention, context.Say("尚未設定兩步驟驗證", "No second factor yet"),
                   Format("<p>{}</p>", context.Say("設定後，即使密碼外洩，別人也無法登入您的帳號。",
                                                   "With it, a stolen password alone does not open your account.")));
    page.body =
        web::Card(context.Say("您需要一支裝有驗證程式的手機", "You need a phone with an authenticator app"),
                  Format("<p>{}</p>", context.Say("任何支援 TOTP（RFC 6238）的驗證程式都可以，不需要網路。",
                                                  "Any app for TOTP (RFC 6238) will do; it needs no network.")) +
                      BeginForm(context, context.Say("開始設定", "Begin"), web::ButtonLook::kPrimary));
    return context.Render(page);
}

Result<net::Response> BeginTotp(const RequestContext& context, const Services& services) {
    OPS_TRY(const auto enrolment, services.identity.BeginTotp(context.actor()));
    OPS_TRY(const Markup picture,
            QrCode(enrolment.uri, context.Say("給驗證程式掃描的 QR code", "QR code for the authenticator app")));
    web::Page page = TotpPage(context);
    page.lead =
        web::Alert(web::Tone::kInfo, context.Say("掃描後輸入 6 位數字即完成", "Scan it, then enter the six digits"));
    const Markup by_hand = web::Disclosure(
        context.Say("無法掃描？改用手動輸入", "Cannot scan? Type it in"),
        web::DescriptionList(
            {{std::string(context.Say("帳號", "Account")), html::Escape(context.actor().name)},
             {std::string(context.Say("金鑰", "Key")),
              web::Code(Grouped(enrolment.secret_base32)) + web::CopyButton(enrolment.secret_base32, context.language)},
             {std::string(context.Say("類型", "Kind")),
              html::Escape(context.Say("以時間為準（TOTP）", "Time-based (TOTP)"))}}),
        true);
    page.body = web::Grid(2, {web::Card(context.Say("一、用驗證程式掃描", "1. Scan with the app"), picture + by_hand),
                              web::Card(context.Say("二、輸入驗證碼", "2. Enter the code"), ConfirmForm(context, {}))});
    return context.Render(page);
}

Result<net::Response> ConfirmTotp(const RequestContext& context, const Services& services) {
    const auto codes = services.identity.ConfirmTotp(context.actor(), Trim(context.form.Get("code")));
    web::Page page = TotpPage(context);
    if (!codes.ok()) {
        const Error& error = codes.error();
        if (error.code != ErrorCode::kInvalidInput && error.code != ErrorCode::kConflict) return error;
        page.body = web::Card(context.Say("輸入驗證碼", "Enter the code"),
                              ConfirmForm(context, error.caller_text.In(context.language)) +
                                  BeginForm(context, context.Say("重新掃描", "Scan again"), web::ButtonLook::kQuiet));
        return context.Render(page, web::StatusFor(error.code, false));
    }
    const std::string all = Join(*codes, "\n");
    page.lead = web::Alert(
        web::Tone::kMet,
        context.Say("兩步驟驗證已啟用。請現在就保存復原碼", "The second factor is on. Keep the recovery codes now"),
        Format("<p>{}</p>",
               context.Say("復原碼只顯示這一次。手機遺失時，每組可代替驗證碼登入一次。",
                           "They are shown this one time. Each replaces a code once when the phone is lost.")));
    page.body = web::Card(context.Say("復原碼", "Recovery codes"), web::CodeBlock(all),
                          web::CopyButton(all, context.language)) +
                web::ButtonRow({web::LinkButton(context.Say("已保存，回到我的帳號", "Kept; back to my account"),
                                                "/account", web::ButtonLook::kPrimary)});
    return context.Render(page);
}

}  // namespace

std::vector<web::Route> TotpRoutes(std::shared_ptr<const Services> services) {
    using enum net::Method;
    return RouteList(std::move(services))
        .Page(kGet, "/account/totp", web::kSignedIn, ShowTotp)
        .Page(kPost, "/account/totp/begin", web::kSignedIn, BeginTotp)
        .Page(kPost, "/account/totp", web::kSignedIn, ConfirmTotp)
        .Take();
}

}  // namespace opsteward::console
