#include "features/vulnerabilities/naming/linux_distribution.hpp"

#include <algorithm>
#include <array>

#include <re2/re2.h>

#include "base/text.hpp"
#include "features/vulnerabilities/naming/system_name.hpp"
#include "features/vulnerabilities/naming/system_patterns.hpp"

namespace opsteward::vuln {

namespace {

using cpe::Attribute;

/// How a release becomes the version of a name, the release of a tracker and an ecosystem.
enum class Form : std::uint8_t {
    kMajorZero,   ///< 12.4 → version 12.0, release 12 (Debian)
    kUbuntu,      ///< 22.04.3 → 22.04, LTS in April of even years
    kRedHat,      ///< 8.9 → versions 8.9 and 8.0, release 8
    kMajor,       ///< 8.9 → version 8, release 8
    kMajorMinor,  ///< 9.3 → version 9.3, release 9
    kWhole,       ///< 15.5 → version and release 15.5
    kAlpine,      ///< 3.18.4 → version 3.18.4, release 3.18
    kServicePack, ///< 15 SP5 → version 15 update sp5, release 15.5
    kProduct,     ///< the release is in the product's name: linux_2
    kNone,        ///< rolling
};

struct Rule {
    const char* pattern;  ///< the first group is the release, the second a service pack
    std::string_view id;
    std::string_view vendor;
    std::string_view product;
    Form form;
    std::string_view ecosystem;  ///< what stands before the release in OSV ("https://ossf.github.io/osv-schema/#defined-ecosystems"); none: OSV has none
};

// The first that fits. Vendors and products are NVD's where it has the system, else those of the system's own CPE_NAME in os-release.
constexpr auto kRules = std::to_array<Rule>({
    {R"(\bproxmox (?:ve|virtual environment)\D{0,12}(\d+(?:\.\d+)*)?)", "proxmox", "proxmox", "virtual_environment", Form::kWhole, ""},
    {R"(\bubuntu\b\D{0,40}(\d\d\.\d\d)?)", "ubuntu", "canonical", "ubuntu_linux", Form::kUbuntu, "Ubuntu:"},
    {R"(\b(?:raspbian|raspberry pi os)\b\D{0,20}(\d+)?)", "raspbian", "raspberrypi", "raspberry_pi_os", Form::kMajor, ""},
    {R"(\bdebian\b\D{0,20}(\d+(?:\.\d+)*)?)", "debian", "debian", "debian_linux", Form::kMajorZero, "Debian:"},
    {R"(\b(?:red ?hat enterprise linux|enterprise linux (?:server|workstation|desktop)|rhel)\b\D{0,40}(\d+(?:\.\d+)?)?)", "rhel", "redhat",
     "enterprise_linux", Form::kRedHat, "Red Hat"},
    {R"(\brocky(?: linux)?\b\D{0,20}(\d+(?:\.\d+)?)?)", "rocky", "rocky", "rocky", Form::kMajorMinor, "Rocky Linux:"},
    {R"(\balma ?linux\b\D{0,20}(\d+(?:\.\d+)?)?)", "almalinux", "almalinux", "almalinux", Form::kMajorMinor, "AlmaLinux:"},
    {R"(\bcentos stream\b\D{0,20}(\d+)?)", "centos-stream", "centos", "stream", Form::kMajor, ""},
    {R"(\bcentos\b\D{0,20}(\d+(?:\.\d+)?)?)", "centos", "centos", "centos", Form::kMajorMinor, ""},
    {R"(\boracle linux(?: server)?\b\D{0,20}(\d+(?:\.\d+)?)?)", "ol", "oracle", "linux", Form::kMajor, ""},
    {R"(\bamazon linux\b(?: ami)?\D{0,20}(\d+)?)", "amzn", "amazon", "linux", Form::kProduct, ""},
    {R"(\bfedora\b\D{0,20}(\d+)?)", "fedora", "fedoraproject", "fedora", Form::kWhole, ""},
    {R"(\bsuse linux enterprise server\b\D{0,20}(\d+)(?: ?(?:sp ?|service pack |\.)(\d+))?)", "sles", "suse", "linux_enterprise_server", Form::kServicePack,
     "SUSE:Linux Enterprise Server "},
    {R"(\bsles\b\D{0,6}(\d+)(?: ?(?:sp ?|service pack |\.)(\d+))?)", "sles", "suse", "linux_enterprise_server", Form::kServicePack,
     "SUSE:Linux Enterprise Server "},
    {R"(\bsuse linux enterprise desktop\b\D{0,20}(\d+)(?: ?(?:sp ?|service pack |\.)(\d+))?)", "sled", "suse", "linux_enterprise_desktop",
     Form::kServicePack, "SUSE:Linux Enterprise Desktop "},
    {R"(\bopensuse leap\b\D{0,10}(\d+\.\d+)?)", "opensuse-leap", "opensuse", "leap", Form::kWhole, "openSUSE:Leap "},
    {R"(\bopensuse tumbleweed\b)", "opensuse-tumbleweed", "opensuse", "tumbleweed", Form::kNone, "openSUSE:Tumbleweed"},
    {R"(\balpine(?: linux)?\b\D{0,20}(\d+\.\d+(?:\.\d+)?)?)", "alpine", "alpinelinux", "alpine_linux", Form::kAlpine, "Alpine:v"},
    {R"(\barch ?linux\b)", "arch", "archlinux", "arch_linux", Form::kNone, ""},
    {R"(\bgentoo(?: linux)?\b)", "gentoo", "gentoo", "linux", Form::kNone, ""},
    {R"(\bkali(?: gnu/linux| linux)\b\D{0,20}(\d{4}\.\d)?)", "kali", "kali", "kali_linux", Form::kWhole, ""},
    {R"(\blinux ?mint\b\D{0,20}(\d+(?:\.\d+)?)?)", "linuxmint", "linuxmint", "linux_mint", Form::kWhole, ""},
    {R"(\bphoton (?:os|linux)\b\D{0,20}(\d+\.\d+)?)", "photon", "vmware", "photon_os", Form::kWhole, "Photon OS:"},
    {R"(\bopeneuler\b\D{0,20}(\d\d\.\d\d)?)", "openeuler", "openeuler", "openeuler", Form::kWhole, ""},
    {R"(\bkylin (?:linux|v\d|server|desktop)\D{0,40}(\d+)?)", "kylin", "kylinos", "kylin", Form::kMajor, ""},
    {R"(\bdeepin\b\D{0,10}(\d+(?:\.\d+)?)?)", "deepin", "deepin", "deepin", Form::kWhole, ""},
    {R"(\bwolfi\b)", "wolfi", "wolfi", "wolfi", Form::kNone, "Wolfi"},
    {R"(\bphotonos\b\D{0,20}(\d+\.\d+)?)", "photon", "vmware", "photon_os", Form::kWhole, "Photon OS:"},
});

/// Of Debian ("https://www.debian.org/releases/") when only the name stands there.
struct CodeName {
    std::string_view name;
    std::string_view release;
};
constexpr auto kDebianNames = std::to_array<CodeName>({
    {"wheezy", "7"}, {"jessie", "8"}, {"stretch", "9"}, {"buster", "10"}, {"bullseye", "11"}, {"bookworm", "12"}, {"trixie", "13"},
});

/// Of testing the name is that of the next release, which no tracker counts yet.
std::string DebianOfCodeName(const std::string& folded) {
    if (folded.find("sid") != std::string::npos) return "";
    const auto named = std::ranges::find_if(kDebianNames, [&](const CodeName& code) { return folded.find(code.name) != std::string::npos; });
    return named == kDebianNames.end() ? "" : std::string(named->release);
}

std::string Major(const std::string& release) { return release.substr(0, release.find('.')); }

class Reader {
  public:
    Reader(const Rule& rule, std::string release, std::string service_pack)
        : rule_(rule), release_(std::move(release)), service_pack_(std::move(service_pack)) {
        system_.family = OsFamily::kLinux;
        system_.distribution = Distribution{std::string(rule.id), ""};
    }

