#include "features/inventory/difference.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.hpp"

namespace opsteward::inventory {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Instant kBefore = Instant(std::chrono::seconds(1'772'000'000));
constexpr Instant kNow = kBefore + std::chrono::minutes(1);

const Topic& Listeners() { return *FindTopic("listening_sockets"); }
const Topic& Resources() { return *FindTopic("resources"); }
const Topic& Systems() { return *FindTopic("operating_systems"); }

db::Row Socket(int port, db::Value program = "sshd") { return {"tcp", "0.0.0.0", port, std::move(program), 0, "root", 0}; }

std::vector<std::string> Lines(const Difference& difference) {
    std::vector<std::string> lines;
    for (const FactChange& change : difference.changes) {
        lines.push_back(std::string(ChangeKindKey(change.kind)) + " " + change.subject + " " + json::serialize(change.before) +
                        " " + json::serialize(change.after));
    }
    return lines;
}

TEST(Compare, OfTheSameRowsIsEmpty) {
    const std::vector<KnownRow> known = {{1, kBefore, Socket(22)}, {2, kBefore, Socket(80)}};
    const Difference difference = Compare(Listeners(), known, {Socket(80), Socket(22)}, kNow);
    EXPECT_TRUE(difference.is_empty());
    EXPECT_THAT(difference.changes, IsEmpty());
}

TEST(Compare, TellsWhatAppearedChangedAndDisappeared) {
    const std::vector<KnownRow> known = {{1, kBefore, Socket(22)}, {2, kBefore, Socket(80)}};
    const Difference difference = Compare(Listeners(), known, {Socket(22, "dropbear"), Socket(443)}, kNow);
    EXPECT_THAT(difference.deletes, ElementsAre(2));
    ASSERT_EQ(difference.updates.size(), 1U);
    EXPECT_EQ(difference.updates[0].id, 1);
    ASSERT_EQ(difference.inserts.size(), 1U);
    EXPECT_EQ(difference.inserts[0][2].AsInt(), 443);
    EXPECT_THAT(
        Lines(difference),
        ElementsAre(
            R"(changed tcp 0.0.0.0 22 0 {"program":"sshd"} {"program":"dropbear"})",
            R"(disappeared tcp 0.0.0.0 80 0 {"protocol":"tcp","address":"0.0.0.0","port":80,"program":"sshd","uid":0,"user_name":"root","is_loopback":false} null)",
            R"(appeared tcp 0.0.0.0 443 0 null {"protocol":"tcp","address":"0.0.0.0","port":443,"program":"sshd","uid":0,"user_name":"root","is_loopback":false})"));
}

TEST(Compare, TakesTheFirstOfRowsThatRepeatAKey) {
    const Difference difference = Compare(Listeners(), {}, {Socket(22, "first"), Socket(22, "second")}, kNow);
    ASSERT_EQ(difference.inserts.size(), 1U);
    EXPECT_EQ(difference.inserts[0][3].AsText(), "first");
}

TEST(Compare, TakesAValueThatCanNoLongerBeReadForAChange) {
    const Difference difference =
        Compare(Listeners(), std::vector<KnownRow>{{1, kBefore, Socket(22)}}, {Socket(22, nullptr)}, kNow);
    EXPECT_THAT(Lines(difference), ElementsAre(R"(changed tcp 0.0.0.0 22 0 {"program":"sshd"} {"program":null})"));
}

struct Movement {
    std::string name;
    double before;
    double after;
    std::chrono::seconds since_written;
    bool is_written;
};
class MeasuredColumn : public testing::TestWithParam<Movement> {};
INSTANTIATE_TEST_SUITE_P(Ratios, MeasuredColumn,
                         testing::Values(Movement{"Still", 0.5, 0.5, std::chrono::hours(9), false},
                                         Movement{"ALittle", 0.5, 0.5001, std::chrono::minutes(1), false},
                                         Movement{"ALittleButLongAgo", 0.5, 0.5001, std::chrono::minutes(5), true},
                                         Movement{"AStep", 0.5, 0.501, std::chrono::minutes(1), true},
                                         Movement{"DownWards", 0.9, 0.2, std::chrono::minutes(1), true}),
                         [](const auto& one) { return one.param.name; });

TEST_P(MeasuredColumn, IsWrittenWhenItMovesVisiblyOrWasNotForLongAndLeavesNoHistory) {
    const Movement& movement = GetParam();
    const std::vector<KnownRow> known = {{1, kNow - movement.since_written, {"cpu", "", movement.before, 4, "cores"}}};
    const Difference difference = Compare(Resources(), known, {{"cpu", "", movement.after, 4, "cores"}}, kNow);
    EXPECT_EQ(difference.updates.size(), movement.is_written ? 1U : 0U);
    EXPECT_THAT(difference.changes, IsEmpty());
}

TEST(Compare, WritesABootTimeOnlyWhenItIsAnotherBoot) {
    const db::Row before = {"debian", "Debian", "12", "bookworm", "6.1", "x86_64", nullptr, 1'772'000'000'000, 0};
    db::Row wobbled = before;
    wobbled[7] = 1'772'000'001'000;
    db::Row rebooted = before;
    rebooted[7] = 1'772'000'900'000;
    const std::vector<KnownRow> known = {{1, kBefore, before}};
    EXPECT_TRUE(Compare(Systems(), known, {wobbled}, kNow).is_empty());
    EXPECT_FALSE(Compare(Systems(), known, {rebooted}, kNow).is_empty());
}

TEST(NormaliseRow, GivesEveryColumnItsTypeAndNoMoreColumns) {
    const db::Row row = NormaliseRow(Listeners(), {"tcp", "::", 22.0, std::string("a\0b\xFF", 4), db::Value(), 5, 7, "more"});
    ASSERT_EQ(row.size(), Listeners().columns.size());
    EXPECT_EQ(row[2], db::Value(22));
    EXPECT_EQ(row[3], db::Value("ab\xEF\xBF\xBD"));
    EXPECT_TRUE(row[4].is_null());
    EXPECT_EQ(row[5], db::Value("5"));
    EXPECT_EQ(row[6], db::Value(true));
    EXPECT_TRUE(NormaliseRow(Listeners(), {"tcp"})[6].is_null());
}

TEST(NormaliseRow, CutsLongTextBetweenCharacters) {
    std::string name;
    while (name.size() < kMaxTextBytes + 100) name += "𠀀";
    const db::Row row = NormaliseRow(*FindTopic("services"), {name, true});
    EXPECT_LE(row[0].AsText().size(), kMaxTextBytes + 2);
    EXPECT_TRUE(IsValidUtf8(row[0].AsText()));
}

TEST(NormaliseRow, RefusesNumbersThatNoDatabaseKeeps) {
    const db::Row row = NormaliseRow(Resources(), {"cpu", "", std::numeric_limits<double>::quiet_NaN(), 1e300, "bytes"});
    EXPECT_TRUE(row[2].is_null());
    EXPECT_TRUE(row[3].is_null());
}

TEST(RowKey, KeepsNeighboursAndNullApart) {
    const Topic& tasks = *FindTopic("scheduled_tasks");
    EXPECT_NE(RowKey(tasks, {"a b", "c", "", "p"}), RowKey(tasks, {"a", "b c", "", "p"}));
    EXPECT_NE(RowKey(tasks, {"1:a", "", "", "p"}), RowKey(tasks, {"1", ":a", "", "p"}));
    EXPECT_NE(RowKey(tasks, {nullptr, "", "", "p"}), RowKey(tasks, {"-", "", "", "p"}));
    EXPECT_NE(RowKey(tasks, {nullptr, "", "", "p"}), RowKey(tasks, {"", "", "", "p"}));
}

TEST(ValueJson, GivesBooleansAndTimesAsJsonHasThem) {
    const json::object row = RowJson(Systems(), {"debian", "Debian", nullptr, "", "", "", 1'772'000'000'000, nullptr, 1});
    EXPECT_EQ(row.at("end_of_life_at"), "2026-02-25T06:13:20.000Z");
    EXPECT_EQ(row.at("reboot_required"), true);
    EXPECT_TRUE(row.at("version").is_null());
}

TEST(ChangeKind, IsFoundAgainByItsKey) {
    for (const auto kind : {ChangeKind::kAppeared, ChangeKind::kChanged, ChangeKind::kDisappeared, ChangeKind::kFirstObserved,
                            ChangeKind::kObserved, ChangeKind::kNotObserved}) {
        EXPECT_EQ(ParseChangeKind(ChangeKindKey(kind)), kind);
    }
    EXPECT_EQ(ParseChangeKind("vanished"), std::nullopt);
}

}  // namespace
}  // namespace opsteward::inventory
