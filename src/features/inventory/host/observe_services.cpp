#include <fmt/format.h>

#include "base/text.hpp"
#include "features/inventory/host/systemd_units.hpp"
#include "features/inventory/host/topic_observers.hpp"

namespace opsteward::inventory::host {
namespace {

TopicRows ServicesOfSystemd(const HostFiles& files) {
    const SystemdUnits units(files);
    std::vector<db::Row> rows;
    for (const std::string_view ending : {".service", ".socket"}) {
        OPS_TRY(const auto started, units.StartedUnits(ending));
        for (const std::string& unit : started) rows.push_back({unit, !units.IsMasked(unit)});
    }
    return rows;
}

/// inittab(5): "id:2:initdefault:"; Debian's is 2.
std::string DefaultRunlevel(std::string_view inittab) {
    for (const std::string_view line : SplitLines(inittab)) {
        const auto fields = Split(line, ':');
        if (fields.size() >= 3 && !line.starts_with('#') && fields[1].size() == 1 && fields[2] == "initdefault") {
            return std::string(fields[1]);
        }
    }
    return "2";
}

/// "S01postgresql" → "postgresql"
std::string_view ScriptName(std::string_view link) {
    const std::size_t start = link.find_first_not_of("0123456789", 1);
    return start == std::string_view::npos ? std::string_view() : link.substr(start);
}

TopicRows ServicesOfSysvInit(const HostFiles& files, std::string_view inittab) {
    std::set<std::string> names;
    for (const std::string& level : {std::string("S"), DefaultRunlevel(inittab)}) {
        OPS_TRY(const auto links, files.Glob(fmt::format("/etc/rc{}.d/S*", level)));
        for (const std::string_view link : links) {
            const std::string_view name = ScriptName(BaseName(link));
            if (!name.empty() && files.Exists("/etc/init.d/" + std::string(name))) names.emplace(name);
        }
    }
    std::vector<db::Row> rows;
    for (const std::string& name : names) rows.push_back({name, true});
    return rows;
}

std::string FirstProgram(const HostFiles& files) {
    const auto text = files.Read("/proc/1/status");
    const auto status = text.ok() ? ParseProcessStatus(*text) : std::nullopt;
    return status ? status->name : "?";
}

}  // namespace

TopicRows ObserveServices(const HostSight& sight) {
    if (SystemdUnits::IsInCharge(sight.files)) return ServicesOfSystemd(sight.files);
    const std::string first = FirstProgram(sight.files);
    const auto inittab = sight.files.Read("/etc/inittab");
    if (first == "init" && inittab.ok()) return ServicesOfSysvInit(sight.files, *inittab);
    return Error::Of(
        ErrorCode::kUnavailable,
        fmt::format("這部主機不是由 systemd 或 SysV init 啟動（第一個程式是 {}），無從得知會自動啟動哪些服務。", first),
        fmt::format(
            "This host was not started by systemd or SysV init (its first program is {}), so which services start by "
            "themselves can't be known.",
            first));
}

}  // namespace opsteward::inventory::host
