#include "features/firewall/analysis/zone_map.hpp"

#include <map>
#include <set>
#include <string_view>

namespace opsteward::firewall {

namespace {

class ZoneMap {
  public:
    ZoneMap(const RuleBase& base, const std::vector<std::string>& zones) : all_(base.AllZones()), targets_(base.zones.size()) {
        std::map<std::string_view, std::uint32_t> numbers;
        for (std::uint32_t zone = 0; zone < zones.size(); ++zone) {
            numbers.emplace(zones[zone], zone);
            all_targets_.push_back({zone, zone});
        }
        const std::set<std::string_view> own(base.zones.begin(), base.zones.end());
        for (std::size_t zone = 0; zone < base.zones.size(); ++zone) {
            const std::uint32_t target = numbers.at(base.zones[zone]);
            targets_[zone].push_back({target, target});
            if (base.zones[zone] != "*") continue;
            for (const auto& [name, number] : numbers) {
                if (!own.contains(name)) targets_[zone].push_back({number, number});
            }
        }
    }

    NumberSet Map(const NumberSet& set) const {
        if (set.Covers(all_)) return NumberSet(all_targets_);
        std::vector<Range<std::uint32_t>> mapped;
        for (const auto& range : set.ranges()) {
            for (std::uint64_t zone = range.first; zone <= range.last && zone < targets_.size(); ++zone)
                mapped.insert(mapped.end(), targets_[zone].begin(), targets_[zone].end());
        }
        return NumberSet(std::move(mapped));
    }

  private:
    NumberSet all_;
    std::vector<std::vector<Range<std::uint32_t>>> targets_;
    std::vector<Range<std::uint32_t>> all_targets_;
};

}  // namespace

std::vector<std::string> ZonesOfBoth(const RuleBase& before, const RuleBase& after) {
    std::vector<std::string> zones = before.zones;
    std::set<std::string_view> known(before.zones.begin(), before.zones.end());
    for (const std::string& zone : after.zones) {
        if (known.insert(zone).second) zones.push_back(zone);
    }
    return zones;
}

RuleBase WithZones(const RuleBase& base, const std::vector<std::string>& zones) {
    RuleBase mapped = base;
    mapped.zones = zones;
    if (base.zones == zones) return mapped;
    const ZoneMap map(base, zones);
    const auto renumber = [&map](std::vector<Traffic>& all) {
        for (Traffic& traffic : all) {
            traffic.in = map.Map(traffic.in);
            traffic.out = map.Map(traffic.out);
        }
    };
    for (Rule& rule : mapped.rules) {
        renumber(rule.traffic);
        for (MemberList& list : rule.members) {
            for (Member& member : list.members) renumber(member.traffic);
        }
    }
    return mapped;
}

}  // namespace opsteward::firewall
