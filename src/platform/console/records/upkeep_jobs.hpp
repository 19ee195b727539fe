// Jobs that look after the program's own records.
#pragma once

#include <memory>
#include <vector>

#include "platform/console/services.hpp"

namespace opsteward::console::records {

/// audit.verify (nightly), audit.seal (every half minute) and identity.remove_ended (hourly).
std::vector<jobs::JobKind> UpkeepJobs(std::shared_ptr<const Services> services);

}  // namespace opsteward::console::records
