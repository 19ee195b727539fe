#include "features/inventory/device_store.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/civil_time.hpp"
#include "base/text.hpp"
#include "features/inventory/sql_text_store.hpp"

namespace opsteward::inventory {
namespace {

constexpr std::array<DeviceKindInfo, 4> kKinds = {{
    {DeviceKind::kServer, "server", {"伺服器", "Server"}, "server"},
    {DeviceKind::kWorkstation, "workstation", {"使用者電腦", "Workstation"}, "device-desktop"},
    {DeviceKind::kNetwork, "network", {"網路設備", "Network device"}, "router"},
    {DeviceKind::kFirewall, "firewall", {"防火牆", "Firewall"}, "wall"},
}};

/// A person's name as it is now; the one kept at the time when the person holds no role any more.
constexpr std::string_view kFromDevices = R"(
FROM inventory_devices d
LEFT JOIN units u ON u.unit_id = d.unit_id
LEFT JOIN (SELECT user_id, MAX(user_name) AS user_name FROM role_holders GROUP BY user_id) o ON o.user_id = d.owner_id)";

constexpr std::string_view kDeviceColumns =
    "d.id AS id, d.name AS name, d.kind AS kind, d.unit_id, u.name AS unit_name, d.owner_id, COALESCE(o.user_name, d.owner_name) AS owner_name, "
    "d.is_core, d.address, d.notes, d.host_key, d.registered_at, d.retired_at, d.last_observed_at";
constexpr std::size_t kDeviceColumnCount = 14;

Device ReadDevice(const db::Row& row) {
    Device device;
    device.id = row[0].AsInt();
    device.name = row[1].AsText();
    device.kind = ParseDeviceKind(row[2].AsText()).value_or(DeviceKind::kServer);
    device.unit_id = row[3].AsInt();
    device.unit_name = row[4].AsText();
    device.owner_id = row[5].AsOptionalInt();
    device.owner_name = row[6].AsText();
    device.is_core = row[7].AsBool();
    device.address = row[8].AsText();
    device.notes = row[9].AsText();
    device.host_key = row[10].AsText();
    device.registered_at = row[11].AsInstant();
    device.retired_at = row[12].AsOptionalInstant();
    device.last_observed_at = row[13].AsOptionalInstant();
    return device;
}

std::string OrderOf(DeviceOrder order, bool is_descending) {
    const std::string_view direction = is_descending ? "DESC" : "ASC";
    switch (order) {
        case DeviceOrder::kKind: return fmt::format("kind {}, name", direction);
        case DeviceOrder::kUnit: return fmt::format("unit_name {}, name", direction);
        case DeviceOrder::kLastObserved: return fmt::format("COALESCE(last_observed_at, 0) {}, name", direction);
        case DeviceOrder::kId: return fmt::format("id {}", direction);
        case DeviceOrder::kName: break;
    }
    return fmt::format("name {}", direction);
}

std::string ConditionsOf(const DeviceFilter& filter, SqlParameters& parameters) {
    std::string where = "WHERE d.unit_id IN " + parameters.AddList(filter.units);
    if (filter.unit_id) where += " AND d.unit_id = " + parameters.Add(*filter.unit_id);
    if (filter.kind) where += " AND d.kind = " + parameters.Add(InfoOf(*filter.kind).key);
    if (filter.state != DeviceState::kAny) {
        where += filter.state == DeviceState::kInService ? " AND d.retired_at IS NULL" : " AND d.retired_at IS NOT NULL";
    }
    if (filter.is_without_owner) where += " AND d.owner_id IS NULL";
    if (filter.after_id > 0) where += " AND d.id > " + parameters.Add(filter.after_id);
    if (!filter.text.empty()) {
        const std::string pattern = parameters.Add(LikePattern(filter.text));
        where += fmt::format(
            " AND (LOWER(d.name) LIKE {0} ESCAPE '\\' OR LOWER(d.address) LIKE {0} ESCAPE '\\' OR LOWER(d.notes) LIKE {0} ESCAPE '\\' "
            "OR LOWER(COALESCE(o.user_name, d.owner_name, '')) LIKE {0} ESCAPE '\\')",
            pattern);
    }
    return where;
}

Result<void> CheckPlace(db::Session& session, const Device& device) {
    const auto faults = FaultsOf(device);
    if (!faults.empty()) return Error::Of(ErrorCode::kInvalidInput, faults.front().text.zh, faults.front().text.en);
    OPS_TRY(const auto unit, session.Query("SELECT 1 FROM units WHERE unit_id = $1", {device.unit_id}));
    if (unit.empty()) {
        return Error::Of(ErrorCode::kInvalidInput, "沒有這個單位，或已停用。", "There is no such unit, or it is closed.");
    }
    return Ok();
}

/// The owner's name, or kInvalidInput when the person holds no role.
Result<std::optional<std::string>> OwnerName(db::Session& session, const std::optional<std::int64_t>& owner_id) {
    if (!owner_id) return std::optional<std::string>();
    OPS_TRY(const auto rows, session.Query("SELECT MAX(user_name) FROM role_holders WHERE user_id = $1", {*owner_id}));
    if (rows.empty() || rows.rows[0][0].is_null()) {
        return Error::Of(ErrorCode::kInvalidInput, "負責人必須是持有角色的帳號。",
                         "The owner must be an account that holds a role.");
    }
    return rows.rows[0][0].AsOptionalText();
}

Error NameTaken(Error error, std::string_view name) {
    if (error.code != ErrorCode::kConflict) return error;
    return Error::Of(ErrorCode::kConflict, fmt::format("已有名為「{}」的設備。", name),
                     fmt::format("There is a device called \"{}\" already.", name));
}

Result<std::string> FreeName(db::Session& session, const std::string& wanted) {
    std::string name = wanted;
    for (int number = 2;; ++number) {
        OPS_TRY(const auto taken, session.Query("SELECT 1 FROM inventory_devices WHERE name = $1", {name}));
        if (taken.empty()) return name;
        name = fmt::format("{} ({})", wanted, number);
    }
}

}  // namespace

