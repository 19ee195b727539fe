// What readers of firewall configurations keep to, whatever the text is; each has a harness that holds it to that.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "features/firewall/formats/readers.hpp"
#include "require.hpp"

namespace opsteward::firewall {

using ConfigurationReader = Result<Configuration> (*)(std::string_view text, const ReadOptions& options);

/// A product matches something, of zones, services, ports and states that there are, and of its own family's addresses.
inline void CheckTraffic(const RuleBase& base, const Traffic& traffic) {
    const auto is_within = [](const NumberSet& numbers, const NumberSet& all) { return !numbers.empty() && all.Covers(numbers); };
    Require(is_within(traffic.in, base.AllZones()) && is_within(traffic.out, base.AllZones()));
    Require(is_within(traffic.services, AllServices()) && is_within(traffic.source_ports, AllPorts()) && is_within(traffic.states, AllStates()));
    const bool is_ipv4 = traffic.family == Family::kIpv4;
    Require(traffic.source4.empty() != is_ipv4 && traffic.destination4.empty() != is_ipv4);
    Require(traffic.source6.empty() == is_ipv4 && traffic.destination6.empty() == is_ipv4);
}

/// What every reader promises: the same each time, rules within what their rule base has, no unknown part without a name, texts that can be shown. Gives what
/// was read, for what a reader promises beyond that; nothing for a text that it refuses.
inline std::optional<Configuration> CheckReader(std::string_view text, ConfigurationReader read,
                                                const ReadOptions& options = {.now = 1'796'000'000, .hash_key = {}}) {
    auto configuration = read(text, options);
    const auto again = read(text, options);
    Require(configuration.ok() == again.ok());
    if (!configuration.ok()) return std::nullopt;
    Require(*configuration == *again);
    for (const RuleBase& base : configuration->rule_bases) {
        Require(!base.zones.empty());
        for (const Rule& rule : base.rules) {
            for (const Traffic& traffic : rule.traffic) CheckTraffic(base, traffic);
            for (const MemberList& list : rule.members) {
                for (const Member& member : list.members) {
                    for (const Traffic& traffic : member.traffic) CheckTraffic(base, traffic);
                }
            }
            for (const UnknownPart& part : rule.unknown) Require(!part.what.empty());
        }
    }
    for (const UnknownLine& line : configuration->unknown) Require(IsValidUtf8(line.text));
    for (const Item& item : configuration->items) Require(std::ranges::all_of(item.lines, IsValidUtf8));
    return *std::move(configuration);
}

/// Of readers whose rules have numbers or names of the reader's own making.
inline void CheckIds(const Configuration& configuration) {
    for (const RuleBase& base : configuration.rule_bases) {
        for (const Rule& rule : base.rules) Require(!rule.id.empty());
    }
}

/// Of readers that cut or quote what stands in items, so that each of their lines is one.
inline void CheckItemLines(const Configuration& configuration) {
    for (const Item& item : configuration.items) {
        for (const std::string& line : item.lines) Require(line.find('\n') == std::string::npos);
    }
}

inline std::size_t LinesIn(std::string_view text) { return 1 + static_cast<std::size_t>(std::ranges::count(text, '\n')); }

/// Of readers that say where in the text things stand; 0 is what stands nowhere.
inline void CheckLines(const Configuration& configuration, std::string_view text) {
    const std::size_t lines = LinesIn(text);
    for (const RuleBase& base : configuration.rule_bases) {
        Require(base.fallback_line <= lines);
        for (const Rule& rule : base.rules) {
            Require(rule.line <= lines);
            for (const UnknownPart& part : rule.unknown) Require(part.line <= lines);
            for (const MemberList& list : rule.members) {
                for (const Member& member : list.members) Require(member.line <= lines);
            }
        }
    }
    for (const UnknownLine& line : configuration.unknown) Require(line.line <= lines);
    for (const Item& item : configuration.items) Require(item.line <= lines);
    for (const DeviceFact& fact : configuration.facts) Require(fact.line <= lines);
}

}  // namespace opsteward::firewall
