#include "db/view.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "db/testing/test_databases.hpp"

namespace opsteward::db {
namespace {

class ViewTest : public testing::DatabaseTest {
  protected:
    void SetUp() override {
        DatabaseTest::SetUp();
        if (IsSkipped()) return;
        Change("CREATE TABLE hosts (name TEXT, owner TEXT)");
        Change("INSERT INTO hosts (name, owner) VALUES ('sw1', '王')");
    }
    void Change(std::string_view sql) {
        ASSERT_TRUE(database().Write<std::int64_t>([&](Transaction& transaction) { return transaction.Execute(sql); }).ok());
    }
    Result<ResultSet> All(std::string_view view) {
        return database().Read<ResultSet>([&](Session& session) { return session.Query("SELECT * FROM " + std::string(view)); });
    }
    void Install(const std::vector<ViewSpec>& views) {
        const auto done = InstallViews(database(), views);
        ASSERT_TRUE(done.ok()) << done.error().operator_text;
    }
};

const ViewSpec kHosts = {"fact_hosts", {"host", "owner"}, "SELECT name, owner FROM hosts"};
const ViewSpec kOwners = {"fact_owners", {"owner"}, "SELECT DISTINCT owner FROM fact_hosts"};

TEST_P(ViewTest, StandAsTheyAreSpecified) {
    Install({kHosts, kOwners});
    const auto hosts = All("fact_hosts");
    ASSERT_TRUE(hosts.ok());
    EXPECT_EQ(hosts->columns, (std::vector<std::string>{"host", "owner"}));
    EXPECT_EQ(hosts->rows, (std::vector<Row>{{"sw1", "王"}}));
    EXPECT_EQ(All("fact_owners")->rows, (std::vector<Row>{{"王"}}));
}

TEST_P(ViewTest, AreLeftAloneWhenTheyStandAlready) {
    Install({kHosts, kOwners});
    // A trace that installing again would wipe out.
    Change("UPDATE schema_views SET name = 'fact_untouched' WHERE name = 'fact_owners'");
    Install({kHosts, kOwners});
    EXPECT_EQ(database().Read<Row>([](Session& session) {
        return session.QueryOne("SELECT COUNT(*) FROM schema_views WHERE name = 'fact_untouched'");
    })->at(0).AsInt(),
              1);
}

TEST_P(ViewTest, AreReplacedWhenTheyChange) {
    Install({kHosts, kOwners});
    Install({{"fact_hosts", {"owner"}, "SELECT owner FROM hosts"}, {"fact_owners", {"who"}, "SELECT owner FROM fact_hosts"}});
    EXPECT_EQ(All("fact_hosts")->columns, (std::vector<std::string>{"owner"}));
    EXPECT_EQ(All("fact_owners")->columns, (std::vector<std::string>{"who"}));
}

TEST_P(ViewTest, GoWhenTheyAreNoLongerSpecified) {
    Install({kHosts, kOwners});
    Install({kHosts});
    EXPECT_TRUE(All("fact_hosts").ok());
    EXPECT_FALSE(All("fact_owners").ok());
    Install({});
    EXPECT_FALSE(All("fact_hosts").ok());
}

TEST_P(ViewTest, StayAsTheyWereWhenTheNewOnesAreWrong) {
    Install({kHosts});
    EXPECT_FALSE(InstallViews(database(), std::vector<ViewSpec>{{"fact_hosts", {"host"}, "SELECT name FROM no_such_table"}}).ok() &&
                 All("fact_hosts").ok())
        << "SQLite finds it when the view is read, PostgreSQL when it is made";
    EXPECT_FALSE(InstallViews(database(), std::vector<ViewSpec>{kHosts, {"fact_wrong", {"host"}, "SELEC name"}}).ok());
    EXPECT_FALSE(All("fact_wrong").ok());
}

TEST_P(ViewTest, HavePlainNames) {
    for (const std::string_view name : {"", "Fact", "fact hosts", "fact;drop", "fact\"x"}) {
        const auto done = InstallViews(database(), std::vector<ViewSpec>{{name, {"host"}, "SELECT name FROM hosts"}});
        EXPECT_FALSE(done.ok()) << name;
    }
    EXPECT_FALSE(InstallViews(database(), std::vector<ViewSpec>{{"fact_hosts", {"ho st"}, "SELECT name FROM hosts"}}).ok());
}

OPS_ON_EVERY_DATABASE(ViewTest);

}  // namespace
}  // namespace opsteward::db
