// Small decisions about a request, each without a look at anything else.
#pragma once

#include <string>
#include <string_view>

#include "base/language.hpp"
#include "net/http_message.hpp"

namespace opsteward::web {

/// GET and HEAD change nothing; everything else may.
bool IsChanging(net::Method method);

/// Whether the request was made by a page of this host: Sec-Fetch-Site (W3C Fetch Metadata) says same-origin or none; for a browser
/// that does not send it, Origin or else Referer names the host of the Host header (and TLS, when the request came over TLS).
bool IsSameOrigin(const net::Request& request);

/// A path of this site that is safe to send a browser to: "/…" with neither "//" nor "/\" at its start, no backslash, no control
/// character.
bool IsLocalPath(std::string_view path);

/// Below "/api/": answered with JSON, for programs.
bool IsApiPath(std::string_view path);

/// Query parameter "lang" (zh, en; not under /api/), then the cookie, then Accept-Language (RFC 9110 section 12.5.4), then Chinese.
Language ChooseLanguage(const net::Request& request);
/// "light", "dark" or "auto".
std::string ChooseTheme(const net::Request& request);
/// Accept-Encoding names gzip and does not refuse it.
bool AcceptsGzip(const net::Request& request);
/// An open page asks for itself anew, without anybody's doing: web/scripts/live.js says so with the header X-Live-Renewal.
bool IsLiveRenewal(const net::Request& request);
/// The target of the request without the parameter "lang", which would win over a language chosen afterwards; nothing else changes.
std::string ReturnAddress(const net::Request& request);
/// False for requests of scripts for something else than a page.
bool MayWantPage(const net::Request& request);

}  // namespace opsteward::web
