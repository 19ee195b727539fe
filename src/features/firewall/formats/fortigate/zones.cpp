// The version of FortiOS, its interfaces and zones, and the sections whose entries are rules.
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "features/firewall/formats/fortigate/policy.hpp"

namespace opsteward::firewall {

FortigateVersion ReadFortigateVersion(std::string_view config_version_line) {
    static constexpr std::string_view kBegin = "#config-version=";
    FortigateVersion version;
    if (!config_version_line.starts_with(kBegin)) return version;
    for (const std::string_view part : Split(config_version_line.substr(kBegin.size(), config_version_line.find(':') - kBegin.size()), '-')) {
        const std::vector<std::string_view> numbers = Split(part, '.');
        const auto first = ParseInt(numbers[0]);
        const auto second = numbers.size() > 1 ? ParseInt(numbers[1]) : std::nullopt;
        if (!first || !second || *first < 0 || *first > 99 || *second < 0 || *second > 99) continue;
        version.major = static_cast<int>(*first);
        version.minor = static_cast<int>(*second);
        const auto third = numbers.size() > 2 ? ParseInt(numbers[2]) : std::nullopt;
        if (third && *third >= 0 && *third <= 999) version.patch = static_cast<int>(*third);
        break;
    }
    return version;
}

std::string FormatFortigateVersion(const FortigateVersion& version) {
    if (!version.IsKnown()) return {};
    std::string text = std::to_string(version.major) + "." + std::to_string(version.minor);
    if (version.patch >= 0) text += "." + std::to_string(version.patch);
    return text;
}

std::uint32_t FortigateZones::NumberOf(const std::string& name) {
    const auto [place, is_new] = numbers_.try_emplace(name, static_cast<std::uint32_t>(names_.size()));
    if (is_new) names_.push_back(name);
    return place->second;
}

void FortigateZones::AddInterface(const std::string& name) {
    if (name != "any") NumberOf(name);
}

void FortigateZones::AddZone(const std::string& name, const std::vector<std::string>& interfaces) {
    const std::uint32_t zone = NumberOf(name);
    std::vector<std::uint32_t>& members = zones_[name];
    for (const std::string& interface : interfaces) {
        members.push_back(NumberOf(interface));
        zone_of_.try_emplace(interface, zone);
    }
}

void FortigateZones::Close() { names_.emplace_back("*"); }

NumberSet FortigateZones::NumbersOf(const std::string& name) const {
    if (name == "any") return NumberSet(0, static_cast<std::uint32_t>(names_.size() - 1));
    const auto number = numbers_.find(name);
    if (number == numbers_.end()) return NumberSet(static_cast<std::uint32_t>(names_.size() - 1));
    std::vector<Range<std::uint32_t>> ranges{{number->second, number->second}};
    if (const auto zone = zones_.find(name); zone != zones_.end()) {
        for (const std::uint32_t member : zone->second) ranges.push_back({member, member});
    }
    return NumberSet(std::move(ranges));
}

NumberSet FortigateZones::NumbersWithZone(const std::string& interface) const {
    NumberSet numbers = NumbersOf(interface);
    const auto zone = zone_of_.find(interface);
    return zone == zone_of_.end() ? numbers : numbers.Union(NumberSet(zone->second));
}

const std::vector<FortigatePolicySection>& FortigatePolicySections() {
    using Kind = FortigatePolicyKind;
    static const std::vector<FortigatePolicySection> kSections{{"firewall policy", Kind::kPolicy, ""},
                                                               {"firewall policy6", Kind::kPolicy6, "/policy6"},
                                                               {"firewall consolidated policy", Kind::kConsolidated, "/consolidated"},
                                                               {"firewall security-policy", Kind::kSecurity, "/security-policy"},
                                                               {"firewall local-in-policy", Kind::kLocalIn, "/local-in-policy"},
                                                               {"firewall local-in-policy6", Kind::kLocalIn6, "/local-in-policy6"}};
    return kSections;
}

}  // namespace opsteward::firewall
