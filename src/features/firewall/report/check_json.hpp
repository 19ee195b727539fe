// What was judged of a configuration, as JSON (docs/formats/firewall-answers.md).
#pragma once

#include <string_view>

#include "base/json.hpp"
#include "features/firewall/report/check.hpp"

namespace opsteward::firewall {

/// Rules of all rule bases in one list, each with its rule base's name.
json::object ToJson(const ConfigurationCheck& check);

/// "live", "dead", "live_unless" or "undecided": a rule that is disabled or has ended decides of nothing, which is dead to whoever reads it from outside.
std::string_view VerdictWord(VerdictKind kind);

}  // namespace opsteward::firewall