const std::array<DeviceKindInfo, 4>& AllDeviceKinds() { return kKinds; }

const DeviceKindInfo& InfoOf(DeviceKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

std::optional<DeviceKind> ParseDeviceKind(std::string_view key) {
    const auto* const found = std::ranges::find(kKinds, key, &DeviceKindInfo::key);
    return found == kKinds.end() ? std::nullopt : std::optional(found->kind);
}

std::vector<FieldFault> FaultsOf(const Device& device) {
    std::vector<FieldFault> faults;
    const auto is_bad = [](std::string_view text, std::size_t limit) {
        return !IsValidUtf8(text) || text.find('\0') != std::string_view::npos || CountCodePoints(text) > limit;
    };
    if (Trim(device.name).empty()) {
        faults.push_back({"name", {"請填寫設備名稱。", "Enter the name of the device."}});
    } else if (is_bad(device.name, kMaxNameLength)) {
        faults.push_back({"name", {"設備名稱最多 200 字。", "The name has at most 200 characters."}});
    }
    if (is_bad(device.address, kMaxNameLength)) {
        faults.push_back({"address", {"位址最多 200 字。", "The address has at most 200 characters."}});
    }
    if (is_bad(device.notes, kMaxNotesLength)) {
        faults.push_back({"notes", {"備註最多 4000 字。", "The notes have at most 4000 characters."}});
    }
    return faults;
}

json::object DeviceJson(const Device& device) {
    return {{"name", device.name},       {"kind", InfoOf(device.kind).key},
            {"unit_id", device.unit_id}, {"owner_id", device.owner_id ? json::value(*device.owner_id) : json::value(nullptr)},
            {"is_core", device.is_core}, {"address", device.address},
            {"notes", device.notes},     {"in_service", device.is_in_service()}};
}

std::string SystemTitle(std::string_view name, std::string_view version) {
    if (version.empty() || name.find(version) != std::string_view::npos) return std::string(name);
    return std::string(Trim(fmt::format("{} {}", name, version)));
}

Result<DevicePage> ListDevices(db::Session& session, const DeviceFilter& filter) {
    DevicePage page;
    if (filter.units.empty()) return page;
    SqlParameters parameters;
    const std::string where = ConditionsOf(filter, parameters);
    OPS_TRY(const auto count, session.Query(fmt::format("SELECT COUNT(*) {} {}", kFromDevices, where), parameters.values()));
    page.total = count.rows[0][0].AsInt();

    // The devices of the page first: what costs is asked for those only.
    const std::string order = OrderOf(filter.order, filter.is_descending);
    const std::string sql = fmt::format(
        R"(WITH page AS (SELECT {columns} {from} {where} ORDER BY {order} LIMIT {limit} OFFSET {offset})
SELECT page.*,
  (SELECT MIN(s.name) FROM facts_operating_systems s WHERE s.device_id = page.id),
  (SELECT MIN(s.version) FROM facts_operating_systems s WHERE s.device_id = page.id),
  r.used_ratio, r.resource, r.subject
FROM page
LEFT JOIN (SELECT id AS resource_row, used_ratio, resource, subject FROM facts_resources) r ON r.resource_row = (SELECT w.id FROM facts_resources w
  WHERE w.device_id = page.id AND w.used_ratio IS NOT NULL ORDER BY w.used_ratio DESC, w.id LIMIT 1)
ORDER BY {order})",
        fmt::arg("columns", kDeviceColumns), fmt::arg("from", kFromDevices), fmt::arg("where", where), fmt::arg("order", order),
        fmt::arg("limit", parameters.Add(filter.limit)), fmt::arg("offset", parameters.Add(filter.offset)));
    OPS_TRY(const auto rows, session.Query(sql, parameters.values()));
    for (const db::Row& row : rows.rows) {
        DeviceSummary summary;
        summary.device = ReadDevice(row);
        summary.operating_system = SystemTitle(row[kDeviceColumnCount].AsText(), row[kDeviceColumnCount + 1].AsText());
        if (!row[kDeviceColumnCount + 2].is_null()) summary.worst_used_ratio = row[kDeviceColumnCount + 2].AsReal();
        summary.worst_resource = row[kDeviceColumnCount + 3].AsText();
        summary.worst_subject = row[kDeviceColumnCount + 4].AsText();
        page.devices.push_back(std::move(summary));
    }
    return page;
}

