// Settings that a system keeps in several folders, the administrator's before the distribution's: units and the
// configuration files of systemd (systemd.unit(5), systemd-system.conf(5)).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "features/inventory/host/host_files.hpp"

namespace opsteward::inventory::host {

/// For configuration files: LayeredFile of "systemd/journald.conf".
std::span<const std::string_view> ConfigFolders();

struct LayeredFile {
    bool has_main = false;
    /// In the order in which they hold: the main file of the first folder that has one, then what stands in
    /// NAME.d/*.conf, by name; a name in an earlier folder hides the same name in a later one.
    std::vector<std::string> texts;

    /// One after the other, as if they were one file.
    std::string Joined() const;
};

/// A link to /dev/null stands for an empty file. Errors: what is there may not be read.
Result<LayeredFile> ReadLayered(const HostFiles& files, std::span<const std::string_view> folders,
                                std::string_view name);

}  // namespace opsteward::inventory::host
