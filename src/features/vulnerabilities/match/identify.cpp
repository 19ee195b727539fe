#include "features/vulnerabilities/match/identify.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/folding.hpp"
#include "features/vulnerabilities/match/package_url.hpp"

namespace opsteward::vuln {

namespace {

bool IsSystemPackage(std::string_view type) { return type == "deb" || type == "rpm" || type == "apk" || type == "alpm"; }

/// Maintainers who speak for a distribution.
bool IsDistributor(std::string_view publisher) {
    static const std::array<FoldedNeedle, 12> kWords{FoldedNeedle("debian"),    FoldedNeedle("ubuntu"),   FoldedNeedle("canonical"), FoldedNeedle("red hat"),
                                                     FoldedNeedle("redhat"),    FoldedNeedle("fedora"),   FoldedNeedle("centos"),    FoldedNeedle("rocky"),
                                                     FoldedNeedle("almalinux"), FoldedNeedle("suse"),     FoldedNeedle("oracle linux"), FoldedNeedle("alpine")};
    return std::ranges::any_of(kWords, [publisher](const FoldedNeedle& word) { return word.IsIn(publisher); });
}

/// Versions of distributions' packages end in a revision of the packager's.
bool HasRevision(std::string_view version) {
    const std::size_t dash = version.rfind('-');
    return dash != std::string_view::npos && dash + 1 < version.size() && version[dash + 1] >= '0' && version[dash + 1] <= '9';
}

bool IsOfDistribution(const Package& package, const SystemKind& system) {
    if (!system.distribution) return false;
    if (!package.source.empty()) return true;
    if (!package.cpe.empty()) return !package.name.empty() && HasRevision(package.version);
    return package.publisher.empty() || IsDistributor(package.publisher);
}

/// pkg:deb/debian/openssl@…?distro=debian-12 says itself what it is of; what says nothing is of its host's.
std::string EcosystemOf(const PackageUrl& url, const SystemKind& system) {
    const auto distro = url.qualifiers.find("distro");
    if (distro != url.qualifiers.end()) {
        std::string text = distro->second;
        std::ranges::replace(text, '-', ' ');
        if (!url.name_space.empty() && text.find(url.name_space) == std::string::npos) text = url.name_space + " " + text;
        if (const auto told = ReadOperatingSystem(text); told && !told->ecosystem.empty()) return told->ecosystem;
    }
    const bool is_of_host = system.distribution && (url.name_space.empty() || EqualsFolded(url.name_space, system.distribution->id) ||
                                                    (url.name_space == "redhat" && system.distribution->id == "rhel"));
    return is_of_host ? system.ecosystem : std::string();
}

Identity OfDistribution(const Snapshot& snapshot, std::string_view ecosystem, std::string_view name, std::string_view version) {
    if (ecosystem.empty() || !snapshot.HasEcosystem(ecosystem)) return {Judgement::kNoData, {}};
    return {Judgement::kByDistribution, {ItemOfPackage(ecosystem, name, version)}};
}

Identity OfSystemPackage(const PackageUrl& url, const Package& package, const SystemKind& system, const Snapshot& snapshot) {
    std::string_view source = package.source;
    std::string_view version = !package.source_version.empty() ? package.source_version : !url.version.empty() ? std::string_view(url.version) : package.version;
    // Qualifiers of syft and others: upstream=NAME, or NAME@VERSION where that is another one; epoch is beside the version of an rpm.
    std::string with_epoch;
    if (const auto epoch = url.qualifiers.find("epoch"); epoch != url.qualifiers.end() && version.find(':') == std::string_view::npos) {
        with_epoch = epoch->second + ":" + std::string(version);
        version = with_epoch;
    }
    if (const auto upstream = url.qualifiers.find("upstream"); upstream != url.qualifiers.end() && source.empty()) {
        const std::string_view text = upstream->second;
        const std::size_t at = text.find('@');
        source = text.substr(0, at);
        if (at != std::string_view::npos) version = text.substr(at + 1);
    }
    if (source.ends_with(".src.rpm")) source = {};  // a file's name: the source's name is not cut out of it for sure
    return OfDistribution(snapshot, EcosystemOf(url, system), source.empty() ? std::string_view(url.name) : source, version);
}

void SetSystemWords(std::vector<Item>& items, const SystemKind& system) {
    for (Item& item : items) item.target_sw = system.target_sw;
}

Identity OfCpe(const Package& package, const SystemKind& system) {
    const auto name = cpe::Name::Parse(package.cpe);
    if (!name) return {Judgement::kBadName, {}};
    Identity identity{Judgement::kByCpe, {ItemOfName(*name, package.version)}};
    SetSystemWords(identity.items, system);
    return identity;
}

Identity OfTitle(const Package& package, const SystemKind& system, const Namer& namer) {
    const TitleNames title = namer ? namer(package) : TitleNames();
    if (title.names.empty()) return {title.is_decided ? Judgement::kNoProduct : Judgement::kUnnamed, {}};
    Identity identity{Judgement::kByCpe, {}};
    for (const cpe::Name& name : title.names) {
        Item item = ItemOfName(name, package.version);
        item.max_confidence = title.confidence;
        identity.items.push_back(std::move(item));
    }
    SetSystemWords(identity.items, system);
    return identity;
}

Identity OfLanguage(const EcosystemPackage& language, const PackageUrl& url, const Package& package, const SystemKind& system, const Snapshot& snapshot) {
    Identity identity = OfDistribution(snapshot, language.ecosystem, language.name, url.version.empty() ? package.version : std::string_view(url.version));
    if (package.cpe.empty()) return identity;
    Identity by_name = OfCpe(package, system);
    if (by_name.judgement == Judgement::kBadName) return identity;
    by_name.items.insert(by_name.items.end(), identity.items.begin(), identity.items.end());
    return by_name;
}

}  // namespace

SystemKind KindOf(const std::optional<OperatingSystem>& system) {
    if (!system) return {};
    return {system->distribution, system->ecosystem, system->target_sw};
}

Identity IdentifyPackage(const Package& package, const SystemKind& system, const Snapshot& snapshot, const Namer& namer) {
    if (!package.purl.empty()) {
        const auto url = ParsePackageUrl(package.purl);
        if (!url && package.cpe.empty() && package.name.empty()) return {Judgement::kBadName, {}};
        if (url && IsSystemPackage(url->type)) return OfSystemPackage(*url, package, system, snapshot);
        if (url) {
            if (const auto language = LanguagePackageOf(*url)) return OfLanguage(*language, *url, package, system, snapshot);
        }
    }
    if (IsOfDistribution(package, system)) {
        return OfDistribution(snapshot, system.ecosystem, package.source.empty() ? package.name : package.source,
                              package.source_version.empty() ? package.version : package.source_version);
    }
    return package.cpe.empty() ? OfTitle(package, system, namer) : OfCpe(package, system);
}

std::vector<Item> ItemsOfSystem(const OperatingSystem& system) {
    std::vector<Item> items;
    for (std::size_t i = 0; i < system.names.size(); ++i) {
        Item item = ItemOfName(system.names[i]);
        item.is_platform = i >= system.own_names || system.distribution.has_value();
        item.is_release_only = !item.is_platform && i > 0 && system.family == OsFamily::kWindows;
        item.target_sw = system.target_sw;
        items.push_back(std::move(item));
    }
    return items;
}

}  // namespace opsteward::vuln