    OperatingSystem Read() {
        if (rule_.form == Form::kNone) {
            Add("-");
            system_.ecosystem = rule_.ecosystem;
        } else if (rule_.form == Form::kProduct) {
            ReadProduct();
        } else if (release_.empty()) {
            Add("*");
            if (rule_.form == Form::kRedHat) system_.ecosystem = rule_.ecosystem;
        } else {
            ReadRelease();
        }
        return std::move(system_);
    }

  private:
    cpe::Name& Add(std::string_view version) {
        system_.names.push_back(SystemName("o", rule_.vendor, rule_.product, version));
        return system_.names.back();
    }

    /// The release as its tracker counts, and with it the ecosystem.
    void Count(const std::string& release) {
        system_.distribution->release = release;
        if (!rule_.ecosystem.empty()) system_.ecosystem = std::string(rule_.ecosystem) + release;
    }

    void ReadProduct() {
        // 2018.03 and its like are the first Amazon Linux.
        const bool is_first = release_.empty() || (release_.size() == 4 && release_ < "2019");
        system_.names.push_back(SystemName("o", rule_.vendor, is_first ? "linux" : "linux_" + release_, "-"));
        system_.distribution->release = is_first ? "1" : release_;
    }

    void ReadRelease() {
        switch (rule_.form) {
            case Form::kMajorZero:
                Add(Major(release_) + ".0");
                return Count(Major(release_));
            case Form::kUbuntu: return ReadUbuntu();
            case Form::kRedHat:
                Add(release_.find('.') == std::string::npos ? release_ + ".0" : release_);
                if (!release_.ends_with(".0") && release_.find('.') != std::string::npos) Add(Major(release_) + ".0");
                system_.distribution->release = Major(release_);
                system_.ecosystem = rule_.ecosystem;
                return;
            case Form::kMajor:
                Add(Major(release_));
                return Count(Major(release_));
            case Form::kMajorMinor:
                Add(release_);
                return Count(Major(release_));
            case Form::kAlpine:
                Add(release_);
                return Count(release_.substr(0, release_.find('.', release_.find('.') + 1)));
            case Form::kServicePack: return ReadServicePack();
            case Form::kWhole:
            case Form::kProduct:
            case Form::kNone:
                Add(release_);
                return Count(release_);
        }
    }

