// Answers to questions and expectations, as JSON (docs/formats/firewall-answers.md).
#pragma once

#include <span>

#include "base/json.hpp"
#include "features/firewall/analysis/expectations.hpp"
#include "features/firewall/analysis/query.hpp"

namespace opsteward::firewall {

/// {"rule_base", "packet", "action", "outcome", "rule", "may_decide"}.
json::object ToJson(const RuleBase& base, const Packet& packet, const Decision& decision);
/// {"rule_base", "extent", "deciding", "has_more", "allowed", "blocked", "depends"}.
json::object ToJson(const RuleBase& base, const TrafficAnswer& answer);
/// {"results": […], "not_proved"}.
json::object ToJson(std::span<const Expectation> expectations, std::span<const RuleBase> bases, std::span<const ExpectationResult> results);

}  // namespace opsteward::firewall
