// What was judged of a configuration, as JSON (docs/formats/firewall-answers.md).
#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"
#include "features/firewall/report/check.hpp"

namespace opsteward::firewall {

/// One object, with the members of `more` beside its own. Rules of all rule bases stand in one list, each with its rule base's name; each is written before the
/// next is put together, since values take ten times the room of their text.
std::string CheckJson(const ConfigurationCheck& check, json::object more);

/// "live", "dead", "live_unless" or "undecided": a rule that is disabled or has ended decides of nothing, which is dead to whoever reads it from outside.
std::string_view VerdictWord(VerdictKind kind);

}  // namespace opsteward::firewall
