#include "platform/console/records/records_store.hpp"

#include "db/testing/test_databases.hpp"
#include "platform/audit/trail.hpp"

namespace opsteward::console::records {
namespace {

class RecordsStoreTest : public db::testing::DatabaseTest {};
OPS_ON_EVERY_DATABASE(RecordsStoreTest);

TEST_P(RecordsStoreTest, TellsTheSizeOfTheRecords) {
    const auto migrated = Migrate(audit::Migrations());
    ASSERT_TRUE(migrated.ok()) << migrated.error().operator_text;
    const auto size = database().Read<std::int64_t>([](db::Session& session) { return DatabaseSize(session); });
    ASSERT_TRUE(size.ok()) << size.error().operator_text;
    // At least a page of its own for each of the three tables.
    EXPECT_GT(*size, 3 * 4096);
}

}  // namespace
}  // namespace opsteward::console::records