    void ReadUbuntu() {
        cpe::Name& name = Add(release_);
        Count(release_);
        // "Ubuntu lifecycle and release cadence": every second April.
        const bool is_long = release_.ends_with(".04") && (release_[1] - '0') % 2 == 0;
        if (!is_long) return;
        name.SetComponent(Attribute::kSwEdition, "lts");
        system_.ecosystem += ":LTS";
    }

    void ReadServicePack() {
        cpe::Name& name = Add(release_);
        const bool has_pack = !service_pack_.empty() && service_pack_ != "0";
        name.SetComponent(Attribute::kUpdate, has_pack ? "sp" + service_pack_ : "-");
        system_.distribution->release = has_pack ? release_ + "." + service_pack_ : release_;
        system_.ecosystem = std::string(rule_.ecosystem) + release_ + (has_pack ? " SP" + service_pack_ : "");
    }

    const Rule& rule_;
    std::string release_;
    std::string service_pack_;
    OperatingSystem system_;
};

}  // namespace

std::optional<OperatingSystem> ReadDistribution(const std::string& folded) {
    static const SystemPatterns kPatterns(kRules);
    if (auto hit = kPatterns.Find(folded)) {
        const Rule& rule = kRules[hit->index];
        if (rule.form == Form::kMajorZero && hit->first.empty()) hit->first = DebianOfCodeName(folded);
        return Reader(rule, std::move(hit->first), std::move(hit->second)).Read();
    }
    static const RE2 kLinux(R"(\blinux\b)");
    if (!RE2::PartialMatch(folded, kLinux)) return std::nullopt;
    return OperatingSystem{.family = OsFamily::kLinux};
}

}  // namespace opsteward::vuln
