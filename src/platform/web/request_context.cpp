#include "platform/web/request_context.hpp"

#include <fmt/format.h>

#include "base/civil_time.hpp"
#include "base/text.hpp"
#include "platform/web/cookies.hpp"
#include "platform/web/request_rules.hpp"

namespace opsteward::web {

std::string_view RequestContext::Parameter(std::string_view name) const {
    const auto found = path_parameters.find(name);
    return found == path_parameters.end() ? std::string_view() : std::string_view(found->second);
}

Result<std::int64_t> RequestContext::IdParameter(std::string_view name) const {
    const auto number = ParseInt(Parameter(name));
    if (!number || *number <= 0) return Error::Hidden(ErrorCode::kNotFound, fmt::format("{} is no positive integer", name));
    return *number;
}

Result<json::object> RequestContext::JsonBody() const {
    const std::string_view type = request.headers.Get("Content-Type");
    if (ToLowerAscii(Trim(type.substr(0, type.find(';')))) != "application/json") {
        return Error::Of(ErrorCode::kInvalidInput, "請以 Content-Type: application/json 送出。",
                         "Send the body with Content-Type: application/json.");
    }
    OPS_TRY(json::value value, ParseJson(request.body));
    if (!value.is_object()) {
        return Error::Of(ErrorCode::kInvalidInput, "內容必須是一個 JSON 物件。", "The body has to be one JSON object.");
    }
    return std::move(value.as_object());
}

Result<void> RequestContext::RequireIn(std::string_view permission, std::int64_t unit_id) const {
    if (authentication != nullptr && principal().May(permission, unit_id)) return Ok();
    return Error::Hidden(ErrorCode::kForbidden, fmt::format("{} is not held in unit {}", permission, unit_id));
}

net::Response RequestContext::Render(const Page& page, int status) const {
    return net::Response::Html(RenderPage(frame, page), status);
}

net::Response RequestContext::RedirectWithNotice(std::string_view href, const Text& notice) const {
    net::Response response = net::Response::Redirect(IsLocalPath(href) ? std::string(href) : "/");
    response.headers.Add("Set-Cookie", NoticeCookie(notice, request.is_tls));
    return response;
}

json::object TextJson(const Text& text) { return {{"zh", text.zh}, {"en", text.en}}; }

json::value TimeJson(std::optional<Instant> instant) {
    if (!instant) return nullptr;
    return json::string(FormatRfc3339(*instant));
}

net::Response JsonResponse(const json::value& value, int status) {
    return net::Response::Json(json::serialize(value), status);
}

Result<std::string> RequiredString(const json::object& object, std::string_view key, std::size_t max_bytes) {
    const json::value* value = object.if_contains(key);
    if (value == nullptr || !value->is_string()) {
        return Error::Of(ErrorCode::kInvalidInput, fmt::format("欄位 {} 必須有，且為字串。", key),
                         fmt::format("The field {} has to be there and be a string.", key));
    }
    if (value->as_string().size() > max_bytes) {
        return Error::Of(ErrorCode::kInvalidInput, fmt::format("欄位 {} 最多 {} 位元組。", key, max_bytes),
                         fmt::format("The field {} may have at most {} bytes.", key, max_bytes));
    }
    const std::string text(value->as_string());
    // Neither database keeps NUL in text.
    if (text.find('\0') != std::string::npos || !IsValidUtf8(text)) {
        return Error::Of(ErrorCode::kInvalidInput, fmt::format("欄位 {} 必須是不含 NUL 的 UTF-8 文字。", key),
                         fmt::format("The field {} has to be UTF-8 text without NUL.", key));
    }
    return text;
}

Result<std::int64_t> RequiredInt(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    if (value != nullptr && value->is_int64()) return value->as_int64();
    return Error::Of(ErrorCode::kInvalidInput, fmt::format("欄位 {} 必須有，且為整數。", key),
                     fmt::format("The field {} has to be there and be an integer.", key));
}

}  // namespace opsteward::web
