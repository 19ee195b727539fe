// Which rule base of a configuration a question is about.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "features/firewall/model/configuration.hpp"

namespace opsteward::cli {

struct Question {
    std::string rule_base;  ///< its name; empty: to be told by the rest
    std::string text;       ///< a packet (ParsePacket) or traffic (ParseTraffic)
    bool is_packet = true;
};

/// By its name; else the only one that the question can be asked of: rather one that packets pass through than one of the device's own traffic, rather one
/// whose zones are named than one that takes any name. kNotFound for a name that is not there, kInvalidInput when the question is wrong or several are left.
Result<const firewall::RuleBase*> ChooseRuleBase(const firewall::Configuration& configuration, const Question& question);

/// Interfaces and zones of the question that the rule base does not have by name.
std::vector<std::string> ZonesNotNamed(const Question& question, const firewall::RuleBase& base);

}  // namespace opsteward::cli
