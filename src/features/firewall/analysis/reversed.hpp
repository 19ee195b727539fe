// Rules that look turned round: from where their destinations are to where their sources are.
#pragma once

#include <optional>
#include <vector>

#include "features/firewall/model/configuration.hpp"

namespace opsteward::firewall {

/// What lies behind the zones of a rule base, where that is known in full: of a zone each of whose interfaces has networks; and of the zone by which the
/// default route leaves, if it leaves by no other one of the scope: all that lies behind none of the others, but for addresses that no route leads to
/// (multicast, link-local, loopback). FortiOS's interfaces of a zone have what the zone has.
class KnownNetworks {
  public:
    KnownNetworks(const RuleBase& base, const std::vector<ZoneNetworks>& networks);

    /// Nothing: not known, for packets of the family.
    const Ipv4Set* Ipv4Of(std::uint32_t zone) const { return ipv4_.Of(zone); }
    const Ipv6Set* Ipv6Of(std::uint32_t zone) const { return ipv6_.Of(zone); }
    /// Behind one of the zones that are known, whichever it is.
    const Ipv4Set& AnywhereIpv4() const { return ipv4_.anywhere; }
    const Ipv6Set& AnywhereIpv6() const { return ipv6_.anywhere; }
    std::size_t zones() const { return ipv4_.place_of_zone.size(); }
    bool is_empty() const { return ipv4_.sets.empty() && ipv6_.sets.empty(); }

  private:
    template <typename Set>
    struct OfFamily {
        std::vector<Set> sets;
        std::vector<std::optional<std::size_t>> place_of_zone;  ///< in `sets`
        Set anywhere;

        const Set* Of(std::uint32_t zone) const { return zone < place_of_zone.size() && place_of_zone[zone] ? &sets[*place_of_zone[zone]] : nullptr; }
    };

    template <typename Set>
    static void Fill(const RuleBase& base, const std::vector<const ZoneNetworks*>& networks, NetworksBehind<Set> ZoneNetworks::* behind, const Set& nowhere,
                     OfFamily<Set>& into);

    OfFamily<Ipv4Set> ipv4_;
    OfFamily<Ipv6Set> ipv6_;
};

/// Whether no packet that takes the way the networks say matches the rule, and all would if its zones changed places: its sources lie behind its outgoing zones
/// and none behind its incoming ones, its destinations the other way round. Of a rule with all zones on one side the other decides: its destinations lie behind
/// the incoming zone and its sources behind others, or its sources behind the outgoing zone and its destinations behind others.
/// False where one of the zones that it names is not known, for all zones on both sides, for any address, and where the answer would take more than
/// kMaxReversedSteps. What unknown parts ask for narrows the rule and changes nothing. Addresses are as the rule matches them: a translation is of one side
/// alone, and the other keeps a right rule from looking so.
bool LooksReversed(const Rule& rule, const KnownNetworks& networks);
inline constexpr std::size_t kMaxReversedSteps = 100'000;  ///< of one product: zones and ranges that are looked at

/// Places of active rules that look so, ascending. None of a rule base about the device's own packets.
std::vector<std::size_t> FindReversedRules(const RuleBase& base, const std::vector<ZoneNetworks>& networks);

}  // namespace opsteward::firewall
