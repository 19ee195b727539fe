// FortiOS's addresses, services, virtual IPs, schedules and zones of one VDOM, as sets.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "features/firewall/formats/fortigate/tree.hpp"
#include "features/firewall/formats/readers.hpp"
#include "features/firewall/model/rule_base.hpp"

namespace opsteward::firewall {

/// Adds `part` unless one like it is there or there are many.
void AddUnknownPart(std::vector<UnknownPart>& parts, UnknownPart part);

/// How many ranges and members may come of one configuration: groups within groups make more of them than the text has bytes.
struct FortigateBudget {
    explicit FortigateBudget(const ReadBounds& bounds) : ranges(bounds.ranges), member_ranges(bounds.member_ranges), members(bounds.members) {}

    std::size_t ranges;
    std::size_t member_ranges;
    std::size_t members;
    std::size_t members_left_out = 0;
    bool is_used_up = false;

    void TakeRanges(std::size_t count) {
        is_used_up = is_used_up || count > ranges;
        ranges -= std::min(count, ranges);
    }
};

/// Destination translation: what comes to `external` on one of `interfaces` goes on to `mapped`; policies see it by its name only.
struct FortigateVip {
    std::string name;
    std::uint32_t line = 0;
    bool is_enabled = true;
    Ipv4Set external4;
    Ipv6Set external6;
    Ipv4Set mapped4;
    Ipv6Set mapped6;
    Ipv4Set source4 = Ipv4Set::All();  ///< src-filter
    Ipv6Set source6 = Ipv6Set::All();
    std::string interface;             ///< empty: any
    NumberSet services = AllServices();  ///< before translation
    bool forwards_ports = false;
    NumberSet mapped_services;         ///< after translation, with forwards_ports
    std::int64_t port_shift = 0;       ///< service before translation = service after it + port_shift, within one protocol
    bool is_many_to_one = false;       ///< all of `services` become the single one of `mapped_services`
    std::vector<UnknownPart> unknown;
};

/// An unknown part makes the set everything of its family, so that a union with it stays right.
struct FortigateAddress {
    Ipv4Set v4;
    Ipv6Set v6;
    std::vector<const FortigateVip*> vips;
    std::vector<UnknownPart> unknown;
    std::vector<std::pair<std::string, std::uint32_t>> members;  ///< of a group, as written, with the line
    bool has_exclusions = false;  ///< a group that takes some away from what its members are
    std::uint32_t line = 0;
};

/// One product of a service: most have one with all source ports.
struct FortigateServicePart {
    NumberSet services;
    NumberSet source_ports = AllPorts();
};
struct FortigateService {
    std::vector<FortigateServicePart> parts;  ///< a union; those with equal source ports are one
    std::vector<UnknownPart> unknown;
    std::vector<std::pair<std::string, std::uint32_t>> members;
    std::uint32_t line = 0;

    /// What it does not match. Over-approximated with an unknown part where that needs too many products.
    FortigateService Negated() const;
};

/// Collects products and makes each set once, so that time grows with the number of ranges.
class FortigateServiceBuilder {
  public:
    /// Beyond 64 different sets of source ports: over-approximated with an unknown part.
    void Add(std::span<const Range<std::uint32_t>> services, const NumberSet& source_ports);
    void Add(const NumberSet& services, const NumberSet& source_ports) { Add(services.ranges(), source_ports); }
    void Add(const FortigateService& other);
    void AddUnknown(UnknownPart part) { AddUnknownPart(service_.unknown, std::move(part)); }
    FortigateService Build();

  private:
    struct Collected {
        NumberSet source_ports;
        std::vector<Range<std::uint32_t>> services;
    };
    FortigateService service_;
    std::vector<Collected> collected_;
};

enum class FortigateSchedule : std::uint8_t { kAlways, kEnded, kUnknown };

class FortigateObjects {
  public:
    /// `scopes`: where sections are looked for, the VDOM's own first. `tree` and `budget` must outlive it.
    FortigateObjects(const FortigateTree& tree, std::vector<FortigateNodeId> scopes, std::int64_t now, FortigateBudget& budget);

    /// Of firewall address and addrgrp, vip and vipgrp, or their namesakes with a 6. A name that nothing explains is everything, with an unknown part.
    const FortigateAddress& Address(Family family, const std::string& name);
    const FortigateService& Service(const std::string& name);
    FortigateSchedule Schedule(const std::string& name);
    /// Section of that name in the first scope that has it, or kNoFortigateNode.
    FortigateNodeId Section(std::string_view name) const;
    /// Entry of a section in any of the scopes.
    FortigateNodeId Entry(std::string_view section, const std::string& name) const;
    const FortigateTree& tree() const { return tree_; }

  private:
    FortigateAddress ReadAddress(Family family, const std::string& name);
    FortigateAddress ReadGroup(Family family, FortigateNodeId node);
    void ReadAddressEntry(Family family, const std::string& name, FortigateNodeId node, FortigateAddress& address);
    const FortigateVip* ReadVip(Family family, const std::string& name, FortigateNodeId node);
    FortigateService ReadService(const std::string& name);
    FortigateSchedule ReadSchedule(const std::string& name, std::size_t depth);

    const FortigateTree& tree_;
    std::vector<FortigateNodeId> scopes_;
    std::int64_t now_;
    FortigateBudget& budget_;
    std::unordered_map<std::string, FortigateAddress> addresses4_;
    std::unordered_map<std::string, FortigateAddress> addresses6_;
    std::unordered_map<std::string, FortigateService> services_;
    std::unordered_map<std::string, FortigateSchedule> schedules_;
    std::vector<std::unique_ptr<FortigateVip>> vips_;
    std::size_t depth_ = 0;
};

/// "80", "80-90". Nothing when it is none.
std::optional<Range<std::uint32_t>> FortigatePorts(std::string_view text);
/// One custom service, its commands in the order of the file, as changing the protocol forgets what was set for another one.
FortigateService ReadFortigateCustomService(const FortigateTree& tree, FortigateNodeId node);
/// One virtual IP.
FortigateVip ReadFortigateVip(Family family, const FortigateTree& tree, FortigateNodeId node);
/// "2024/12/31" and "23:59" as the last moment at which it is still that time somewhere on the earth, in seconds since 1970; nothing when it is no time.
std::optional<std::int64_t> LatestMomentOf(std::string_view date, std::string_view time);

}  // namespace opsteward::firewall
