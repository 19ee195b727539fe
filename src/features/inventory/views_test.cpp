#include "features/inventory/views.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <regex>

#include <fmt/format.h>

#include "base/text.hpp"
#include "features/inventory/own_records.hpp"
#include "features/inventory/testing/inventory_test.hpp"

namespace opsteward::inventory {
namespace {

/// The views of docs/formats/fact-views.md, in order, with their columns; what stands in parentheses explains.
std::vector<std::pair<std::string, std::vector<std::string>>> DocumentedViews() {
    std::ifstream page(OPSTEWARD_SOURCE_DIR "/docs/formats/fact-views.md");
    const std::regex row(R"(^\| `([a-z_]+)` \|[^|]*\|(.*)\|$)");
    const std::regex explained(R"( *\([^)]*\))");
    std::vector<std::pair<std::string, std::vector<std::string>>> views;
    for (std::string line; std::getline(page, line);) {
        std::smatch match;
        if (!std::regex_match(line, match, row)) continue;
        const std::string columns = std::regex_replace(match[2].str(), explained, "");
        std::vector<std::string> names;
        for (const std::string_view name : Split(columns, ',')) names.emplace_back(Trim(name));
        views.emplace_back(match[1].str(), std::move(names));
    }
    return views;
}

/// Views of that page that other modules bring.
bool IsOfOthers(std::string_view view) {
    return view == "units" || view == "role_holders" || view == "duties" || view == "audit_chain";
}

class FactViews : public InventoryTest {};
OPS_ON_BOTH_DATABASES(FactViews);

TEST_P(FactViews, HoldExactlyTheColumnsOfTheirPage) {
    const auto documented = DocumentedViews();
    ASSERT_GE(documented.size(), 22U);
    for (const auto& [view, columns] : documented) {
        if (IsOfOthers(view)) continue;
        const auto rows = database().Read<db::ResultSet>(
            [&](db::Session& session) { return session.Query("SELECT * FROM " + view + " WHERE 1 = 0"); });
        ASSERT_TRUE(rows.ok()) << view << ": " << rows.error().operator_text;
        EXPECT_EQ(rows->columns, columns) << view;
    }
}

TEST_P(FactViews, AreAllOnTheirPage) {
    const auto documented = DocumentedViews();
    for (const db::ViewSpec& view : Views()) {
        const bool is_there = std::ranges::any_of(documented, [&](const auto& one) { return one.first == view.name; });
        EXPECT_TRUE(is_there) << view.name;
    }
}

TEST_P(FactViews, ShowOnlyDevicesInService) {
    const auto id = AddServer("core01");
    for (const Topic& topic : AllTopics()) SeeNot(id, static_cast<int>(&topic - AllTopics().data()), topic.name, {"無", "none"});
    See(id, 100, "listening_sockets", {Listener("tcp", "0.0.0.0", 22, "sshd")});
    EXPECT_EQ(CountRows("devices"), 1);
    EXPECT_EQ(CountRows("fact_coverage"), static_cast<std::int64_t>(AllTopics().size()));
    EXPECT_EQ(CountRows("fact_coverage WHERE status = 'observed' AND topic = 'listening_sockets' AND reason_zh IS NULL"), 1);
    EXPECT_EQ(CountRows("listening_sockets WHERE device = 'core01' AND unit_id = 1 AND is_loopback = 0 AND is_approved = 0"), 1);
    ASSERT_TRUE(database()
                    .WriteWith([&](db::Transaction& transaction) -> Result<void> {
                        OPS_TRY(Device device, FindDevice(transaction, id));
                        device.retired_at = At(101);
                        return ChangeDevice(transaction, actor_, device, At(101));
                    })
                    .ok());
    for (const std::string_view view : {"devices", "fact_coverage", "listening_sockets"}) EXPECT_EQ(CountRows(view), 0) << view;
}

TEST_P(FactViews, SayUntilWhenAnAccountIsApproved) {
    const auto id = AddServer("core01");
    See(id, 0, "accounts", {LocalAccount("chen", 1000)});
    ASSERT_TRUE(database()
                    .Write<std::vector<std::int64_t>>([&](db::Transaction& transaction) {
                        return GrantApprovals(transaction, actor_,
                                              {id, {{Approval::kAccount, "chen", {}, 0, {}, {}}}, "維護", At(60)}, start_);
                    })
                    .ok());
    EXPECT_EQ(CountRows(fmt::format("accounts WHERE is_approved = 1 AND approved_until_at = {}", ToMillis(At(60)))), 1);
}

TEST_P(FactViews, ShowACopyOnceAndWhenItWasVerifiedLast) {
    BackupCopy copy{"records", "/srv/backup/1.tar", At(0), std::nullopt, 1234};
    const auto record = [&] {
        return database().WriteWith([&](db::Transaction& transaction) { return RecordBackup(transaction, copy); });
    };
    ASSERT_TRUE(record().ok());
    copy.verified_at = At(5);
    ASSERT_TRUE(record().ok());
    copy.made_at = At(60);
    ASSERT_TRUE(record().ok());
    EXPECT_EQ(CountRows("backup_copies"), 2);
    EXPECT_EQ(CountRows(fmt::format("backup_copies WHERE made_at = {} AND verified_at = {} AND size_bytes = 1234",
                                    ToMillis(At(0)), ToMillis(At(5)))),
              1);
}

class FactTables : public InventoryTest {
  protected:
    std::vector<std::string> ColumnsOf(std::string_view table) {
        const auto rows = database().Read<db::ResultSet>(
            [&](db::Session& session) { return session.Query(fmt::format("SELECT * FROM {} WHERE 1 = 0", table)); });
        return rows.value().columns;
    }
};
OPS_ON_BOTH_DATABASES(FactTables);

TEST_P(FactTables, HoldTheColumnsOfTheirTopics) {
    for (const Topic& topic : AllTopics()) {
        std::vector<std::string> expected = {"id", "device_id"};
        for (const Column& column : topic.columns) expected.emplace_back(column.name);
        if (topic.approval != Approval::kNone) expected.emplace_back("approval_id");
        expected.emplace_back("first_seen_at");
        expected.emplace_back("written_at");
        EXPECT_EQ(ColumnsOf(FactTable(topic)), expected) << topic.name;
    }
}

}  // namespace
}  // namespace opsteward::inventory
