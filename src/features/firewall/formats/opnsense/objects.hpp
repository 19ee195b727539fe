// What rules of OPNsense and pfSense name: interfaces and their groups, aliases, schedules.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "features/firewall/formats/opnsense/xml.hpp"
#include "features/firewall/formats/reader_notes.hpp"
#include "features/firewall/formats/rule_parts.hpp"

namespace opsteward::firewall {

class OpnsenseObjects {
  public:
    OpnsenseObjects(const OpnsenseXml& xml, RangeBudget& budget, ReaderNotes& notes);

    void Read();

    AddressBook& addresses() { return addresses_; }
    /// Of ports alone: as services of TCP.
    ServiceBook& ports() { return ports_; }

    /// Adds what a rule names; before NumberZones.
    void AddZones(std::string_view interfaces);
    void NumberZones();
    const std::vector<std::string>& zones() const { return zone_names_; }
    NumberSet AllZones() const { return NumberSet(0, static_cast<std::uint32_t>(zone_names_.size() - 1)); }
    /// "lan,opt1", with groups as their members; all for "".
    NumberSet ZonesOf(std::string_view interfaces) const;
    bool IsGroup(std::string_view name) const { return groups_.contains(std::string(name)); }
    bool HasSchedule(std::string_view name) const { return schedules_.contains(std::string(name)); }

  private:
    void ReadInterfaces();
    void ReadAlias(pugi::xml_node alias, std::string_view content);
    std::optional<AddressMatch> AddressOf(const NameRef& ref) const;
    std::optional<ServiceMatch> PortsOf(const NameRef& ref) const;
    AddressMatch NetworkOf(pugi::xml_node interface, bool is_host) const;

    const OpnsenseXml& xml_;
    ReaderNotes& notes_;
    AddressBook addresses_;
    ServiceBook ports_;
    std::map<std::string, pugi::xml_node, std::less<>> interfaces_;
    std::unordered_map<std::string, std::vector<std::string>> groups_;
    std::unordered_map<std::string, NumberSet> group_zones_;
    std::set<std::string> schedules_;
    std::map<std::string, std::uint32_t, std::less<>> zones_;
    std::vector<std::string> zone_names_;
};

/// Words parted by commas, blanks or line ends.
std::vector<std::string_view> OpnsenseList(std::string_view text);

}  // namespace opsteward::firewall
