// What the procedure found on devices, from the board in memory.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "base/result.hpp"
#include "platform/procedure/procedure.hpp"

namespace opsteward::inventory {

/// Open findings by device. Empty without a procedure.
Result<std::map<std::int64_t, int>> CountFindings(const procedure::Procedure* procedure, const std::set<std::int64_t>& units);

struct DeviceFinding {
    std::string clause_id;
    Text clause_title;
    procedure::Finding finding;
};
/// Not met first.
Result<std::vector<DeviceFinding>> FindingsOn(const procedure::Procedure* procedure, std::int64_t unit_id,
                                              std::int64_t device_id);

}  // namespace opsteward::inventory
