// Junos's security policies.
#pragma once

#include <unordered_map>

#include "features/firewall/formats/srx/objects.hpp"

namespace opsteward::firewall {

class SrxPolicies {
  public:
    SrxPolicies(SrxObjects& objects, RangeBudget& budget, RangeBudget& member_budget, ReaderNotes& notes)
        : objects_(objects), budget_(budget), member_budget_(member_budget), notes_(notes) {}

    /// `system`: where `security` stands. Policies between zones, then global ones; what none matches is the default policy's, else denied.
    RuleBase Read(std::string name, WordNode system);

  private:
    struct Draft;
    struct Place {
        std::string_view from;  ///< empty: global
        std::string_view to;
    };

    void ReadZones(WordNode security, RuleBase& base);
    void AddZone(std::string_view name, RuleBase& base);
    NumberSet ZonesOf(const std::vector<NameRef>& names, const RuleBase& base) const;
    Rule ReadPolicy(WordNode policy, const Place& place, const RuleBase& base);
    void ReadMatch(WordNode node, Draft& draft);
    void ReadThen(WordNode node, Draft& draft, Rule& rule);
    void ReadSchedule(WordNode policy, Rule& rule);
    void FillParts(const Draft& draft, const Place& place, const RuleBase& base, Rule& rule);

    SrxObjects& objects_;
    RangeBudget& budget_;
    RangeBudget& member_budget_;
    ReaderNotes& notes_;
    std::unordered_map<std::string, std::uint32_t> zones_;
};

}  // namespace opsteward::firewall
