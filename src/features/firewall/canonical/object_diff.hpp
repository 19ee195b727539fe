// What changed from one configuration to another, per object and rule.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "features/firewall/model/configuration.hpp"

namespace opsteward::firewall {

/// One setting of an object or rule: "set member", with the words that came and went; or whole lines, with no name.
struct DetailChange {
    std::string setting;
    std::vector<std::string> removed;
    std::vector<std::string> added;

    bool operator==(const DetailChange&) const = default;
};

enum class ChangeKind { kAdded, kRemoved, kChanged };
/// "added", "removed" or "changed".
std::string_view NameOf(ChangeKind kind);

struct ItemChange {
    ChangeKind change = ChangeKind::kChanged;
    std::string kind;
    std::string name;
    std::size_t line_before = 0;  ///< 0: not there
    std::size_t line_after = 0;
    std::vector<DetailChange> details;

    bool operator==(const ItemChange&) const = default;
};

struct RuleChange {
    ChangeKind change = ChangeKind::kChanged;
    std::string rule_base;
    std::string id;
    std::string uuid;
    std::string name;
    std::size_t line_before = 0;
    std::size_t line_after = 0;
    std::optional<std::size_t> place_before;  ///< from 0, in its rule base
    std::optional<std::size_t> place_after;
    bool has_moved = false;    ///< against the rules that stayed in order
    bool was_enabled = false;  ///< and was not before
    bool was_disabled = false;
    bool has_ended = false;    ///< its schedule has, since
    /// Its traffic, action or logging is another one. Without details: by an object that it names.
    bool matches_differently = false;
    std::vector<DetailChange> details;

    bool operator==(const RuleChange&) const = default;
};

struct ConfigurationDifference {
    std::vector<ItemChange> items;  ///< in the order of the later configuration, those removed last
    std::vector<RuleChange> rules;
    std::vector<std::string> rule_bases_added;
    std::vector<std::string> rule_bases_removed;

    bool IsEmpty() const { return items.empty() && rules.empty() && rule_bases_added.empty() && rule_bases_removed.empty(); }
};

/// Items are the same by kind and name, rules by uuid, or by id where either has none or the uuid is not found. Lines of the file alone make no difference.
/// n log n in the number of items and rules.
ConfigurationDifference DiffConfigurations(const Configuration& before, const Configuration& after);

/// Two sets of lines, order apart: lines with the same first two words become one detail with the words that differ.
std::vector<DetailChange> DiffDetails(const std::vector<std::string>& before, const std::vector<std::string>& after);

}  // namespace opsteward::firewall
