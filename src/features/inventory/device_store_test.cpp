#include "features/inventory/device_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/inventory/testing/counting_database.hpp"
#include "features/inventory/testing/inventory_test.hpp"

namespace opsteward::inventory {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class DeviceStore : public InventoryTest {
  protected:
    void SetUp() override {
        InventoryTest::SetUp();
        if (IsSkipped()) return;
        filter_.units = {kTop, kCivil, kWorks};
    }
    DevicePage List() {
        auto page = database().Read<DevicePage>([&](db::Session& session) { return ListDevices(session, filter_); });
        if (!page.ok()) ADD_FAILURE() << page.error().operator_text;
        return page.value_or({});
    }
    std::vector<std::string> Names() {
        std::vector<std::string> names;
        for (const DeviceSummary& summary : List().devices) names.push_back(summary.device.name);
        return names;
    }
    Device Find(std::int64_t id) {
        return database().Read<Device>([&](db::Session& session) { return FindDevice(session, id); }).value();
    }
    Result<void> Change(const Device& device) {
        return database().WriteWith(
            [&](db::Transaction& transaction) { return ChangeDevice(transaction, actor_, device, clock_.Now()); });
    }
    Result<std::int64_t> TryAdd(const Device& device) {
        return database().Write<std::int64_t>(
            [&](db::Transaction& transaction) { return AddDevice(transaction, actor_, device, start_); });
    }
    void AddThree() {
        Device device;
        device.name = "web01";
        device.unit_id = kCivil;
        device.address = "192.0.2.10";
        device.owner_id = 1;
        Add(device);
        device = {.name = "fw01", .kind = DeviceKind::kFirewall, .unit_id = kWorks, .notes = "邊界_防火牆"};
        Add(device);
        device = {.name = "db01", .unit_id = kCivil, .is_core = true, .retired_at = start_};
        Add(device);
    }

