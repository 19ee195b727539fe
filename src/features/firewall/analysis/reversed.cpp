#include "features/firewall/analysis/reversed.hpp"

#include <algorithm>
#include <ranges>
#include <unordered_map>

namespace opsteward::firewall {

namespace {

template <typename Set>
using RangeOf = std::ranges::range_value_t<decltype(std::declval<const Set&>().ranges())>;

/// 0.0.0.0/8, 127.0.0.0/8, 169.254.0.0/16, 224.0.0.0/3 (RFC 6890, RFC 5771).
Ipv4Set NowhereIpv4() {
    return Ipv4Set(std::vector<Range<std::uint32_t>>{
        {0x0000'0000, 0x00FF'FFFF}, {0x7F00'0000, 0x7FFF'FFFF}, {0xA9FE'0000, 0xA9FE'FFFF}, {0xE000'0000, 0xFFFF'FFFF}});
}

/// ::/127, fe80::/10, ff00::/8 (RFC 4291).
Ipv6Set NowhereIpv6() {
    return Ipv6Set(std::vector<Range<Uint128>>{{0, 1}, {Uint128{0xFE80} << 112, (Uint128{0xFEC0} << 112) - 1}, {Uint128{0xFF00} << 112, Ipv6Set::kMax}});
}

bool IsOfScope(const RuleBase& base, const std::string& scope) {
    return scope.empty() || base.name == scope || (base.name.starts_with(scope) && base.name[scope.size()] == '/');
}

/// What lies behind some zones, as sets of each of them: they may be large and are asked about for every rule.
template <typename Set>
class Side {
  public:
    /// False: one of the zones is not known, or they are too many.
    template <typename OfZone>
    bool Take(const NumberSet& zones, OfZone of_zone) {
        for (const auto& range : zones.ranges()) {
            for (std::uint32_t zone = range.first; zone <= range.last; ++zone) {
                const Set* const set = of_zone(zone);
                if (set == nullptr || ++steps_ > kMaxReversedSteps) return false;
                if (sets_.empty() || sets_.back() != set) sets_.push_back(set);
            }
        }
        std::ranges::sort(sets_);
        const auto again = std::ranges::unique(sets_);
        sets_.erase(again.begin(), again.end());
        return true;
    }
    void Take(const Set& set) { sets_.push_back(&set); }

    /// Whether all of `wanted` lie behind them; false too when that takes too many steps.
    bool HasAll(const Set& wanted) {
        for (const auto& range : wanted.ranges()) {
            for (auto next = range.first;;) {
                auto last = next;
                bool is_behind = false;
                for (const Set* const set : sets_) {
                    const RangeOf<Set>* const found = Find(*set, next);
                    is_behind = is_behind || found != nullptr;
                    if (found != nullptr) last = std::max(last, found->last);
                }
                steps_ += sets_.size();
                if (!is_behind || steps_ > kMaxReversedSteps) return false;
                if (last >= range.last) break;
                next = static_cast<decltype(next)>(last + 1);
            }
        }
        return true;
    }
    /// Whether some of `unwanted` lie behind them; true too when that takes too many steps.
    bool HasSome(const Set& unwanted) {
        for (const auto& range : unwanted.ranges()) {
            steps_ += sets_.size();
            if (steps_ > kMaxReversedSteps) return true;
            const auto reaches = [&range](const Set* set) {
                const auto after = std::ranges::upper_bound(set->ranges(), range.last, {}, [](const auto& one) { return one.first; });
                return after != set->ranges().begin() && std::prev(after)->last >= range.first;
            };
            if (std::ranges::any_of(sets_, reaches)) return true;
        }
        return false;
    }

  private:
    /// The range that has it.
    static const RangeOf<Set>* Find(const Set& set, const auto& value) {
        const auto after = std::ranges::upper_bound(set.ranges(), value, {}, [](const auto& one) { return one.first; });
        return after != set.ranges().begin() && std::prev(after)->last >= value ? &*std::prev(after) : nullptr;
    }