Result<std::int64_t> CountWithoutOwner(db::Session& session, const std::set<std::int64_t>& units) {
    if (units.empty()) return 0;
    SqlParameters parameters;
    const std::string list = parameters.AddList(units);
    OPS_TRY(const auto rows,
            session.Query(
                "SELECT COUNT(*) FROM inventory_devices WHERE retired_at IS NULL AND owner_id IS NULL AND unit_id IN " + list,
                parameters.values()));
    return rows.rows[0][0].AsInt();
}

Error NoSuchDevice() { return Error::Of(ErrorCode::kNotFound, "沒有這部設備。", "There is no such device."); }

Result<Device> FindDevice(db::Session& session, std::int64_t id) {
    OPS_TRY(const auto rows, session.Query(fmt::format("SELECT {} {} WHERE d.id = $1", kDeviceColumns, kFromDevices), {id}));
    if (rows.empty()) return NoSuchDevice();
    return ReadDevice(rows.rows[0]);
}

Result<std::optional<std::int64_t>> FindDeviceByHostKey(db::Session& session, std::string_view host_key) {
    OPS_TRY(const auto rows, session.Query("SELECT id FROM inventory_devices WHERE host_key = $1", {host_key}));
    if (rows.empty()) return std::optional<std::int64_t>();
    return rows.rows[0][0].AsOptionalInt();
}

Result<std::vector<Device>> SearchDevices(db::Session& session, const std::set<std::int64_t>& units, std::string_view text,
                                          int limit) {
    std::vector<Device> devices;
    if (units.empty()) return devices;
    SqlParameters parameters;
    const std::string pattern = parameters.Add(LikePattern(text));
    const std::string sql = fmt::format(
        "SELECT {} {} WHERE d.unit_id IN {} AND (LOWER(d.name) LIKE {} ESCAPE '\\' OR LOWER(d.address) LIKE {} ESCAPE '\\') "
        "ORDER BY d.retired_at IS NOT NULL, d.name LIMIT {}",
        kDeviceColumns, kFromDevices, parameters.AddList(units), pattern, pattern, parameters.Add(limit));
    OPS_TRY(const auto rows, session.Query(sql, parameters.values()));
    for (const db::Row& row : rows.rows) devices.push_back(ReadDevice(row));
    return devices;
}

Result<std::vector<Person>> PossibleOwners(db::Session& session) {
    OPS_TRY(const auto rows, session.Query("SELECT user_id, MAX(user_name) FROM role_holders GROUP BY user_id ORDER BY 2"));
    std::vector<Person> people;
    for (const db::Row& row : rows.rows) people.push_back({row[0].AsInt(), row[1].AsText()});
    return people;
}

