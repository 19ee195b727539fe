// What pf counts of the rules of OPNsense and pfSense.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "features/firewall/formats/hit_counts.hpp"

namespace opsteward::firewall {

/// Counters by the rules' labels, from one of these, or several behind each other:
/// - `pfctl -vvsr`: a rule a line, with its labels and, below, "[ Evaluations: … Packets: … Bytes: … States: … ]" (pfctl(8));
/// - OPNsense's /tmp/rules.debug, which tells a label's rule by the description behind it, for labels that are hashes;
/// - the answer of OPNsense's API rule_stats: {"stats": {"label": {"packets": …, "bytes": …, "states": …}}}.
/// A label is a rule's UUID, its tracker ("ridentifier"), or its description ("USER_RULE: …") where only one rule has that. Several of pf's rules with one
/// label are added up. Counters of the product's own rules are passed over; rules of users that the configuration does not have are `unknown`. kInvalidInput:
/// no such counters.
Result<HitCounts> ReadOpnsenseHitCounts(std::string_view text, const Configuration& configuration);

}  // namespace opsteward::firewall