    std::vector<const Set*> sets_;
    std::size_t steps_ = 0;
};

/// `of_zone`: what lies behind a zone, null where it is not known; `anywhere`: behind any of them.
template <typename Set, typename OfZone>
bool IsReversed(const Traffic& traffic, const Set& source, const Set& destination, std::size_t zones, OfZone of_zone, const Set& anywhere) {
    if (source.IsAll() || destination.IsAll()) return false;
    const NumberSet all(0, static_cast<std::uint32_t>(zones - 1));
    const bool names_in = traffic.in != all;
    const bool names_out = traffic.out != all;
    Side<Set> behind_in;
    Side<Set> behind_out;
    if ((!names_in && !names_out) || (names_in && !behind_in.Take(traffic.in, of_zone)) || (names_out && !behind_out.Take(traffic.out, of_zone))) return false;
    // What lies behind some zone and not behind the one that is named lies behind others.
    if (!names_in) behind_in.Take(anywhere);
    if (!names_out) behind_out.Take(anywhere);
    if (!behind_in.HasAll(destination) || !behind_out.HasAll(source)) return false;
    return !(names_in && behind_in.HasSome(source)) && !(names_out && behind_out.HasSome(destination));
}

bool MatchesNothing(const Traffic& traffic) {
    return traffic.family == Family::kIpv4 ? traffic.source4.empty() || traffic.destination4.empty() : traffic.source6.empty() || traffic.destination6.empty();
}

}  // namespace

template <typename Set>
void KnownNetworks::Fill(const RuleBase& base, const std::vector<const ZoneNetworks*>& networks, NetworksBehind<Set> ZoneNetworks::* behind, const Set& nowhere,
                         OfFamily<Set>& into) {
    const auto has_default = [behind](const ZoneNetworks* zone) { return (zone->*behind).has_default; };
    const bool is_one = std::ranges::count_if(networks, has_default) == 1;
    const auto is_outside = [&](const ZoneNetworks* zone) { return is_one && has_default(zone); };
    const auto append = [](const Set& set, auto& ranges) { ranges.insert(ranges.end(), set.ranges().begin(), set.ranges().end()); };
    std::vector<RangeOf<Set>> not_outside;
    append(nowhere, not_outside);
    std::vector<std::pair<const ZoneNetworks*, std::size_t>> known;
    for (const ZoneNetworks* const zone : networks) {
        if (!is_outside(zone)) append((zone->*behind).networks, not_outside);
        if (zone->zone.empty() || !(is_outside(zone) || (zone->*behind).is_whole)) continue;
        known.emplace_back(zone, into.sets.size());
        into.sets.push_back((zone->*behind).networks);
    }
    const auto outside = std::ranges::find_if(known, is_outside, &decltype(known)::value_type::first);
    if (outside != known.end()) into.sets[outside->second] = Set(std::move(not_outside)).Complement();
    std::vector<RangeOf<Set>> anywhere;
    for (const Set& set : into.sets) append(set, anywhere);
    into.anywhere = Set(std::move(anywhere));
    into.place_of_zone.resize(base.zones.size());
    std::unordered_map<std::string_view, std::uint32_t> numbers;
    for (std::uint32_t zone = 0; zone < base.zones.size(); ++zone) numbers.try_emplace(base.zones[zone], zone);
    const auto tell = [&](const std::string& name, std::size_t place) {
        const auto zone = numbers.find(name);
        if (zone != numbers.end() && !into.place_of_zone[zone->second]) into.place_of_zone[zone->second] = place;
    };
    // A zone's own name comes before the same name of another one's interface.
    for (const auto& [zone, place] : known) tell(zone->zone, place);
    for (const auto& [zone, place] : known) {
        for (const std::string& interface : zone->interfaces) tell(interface, place);
    }
}

KnownNetworks::KnownNetworks(const RuleBase& base, const std::vector<ZoneNetworks>& networks) {
    std::vector<const ZoneNetworks*> of_scope;
    for (const ZoneNetworks& zone : networks) {
        if (IsOfScope(base, zone.scope)) of_scope.push_back(&zone);
    }
    Fill(base, of_scope, &ZoneNetworks::ipv4, NowhereIpv4(), ipv4_);
    Fill(base, of_scope, &ZoneNetworks::ipv6, NowhereIpv6(), ipv6_);
}

bool LooksReversed(const Rule& rule, const KnownNetworks& networks) {
    bool is_reversed = false;
    for (const Traffic& traffic : rule.traffic) {
        if (MatchesNothing(traffic)) continue;
        const auto ipv4_of = [&networks](std::uint32_t zone) { return networks.Ipv4Of(zone); };
        const auto ipv6_of = [&networks](std::uint32_t zone) { return networks.Ipv6Of(zone); };
        is_reversed = traffic.family == Family::kIpv4
                          ? IsReversed(traffic, traffic.source4, traffic.destination4, networks.zones(), ipv4_of, networks.AnywhereIpv4())
                          : IsReversed(traffic, traffic.source6, traffic.destination6, networks.zones(), ipv6_of, networks.AnywhereIpv6());
        if (!is_reversed) return false;
    }
    return is_reversed;
}

std::vector<std::size_t> FindReversedRules(const RuleBase& base, const std::vector<ZoneNetworks>& networks) {
    std::vector<std::size_t> reversed;
    if (base.way != Way::kThrough) return reversed;
    const KnownNetworks known(base, networks);
    if (known.is_empty()) return reversed;
    for (std::size_t i = 0; i < base.rules.size(); ++i) {
        if (base.rules[i].IsActive() && LooksReversed(base.rules[i], known)) reversed.push_back(i);
    }
    return reversed;
}

}  // namespace opsteward::firewall
