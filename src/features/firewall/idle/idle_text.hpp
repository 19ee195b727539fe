// The sentences of a verdict, in both languages.
#pragma once

#include <vector>

#include "features/firewall/idle/idle_verdict.hpp"

namespace opsteward::firewall {

Text ReasonOf(const IdleVerdict& verdict, const IdleOptions& options);
Text TextOf(const Use& use);
/// Rows for everything that the verdict rests on: at most kMaxRows breaks, the first and the last sample, the last use, logs, window, periods and marks.
std::vector<EvidenceRow> EvidenceOf(const RuleHistory& history, const Observation& observation, const IdleVerdict& verdict, const IdleOptions& options);
Text ChangedObjection(std::int64_t changed);
Text KeepObjection(const KeepMark& keep);

}  // namespace opsteward::firewall
