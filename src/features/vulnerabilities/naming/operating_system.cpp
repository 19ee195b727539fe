#include "features/vulnerabilities/naming/operating_system.hpp"

#include <algorithm>

#include <re2/re2.h>

#include "base/text.hpp"
#include "features/vulnerabilities/naming/device_system.hpp"
#include "features/vulnerabilities/naming/linux_distribution.hpp"
#include "features/vulnerabilities/naming/system_name.hpp"
#include "features/vulnerabilities/naming/windows_release.hpp"

namespace opsteward::vuln {

namespace {

using cpe::Attribute;

constexpr std::size_t kMaxText = 1024;

void AddImplied(OperatingSystem& system) {
    system.own_names = system.names.size();
    const auto add = [&](std::string_view vendor, std::string_view product, std::string_view version) {
        cpe::Name name = SystemName("o", vendor, product, version);
        if (std::find(system.names.begin(), system.names.end(), name) == system.names.end()) system.names.push_back(std::move(name));
    };
    switch (system.family) {
        case OsFamily::kWindows:
            if (system.own_names > 0) {
                const std::string product = system.names.front()[Attribute::kProduct];  // add() moves the names
                for (const std::string_view client : {"windows_10", "windows_11"}) {
                    if (product.starts_with(client)) add("microsoft", client, "-");
                }
            }
            add("microsoft", "windows", "-");
            system.target_sw = {"windows"};
            break;
        case OsFamily::kLinux:
            add("linux", "linux_kernel", "-");
            system.target_sw = {"linux", "linux_kernel"};
            break;
        case OsFamily::kMacos:
            add("apple", "macos", "-");
            add("apple", "mac_os_x", "-");
            system.target_sw = {"macos", "mac_os_x"};
            break;
        case OsFamily::kNetwork:
        case OsFamily::kOther: break;
    }
}

/// Apple, "What's new in the updates for macOS": 10.x was called Mac OS X or OS X until 10.11, and NVD went on with that name to 10.15.
std::optional<OperatingSystem> ReadMacos(const std::string& text) {
    static const RE2 kMacos("\\b(?:mac ?os(?: x)?|os x)\\b(?: (?:server|big sur|monterey|ventura|sonoma|sequoia|tahoe|[a-z]+(?: [a-z]+)?))?[ :]*(?:version )?"
                            "(\\d+(?:\\.\\d+){0,2})?\\b");
    static const RE2 kDarwin("\\bdarwin\\b");
    static const RE2 kCisco("\\bcisco\\b");
    std::string version;
    const bool is_macos = RE2::PartialMatch(text, kMacos, &version);
    if (RE2::PartialMatch(text, kCisco) || (!is_macos && !RE2::PartialMatch(text, kDarwin))) return std::nullopt;
    OperatingSystem system{.family = OsFamily::kMacos};
    const std::string component = version.empty() ? "*" : version;
    const bool is_elder = version.starts_with("10.");
    if (is_elder) system.names.push_back(SystemName("o", "apple", "mac_os_x", component));
    system.names.push_back(SystemName("o", "apple", "macos", component));
    return system;
}

/// What a CPE name of a system says of itself, by which the readers below find the rest: the distribution, the family.
std::string WordsOf(const cpe::Name& name) {
    std::string words = cpe::Unquote(name[Attribute::kVendor]) + " " + cpe::Unquote(name[Attribute::kProduct]);
    for (const Attribute attribute : {Attribute::kVersion, Attribute::kUpdate}) {
        const std::string& value = name[attribute];
        if (value != "*" && value != "-") words += " " + cpe::Unquote(value);
    }
    for (char& c : words) {
        if (c == '_') c = ' ';
    }
    return words;
}

OsFamily FamilyOf(const cpe::Name& name) {
    const std::string& vendor = name[Attribute::kVendor];
    const std::string& product = name[Attribute::kProduct];
    if (vendor == "microsoft" && product.starts_with("windows")) return OsFamily::kWindows;
    if (vendor == "apple" && (product == "macos" || product.starts_with("mac_os"))) return OsFamily::kMacos;
    if (product.find("linux") != std::string::npos) return OsFamily::kLinux;
    return name[Attribute::kPart] == "h" ? OsFamily::kNetwork : OsFamily::kOther;
}

std::optional<OperatingSystem> ReadName(std::string_view text) {
    auto parsed = cpe::Name::Parse(text);
    if (!parsed.ok()) return std::nullopt;
    const std::string& part = (*parsed)[Attribute::kPart];
    if (part != "o" && part != "h") return std::nullopt;
    OperatingSystem system{.family = FamilyOf(*parsed)};
    if (auto distribution = ReadDistribution(WordsOf(*parsed))) {
        system = std::move(*distribution);
    } else if (const auto device = ReadDevice(WordsOf(*parsed)); device && system.family == OsFamily::kOther) {
        system.family = device->family;
    }
    system.names = {std::move(*parsed)};
    return system;
}

std::optional<OperatingSystem> ReadText(std::string_view text) {
    // Devices first: many of them say that they are a Linux too.
    const std::string folded = FoldSystemText(text);
    if (auto device = ReadDevice(folded)) return device;
    if (auto names = ReadWindows(text)) return OperatingSystem{.family = OsFamily::kWindows, .names = std::move(*names)};
    if (auto distribution = ReadDistribution(folded)) return distribution;
    return ReadMacos(folded);
}

}  // namespace

std::string_view NameOf(OsFamily family) {
    switch (family) {
        case OsFamily::kWindows: return "windows";
        case OsFamily::kLinux: return "linux";
        case OsFamily::kMacos: return "macos";
        case OsFamily::kNetwork: return "network";
        case OsFamily::kOther: break;
    }
    return "other";
}

std::optional<OperatingSystem> ReadOperatingSystem(std::string_view text) {
    text = Trim(text);
    if (text.empty() || text.size() > kMaxText) return std::nullopt;
    auto system = text.starts_with("cpe:") || text.starts_with("wfn:") ? ReadName(text) : ReadText(text);
    if (system) AddImplied(*system);
    return system;
}

}  // namespace opsteward::vuln
