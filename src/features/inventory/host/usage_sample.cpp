#include "features/inventory/host/usage_sample.hpp"

#include "base/text.hpp"

namespace opsteward::inventory::host {
namespace {

/// "903.11 1128.95": since the machine was started, and of all processors together without work.
std::optional<double> ParseUptime(std::string_view text) {
    return ParseDouble(text.substr(0, text.find(' ')));
}

}  // namespace

UsageSample TakeUsageSample(const HostFiles& files) {
    UsageSample sample;
    if (const auto text = files.Read("/proc/uptime"); text.ok()) sample.uptime_seconds = ParseUptime(*text);
    if (const auto text = files.Read("/proc/stat"); text.ok()) sample.cpu = ParseProcStat(*text);
    if (const auto text = files.Read("/proc/net/dev"); text.ok()) sample.interfaces = ParseNetDev(*text);
    return sample;
}

std::optional<double> SecondsBetween(const UsageSample& before, const UsageSample& after) {
    if (!before.uptime_seconds || !after.uptime_seconds) return std::nullopt;
    const double seconds = *after.uptime_seconds - *before.uptime_seconds;
    if (seconds <= 0) return std::nullopt;
    return seconds;
}

}  // namespace opsteward::inventory::host
