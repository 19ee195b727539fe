// For this room alone: the checks by what they look at. Each adds to `findings`.
#pragma once

#include <vector>

#include "features/firewall/hygiene/hygiene.hpp"

namespace opsteward::firewall {

void CheckDevice(const Configuration& configuration, const HygieneOptions& options, std::vector<HygieneFinding>& findings);
void CheckRules(const Configuration& configuration, const HygieneOptions& options, std::vector<HygieneFinding>& findings);

}  // namespace opsteward::firewall
