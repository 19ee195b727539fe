// The units of systemd as they lie on the disk: which are started with the machine, and what they say.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "features/inventory/host/host_files.hpp"
#include "features/inventory/host/unit_file.hpp"

namespace opsteward::inventory::host {

class SystemdUnits {
  public:
    explicit SystemdUnits(const HostFiles& files);

    /// Did systemd start this machine (sd_booted(3))? Without it unit files start nothing.
    static bool IsInCharge(const HostFiles& files);

    /// Units with this ending (".service") that another unit wants or requires and that exist: those start by
    /// themselves.
    Result<std::set<std::string>> StartedUnits(std::string_view ending) const;
    /// A link to /dev/null or an empty file in /etc or /run keeps the unit from ever starting.
    bool IsMasked(std::string_view unit) const;
    /// With its drop-ins; an instance has what its template says. Nothing when there is no such unit.
    Result<std::optional<std::vector<UnitSetting>>> Read(std::string_view unit) const;

  private:
    bool HasFile(std::string_view unit) const;

    const HostFiles& files_;
    std::vector<std::string_view> folders_;  ///< the administrator's first
};

}  // namespace opsteward::inventory::host
