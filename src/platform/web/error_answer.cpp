#include "platform/web/error_answer.hpp"

#include <fmt/format.h>

#include "base/json.hpp"
#include "platform/web/components.hpp"
#include "platform/web/request_context.hpp"

namespace opsteward::web {

namespace {

using html::Format;
using html::Markup;

Phrase Heading(int status) {
    switch (status) {
        case 401: return {"請先登入", "Sign in first"};
        case 403: return {"沒有權限", "Not allowed"};
        case 404: return {"找不到這個頁面或資料", "There is no such page or record"};
        case 405: return {"這個位址不接受這種操作", "This address does not take that method"};
        case 409: return {"目前無法執行", "Not possible now"};
        case 413: return {"內容過大", "Too large"};
        case 422: return {"內容無法接受", "Not accepted"};
        case 429: return {"次數過多", "Too many attempts"};
        case 503: return {"服務暫時無法使用", "Unavailable for the moment"};
        case 504: return {"逾時", "It took too long"};
        case 507: return {"磁碟空間不足", "The disk is full"};
        default: return {"系統發生錯誤", "Something went wrong"};
    }
}

}  // namespace

int StatusFor(ErrorCode code, bool is_api) {
    switch (code) {
        case ErrorCode::kInvalidInput: return is_api ? 400 : 422;
        case ErrorCode::kUnauthenticated: return 401;
        case ErrorCode::kForbidden: return 403;
        case ErrorCode::kNotFound: return 404;
        case ErrorCode::kConflict: return 409;
        case ErrorCode::kTooLarge: return 413;
        case ErrorCode::kTooMany: return 429;
        case ErrorCode::kUnavailable: return 503;
        case ErrorCode::kTimeout: return 504;
        case ErrorCode::kCancelled: return 503;
        case ErrorCode::kFull: return 507;
        case ErrorCode::kCorrupt:
        case ErrorCode::kInternal: break;
    }
    return 500;
}

net::Response ErrorJson(const Error& error, int status) {
    const json::object body = {
        {"error", json::object{{"code", ErrorCodeName(error.code)}, {"message", TextJson(error.caller_text)}}}};
    return JsonResponse(body, status);
}

net::Response ErrorPage(const PageFrame& frame, const Error& error, int status) {
    const Language language = frame.language;
    constexpr Phrase kCode = {"代碼", "Code"};
    constexpr Phrase kHome = {"回到我的待辦", "To my tasks"};
    constexpr Phrase kSignIn = {"前往登入", "Sign in"};
    const Tone tone = status >= 500 ? Tone::kNotMet : Tone::kAttention;
    const std::string code = fmt::format("{} {}", status, ErrorCodeName(error.code));
    const Markup way_on = frame.is_signed_in ? LinkButton(kHome.In(language), "/", ButtonLook::kPrimary, "home")
                                             : LinkButton(kSignIn.In(language), "/login", ButtonLook::kPrimary);
    const Markup body = Alert(tone, error.caller_text.In(language)) +
                        Format(R"(<p>{} {}</p>)", kCode.In(language), Code(code)) + ButtonRow({way_on});
    const std::string_view title = Heading(status).In(language);
    if (!frame.is_signed_in) return net::Response::Html(RenderBarePage(language, frame.theme, title, body), status);
    return net::Response::Html(RenderPage(frame, {.title = std::string(title), .body = body}), status);
}

}  // namespace opsteward::web
