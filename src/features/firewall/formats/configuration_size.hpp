// The bound that every reader of a configuration has for its text.
#pragma once

#include <string_view>

#include "base/result.hpp"

namespace opsteward::firewall {

/// kTooLarge above kMaxConfigurationBytes.
Result<void> CheckConfigurationSize(std::string_view text);

}  // namespace opsteward::firewall
