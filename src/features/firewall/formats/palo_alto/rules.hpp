// PAN-OS's security rules (PAN-OS Administrator's Guide, "Security Policy"; "Components of a Security Policy Rule").
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "features/firewall/formats/palo_alto/objects.hpp"
#include "features/firewall/formats/reader_notes.hpp"
#include "features/firewall/formats/rule_parts.hpp"

namespace opsteward::firewall {

/// Numbers of zones by name.
class PaloAltoZones {
  public:
    /// Without the zones told, a rule can meet others: "*" stands for one of them and "**" for another, so that what goes from one to another and what stays
    /// within one are told apart.
    explicit PaloAltoZones(bool has_others);

    void Add(std::string_view name);
    /// "any" is all. Names not added are none.
    NumberSet NumbersOf(const std::vector<NameRef>& names) const;
    const std::vector<std::string>& names() const { return names_; }

  private:
    std::vector<std::string> names_;
    std::unordered_map<std::string, std::uint32_t> numbers_;
};

/// The rules of one rulebase's place: its scope decides which objects names mean.
struct PaloAltoRulebase {
    WordNode node;  ///< rulebase, pre-rulebase or post-rulebase
    std::size_t scope = 0;
};

class PaloAltoRules {
  public:
    PaloAltoRules(PaloAltoObjects& objects, RangeBudget& budget, ReaderNotes& notes, const ReadBounds& bounds);

    /// Those of all rulebases in their order, then intrazone-default and interzone-default as the most specific rulebase has them, else as PAN-OS has them.
    /// `zones`: those that the file tells; none: not told.
    RuleBase Read(std::string name, const std::vector<std::string>& zones, const std::vector<PaloAltoRulebase>& rulebases);

  private:
    struct Draft;

    Rule ReadRule(WordNode node, std::size_t scope, const PaloAltoZones& zones);
    void ReadKeys(WordNode node, Draft& draft);
    bool ReadValue(WordNode key, Draft& draft);
    void Judge(const Draft& draft, std::size_t scope, Rule& rule);
    Rule ReadDefault(std::string_view name, const std::vector<PaloAltoRulebase>& rulebases, const PaloAltoZones& zones);

    PaloAltoObjects& objects_;
    RangeBudget& budget_;
    RangeBudget member_budget_;
    ReaderNotes& notes_;
};

}  // namespace opsteward::firewall
