// Junos's named objects: addresses of address books, applications, schedulers (Junos OS Security Policies User Guide).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "features/firewall/formats/reader_notes.hpp"
#include "features/firewall/formats/rule_parts.hpp"

namespace opsteward::firewall {

/// The children that are in force: not inactive.
std::vector<WordNode> ActiveChildren(WordNode node);
/// The child of that word, where it is in force.
WordNode ActiveChild(WordNode node, std::string_view word);

/// Of one logical system or tenant, or of the device.
class SrxObjects {
  public:
    SrxObjects(RangeBudget& budget, ReaderNotes& notes, std::int64_t now);

    void Read(WordNode system);
    AddressBook& addresses() { return addresses_; }
    ServiceBook& applications() { return applications_; }
    std::size_t application_scope() const { return 0; }
    /// Of a zone's addresses; those of the global book for a zone without its own, and for "".
    std::size_t ScopeOfZone(std::string_view zone) const;
    /// Over for good in whatever time zone the device is. Nothing: no such scheduler.
    std::optional<bool> HasEnded(std::string_view scheduler) const;

  private:
    void ReadBook(std::size_t scope, WordNode book);
    void ReadAddress(std::size_t scope, WordNode object);
    void ReadApplication(WordNode application);
    ServiceMatch ReadTerm(WordNode term, bool& has_terms);
    void ReadScheduler(WordNode scheduler);

    ReaderNotes& notes_;
    std::int64_t now_;
    AddressBook addresses_;
    ServiceBook applications_;
    std::map<std::string, std::size_t, std::less<>> zone_scopes_;
    std::map<std::string, bool, std::less<>> schedulers_;
};

}  // namespace opsteward::firewall