    DeviceFilter filter_;
};
OPS_ON_BOTH_DATABASES(DeviceStore);

TEST_P(DeviceStore, ListsWhatFits) {
    AddThree();
    EXPECT_THAT(Names(), ElementsAre("fw01", "web01"));
    filter_.state = DeviceState::kRetired;
    EXPECT_THAT(Names(), ElementsAre("db01"));
    filter_.state = DeviceState::kAny;
    EXPECT_THAT(Names(), ElementsAre("db01", "fw01", "web01"));
    filter_.kind = DeviceKind::kFirewall;
    EXPECT_THAT(Names(), ElementsAre("fw01"));
    filter_.kind.reset();
    filter_.unit_id = kCivil;
    EXPECT_THAT(Names(), ElementsAre("db01", "web01"));
    filter_.unit_id.reset();
    filter_.is_without_owner = true;
    EXPECT_THAT(Names(), ElementsAre("db01", "fw01"));
}

TEST_P(DeviceStore, FindsTextInNameAddressNotesAndOwner) {
    AddThree();
    const auto found = [&](std::string_view text) {
        filter_.text = text;
        return Names();
    };
    EXPECT_THAT(found("WEB"), ElementsAre("web01"));
    EXPECT_THAT(found("192.0.2"), ElementsAre("web01"));
    EXPECT_THAT(found("_防火"), ElementsAre("fw01"));
    EXPECT_THAT(found("adMIN"), ElementsAre("web01"));
    EXPECT_THAT(found("b_1"), IsEmpty());
    EXPECT_THAT(found("' OR 1=1 --"), IsEmpty());
}

TEST_P(DeviceStore, ShowsOnlyDevicesOfTheUnitsGiven) {
    AddThree();
    filter_.units = {kWorks};
    EXPECT_THAT(Names(), ElementsAre("fw01"));
    EXPECT_EQ(List().total, 1);
    filter_.unit_id = kCivil;
    EXPECT_THAT(Names(), IsEmpty());
    filter_.units = {};
    EXPECT_THAT(Names(), IsEmpty());
}

TEST_P(DeviceStore, SortsAndPages) {
    AddThree();
    filter_.state = DeviceState::kAny;
    filter_.is_descending = true;
    EXPECT_THAT(Names(), ElementsAre("web01", "fw01", "db01"));
    filter_.order = DeviceOrder::kKind;
    EXPECT_THAT(Names(), ElementsAre("db01", "web01", "fw01"));
    filter_.order = DeviceOrder::kUnit;
    filter_.is_descending = false;
    EXPECT_THAT(Names(), ElementsAre("fw01", "db01", "web01"));
    filter_.order = DeviceOrder::kLastObserved;
    See(1, 5, "services", {});
    EXPECT_THAT(Names(), ElementsAre("db01", "fw01", "web01"));
    filter_.order = DeviceOrder::kId;
    filter_.limit = 2;
    filter_.offset = 1;
    EXPECT_THAT(Names(), ElementsAre("fw01", "db01"));
    EXPECT_EQ(List().total, 3);
    filter_.offset = 0;
    filter_.after_id = 2;
    EXPECT_THAT(Names(), ElementsAre("db01"));
}

TEST_P(DeviceStore, SumsUpWhatIsKnownOfEachDevice) {
    const auto id = AddServer("core01");
    See(id, 0, "operating_systems",
        {{"debian", "Debian GNU/Linux", "12", "bookworm", "6.1.0", "x86_64", nullptr, nullptr, false}});
    See(id, 1, "resources", {Resource("cpu", "", 0.2), Resource("file_system", "/var", 0.93), Resource("swap", "", nullptr)});
    const DeviceSummary summary = List().devices.at(0);
    EXPECT_EQ(summary.operating_system, "Debian GNU/Linux 12");
    EXPECT_EQ(summary.worst_resource, "file_system");
    EXPECT_EQ(summary.worst_subject, "/var");
    EXPECT_DOUBLE_EQ(summary.worst_used_ratio.value(), 0.93);
    EXPECT_EQ(summary.device.last_observed_at, At(1));
    EXPECT_EQ(summary.device.unit_name, "本機關");
}

TEST(SystemTitle, NamesTheVersionOnce) {
    EXPECT_EQ(SystemTitle("Debian GNU/Linux", "12"), "Debian GNU/Linux 12");
    EXPECT_EQ(SystemTitle("Debian GNU/Linux 12 (bookworm)", "12"), "Debian GNU/Linux 12 (bookworm)");
    EXPECT_EQ(SystemTitle("Arch Linux", ""), "Arch Linux");
    EXPECT_EQ(SystemTitle("", "12"), "12");
}

TEST_P(DeviceStore, AsksAsManyStatementsForAPageOfAnyLength) {
    for (int i = 0; i < 60; ++i) AddServer("server" + std::to_string(i));
    CountingDatabase counting(database());
    const auto statements = [&](int limit) {
        filter_.limit = limit;
        const int before = counting.statements();
        const auto page = counting.Read<DevicePage>([&](db::Session& session) { return ListDevices(session, filter_); });
        EXPECT_EQ(page.value().devices.size(), static_cast<std::size_t>(limit));
        return counting.statements() - before;
    };
    EXPECT_EQ(statements(1), statements(50));
    EXPECT_LE(statements(50), 2);
}

TEST_P(DeviceStore, RefusesANameThatIsTaken) {
    const auto id = AddServer("web01");
    AddServer("web02");
    const auto again = TryAdd({.name = " web01 ", .unit_id = kCivil});
    ASSERT_FALSE(again.ok());
    EXPECT_EQ(again.error().code, ErrorCode::kConflict);
    Device renamed = Find(id);
    renamed.name = "web02";
    EXPECT_EQ(Change(renamed).error().code, ErrorCode::kConflict);
    EXPECT_EQ(Find(id).name, "web01");
}

TEST_P(DeviceStore, RefusesWhatIsFaulty) {
    const std::vector<Device> faulty = {
        {.name = " \u3000", .unit_id = kTop},
        {.name = std::string(kMaxNameLength + 1, 'x'), .unit_id = kTop},
        {.name = "\xFF", .unit_id = kTop},
        {.name = "x", .unit_id = 99},
        {.name = "x", .unit_id = kTop, .owner_id = 99},
        {.name = "x", .unit_id = kTop, .address = std::string(kMaxNameLength + 1, 'x')},
        {.name = "x", .unit_id = kTop, .notes = std::string(kMaxNotesLength + 1, 'x')},
    };
    for (const Device& device : faulty) EXPECT_EQ(TryAdd(device).error().code, ErrorCode::kInvalidInput) << device.name;
    EXPECT_EQ(CountRows("inventory_devices"), 0);
}

TEST_P(DeviceStore, WritesAuditOnlyWhenSomethingChanges) {
    const auto id = AddServer("web01");
    Device device = Find(id);
    ASSERT_TRUE(Change(device).ok());
    device.address = "192.0.2.1";
    device.owner_id = 1;
    ASSERT_TRUE(Change(device).ok());
    EXPECT_EQ(Find(id).owner_name, "admin");
    EXPECT_THAT(AuditActions(), ElementsAre("device.change", "device.add"));
}

TEST_P(DeviceStore, RetiresAndBringsBack) {
    const auto id = AddServer("web01");
    clock_.Set(At(10));
    Device device = Find(id);
    device.retired_at = Instant();  // only whether it is there counts
    ASSERT_TRUE(Change(device).ok());
    EXPECT_EQ(Find(id).retired_at, At(10));
    EXPECT_EQ(CountRows("devices"), 0);
    device.retired_at.reset();
    ASSERT_TRUE(Change(device).ok());
    EXPECT_TRUE(Find(id).is_in_service());
    EXPECT_EQ(CountRows("devices"), 1);
}

TEST_P(DeviceStore, KeepsHostileNamesUntouched) {
    for (const std::string name : {"<script>alert(1)</script>", "\u202Egnp.exe", "𠀀𪜀", "=1+1", "a'b\"c"}) {
        EXPECT_EQ(Find(AddServer(name)).name, name);
    }
}

TEST_P(DeviceStore, RegistersTheOwnHostOnceAsACoreServerOfTheTopUnit) {
    const HostIdentity host{"machine-id:0123456789abcdef0123456789abcdef", "core01"};
    const auto id = RegisterOwnHost(database(), clock_, host);
    ASSERT_TRUE(id.ok());
    const Device device = Find(*id);
    EXPECT_EQ(device.id, 1);
    EXPECT_EQ(device.name, "core01");
    EXPECT_EQ(device.kind, DeviceKind::kServer);
    EXPECT_EQ(device.unit_id, kTop);
    EXPECT_TRUE(device.is_core);
    EXPECT_FALSE(device.owner_id.has_value());
    EXPECT_EQ(device.registered_at, start_);
    EXPECT_EQ(RegisterOwnHost(database(), clock_, {host.key, "renamed"}).value(), *id);
    EXPECT_EQ(CountRows("inventory_devices"), 1);
}

TEST_P(DeviceStore, NumbersTheOwnHostWhenItsNameIsTaken) {
    AddServer("core01");
    AddServer("core01 (2)");
    const auto id = RegisterOwnHost(database(), clock_, {"name:core01", "core01"});
    EXPECT_EQ(Find(id.value()).name, "core01 (3)");
}

TEST_P(DeviceStore, KeepsTheNameOfAnOwnerWhoHoldsNoRoleAnyMore) {
    identity::Account account;
    account.name = "lin";
    account.display_name = "林";
    account.unit_id = kTop;
    account.grants = {{identity::Role::kSystemAdmin, kTop}};
    ASSERT_TRUE(identity().CreateAccount(actor_, account).ok());
    account = identity().FindAccountByName("lin").value();
    const auto id = Add({.name = "web01", .unit_id = kTop, .owner_id = account.id});
    account.grants.clear();
    ASSERT_TRUE(identity().UpdateAccount(actor_, account).ok());
    EXPECT_EQ(Find(id).owner_name, "lin");
    Device device = Find(id);
    device.notes = "x";
    EXPECT_TRUE(Change(device).ok());
    EXPECT_EQ(Find(id).owner_name, "lin");
}

}  // namespace
}  // namespace opsteward::inventory
