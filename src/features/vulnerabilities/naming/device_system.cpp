#include "features/vulnerabilities/naming/device_system.hpp"

#include <array>

#include <re2/re2.h>

#include "base/text.hpp"
#include "features/vulnerabilities/naming/system_name.hpp"
#include "features/vulnerabilities/naming/system_patterns.hpp"

namespace opsteward::vuln {

namespace {

using cpe::Attribute;

/// How a version that a device says is written in NVD.
enum class Form : std::uint8_t {
    kPlain,      ///< 7.0.12
    kNoZeros,    ///< 17.03.04a → 17.3.4a
    kDotted,     ///< 9.12(4)7 → 9.12.4.7 and as it is written
    kRelease,    ///< 20.4R3-S1.3 → 20.4 update r3-s1: the last number is a respin
    kHotfix,     ///< 10.1.3-h1 → 10.1.3 update h1
    kUpdate,     ///< 7.0.3, 7.0 update 3c → 7.0 update update_3, update_3c
    kSystem,     ///< other than kPlain in that it is no device of the network
};

struct Rule {
    const char* pattern;  ///< the first group is the version, the second what stands after "update"
    std::string_view part;
    std::string_view vendor;
    std::string_view product;
    Form form;
};

// The first that fits.
constexpr auto kRules = std::to_array<Rule>({
    {R"(\bfortimanager\b(?:.*?\bv?(\d+\.\d+\.\d+)\b)?)", "o", "fortinet", "fortimanager", Form::kPlain},
    {R"(\bfortianalyzer\b(?:.*?\bv?(\d+\.\d+\.\d+)\b)?)", "o", "fortinet", "fortianalyzer", Form::kPlain},
    {R"(\bfortiweb\b(?:.*?\bv?(\d+\.\d+\.\d+)\b)?)", "a", "fortinet", "fortiweb", Form::kPlain},
    {R"(\bfortimail\b(?:.*?\bv?(\d+\.\d+\.\d+)\b)?)", "a", "fortinet", "fortimail", Form::kPlain},
    {R"(\bfortiproxy\b(?:.*?\bv?(\d+\.\d+\.\d+)\b)?)", "a", "fortinet", "fortiproxy", Form::kPlain},
    {R"(\bfortiswitch\b(?:.*?\bv?(\d+\.\d+\.\d+)\b)?)", "a", "fortinet", "fortiswitch", Form::kPlain},
    {R"(\b(?:fortios|fortigate)\b(?:.*?\bv?(\d+\.\d+\.\d+)\b)?)", "o", "fortinet", "fortios", Form::kPlain},
    {R"(\bpan-?os\b\D{0,20}(\d+\.\d+\.\d+(?:-h\d+)?)?)", "o", "paloaltonetworks", "pan-os", Form::kHotfix},
    {R"(\bios[ -]?xe\b(?:.*?\b(\d+\.\d+\.\d+[a-z]*)\b)?)", "o", "cisco", "ios_xe", Form::kNoZeros},
    {R"(\bios[ -]?xr\b(?:.*?\b(\d+\.\d+\.\d+)\b)?)", "o", "cisco", "ios_xr", Form::kPlain},
    {R"(\bnx-?os\b(?:.*?\b(\d+\.\d+\(\d+[a-z]?\)(?:[a-z]\d+(?:\(\d+[a-z]?\))?)?))?)", "o", "cisco", "nx-os", Form::kPlain},
    {R"(\b(?:adaptive security appliance|cisco asa)\b(?:.*?\b(\d+\.\d+(?:\(\d+\)\d*|\.\d+(?:\.\d+)?)))?)", "o", "cisco",
     "adaptive_security_appliance_software", Form::kDotted},
    {R"(\bfirepower threat defense\b(?:.*?\b(\d+\.\d+\.\d+(?:\.\d+)?)\b)?)", "a", "cisco", "firepower_threat_defense", Form::kPlain},
    {R"(\basyncos\b\D{0,20}(\d+\.\d+(?:\.\d+)?(?:-\d+)?)?)", "o", "cisco", "asyncos", Form::kPlain},
    {R"(\bcisco (?:ios|internetwork operating system)\b(?:.*?\b(\d+\.\d+\(\d+[a-z]*\)[a-z]*\d*[a-z]*))?)", "o", "cisco", "ios", Form::kPlain},
    {R"(\bios\b.{0,40}?\b(\d+\.\d+\(\d+[a-z]*\)[a-z]*\d*[a-z]*))", "o", "cisco", "ios", Form::kPlain},
    {R"(\bjunos(?: os)? evolved\b(?:.*?\b(\d+\.\d+(?:r\d+(?:-s\d+)?)?)\b)?)", "o", "juniper", "junos_os_evolved", Form::kRelease},
    {R"(\bjunos\b(?:.*?\b(\d+\.\d+(?:[rx]\d+[-ds\d]*)?))?)", "o", "juniper", "junos", Form::kRelease},
    {R"(\besxi?\b\D{0,20}(\d+\.\d+(?:\.\d+)?)?\b(?:.{0,20}?\b(?:update |u)(\d[a-z]?)\b)?)", "o", "vmware", "esxi", Form::kUpdate},
    {R"(\b(?:diskstation manager|synology dsm|dsm)\b\D{0,8}(\d+(?:\.\d+)+(?:-\d+)?)?)", "o", "synology", "diskstation_manager", Form::kPlain},
    {R"(\bquts hero\b\D{0,8}(h?\d+(?:\.\d+)+)?)", "o", "qnap", "quts_hero", Form::kPlain},
    {R"(\b(?:qnap )?qts\b\D{0,8}(\d+(?:\.\d+)+)?)", "o", "qnap", "qts", Form::kPlain},
    {R"(\bsonicos(?:x)?\b\D{0,12}(\d+(?:\.\d+)+)?)", "o", "sonicwall", "sonicos", Form::kPlain},
    {R"(\brouteros\b\D{0,8}(\d+(?:\.\d+)+)?)", "o", "mikrotik", "routeros", Form::kPlain},
    {R"(\barista\b.*?\beos\b\D{0,12}(\d+(?:\.\d+)+[a-z]?)?)", "o", "arista", "eos", Form::kPlain},
    {R"(\barubaos\b(?:.*?\b(\d+(?:\.\d+){2,3})\b)?)", "o", "arubanetworks", "arubaos", Form::kPlain},
    {R"(\b(?:check ?point )?gaia\b(?:.*?\b(r\d+(?:\.\d+)?)\b)?)", "o", "checkpoint", "gaia_os", Form::kPlain},
    {R"(\bsfos\b\D{0,8}(\d+(?:\.\d+)+)?)", "o", "sophos", "sfos", Form::kPlain},
    {R"(\bfireware\b(?: os)?\D{0,8}(\d+(?:\.\d+)+)?)", "o", "watchguard", "fireware", Form::kPlain},
    {R"(\b(?:extremexos|exos)\b\D{0,12}(\d+(?:\.\d+)+)?)", "o", "extremenetworks", "exos", Form::kPlain},
    {R"(\bbig-ip\b(?:.*?\b(\d+\.\d+\.\d+(?:\.\d+)?)\b)?)", "a", "f5", "big-ip_local_traffic_manager", Form::kPlain},
    {R"(\b(?:oracle )?solaris\b\D{0,8}(\d+(?:\.\d+)?)?)", "o", "oracle", "solaris", Form::kSystem},
    {R"(\baix\b\D{0,8}(\d+\.\d+)?)", "o", "ibm", "aix", Form::kSystem},
    {R"(\bhp-?ux\b(?: b\.)?\D{0,8}(\d+\.\d+)?)", "o", "hp", "hp-ux", Form::kSystem},
    {R"(\bfreebsd\b\D{0,8}(\d+\.\d+)?)", "o", "freebsd", "freebsd", Form::kSystem},
    {R"(\bandroid\b\D{0,8}(\d+(?:\.\d+)*)?)", "o", "google", "android", Form::kSystem},
    {R"(\b(?:iphone os|apple ios|ios)\b\D{0,8}(\d\d(?:\.\d+){0,2})?\b)", "o", "apple", "iphone_os", Form::kSystem},
    {R"(\bipad ?os\b\D{0,8}(\d+(?:\.\d+)*)?)", "o", "apple", "ipados", Form::kSystem},
});

/// Software that runs elsewhere and says the name of the system, or a part of a word that is another's.
bool IsAnother(const std::string& folded) {
    static const RE2 kAnother(R"(\bforticlient|\bwindows\b|\bdsm-|\bvsphere client)");
    return RE2::PartialMatch(folded, kAnother);
}

void WithoutZeros(std::string& version) {
    static const RE2 kZeros(R"((^|\.)0+(\d))");
    RE2::GlobalReplace(&version, kZeros, R"(\1\2)");
}

std::string Dotted(const std::string& version) {
    std::string dotted;
    for (const char c : version) {
        if (c == '(' || c == ')') dotted += '.';
        else dotted += c;
    }
    while (dotted.ends_with('.')) dotted.pop_back();
    return dotted;
}

void SplitUpdate(std::string& version, std::string& update, const RE2& pattern) {
    std::string base;
    std::string rest;
    if (!RE2::FullMatch(version, pattern, &base, &rest)) return;
    version = base;
    update = rest;
}

OperatingSystem MakeSystem(const Rule& rule, std::string version, std::string update) {
    OperatingSystem system{.family = rule.form == Form::kSystem ? OsFamily::kOther : OsFamily::kNetwork};
    const auto add = [&](const std::string& written) -> cpe::Name& {
        system.names.push_back(SystemName(rule.part, rule.vendor, rule.product, VersionComponent(written)));
        return system.names.back();
    };
    if (version.empty()) {
        add("");
        return system;
    }
    static const RE2 kRelease(R"((\d+\.\d+)([rx]\d+(?:-?[ds]\d+)*).*)");
    static const RE2 kHotfix(R"((.+)-(h\d+))");
    static const RE2 kThird(R"((\d+\.\d+)\.(\d+))");
    switch (rule.form) {
        case Form::kNoZeros: WithoutZeros(version); break;
        case Form::kRelease: SplitUpdate(version, update, kRelease); break;
        case Form::kHotfix: SplitUpdate(version, update, kHotfix); break;
        case Form::kUpdate: {
            std::string third;
            SplitUpdate(version, third, kThird);
            if (update.empty()) update = third;
            update = update.empty() ? "" : update == "0" ? "-" : "update_" + update;
            break;
        }
        case Form::kDotted:
            add(Dotted(version));
            if (Dotted(version) == version) return system;
            break;
        case Form::kPlain:
        case Form::kSystem: break;
    }
    cpe::Name& name = add(version);
    if (!update.empty()) name.SetComponent(Attribute::kUpdate, update);
    return system;
}

}  // namespace

std::optional<OperatingSystem> ReadDevice(const std::string& folded) {
    if (IsAnother(folded)) return std::nullopt;
    static const SystemPatterns kPatterns(kRules);
    auto hit = kPatterns.Find(folded);
    if (!hit) return std::nullopt;
    return MakeSystem(kRules[hit->index], std::move(hit->first), std::move(hit->second));
}

}  // namespace opsteward::vuln
