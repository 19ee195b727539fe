// What the tests of the inventory stand on: a database with an organisation of three units, devices in them, and observations.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "db/testing/test_databases.hpp"
#include "features/inventory/approval_store.hpp"
#include "features/inventory/device_store.hpp"
#include "features/inventory/fact_store.hpp"
#include "features/inventory/observation.hpp"
#include "platform/identity/identity.hpp"

namespace opsteward::inventory {

/// Migrations and views of everything the inventory stands on, and its own.
std::vector<db::Migration> AllMigrations();
std::vector<db::ViewSpec> AllViews();

/// A row of a topic as an observer gives it.
db::Row Listener(std::string_view protocol, std::string_view address, int port, db::Value program, int uid = 0,
                 std::string_view user = "root");
db::Row LocalAccount(std::string_view name, int uid, bool can_login = true);
db::Row Software(std::string_view name, std::string_view version, db::Value in_repository = true);
db::Row Resource(std::string_view resource, std::string_view subject, db::Value used_ratio);

class InventoryTest : public db::testing::DatabaseTest {
  protected:
    static constexpr std::int64_t kTop = 1;  ///< 本機關
    static constexpr std::int64_t kCivil = 2;
    static constexpr std::int64_t kWorks = 3;

    void SetUp() override;

    /// A server in service. Fails the test when it is refused.
    std::int64_t AddServer(std::string_view name, std::int64_t unit_id = kTop);
    std::int64_t Add(const Device& device);
    /// At `minute` minutes after the start.
    Instant At(int minute) const { return start_ + std::chrono::minutes(minute); }
    /// One topic, seen so at that minute.
    ObservationEffect See(std::int64_t device_id, int minute, std::string_view topic, std::vector<db::Row> rows);
    ObservationEffect SeeNot(std::int64_t device_id, int minute, std::string_view topic, const Text& reason);
    ObservationEffect Apply(std::int64_t device_id, const Observation& observation);
    std::vector<FactRow> Facts(std::int64_t device_id, std::string_view topic);
    /// "appeared tcp 0.0.0.0 22 0", newest first.
    std::vector<std::string> History(std::int64_t device_id, std::string_view topic);
    std::vector<std::string> AuditActions();
    std::int64_t CountRows(std::string_view from);
    identity::Identity& identity() { return *identity_; }

    const Instant start_ = Instant(std::chrono::sys_days(std::chrono::year(2026) / 3 / 2)) + std::chrono::hours(1);
    const audit::Actor actor_{7, "chen", "192.0.2.7"};
    ManualClock clock_{start_};

  private:
    std::unique_ptr<identity::Identity> identity_;
};

}  // namespace opsteward::inventory
