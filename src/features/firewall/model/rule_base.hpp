// A rule base as every vendor's becomes one: rules in the order in which they are asked, the first that matches decides. A rule's match is a product of sets,
// never expanded.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "features/firewall/model/range_set.hpp"

namespace opsteward::firewall {

/// Protocol and what it has instead of ports, in 24 bits: TCP, UDP, SCTP, DCCP, UDP-Lite have the destination port; ICMP and ICMPv6 type << 8 | code; all others
/// have 0 … 65535 of which none means anything, so they are matched by the whole range.
constexpr std::uint32_t ServiceKey(std::uint8_t protocol, std::uint16_t port) { return std::uint32_t{protocol} << 16 | port; }
inline constexpr std::uint32_t kLastService = 0xFF'FFFF;
inline constexpr std::uint32_t kLastPort = 0xFFFF;
/// All services of a protocol.
inline NumberSet ServicesOf(std::uint8_t protocol) { return NumberSet(ServiceKey(protocol, 0), ServiceKey(protocol, 0xFFFF)); }
inline NumberSet AllServices() { return NumberSet(0, kLastService); }
inline NumberSet AllPorts() { return NumberSet(0, kLastPort); }

/// States of a connection, where the vendor matches them; each a number of `states`.
enum class ConnectionState : std::uint8_t { kNew = 0, kEstablished = 1, kRelated = 2, kInvalid = 3, kUntracked = 4 };
inline constexpr std::uint32_t kLastState = 4;
inline NumberSet AllStates() { return NumberSet(0, kLastState); }

enum class Family : std::uint8_t { kIpv4, kIpv6 };

/// One product of sets. Of the addresses those of its family count; the other two are empty.
struct Traffic {
    Family family = Family::kIpv4;
    NumberSet in;   ///< numbers of zones (RuleBase::zones); of all: 0 … zones.size() - 1
    NumberSet out;
    Ipv4Set source4;
    Ipv4Set destination4;
    Ipv6Set source6;
    Ipv6Set destination6;
    NumberSet services = AllServices();
    NumberSet source_ports = AllPorts();
    NumberSet states = AllStates();

    bool operator==(const Traffic&) const = default;
};

/// Something that a rule asks for and that the model has no dimension for: a schedule that goes on, a name, a country, an application, a user, a rate. The
/// rule may match less than its traffic says, so it never covers another one.
struct UnknownPart {
    std::string what;  ///< "schedule", "fqdn", "geography", "application", "user", "mac", "rate", "nat", "state", "interface", "other"
    std::string text;  ///< as the configuration writes it
    std::size_t line = 0;

    bool operator==(const UnknownPart&) const = default;
};

enum class Action : std::uint8_t { kAccept, kDeny, kReject };
/// "accept", "deny" or "reject".
std::string_view NameOf(Action action);
/// Deny and reject both keep a packet out.
constexpr bool LetsThrough(Action action) { return action == Action::kAccept; }

/// What a group, or a list in a rule, is made of; for finding members that never matter.
struct Member {
    std::string name;
    std::size_t line = 0;
    std::vector<Traffic> traffic;  ///< the rule's traffic if it had this member alone in this place

    bool operator==(const Member&) const = default;
};
struct MemberList {
    std::string where;  ///< "source", "destination", "service", with the group's name behind it where it is one: "source:GRP_SERVERS"
    std::vector<Member> members;

    bool operator==(const MemberList&) const = default;
};

struct RuleCounter {
    std::optional<std::uint64_t> hits;   ///< packets or sessions, as the vendor counts
    std::optional<std::uint64_t> bytes;
    std::optional<std::int64_t> first_hit;  ///< seconds since 1970-01-01T00:00:00Z
    std::optional<std::int64_t> last_hit;
    std::optional<std::int64_t> last_reset;
    std::optional<std::int64_t> created;
    std::optional<std::uint64_t> active_sessions;

    bool operator==(const RuleCounter&) const = default;
};

struct Rule {
    std::string id;       ///< as the vendor identifies it: "17", a name, "FORWARD:3"
    std::string uuid;     ///< where there is one: ids are used again, uuids are not
    std::string name;
    std::string comment;
    std::string text;     ///< as the configuration writes it, for people
    std::size_t line = 0;
    Action action = Action::kDeny;
    bool is_enabled = true;
    bool has_ended = false;  ///< its schedule is over: it matches nothing
    bool is_logged = false;
    std::vector<Traffic> traffic;  ///< the union of these; families apart, and parts where a chain returned before it. Empty: it can match nothing
    std::vector<UnknownPart> unknown;
    std::vector<MemberList> members;
    std::optional<RuleCounter> counter;  ///< none: it has none, which is not zero

    /// Whether it decides of packets at all.
    bool IsActive() const { return is_enabled && !has_ended; }
    bool operator==(const Rule&) const = default;
};

/// What becomes of the packets that a rule base is asked about.
enum class Way : std::uint8_t {
    kThrough,     ///< they go through the device, or its format does not tell them apart
    kToDevice,    ///< they come to the device itself
    kFromDevice,  ///< they are the device's own
};
/// "through", "to_device" or "from_device".
std::string_view NameOf(Way way);

struct RuleBase {
    std::string name;                ///< VDOM, access list, rulebase, chain
    Way way = Way::kThrough;
    std::optional<Family> family = {};  ///< of all packets that it is asked about; none: it sees both
    std::vector<std::string> zones;  ///< interfaces or zones; their place is their number. At least one
    std::vector<Rule> rules;
    Action fallback = Action::kDeny;  ///< what no rule matches
    std::size_t fallback_line = 0;    ///< 0: the vendor's own

    std::optional<std::uint32_t> ZoneNumber(std::string_view zone) const;
    /// Where packets of an interface belong: its own zone; else the longest one that stands for names beginning so ("eth+", "eth*"); else "*".
    std::optional<std::uint32_t> ZoneOfInterface(std::string_view interface) const;
    NumberSet AllZones() const { return NumberSet(0, static_cast<std::uint32_t>(zones.empty() ? 0 : zones.size() - 1)); }
    bool operator==(const RuleBase&) const = default;
};

/// Where ports that nobody registered begin (RFC 6335 section 6): one that connections may come from.
inline constexpr std::uint32_t kUsualSourcePort = 49152;

/// One packet.
struct Packet {
    Family family = Family::kIpv4;
    std::uint32_t in = 0;
    std::uint32_t out = 0;
    std::uint32_t source4 = 0;
    std::uint32_t destination4 = 0;
    Uint128 source6 = 0;
    Uint128 destination6 = 0;
    std::uint32_t service = 0;
    std::uint32_t source_port = 0;
    std::uint32_t state = 0;

    bool operator==(const Packet&) const = default;
};

bool Matches(const Traffic& traffic, const Packet& packet);
/// Of its traffic alone, whatever its unknown parts ask for; false for a rule that is not active.
bool Matches(const Rule& rule, const Packet& packet);

}  // namespace opsteward::firewall
