#include "features/vulnerabilities/match/package_url.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/folding.hpp"
#include "base/text.hpp"

namespace opsteward::vuln {

namespace {

constexpr std::size_t kMaxBytes = 4096;

int HexValue(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    const char folded = FoldByte(c);
    return folded >= 'a' && folded <= 'f' ? folded - 'a' + 10 : -1;
}

bool Decode(std::string_view text, std::string& to) {
    to.clear();
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            to += text[i];
            continue;
        }
        const int high = i + 1 < text.size() ? HexValue(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? HexValue(text[i + 2]) : -1;
        if (high < 0 || low < 0) return false;
        to += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return true;
}

bool DecodeQualifiers(std::string_view text, PackageUrl& url) {
    for (const std::string_view pair : Split(text, '&')) {
        const std::size_t equals = pair.find('=');
        if (equals == std::string_view::npos) continue;
        std::string value;
        if (!Decode(pair.substr(equals + 1), value)) return false;
        url.qualifiers[ToLowerAscii(pair.substr(0, equals))] = value;
    }
    return true;
}

bool DecodePath(std::string_view text, PackageUrl& url) {
    const std::size_t slash = text.rfind('/');
    const std::string_view name = slash == std::string_view::npos ? text : text.substr(slash + 1);
    if (!Decode(name, url.name) || url.name.empty()) return false;
    if (slash == std::string_view::npos) return true;
    for (const std::string_view segment : Split(text.substr(0, slash), '/')) {
        std::string decoded;
        if (!Decode(segment, decoded)) return false;
        if (decoded.empty()) continue;
        if (!url.name_space.empty()) url.name_space += '/';
        url.name_space += decoded;
    }
    return true;
}

/// PEP 503: runs of "-", "_" and "." are one "-".
std::string PythonName(std::string_view name) {
    std::string normal;
    for (const char c : name) {
        const bool is_separator = c == '-' || c == '_' || c == '.';
        if (is_separator && !normal.empty() && normal.back() == '-') continue;
        normal += is_separator ? '-' : FoldByte(c);
    }
    return normal;
}

}  // namespace

std::optional<PackageUrl> ParsePackageUrl(std::string_view text) {
    if (text.size() > kMaxBytes || !StartsWithFolded(text, "pkg:")) return std::nullopt;
    text.remove_prefix(4);
    text.remove_prefix(std::min(text.find_first_not_of('/'), text.size()));
    PackageUrl url;
    text = text.substr(0, text.find('#'));
    if (const std::size_t question = text.find('?'); question != std::string_view::npos) {
        if (!DecodeQualifiers(text.substr(question + 1), url)) return std::nullopt;
        text = text.substr(0, question);
    }
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos || slash == 0) return std::nullopt;
    url.type = ToLowerAscii(text.substr(0, slash));
    text.remove_prefix(slash + 1);
    // The version is behind the last "@"; one at the beginning of a segment is a scope of npm that was not encoded.
    const std::size_t at = text.rfind('@');
    if (at != std::string_view::npos && at > 0 && text[at - 1] != '/') {
        if (!Decode(text.substr(at + 1), url.version)) return std::nullopt;
        text = text.substr(0, at);
    }
    while (text.ends_with('/')) text.remove_suffix(1);
    if (!DecodePath(text, url)) return std::nullopt;
    return url;
}

std::optional<EcosystemPackage> LanguagePackageOf(const PackageUrl& url) {
    struct Kind {
        std::string_view type;
        std::string_view ecosystem;
        std::string_view joint;  ///< between namespace and name
    };
    static constexpr std::array<Kind, 11> kKinds{{{"npm", "npm", "/"},
                                                  {"pypi", "PyPI", "/"},
                                                  {"maven", "Maven", ":"},
                                                  {"golang", "Go", "/"},
                                                  {"nuget", "NuGet", "/"},
                                                  {"gem", "RubyGems", "/"},
                                                  {"cargo", "crates.io", "/"},
                                                  {"composer", "Packagist", "/"},
                                                  {"hex", "Hex", "/"},
                                                  {"pub", "Pub", "/"},
                                                  {"swift", "SwiftURL", "/"}}};
    const auto kind = std::ranges::find(kKinds, url.type, &Kind::type);
    if (kind == kKinds.end()) return std::nullopt;
    std::string name = url.name_space.empty() ? url.name : url.name_space + std::string(kind->joint) + url.name;
    if (url.type == "pypi") name = PythonName(name);
    return EcosystemPackage{std::string(kind->ecosystem), std::move(name)};
}

}  // namespace opsteward::vuln
