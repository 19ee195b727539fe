// A database of a test's own that holds the audit trail and its seals, still empty.
#pragma once

#include "db/testing/test_databases.hpp"
#include "platform/audit/trail.hpp"

namespace opsteward::audit::testing {

class AuditDatabaseTest : public db::testing::DatabaseTest {
  protected:
    void SetUp() override {
        DatabaseTest::SetUp();
        if (IsSkipped()) return;
        const auto migrated = Migrate(Migrations(), Views());
        ASSERT_TRUE(migrated.ok()) << migrated.error().operator_text;
    }
};

}  // namespace opsteward::audit::testing
