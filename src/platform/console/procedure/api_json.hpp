// Records of the procedure as the API writes them (api_schemas.cpp describes each).
#pragma once

#include "base/json.hpp"
#include "platform/console/procedure/duties.hpp"
#include "platform/console/procedure/exemptions.hpp"
#include "platform/module.hpp"

namespace opsteward::console::compliance {

json::object RoleJson(const procedure::Pack& pack, identity::Role role);
/// At most `max_findings` of the findings; `finding_count` tells how many there are.
json::object ClauseJson(const procedure::Pack& pack, const UnitTree& tree, const procedure::ClauseState& state, std::size_t max_findings);
json::object DutyRoundJson(const procedure::Pack& pack, const UnitTree& tree, const procedure::DutyRound& round, Instant now);
json::object ExemptionJson(const UnitTree& tree, const procedure::Exemption& exemption, Instant now);
json::object TaskJson(const platform::Task& task);
/// Null for a time that is not known.
json::value KnownTimeJson(Instant instant);

}  // namespace opsteward::console::compliance
