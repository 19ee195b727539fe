#include "net/response_head.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace opsteward::net {
namespace {

bool IsTokenChar(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool IsFieldChar(char c) { return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f); }

bool EqualsLower(std::string_view text, std::string_view lower) {
    return std::equal(text.begin(), text.end(), lower.begin(), lower.end(), [](char c, char expected) {
        return (c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c) == expected;
    });
}

bool BelongsToServer(std::string_view name) {
    return EqualsLower(name, "content-length") || EqualsLower(name, "date") || EqualsLower(name, "connection") ||
           EqualsLower(name, "transfer-encoding");
}

}  // namespace

std::string FormatHttpDate(std::chrono::sys_seconds when) {
    constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(when);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(when - day);
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[std::chrono::weekday(day).c_encoding()],
                       static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
                       static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
                       time.seconds().count());
}

bool IsSendable(const Response& response) {
    if (response.status < 200 || response.status > 599) return false;
    const auto& fields = response.headers.all();
    return std::all_of(fields.begin(), fields.end(), [](const auto& field) {
        return !field.first.empty() && std::all_of(field.first.begin(), field.first.end(), IsTokenChar) &&
               std::all_of(field.second.begin(), field.second.end(), IsFieldChar);
    });
}

std::string_view BodyOf(const Response& response) {
    if (response.status == 204 || response.status == 304) return {};
    if (response.shared_body != nullptr) return *response.shared_body;
    return response.static_body.empty() ? std::string_view(response.body) : response.static_body;
}

std::string SerializeHead(const Response& response, std::string_view date, const ResponseFraming& framing) {
    std::string head;
    head.reserve(512);
    const auto out = std::back_inserter(head);
    fmt::format_to(out, "HTTP/1.1 {} {}\r\n", response.status, ReasonPhrase(response.status));
    for (const auto& [name, value] : response.headers.all()) {
        if (BelongsToServer(name)) continue;
        head.append(name).append(": ").append(value).append("\r\n");
    }
    head.append("Date: ").append(date).append("\r\n");
    // RFC 9110 section 8.6: no length with 204, and none with 304 because it would be that of another representation.
    if (!framing.ends_with_close && response.status != 204 && response.status != 304) {
        fmt::format_to(out, "Content-Length: {}\r\n", BodyOf(response).size());
    }
    if (!framing.keep_alive || framing.ends_with_close) {
        head.append("Connection: close\r\n");
    } else if (framing.to_http_1_0) {
        head.append("Connection: keep-alive\r\n");
    }
    return head.append("\r\n");
}

}  // namespace opsteward::net
