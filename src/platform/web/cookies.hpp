// The cookies of the console: what they are called, how long they live, what stands in them (RFC 6265).
//
// Over TLS the session and the notice carry the prefix __Host-, which browsers accept only from this very host, with Secure and
// Path=/. Over plain HTTP (loopback only) that prefix is not allowed.
#pragma once

#include <string>
#include <string_view>

#include "base/language.hpp"
#include "net/http_message.hpp"

namespace opsteward::web {

inline constexpr std::string_view kLanguageCookie = "language";  ///< "zh" or "en"
inline constexpr std::string_view kThemeCookie = "theme";        ///< "light", "dark" or "auto"
inline constexpr std::string_view kNoticeCookie = "notice";

/// "__Host-name" over TLS, else "name".
std::string HostCookieName(std::string_view name, bool is_tls);

/// The secret of the session, or "" when there is none.
std::string_view SessionSecret(const net::Request& request);

/// A Set-Cookie value that keeps a choice of the reader for a year. `value` has only [A-Za-z0-9_-].
std::string PreferenceCookie(std::string_view name, std::string_view value, bool is_tls);

/// A Set-Cookie value that shows `notice` on the next page, within a minute; "" removes it.
std::string NoticeCookie(const Text& notice, bool is_tls);
/// What NoticeCookie has put there; empty when there is nothing, or nothing readable.
Text NoticeOf(const net::Request& request);

}  // namespace opsteward::web
