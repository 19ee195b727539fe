// Fills an empty data folder with an organisation: units, devices with facts, and years of states, findings and duties.
// usage: seed_records DATA [postgresql://…]      The same input gives the same records, but for passwords.
#include <fmt/format.h>

#include <random>

#include "base/civil_time.hpp"
#include "cli/records.hpp"
#include "cli/schema.hpp"
#include "db/data_folder.hpp"
#include "features/inventory/device_store.hpp"
#include "features/inventory/fact_store.hpp"
#include "platform/identity/identity.hpp"
#include "platform/procedure/pack.hpp"

using namespace opsteward;

namespace {

constexpr int kUnits = 60;
constexpr int kDevices = 2000;
constexpr int kYears = 3;
/// A device in ten offers a service that nobody approved.
constexpr int kDevicesPerFault = 10;

std::string Name(std::string_view kind, int number) { return fmt::format("{}-{:04}", kind, number); }

/// A plausible value of a column. Key columns tell the rows of a device apart by `row`.
db::Value ValueFor(const inventory::Column& column, int device, int row, Instant now) {
    if (column.name == "is_loopback") return device % kDevicesPerFault != 0 || row > 0;
    if (column.name == "is_enabled" || column.name == "is_running" || column.name == "is_synchronised") return true;
    if (column.name == "is_privileged" || column.name == "can_login") return row == 0;
    if (column.name == "resource") return "file_system";
    if (column.name == "protocol") return "tcp";
    switch (column.type) {
        case inventory::ColumnType::kText: return Name(column.name, row);
        case inventory::ColumnType::kInteger: return 1000 + row;
        case inventory::ColumnType::kReal: return 0.1 + 0.02 * (device % 40);
        case inventory::ColumnType::kBoolean: return false;
        case inventory::ColumnType::kInstant: return now;
    }
    return {};
}

int RowsOf(std::string_view topic) {
    if (topic == "installed_software") return 40;
    if (topic == "processes" || topic == "services" || topic == "scheduled_tasks") return 10;
    if (topic == "operating_systems" || topic == "clock_status" || topic == "anti_virus") return 1;
    return 4;
}

inventory::Observation ObservationOf(int device, Instant now) {
    inventory::Observation observation{now, {}};
    for (const auto& topic : inventory::AllTopics()) {
        inventory::TopicObservation observed{topic.name, {}, {}};
        for (int row = 0; row < RowsOf(topic.name); ++row) {
            db::Row values;
            for (const auto& column : topic.columns) values.push_back(ValueFor(column, device, row, now));
            observed.rows.push_back(std::move(values));
        }
        observation.topics.push_back(std::move(observed));
    }
    return observation;
}

Result<std::vector<std::int64_t>> AddUnits(identity::Identity& identity) {
    OPS_CHECK(identity.CreateFirstAdministrator());
    OPS_TRY(const auto units, identity.Units());
    std::vector<std::int64_t> ids;
    for (int i = 0; i < kUnits; ++i) {
        OPS_TRY(const auto id, identity.CreateUnit({}, units.front().id, fmt::format("戶政事務所 {}", i + 1)));
        ids.push_back(id);
    }
    return ids;
}

Result<void> AddDevices(db::Database& records, const std::vector<std::int64_t>& units, Instant now) {
    for (int i = 0; i < kDevices; ++i) {
        OPS_CHECK(records.WriteWith([&](db::Transaction& transaction) -> Result<void> {
            inventory::Device device;
            device.name = Name("host", i);
            device.kind = i % 3 == 0 ? inventory::DeviceKind::kServer : inventory::DeviceKind::kWorkstation;
            device.unit_id = units[static_cast<std::size_t>(i) % units.size()];
            device.is_core = i % 20 == 0;
            OPS_TRY(const auto id, inventory::AddDevice(transaction, {}, device, now));
            OPS_CHECK(inventory::ApplyObservation(transaction, id, ObservationOf(i, now)));
            return Ok();
        }));
    }
    return Ok();
}

/// Each clause of each unit changes about every three weeks; each red time has a finding.
Result<void> AddHistory(db::Database& records, const std::vector<std::int64_t>& units, Instant now) {
    OPS_TRY(const auto reading, procedure::ReadPack(OPSTEWARD_SOURCE_DIR "/procedures/is-02-008"));
    std::mt19937 random(20251105);
    std::uniform_int_distribution<int> days(1, 42);
    constexpr std::string_view kStates[] = {"met", "attention", "not_met"};
    for (const auto& clause : reading.pack.clauses) {
        OPS_CHECK(records.WriteWith([&](db::Transaction& transaction) -> Result<void> {
            for (const auto unit : units) {
                Instant from = now - std::chrono::days(365 * kYears);
                for (int i = 0; from < now - std::chrono::days(1); ++i) {
                    const Instant until = std::min(from + std::chrono::days(days(random)), now - std::chrono::hours(1));
                    const std::string_view state = kStates[random() % std::size(kStates)];
                    OPS_CHECK(transaction.Execute(
                        "INSERT INTO clause_states (clause_id, unit_id, state, why_zh, why_en, from_at, until_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                        {clause.id, unit, state, "歷史狀態", "a state of the past", from, until}));
                    if (state == "not_met") {
                        OPS_CHECK(transaction.Execute(
                            "INSERT INTO findings (check_id, clause_id, unit_id, subject, severity, reason_zh, reason_en, evidence, since_at, "
                            "opened_at, closed_at) VALUES ('past', $1, $2, $3, 'not_met', '歷史發現', 'a finding of the past', '', $4, $4, $5)",
                            {clause.id, unit, Name("host", i), from, until}));
                    }
                    from = until;
                }
            }
            return Ok();
        }));
    }
    return records.WriteWith([&](db::Transaction& transaction) -> Result<void> {
        for (const auto& duty : reading.pack.duties) {
            for (const auto unit : units) {
                for (int month = 1; month <= 12 * kYears; ++month) {
                    const Instant due = now - std::chrono::days(30 * month);
                    OPS_CHECK(transaction.Execute(
                        "INSERT INTO duty_rounds (duty_id, clause_id, unit_id, period_start, period_start_at, due_at, done_at, done_by, note) "
                        "VALUES ($1, $2, $3, $4, $5, $6, $6, 'admin', '完成') ON CONFLICT (duty_id, unit_id, period_start) DO NOTHING",
                        {duty.id, duty.clause_ids.front(), unit, FormatIsoDate(TaipeiDate(due - std::chrono::days(30))),
                         due - std::chrono::days(30), due}));
                }
            }
        }
        return Ok();
    });
}

Result<void> Seed(const cli::Configuration& configuration) {
    const SystemClock clock;
    OPS_CHECK(db::PrepareDataFolder(configuration.data));
    OPS_TRY(const auto records, cli::OpenRecords(configuration, clock));
    identity::Identity identity(*records, clock, cli::AllPermissions());
    OPS_TRY(const auto units, AddUnits(identity));
    OPS_CHECK(AddDevices(*records, units, clock.Now()));
    return AddHistory(*records, units, clock.Now());
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2 || argc > 3) {
        fmt::print(stderr, "usage: seed_records DATA [postgresql://…]\n");
        return 2;
    }
    cli::Configuration configuration;
    configuration.data = argv[1];
    if (argc == 3) configuration.database = argv[2];
    const auto done = Seed(configuration);
    if (!done.ok()) fmt::print(stderr, "{}\n", done.error().operator_text);
    return done.ok() ? 0 : 1;
}
