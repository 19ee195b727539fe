// Verdicts after a change, without proving again what the change does not touch.
#pragma once

#include <vector>

#include "features/firewall/analysis/verdict.hpp"

namespace opsteward::firewall {

struct Recheck {
    std::vector<RuleVerdict> verdicts;  ///< the same as JudgeRules() gives
    std::size_t judged = 0;             ///< rules that were asked again: they are new, undecided before, or meet a rule before them that came, went or moved
};

/// `before` and `verdicts` belong together. Everything is asked again where zones changed. With the options with which `verdicts` were made.
Recheck RecheckRules(const RuleBase& before, const std::vector<RuleVerdict>& verdicts, const CompiledRules& after, const JudgeOptions& options);

}  // namespace opsteward::firewall
