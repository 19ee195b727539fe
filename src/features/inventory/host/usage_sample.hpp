// The counters of a machine at one moment; two of them give rates.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "features/inventory/host/host_files.hpp"
#include "features/inventory/host/usage_files.hpp"

namespace opsteward::inventory::host {

struct UsageSample {
    std::optional<double> uptime_seconds;  ///< of /proc/uptime: never jumps, unlike the time of day
    std::optional<CpuTicks> cpu;
    std::map<std::string, InterfaceCounters> interfaces;
};

UsageSample TakeUsageSample(const HostFiles& files);

/// Seconds from one to the other; nothing when they are not known or none passed.
std::optional<double> SecondsBetween(const UsageSample& before, const UsageSample& after);

}  // namespace opsteward::inventory::host
