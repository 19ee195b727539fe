// Package URLs: pkg:type/namespace/name@version?qualifiers#subpath (purl-spec, "PURL-SPECIFICATION").
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace opsteward::vuln {

struct PackageUrl {
    std::string type;  ///< in lower case
    std::string name_space;  ///< segments joined by "/"
    std::string name;
    std::string version;
    std::map<std::string, std::string> qualifiers;
};

/// Nothing when it is none: another scheme, no type or no name, a percent sign that encodes no byte, over 4 KiB.
std::optional<PackageUrl> ParsePackageUrl(std::string_view text);

/// How OSV names the ecosystem of packages of a language, and the package in it; nothing for other types.
struct EcosystemPackage {
    std::string ecosystem;
    std::string name;
};
std::optional<EcosystemPackage> LanguagePackageOf(const PackageUrl& url);

}  // namespace opsteward::vuln