Result<std::vector<UnitInUse>> UnitsInUse(db::Session& session) {
    OPS_TRY(const auto rows, session.Query("SELECT unit_id, parent_id, name FROM units ORDER BY unit_id"));
    std::vector<UnitInUse> units;
    for (const db::Row& row : rows.rows) units.push_back({row[0].AsInt(), row[1].AsOptionalInt(), row[2].AsText()});
    return units;
}

Result<std::int64_t> AddDevice(db::Transaction& transaction, const audit::Actor& actor, const Device& device, Instant now) {
    OPS_CHECK(CheckPlace(transaction, device));
    OPS_TRY(const auto owner_name, OwnerName(transaction, device.owner_id));
    // A violated constraint would end a transaction of PostgreSQL; nothing inserted says the same.
    OPS_TRY(
        const auto inserted,
        transaction.Query(
            "INSERT INTO inventory_devices (name, kind, unit_id, owner_id, owner_name, is_core, address, notes, host_key, registered_at, retired_at) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING RETURNING id",
            {Trim(device.name), InfoOf(device.kind).key, device.unit_id, device.owner_id, owner_name, device.is_core,
             Trim(device.address), device.notes, device.host_key.empty() ? db::Value() : db::Value(device.host_key), now,
             device.retired_at ? db::Value(now) : db::Value()}));
    if (inserted.empty()) return NameTaken(Error{ErrorCode::kConflict, {}, {}}, device.name);
    const std::int64_t id = inserted.rows[0][0].AsInt();
    OPS_CHECK(audit::Append(
        transaction, actor,
        {"device.add", "device", fmt::format("{}", id), device.name, device.unit_id, nullptr, DeviceJson(device)}, now));
    return id;
}

Result<void> ChangeDevice(db::Transaction& transaction, const audit::Actor& actor, const Device& device, Instant now) {
    OPS_TRY(const Device before, FindDevice(transaction, device.id));
    const json::object before_json = DeviceJson(before);
    const json::object after_json = DeviceJson(device);
    if (before_json == after_json) return Ok();
    OPS_CHECK(CheckPlace(transaction, device));
    std::optional<std::string> owner_name = before.owner_name.empty() ? std::nullopt : std::optional(before.owner_name);
    if (before.owner_id != device.owner_id) {
        OPS_TRY(owner_name, OwnerName(transaction, device.owner_id));
    }
    db::Value retired_at;
    if (device.retired_at) retired_at = before.retired_at.value_or(now);
    auto done = transaction.Execute(
        "UPDATE inventory_devices SET name = $2, kind = $3, unit_id = $4, owner_id = $5, owner_name = $6, is_core = $7, address = $8, "
        "notes = $9, retired_at = $10 WHERE id = $1",
        {device.id, Trim(device.name), InfoOf(device.kind).key, device.unit_id, device.owner_id, owner_name, device.is_core,
         Trim(device.address), device.notes, retired_at});
    if (!done.ok()) return NameTaken(std::move(done).error(), device.name);
    return audit::Append(
        transaction, actor,
        {"device.change", "device", fmt::format("{}", device.id), device.name, device.unit_id, before_json, after_json}, now);
}

Result<std::int64_t> RegisterOwnHost(db::Database& database, const Clock& clock, const HostIdentity& host) {
    return database.Write<std::int64_t>([&](db::Transaction& transaction) -> Result<std::int64_t> {
        OPS_TRY(const auto known, FindDeviceByHostKey(transaction, host.key));
        if (known) return *known;
        OPS_TRY(const auto top, transaction.Query("SELECT unit_id FROM units WHERE parent_id IS NULL ORDER BY unit_id LIMIT 1"));
        if (top.empty()) {
            return Error::Of(ErrorCode::kConflict, "尚無任何單位，無法登錄本機。",
                             "There is no unit yet, so this machine can't be registered.");
        }
        Device device;
        OPS_TRY(device.name, FreeName(transaction, host.name.empty() ? "localhost" : host.name));
        device.kind = DeviceKind::kServer;
        device.unit_id = top.rows[0][0].AsInt();
        device.is_core = true;
        device.address = host.name;
        device.host_key = host.key;
        return AddDevice(transaction, audit::Actor(), device, clock.Now());
    });
}

}  // namespace opsteward::inventory
