#include "features/inventory/host/systemd_units.hpp"

#include <algorithm>
#include <array>

#include "features/inventory/host/layered_files.hpp"

namespace opsteward::inventory::host {

SystemdUnits::SystemdUnits(const HostFiles& files)
    : files_(files),
      folders_{"/etc/systemd/system", "/run/systemd/system", "/run/systemd/generator", "/usr/local/lib/systemd/system",
               "/usr/lib/systemd/system"} {
    // Where /usr is merged, /lib is the same folder again.
    if (!files.LinkTarget("/lib").ok()) folders_.emplace_back("/lib/systemd/system");
    folders_.emplace_back("/run/systemd/generator.late");
}

bool SystemdUnits::IsInCharge(const HostFiles& files) {
    const auto stamp = files.Stamp("/run/systemd/system");
    return stamp.ok() && stamp->is_directory;
}

Result<std::set<std::string>> SystemdUnits::StartedUnits(std::string_view ending) const {
    std::set<std::string> units;
    for (const std::string_view folder : folders_) {
        for (const std::string_view kind : {"/*.wants", "/*.requires"}) {
            OPS_TRY(const auto wanting, files_.Glob(std::string(folder).append(kind)));
            for (const std::string& place : wanting) {
                OPS_TRY(const auto links, files_.Glob(std::string(place).append("/*").append(ending)));
                for (const std::string& link : links) units.emplace(BaseName(link));
            }
        }
    }
    std::erase_if(units, [&](const std::string& unit) { return !HasFile(unit); });
    return units;
}

bool SystemdUnits::HasFile(std::string_view unit) const {
    const std::string from_template = TemplateOf(unit);
    return std::ranges::any_of(folders_, [&](std::string_view folder) {
        const std::string start = std::string(folder).append("/");
        return files_.Exists(start + std::string(unit)) || files_.Exists(start + from_template);
    });
}

bool SystemdUnits::IsMasked(std::string_view unit) const {
    static constexpr std::array<std::string_view, 2> kFolders = {"/etc/systemd/system/", "/run/systemd/system/"};
    return std::ranges::any_of(kFolders, [&](std::string_view folder) {
        const std::string path = std::string(folder).append(unit);
        if (const auto target = files_.LinkTarget(path); target.ok() && *target == "/dev/null") return true;
        const auto stamp = files_.Stamp(path);
        return stamp.ok() && !stamp->is_directory && stamp->size == 0;
    });
}

Result<std::optional<std::vector<UnitSetting>>> SystemdUnits::Read(std::string_view unit) const {
    OPS_TRY(LayeredFile file, ReadLayered(files_, folders_, unit));
    if (!file.has_main) {
        if (const std::string from_template = TemplateOf(unit); from_template != unit) {
            OPS_TRY(file, ReadLayered(files_, folders_, from_template));
        }
    }
    if (!file.has_main) return std::optional<std::vector<UnitSetting>>();
    return std::optional(ParseUnitFile(file.Joined()));
}

}  // namespace opsteward::inventory::host
