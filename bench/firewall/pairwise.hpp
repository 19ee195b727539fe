// The checker that most tools have: a rule is dead when one rule before it matches all that it matches.
#pragma once

#include <vector>

#include "features/firewall/model/rule_base.hpp"

/// Which rules are dead. Every rule against every rule before it.
std::vector<bool> DeadByOneRule(const opsteward::firewall::RuleBase& base);
