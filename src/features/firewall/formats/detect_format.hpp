// Which vendor's form a configuration has, told by what stands in it.
#pragma once

#include <optional>
#include <string_view>

#include "features/firewall/model/configuration.hpp"

namespace opsteward::firewall {

/// From the first 256 KiB. Nothing: none of them, and the person who brings the file has to say.
std::optional<Format> DetectFormat(std::string_view text);

}  // namespace opsteward::firewall
