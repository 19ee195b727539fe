// PAN-OS's named objects (PAN-OS Administrator's Guide, "Objects"): addresses, services, schedules, by scope.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "features/firewall/formats/reader_notes.hpp"
#include "features/firewall/formats/rule_parts.hpp"
#include "features/firewall/formats/word_tree.hpp"

namespace opsteward::firewall {

/// A schedule: over for good in whatever time zone the device is, or not.
struct PaloAltoSchedule {
    bool has_ended = false;
};

class PaloAltoObjects {
  public:
    PaloAltoObjects(RangeBudget& budget, ReaderNotes& notes, std::int64_t now);

    AddressBook& addresses() { return addresses_; }
    ServiceBook& services() { return services_; }
    std::size_t AddScope(std::optional<std::size_t> parent);
    void SetParent(std::size_t scope, std::size_t parent);
    /// What a scope's node has of them. Other sections are the caller's.
    void Read(std::size_t scope, WordNode node);
    /// Nothing: no such schedule.
    std::optional<PaloAltoSchedule> FindSchedule(std::size_t scope, std::string_view name) const;

  private:
    void ReadAddress(std::size_t scope, WordNode object);
    void ReadAddressGroup(std::size_t scope, WordNode group);
    void ReadService(std::size_t scope, WordNode object);
    void ReadServiceGroup(std::size_t scope, WordNode group);
    void ReadSchedule(std::size_t scope, WordNode schedule);

    ReaderNotes& notes_;
    std::int64_t now_;
    AddressBook addresses_;
    ServiceBook services_;
    std::vector<std::optional<std::size_t>> parents_;
    std::map<std::pair<std::size_t, std::string>, PaloAltoSchedule, std::less<>> schedules_;
};

/// The words below a node as names.
std::vector<NameRef> NamesBelow(WordNode node);

}  // namespace opsteward::firewall
