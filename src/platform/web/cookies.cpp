#include "platform/web/cookies.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "platform/web/gate.hpp"

namespace opsteward::web {

namespace {

constexpr int kPreferenceSeconds = 365 * 86'400;
constexpr int kNoticeSeconds = 60;
/// Keeps the cookie, three bytes for every byte of both languages, below what browsers store (4 KiB).
constexpr std::size_t kMaxNoticeCodePoints = 150;

std::string Attributes(bool is_tls) { return is_tls ? "; Path=/; HttpOnly; SameSite=Lax; Secure" : "; Path=/; HttpOnly; SameSite=Lax"; }

}  // namespace

std::string HostCookieName(std::string_view name, bool is_tls) {
    return is_tls ? fmt::format("__Host-{}", name) : std::string(name);
}

std::string SessionCookie(std::string_view secret, bool is_tls) {
    // Without Max-Age it ends with the browser; the server ends it by its own clock anyway.
    return fmt::format("{}={}{}{}", HostCookieName(kSessionCookie, is_tls), secret, secret.empty() ? "; Max-Age=0" : "",
                       Attributes(is_tls));
}

std::string_view SessionSecret(const net::Request& request) {
    return request.Cookie(HostCookieName(kSessionCookie, request.is_tls));
}

std::string PreferenceCookie(std::string_view name, std::string_view value, bool is_tls) {
    return fmt::format("{}={}; Max-Age={}{}", name, value, kPreferenceSeconds, Attributes(is_tls));
}

std::string NoticeCookie(const Text& notice, bool is_tls) {
    const std::string name = HostCookieName(kNoticeCookie, is_tls);
    if (notice.empty()) return fmt::format("{}=; Max-Age=0{}", name, Attributes(is_tls));
    net::FormFields fields;
    fields.Set("zh", Shorten(notice.zh, kMaxNoticeCodePoints));
    fields.Set("en", Shorten(notice.en, kMaxNoticeCodePoints));
    return fmt::format("{}={}; Max-Age={}{}", name, fields.Encode(), kNoticeSeconds, Attributes(is_tls));
}

Text NoticeOf(const net::Request& request) {
    const auto fields = net::FormFields::Parse(request.Cookie(HostCookieName(kNoticeCookie, request.is_tls)));
    if (!fields) return {};
    return {Shorten(fields->Get("zh"), kMaxNoticeCodePoints + 1), Shorten(fields->Get("en"), kMaxNoticeCodePoints + 1)};
}

}  // namespace opsteward::web
