#include "net/http_message.hpp"

#include <algorithm>

namespace opsteward::net {
namespace {

char LowerAscii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool SameName(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return LowerAscii(x) == LowerAscii(y); });
}

std::string_view TrimOptionalWhitespace(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

Response Typed(std::string_view content_type, std::string body, int status) {
    Response response;
    response.status = status;
    response.headers.Add("Content-Type", content_type);
    response.body = std::move(body);
    return response;
}

}  // namespace

std::string_view MethodName(Method method) {
    switch (method) {
        case Method::kGet: return "GET";
        case Method::kHead: return "HEAD";
        case Method::kPost: return "POST";
        case Method::kPut: return "PUT";
        case Method::kPatch: return "PATCH";
        case Method::kDelete: return "DELETE";
        case Method::kOther: break;
    }
    return "OTHER";
}

void Headers::Set(std::string_view name, std::string_view value) {
    std::erase_if(fields_, [&](const auto& field) { return SameName(field.first, name); });
    Add(name, value);
}

void Headers::Add(std::string_view name, std::string_view value) { fields_.emplace_back(name, value); }

std::string_view Headers::Get(std::string_view name) const {
    for (const auto& [key, value] : fields_) {
        if (SameName(key, name)) return value;
    }
    return {};
}

bool Headers::Has(std::string_view name) const {
    return std::any_of(fields_.begin(), fields_.end(), [&](const auto& field) { return SameName(field.first, name); });
}

// RFC 6265 section 4.2: pairs separated by "; ". Names are case-sensitive; the first one counts, because browsers send
// the cookie with the longest path first.
std::string_view Request::Cookie(std::string_view name) const {
    for (const auto& [key, value] : headers.all()) {
        if (!SameName(key, "Cookie")) continue;
        std::string_view rest = value;
        while (!rest.empty()) {
            const auto end = rest.find(';');
            const std::string_view pair = TrimOptionalWhitespace(rest.substr(0, end));
            rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
            const auto equals = pair.find('=');
            if (equals == std::string_view::npos) continue;
            if (TrimOptionalWhitespace(pair.substr(0, equals)) == name) {
                return TrimOptionalWhitespace(pair.substr(equals + 1));
            }
        }
    }
    return {};
}

Response Response::Html(std::string markup, int status) {
    return Typed("text/html; charset=utf-8", std::move(markup), status);
}

Response Response::Json(std::string text, int status) { return Typed("application/json", std::move(text), status); }

Response Response::PlainText(std::string text, int status) {
    return Typed("text/plain; charset=utf-8", std::move(text), status);
}

Response Response::Redirect(std::string location, int status) {
    Response response;
    response.status = status;
    response.headers.Add("Location", location);
    return response;
}

// RFC 9110 section 15 and RFC 6585.
std::string_view ReasonPhrase(int status) {
    switch (status) {
        case 100: return "Continue";
        case 200: return "OK";
        case 201: return "Created";
        case 202: return "Accepted";
        case 204: return "No Content";
        case 206: return "Partial Content";
        case 301: return "Moved Permanently";
        case 302: return "Found";
        case 303: return "See Other";
        case 304: return "Not Modified";
        case 307: return "Temporary Redirect";
        case 308: return "Permanent Redirect";
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 406: return "Not Acceptable";
        case 408: return "Request Timeout";
        case 409: return "Conflict";
        case 410: return "Gone";
        case 411: return "Length Required";
        case 412: return "Precondition Failed";
        case 413: return "Content Too Large";
        case 414: return "URI Too Long";
        case 415: return "Unsupported Media Type";
        case 416: return "Range Not Satisfiable";
        case 417: return "Expectation Failed";
        case 421: return "Misdirected Request";
        case 422: return "Unprocessable Content";
        case 428: return "Precondition Required";
        case 429: return "Too Many Requests";
        case 431: return "Request Header Fields Too Large";
        case 500: return "Internal Server Error";
        case 501: return "Not Implemented";
        case 502: return "Bad Gateway";
        case 503: return "Service Unavailable";
        case 504: return "Gateway Timeout";
        case 505: return "HTTP Version Not Supported";
        case 507: return "Insufficient Storage";
        default: break;
    }
    return "Unknown";
}

}  // namespace opsteward::net
