// What changed from one configuration to another, for people.
#pragma once

#include <string>

#include "base/language.hpp"
#include "features/firewall/analysis/meaning_diff.hpp"
#include "features/firewall/canonical/object_diff.hpp"

namespace opsteward::cli {

/// Objects and rules.
std::string FirewallDifferenceText(const firewall::ConfigurationDifference& difference, Language language);
/// Which traffic of one rule base.
std::string MeaningText(const firewall::RuleBase& before, const firewall::RuleBase& after, const firewall::MeaningDifference& difference, Language language);

}  // namespace opsteward::cli
