// What was judged of a configuration, for people: what is wrong first, and what to do about it.
#pragma once

#include <string>

#include "base/language.hpp"
#include "features/firewall/formats/read_configuration.hpp"
#include "features/firewall/report/check.hpp"

namespace opsteward::cli {

/// `counters`: of the file beside the configuration, where there was one.
std::string FirewallCheckText(const firewall::ConfigurationCheck& check, const std::optional<firewall::CountersTaken>& counters, Language language);

}  // namespace opsteward::cli
