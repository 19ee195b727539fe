#include "platform/web/request_rules.hpp"

#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "platform/web/cookies.hpp"

namespace opsteward::web {

namespace {

using net::Method;

/// "https://host:8443/x" → "host:8443"; nothing for another scheme, no host, or plain HTTP where the request came over TLS.
std::optional<std::string_view> AuthorityOf(std::string_view url, bool is_tls) {
    for (const std::string_view scheme : {"https://", "http://"}) {
        if (!url.starts_with(scheme)) continue;
        if (is_tls && scheme == "http://") return std::nullopt;
        url.remove_prefix(scheme.size());
        const auto authority = url.substr(0, url.find_first_of("/?#"));
        if (authority.empty()) return std::nullopt;
        return authority;
    }
    return std::nullopt;
}

std::optional<Language> LanguageNamed(std::string_view name) {
    if (name == "zh") return Language::kZhHant;
    if (name == "en") return Language::kEnglish;
    return std::nullopt;
}

/// The name of one entry of a header list and its quality (";q=0.5"), 1 when not given.
struct Weighted {
    std::string name;
    double quality = 1;
};

std::vector<Weighted> WeightedList(std::string_view header) {
    std::vector<Weighted> list;
    for (const std::string_view entry : Split(header, ',')) {
        const auto parts = Split(entry, ';');
        Weighted weighted{ToLowerAscii(Trim(parts[0]))};
        for (std::size_t i = 1; i < parts.size(); ++i) {
            const std::string parameter = ToLowerAscii(Trim(parts[i]));
            if (parameter.starts_with("q=")) weighted.quality = ParseDouble(std::string_view(parameter).substr(2)).value_or(0);
        }
        if (!weighted.name.empty()) list.push_back(std::move(weighted));
    }
    return list;
}

std::optional<Language> AcceptedLanguage(std::string_view header) {
    std::optional<Language> best;
    double best_quality = 0;
    for (const auto& [name, quality] : WeightedList(header)) {
        const auto language = LanguageNamed(std::string_view(name).substr(0, name.find('-')));
        if (!language || quality <= best_quality) continue;
        best = language;
        best_quality = quality;
    }
    return best;
}

}  // namespace

bool IsChanging(Method method) { return method != Method::kGet && method != Method::kHead; }

bool IsSameOrigin(const net::Request& request) {
    const std::string_view site = request.headers.Get("Sec-Fetch-Site");
    if (!site.empty()) return site == "same-origin" || site == "none";
    const std::string_view origin =
        request.headers.Has("Origin") ? request.headers.Get("Origin") : request.headers.Get("Referer");
    const auto authority = AuthorityOf(origin, request.is_tls);
    const std::string_view host = request.headers.Get("Host");
    return authority && !host.empty() && ToLowerAscii(*authority) == ToLowerAscii(host);
}

bool IsLocalPath(std::string_view path) {
    if (!path.starts_with('/') || path.starts_with("//") || path.size() > 2048) return false;
    return std::ranges::none_of(path, [](char c) { return c == '\\' || static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

bool IsApiPath(std::string_view path) { return path == "/api" || path.starts_with("/api/"); }

Language ChooseLanguage(const net::Request& request) {
    if (!IsApiPath(request.path)) {
        if (const auto asked = LanguageNamed(request.query.Get("lang"))) return *asked;
    }
    if (const auto kept = LanguageNamed(request.Cookie(kLanguageCookie))) return *kept;
    return AcceptedLanguage(request.headers.Get("Accept-Language")).value_or(Language::kZhHant);
}

std::string ChooseTheme(const net::Request& request) {
    const std::string_view theme = request.Cookie(kThemeCookie);
    return theme == "light" || theme == "dark" ? std::string(theme) : "auto";
}

bool AcceptsGzip(const net::Request& request) {
    const auto list = WeightedList(request.headers.Get("Accept-Encoding"));
    const auto gzip = std::ranges::find(list, "gzip", &Weighted::name);
    return gzip != list.end() && gzip->quality > 0;
}

bool IsLiveRenewal(const net::Request& request) { return request.headers.Has("X-Live-Renewal"); }

std::string ReturnAddress(const net::Request& request) {
    const std::string_view target = request.target;
    const auto query = target.find('?');
    if (query == std::string_view::npos || !request.query.Has("lang")) return request.target;
    std::string address(target.substr(0, query));
    char separator = '?';
    for (const std::string_view field : Split(target.substr(query + 1), '&')) {
        const auto decoded = net::FormFields::Parse(field);
        if (decoded && decoded->Has("lang")) continue;
        address += separator;
        address += field;
        separator = '&';
    }
    return address;
}

bool MayWantPage(const net::Request& request) {
    const std::string_view accept = request.headers.Get("Accept");
    return !IsApiPath(request.path) && (accept.empty() || accept.find("text/html") != std::string_view::npos);
}

}  // namespace opsteward::web
