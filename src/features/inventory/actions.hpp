// What people do to devices, from pages and the API alike: one transaction each, judged anew where it matters, made known to
// open pages. Callers have checked the permission.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "features/inventory/approval_store.hpp"
#include "features/inventory/device_store.hpp"
#include "features/inventory/surroundings.hpp"
#include "platform/audit/trail.hpp"

namespace opsteward::inventory {

Result<std::int64_t> CreateDevice(const Surroundings& surroundings, const audit::Actor& actor, const Device& device, Instant now);
Result<void> SaveDevice(const Surroundings& surroundings, const audit::Actor& actor, const Device& device, Instant now);
Result<std::vector<std::int64_t>> Approve(const Surroundings& surroundings, const audit::Actor& actor, const Grant& grant,
                                          Instant now);
Result<void> Withdraw(const Surroundings& surroundings, const audit::Actor& actor, std::int64_t device_id,
                      std::int64_t approval_id, std::string_view reason, Instant now);
/// Gives the id of the job.
Result<std::int64_t> ObserveNow(const Surroundings& surroundings, const audit::Actor& actor, const Device& device, Instant now);

}  // namespace opsteward::inventory
