// Everything about who people are: signing in, one's own account, accounts, units, and the same for programs.
#pragma once

#include <memory>

#include "platform/console/services.hpp"
#include "platform/module.hpp"

namespace opsteward::console {

platform::Module AccessModule(std::shared_ptr<const Services> services);

}  // namespace opsteward::console
