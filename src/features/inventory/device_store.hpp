// The register of devices.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/language.hpp"
#include "db/database.hpp"
#include "platform/audit/trail.hpp"

namespace opsteward::inventory {

enum class DeviceKind { kServer, kWorkstation, kNetwork, kFirewall };
struct DeviceKindInfo {
    DeviceKind kind;
    std::string_view key;  ///< in the database, the API and the fact view
    Phrase title;
    std::string_view icon;
};
const std::array<DeviceKindInfo, 4>& AllDeviceKinds();
const DeviceKindInfo& InfoOf(DeviceKind kind);
std::optional<DeviceKind> ParseDeviceKind(std::string_view key);

struct Device {
    std::int64_t id = 0;
    std::string name = {};
    DeviceKind kind = DeviceKind::kServer;
    std::int64_t unit_id = 0;
    std::string unit_name = {};
    std::optional<std::int64_t> owner_id = {};  ///< an account
    std::string owner_name = {};
    bool is_core = false;
    std::string address = {};  ///< host name or IP address; may be empty
    std::string notes = {};
    std::string host_key = {};  ///< of a machine that an own-host observer watches; else ""
    Instant registered_at = {};
    std::optional<Instant> retired_at = {};  ///< none: in service
    std::optional<Instant> last_observed_at = {};

    bool is_in_service() const { return !retired_at.has_value(); }
};

/// What is wrong with what a person entered, by field ("name", "kind", "address", "notes").
struct FieldFault {
    std::string field;
    Text text;
};
std::vector<FieldFault> FaultsOf(const Device& device);
inline constexpr std::size_t kMaxNameLength = 200;
inline constexpr std::size_t kMaxNotesLength = 4000;

/// What may be changed of a device, for the audit trail and the API.
json::object DeviceJson(const Device& device);

enum class DeviceState { kInService, kRetired, kAny };
enum class DeviceOrder { kName, kKind, kUnit, kLastObserved, kId };

struct DeviceFilter {
    std::set<std::int64_t> units;  ///< only these; empty: none
    std::string text;              ///< in name, address, notes, owner; without regard to case
    std::optional<DeviceKind> kind;
    std::optional<std::int64_t> unit_id;
    DeviceState state = DeviceState::kInService;
    bool is_without_owner = false;  ///< only those nobody is named for
    std::int64_t after_id = 0;      ///< only those with a larger id
    DeviceOrder order = DeviceOrder::kName;
    bool is_descending = false;
    int limit = 50;
    int offset = 0;
};
/// A device as the list shows it.
struct DeviceSummary {
    Device device;
    std::string operating_system;            ///< "" when not known
    std::optional<double> worst_used_ratio;  ///< of all its resources
    std::string worst_resource;              ///< its kind: "file_system"
    std::string worst_subject;               ///< "/var"; may be empty
};
/// "Debian GNU/Linux 12": many systems have the version in their name already.
std::string SystemTitle(std::string_view name, std::string_view version);
struct DevicePage {
    std::vector<DeviceSummary> devices;
    std::int64_t total = 0;  ///< without regard to limit and offset
};
Result<DevicePage> ListDevices(db::Session& session, const DeviceFilter& filter);
/// Devices in service in these units that nobody is named for.
Result<std::int64_t> CountWithoutOwner(db::Session& session, const std::set<std::int64_t>& units);
Error NoSuchDevice();  ///< kNotFound
/// NoSuchDevice() when there is none.
Result<Device> FindDevice(db::Session& session, std::int64_t id);
Result<std::optional<std::int64_t>> FindDeviceByHostKey(db::Session& session, std::string_view host_key);
/// At most `limit` in these units whose name or address holds `text`.
Result<std::vector<Device>> SearchDevices(db::Session& session, const std::set<std::int64_t>& units, std::string_view text,
                                          int limit);

/// Who may be named as owner: the people who hold a role.
struct Person {
    std::int64_t id = 0;
    std::string name;
};
Result<std::vector<Person>> PossibleOwners(db::Session& session);

/// A unit that is not closed.
struct UnitInUse {
    std::int64_t id = 0;
    std::optional<std::int64_t> parent_id;
    std::string name;
};
Result<std::vector<UnitInUse>> UnitsInUse(db::Session& session);

/// Gives the id. kInvalidInput: a field or the unit is wrong; kConflict: the name is taken. Writes audit.
Result<std::int64_t> AddDevice(db::Transaction& transaction, const audit::Actor& actor, const Device& device, Instant now);
/// Everything a person may change, also retired_at (only whether it is there counts). Writes audit; nothing when nothing changes.
Result<void> ChangeDevice(db::Transaction& transaction, const audit::Actor& actor, const Device& device, Instant now);

/// Which machine this is, for the register.
struct HostIdentity {
    std::string key;  ///< stays the same when the machine is renamed
    std::string name;
};
/// The first time: the machine in the top unit, as a core server. Gives its id. The name gets a number when it is taken.
Result<std::int64_t> RegisterOwnHost(db::Database& database, const Clock& clock, const HostIdentity& host);

}  // namespace opsteward::inventory
