#include <algorithm>

#include "features/inventory/host/topic_observers.hpp"

namespace opsteward::inventory::host {

std::optional<std::string> HostSight::UserName(std::int64_t uid) const {
    if (!passwd.ok()) return std::nullopt;
    const auto found = std::ranges::find(*passwd, uid, &PasswdEntry::uid);
    return found == passwd->end() ? std::nullopt : std::optional(found->name);
}

std::optional<bool> HostSight::IsRunning(std::string_view program) const {
    if (processes.Runs(program)) return true;
    return processes.not_observed ? std::nullopt : std::optional(false);
}

std::optional<std::string> HostSight::PackageVersion(std::initializer_list<std::string_view> names) const {
    for (const std::string_view name : names) {
        const auto found = std::ranges::find(
            packages.packages, name, [](const PackageFact& fact) -> std::string_view { return fact.package.name; });
        if (found != packages.packages.end()) return found->package.version;
    }
    return std::nullopt;
}

}  // namespace opsteward::inventory::host
