#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "features/inventory/host/cron_table.hpp"
#include "features/inventory/host/systemd_units.hpp"
#include "features/inventory/host/topic_observers.hpp"

namespace opsteward::inventory::host {
namespace {

/// There is something here that may hold tasks, but what is in it may not be read.
db::Row Unread(std::string_view source) {
    return {source, nullptr, nullptr, nullptr};
}

void AddTable(const HostFiles& files, const std::string& path, const std::optional<std::string>& owner,
              std::vector<db::Row>& rows) {
    const auto text = files.Read(path);
    if (!text.ok()) {
        if (text.error().code != ErrorCode::kNotFound) rows.push_back(Unread(path));
        return;
    }
    for (const CronEntry& entry : ParseCronTable(*text, !owner)) {
        rows.push_back({path, entry.schedule, owner ? *owner : entry.user_name, entry.program});
    }
}

/// cron(8) and run-parts(8) pass over other names, such as those of files that an editor or dpkg left behind.
bool IsTaskName(std::string_view name) {
    return !name.empty() && std::ranges::all_of(name, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
    });
}

/// Names in a folder; where it may not be listed, a row says so.
std::vector<std::string> ListOrUnread(const HostFiles& files, std::string_view folder, std::vector<db::Row>& rows) {
    auto names = files.List(folder);
    if (names.ok()) return std::move(*names);
    if (names.error().code != ErrorCode::kNotFound) rows.push_back(Unread(folder));
    return {};
}

void AddSystemTables(const HostFiles& files, std::vector<db::Row>& rows) {
    AddTable(files, "/etc/crontab", std::nullopt, rows);
    for (const std::string& name : ListOrUnread(files, "/etc/cron.d", rows)) {
        if (IsTaskName(name)) AddTable(files, "/etc/cron.d/" + name, std::nullopt, rows);
    }
}

void AddTablesOfUsers(const HostFiles& files, std::vector<db::Row>& rows) {
    constexpr std::string_view kFolder = "/var/spool/cron/crontabs";
    for (const std::string& name : ListOrUnread(files, kFolder, rows)) {
        if (!name.starts_with("tmp.")) AddTable(files, std::string(kFolder).append("/").append(name), name, rows);
    }
}

void AddScripts(const HostFiles& files, std::vector<db::Row>& rows) {
    for (const std::string_view often : {"hourly", "daily", "weekly", "monthly", "yearly"}) {
        const std::string folder = std::string("/etc/cron.").append(often);
        for (const std::string& name : ListOrUnread(files, folder, rows)) {
            const auto stamp = files.Stamp(folder + "/" + name);
            if (!IsTaskName(name) || !stamp.ok() || stamp->is_directory || !stamp->is_executable) continue;
            rows.push_back({folder, std::string("@").append(often), "root", name});
        }
    }
}

std::string ScheduleOfTimer(const std::vector<UnitSetting>& timer) {
    static constexpr std::array<std::string_view, 5> kIntervals = {"OnActiveSec", "OnBootSec", "OnStartupSec",
                                                                   "OnUnitActiveSec", "OnUnitInactiveSec"};
    std::vector<std::string> parts = ListSetting(timer, "Timer", "OnCalendar");
    for (const std::string_view key : kIntervals) {
        for (const std::string& value : ListSetting(timer, "Timer", key))
            parts.push_back(std::string(key) + "=" + value);
    }
    return Join(parts, "; ");
}

/// Whom the service runs as; nothing where that is settled only when it starts.
db::Value UserOfService(const std::vector<UnitSetting>& service) {
    const std::string user = LastSetting(service, "Service", "User");
    if (user.find('%') != std::string::npos) return nullptr;
    if (!user.empty()) return user;
    const std::string dynamic = ToLowerAscii(LastSetting(service, "Service", "DynamicUser"));
    const bool is_dynamic = dynamic == "yes" || dynamic == "true" || dynamic == "on" || dynamic == "1";
    return is_dynamic ? db::Value() : db::Value("root");
}

Result<void> AddTimer(const SystemdUnits& units, const std::string& name, std::vector<db::Row>& rows) {
    OPS_TRY(const auto timer, units.Read(name));
    if (!timer) return Ok();
    std::string service_name = LastSetting(*timer, "Timer", "Unit");
    if (service_name.empty()) service_name = name.substr(0, name.rfind('.')) + ".service";
    OPS_TRY(const auto service, units.Read(service_name));
    db::Value user;
    db::Value program;
    if (service) {
        user = UserOfService(*service);
        const auto starts = ListSetting(*service, "Service", "ExecStart");
        if (!starts.empty()) program = ProgramOfExecStart(starts.front());
    }
    rows.push_back({name, ScheduleOfTimer(*timer), std::move(user), std::move(program)});
    return Ok();
}

Result<void> AddTimers(const HostFiles& files, std::vector<db::Row>& rows) {
    if (!SystemdUnits::IsInCharge(files)) return Ok();
    const SystemdUnits units(files);
    OPS_TRY(const auto timers, units.StartedUnits(".timer"));
    for (const std::string& timer : timers) {
        if (units.IsMasked(timer)) continue;
        if (!AddTimer(units, timer, rows).ok()) rows.push_back(Unread(timer));
    }
    return Ok();
}

}  // namespace

TopicRows ObserveScheduledTasks(const HostSight& sight) {
    std::vector<db::Row> rows;
    AddSystemTables(sight.files, rows);
    AddScripts(sight.files, rows);
    AddTablesOfUsers(sight.files, rows);
    OPS_CHECK(AddTimers(sight.files, rows));
    return rows;
}

}  // namespace opsteward::inventory::host
