// What changed from one configuration to another, as JSON (docs/formats/firewall-answers.md).
#pragma once

#include "base/json.hpp"
#include "features/firewall/analysis/meaning_diff.hpp"
#include "features/firewall/canonical/object_diff.hpp"

namespace opsteward::firewall {

/// {"items", "rules", "rule_bases_added", "rule_bases_removed"}.
json::object ToJson(const ConfigurationDifference& difference);
/// {"rule_base", "is_complete", "changes": [{"before", "after", "was_allowed", "is_conditional", "traffic", "packet"}]}.
json::object ToJson(const RuleBase& before, const RuleBase& after, const MeaningDifference& difference);

}  // namespace opsteward::firewall
