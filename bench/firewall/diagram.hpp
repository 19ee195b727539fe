// Dead rules by one binary decision diagram of everything that the rules before match (BuDDy): nothing in common with the analysis but the model.
#pragma once

#include <chrono>
#include <vector>

#include "features/firewall/model/rule_base.hpp"

struct DiagramResult {
    std::vector<bool> dead;  ///< of the rules that it came to before the time was over
    double milliseconds = 0;
    long nodes = 0;          ///< of the diagram at the end
};

/// IPv4, of one zone and without states, as filter sets are.
DiagramResult DeadByDiagram(const opsteward::firewall::RuleBase& base, std::chrono::seconds limit);
