// This machine's name, as it is, and as a part of the names that keys sign with.
#pragma once

#include <string>
#include <string_view>

namespace opsteward::cli {

/// As the kernel has it; "" when it has none.
std::string HostName();

/// HOST/ROLE: told apart from others by whoever keeps keys of several machines. The kernel lets a host have any name; a key's has no "+" and no space.
std::string KeyName(std::string_view role);

}  // namespace opsteward::cli
