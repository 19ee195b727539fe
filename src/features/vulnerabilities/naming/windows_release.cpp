#include "features/vulnerabilities/naming/windows_release.hpp"

#include <algorithm>
#include <array>

#include <re2/re2.h>

#include "base/text.hpp"
#include "features/vulnerabilities/naming/system_name.hpp"

namespace opsteward::vuln {

namespace {

using cpe::Attribute;

/// Microsoft, "Windows 10 release information", "Windows 11 release information" and "Windows Server release information". The names of releases are
/// written as NVD does.
struct Release {
    int build;
    std::string_view release;
    std::string_view client;  ///< "10", "11", none
    std::string_view server;  ///< year of the long-term release; "sac": a release of the semi-annual or annual channel; none
};
constexpr auto kReleases = std::to_array<Release>({
    {10240, "1507", "10", ""},
    {10586, "1511", "10", ""},
    {14393, "1607", "10", "2016"},
    {15063, "1703", "10", ""},
    {16299, "1709", "10", "sac"},
    {17134, "1803", "10", "sac"},
    {17763, "1809", "10", "2019"},
    {18362, "1903", "10", "sac"},
    {18363, "1909", "10", "sac"},
    {19041, "2004", "10", "sac"},
    {19042, "20h2", "10", "sac"},
    {19043, "21h1", "10", ""},
    {19044, "21h2", "10", ""},
    {19045, "22h2", "10", ""},
    {20348, "21h2", "", "2022"},
    {22000, "21h2", "11", ""},
    {22621, "22h2", "11", ""},
    {22631, "23h2", "11", ""},
    {25398, "23h2", "", "sac"},
    {26100, "24h2", "11", "2025"},
    {26200, "25h2", "11", ""},
    {28000, "26h1", "11", ""},
});

/// Releases that are named by year or number alone. The build of a service pack is the last of those given ("Windows lifecycle fact sheet", GetVersionEx).
struct Elder {
    std::string_view words;    ///< as people write it
    std::string_view kernel;   ///< major.minor
    bool is_server;
    std::string_view product;
    std::string_view version;  ///< component of the name
    std::string_view ranged;   ///< the product for which NVD gives ranges of builds; none: it does not
};
constexpr auto kElders = std::to_array<Elder>({
    {"server 2012 r2", "6.3", true, "windows_server_2012", "r2", "windows_server_2012_r2"},
    {"8.1", "6.3", false, "windows_8.1", "-", "windows_8.1"},
    {"server 2012", "6.2", true, "windows_server_2012", "-", "windows_server_2012"},
    {"8", "6.2", false, "windows_8", "-", ""},
    {"server 2008 r2", "6.1", true, "windows_server_2008", "r2", "windows_server_2008_r2"},
    {"7", "6.1", false, "windows_7", "-", "windows_7"},
    {"server 2008", "6.0", true, "windows_server_2008", "-", "windows_server_2008_sp2"},
    {"vista", "6.0", false, "windows_vista", "-", ""},
    {"server 2003 r2", "", true, "windows_server_2003", "r2", ""},
    {"server 2003", "5.2", true, "windows_server_2003", "-", ""},
    {"xp", "5.1", false, "windows_xp", "-", ""},
    {"2000", "5.0", false, "windows_2000", "-", ""},
});

struct Reading {
    bool is_server = false;
    std::string kernel;    ///< "10.0"; empty: not said
    int build = 0;         ///< 0: not said
    std::string revision;  ///< of the build
    std::string release;   ///< "22h2"
    std::string words;     ///< what follows "windows": "10", "server 2012 r2"
    std::string service_pack;
    std::string hardware;  ///< as in target_hw
};

/// "Windows Server, version 20H2" and "Windows(R) Server 2003, Standard Edition" read like the others.
std::string WithoutMarks(std::string_view text) {
    std::string plain(text);
    std::ranges::replace(plain, ',', ' ');
    return FoldSystemText(plain);
}

std::string ReadHardware(const std::string& text) {
    static const RE2 kArm("\\b(?:arm64|aarch64)\\b");
    static const RE2 k64("\\b(?:x64|amd64|x86[ _-]64)\\b|\\b64[ -]?(?:bit|位元|位)");
    static const RE2 k32("\\b(?:x86|i386|i686)\\b|\\b32[ -]?(?:bit|位元|位)");
    if (RE2::PartialMatch(text, kArm)) return "arm64";
    if (RE2::PartialMatch(text, k64)) return "x64";
    return RE2::PartialMatch(text, k32) ? "x86" : "";
}

void ReadBuild(const std::string& text, Reading& reading) {
    static const RE2 kVersion("(?:^|[^0-9.])(5\\.[0-2]|6\\.[0-3]|10\\.0)\\.(\\d{4,5})(?:\\.(\\d{1,5}))?(?:[^0-9.]|\\.?$|\\. )");
    static const RE2 kBuild("\\b(?:build|組建)[: ]+(\\d{4,5})(?:\\.(\\d{1,5}))?\\b");
    static const RE2 kPair("\\b([12]\\d{4})\\.(\\d{1,5})\\b");
    std::string build;
    if (!RE2::PartialMatch(text, kVersion, &reading.kernel, &build, &reading.revision) &&
        !RE2::PartialMatch(text, kBuild, &build, &reading.revision)) {
        RE2::PartialMatch(text, kPair, &build, &reading.revision);
    }
    if (!build.empty()) reading.build = static_cast<int>(*ParseInt(build));
}

/// Of the long-term servicing channel ("Windows 10 Enterprise LTSC overview").
std::string ReleaseOfLongTerm(const std::string& text) {
    static const RE2 kLongTerm("\\b(?:(2015|2016) lts[bc]|lts[bc] (2015|2016|2019|2021|2024)|(2019|2021|2024) ltsc)\\b");
    std::array<std::string, 3> years;
    if (!RE2::PartialMatch(text, kLongTerm, &years[0], &years[1], &years[2])) return "";
    const std::string year = years[0] + years[1] + years[2];
    if (year == "2015") return "1507";
    if (year == "2016") return "1607";
    if (year == "2019") return "1809";
    return year == "2021" ? "21h2" : "24h2";
}

std::optional<Reading> ReadWords(std::string_view written) {
    const std::string text = WithoutMarks(written);
    static const RE2 kWindows("\\bwindows\\b");
    static const RE2 kWords(
        "\\bwindows (server (?:2003|2008|2012)(?: r2)?|server 20(?:16|19|22|25)|server|2000|2003|8\\.1|7|8|10|11|vista|xp)(?: |$|[^0-9a-z. ])");
    static const RE2 kNone("\\bwindows (?:phone|mobile|ce|rt|embedded|nt|me|9[58]|pe|defender|update|subsystem)\\b");
    static const RE2 kRelease("\\b(1507|1511|1607|1703|1709|1803|1809|1903|1909|2004|2[0-9]h[12])\\b");
    static const RE2 kServicePack("\\b(?:sp ?|service pack )([1-6])\\b");
    if (!RE2::PartialMatch(text, kWindows)) return std::nullopt;
    Reading reading;
    // What scanners guess from afar: "2016 or 2019", "1709 - 1909".
    static const RE2 kSeveral(R"(\bor\b|\b\d{4} ?- ?\d{4}\b|\|)");
    if (RE2::PartialMatch(text, kNone) || RE2::PartialMatch(text, kSeveral)) return reading;
    RE2::PartialMatch(text, kWords, &reading.words);
    if (reading.words == "2003") reading.words = "server 2003";
    static const RE2 kServer("\\bserver\\b");
    reading.is_server = RE2::PartialMatch(text, kServer);
    ReadBuild(text, reading);
    reading.release = ReleaseOfLongTerm(text);
    if (reading.release.empty()) RE2::PartialMatch(text, kRelease, &reading.release);
    RE2::PartialMatch(text, kServicePack, &reading.service_pack);
    reading.hardware = ReadHardware(text);
    return reading;
}

cpe::Name MakeName(std::string_view product, std::string_view version, const Reading& reading) {
    cpe::Name name = SystemName("o", "microsoft", product, version);
    if (!reading.hardware.empty()) name.SetComponent(Attribute::kTargetHw, reading.hardware);
    return name;
}

/// ANY without the revision: every host of a release has the same three numbers before it.
std::string BuildOf(const Reading& reading, std::string_view kernel, int build) {
    if (reading.revision.empty() || reading.build != build) return "*";
    return std::string(kernel) + "." + std::to_string(build) + "." + reading.revision;
}

const Release* FindRelease(const Reading& reading) {
    const std::string_view words = reading.words;
    const bool is_newer = words == "10" || words == "11" || words == "server" || words.starts_with("server 201") || words.starts_with("server 202");
    const auto by_build = std::ranges::find(kReleases, reading.build, &Release::build);
    if (by_build != kReleases.end()) {
        const bool is_shared = !by_build->client.empty() && !by_build->server.empty();
        return is_shared && !reading.is_server && !is_newer ? nullptr : &*by_build;
    }
    if (reading.build != 0 || !is_newer) return nullptr;
    for (const Release& row : kReleases) {
        const bool is_release = row.release == reading.release;
        if (words == "server" ? row.server == "sac" && is_release
            : words.starts_with("server ") ? row.server == words.substr(7)
                                           : row.client == words && is_release) {
            return &row;
        }
    }
    return nullptr;
}

std::vector<cpe::Name> NamesOfServer(const Release& row, const Reading& reading) {
    std::vector<cpe::Name> names;
    const std::string build = BuildOf(reading, "10.0", row.build);
    if (row.server != "sac") {
        const std::string product = "windows_server_" + std::string(row.server);
        names.push_back(MakeName(product, build, reading));
        names.push_back(MakeName(product, "-", reading));
        return names;
    }
    names.push_back(MakeName("windows_server_" + std::string(row.release), build, reading));
    if (row.release == "23h2") {
        names.push_back(MakeName("windows_server_2022_23h2", build, reading));
        return names;
    }
    names.push_back(MakeName("windows_server_" + std::string(row.release), "-", reading));
    names.push_back(MakeName("windows_server", row.release, reading));
    names.push_back(MakeName("windows_server_2016", row.release, reading));
    return names;
}

std::vector<cpe::Name> NamesOfClient(const Release& row, const Reading& reading) {
    const std::string product = "windows_" + std::string(row.client);
    const std::string released = product + "_" + std::string(row.release);
    std::vector<cpe::Name> names{MakeName(released, BuildOf(reading, "10.0", row.build), reading), MakeName(released, "-", reading),
                                 MakeName(product, row.release, reading)};
    // The first release is the one that NVD wrote without a version.
    if (row.build == 10240 || row.build == 22000) names.push_back(MakeName(product, "-", reading));
    return names;
}

std::string ServicePackOf(const Reading& reading) {
    if (!reading.service_pack.empty()) return "sp" + reading.service_pack;
    switch (reading.build) {
        case 6001: return "sp1";
        case 6002:
        case 6003: return "sp2";
        case 7601: return "sp1";
        case 6000:
        case 7600: return "-";
        default: return "*";
    }
}

const Elder* FindElder(const Reading& reading) {
    const auto by_words = std::ranges::find(kElders, std::string_view(reading.words), &Elder::words);
    if (by_words != kElders.end()) return &*by_words;
    if (!reading.words.empty() && reading.words != "server") return nullptr;
    // Without a word for a client, a kernel of both is no answer; of XP and 2000 there is but one.
    for (const Elder& row : kElders) {
        if (row.kernel.empty() || row.kernel != reading.kernel) continue;
        const bool has_other = row.kernel != "5.1" && row.kernel != "5.0";
        if (row.is_server == reading.is_server && (row.is_server || !has_other)) return &row;
    }
    return nullptr;
}

std::vector<cpe::Name> NamesOfElder(const Elder& row, const Reading& reading) {
    std::vector<cpe::Name> names;
    const bool has_service_packs = row.kernel.empty() || row.kernel < "6.2";
    const std::string pack = has_service_packs ? ServicePackOf(reading) : "*";
    const bool is_ranged = !row.ranged.empty() && !reading.revision.empty() && reading.kernel == row.kernel;
    if (is_ranged) names.push_back(MakeName(row.ranged, BuildOf(reading, row.kernel, reading.build), reading));
    const auto add = [&](std::string_view product) {
        names.push_back(MakeName(product, row.version, reading));
        names.back().SetComponent(Attribute::kUpdate, pack);
    };
    add(row.product);
    if (row.product == "windows_server_2003") add("windows_2003_server");
    if (row.product == "windows_server_2008" && pack == "sp2" && row.version == "-" && !is_ranged) add("windows_server_2008_sp2");
    return names;
}

}  // namespace

std::optional<std::vector<cpe::Name>> ReadWindows(std::string_view text) {
    auto reading = ReadWords(text);
    if (!reading) return std::nullopt;
    if (const Release* row = FindRelease(*reading)) {
        // Windows Server is of x64 alone since 2012, but names of its criteria say so only at times.
        const bool is_server = row->client.empty() || (reading->is_server && !row->server.empty());
        if (is_server && reading->hardware.empty()) reading->hardware = "x64";
        return is_server ? NamesOfServer(*row, *reading) : NamesOfClient(*row, *reading);
    }
    if (const Elder* row = FindElder(*reading)) {
        if (row->is_server && reading->hardware.empty() && row->kernel >= "6.2") reading->hardware = "x64";
        return NamesOfElder(*row, *reading);
    }
    return std::vector<cpe::Name>{};
}

}  // namespace opsteward::vuln
