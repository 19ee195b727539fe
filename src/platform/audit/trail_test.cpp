#include "platform/audit/trail.hpp"

#include <gmock/gmock.h>

#include "base/civil_time.hpp"
#include "platform/audit/testing/audit_database.hpp"

namespace opsteward::audit {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

const Instant kNow = StartOfDay(Date(std::chrono::year(2025) / 8 / 5));

class TrailTest : public testing::AuditDatabaseTest {
  protected:
    static Change ChangeOf(std::string kind, std::string id, std::optional<std::int64_t> unit = {}) {
        Change change;
        change.action = kind + ".change";
        change.subject_kind = std::move(kind);
        change.subject_id = std::move(id);
        change.subject_name = "name of " + change.subject_id;
        change.unit_id = unit;
        change.after = json::object{{"port", 1}};
        return change;
    }
    void Add(const Change& change, Instant at = kNow, const Actor& actor = {7, "lin", "192.0.2.9"}) {
        const auto added = database().Write<int>([&](db::Transaction& transaction) -> Result<int> {
            OPS_CHECK(Append(transaction, actor, change, at));
            return 0;
        });
        ASSERT_TRUE(added.ok()) << added.error().operator_text;
    }
    std::vector<std::int64_t> Found(const std::function<void(Filter&)>& narrow) {
        Filter filter;
        narrow(filter);
        const auto entries =
            database().Read<std::vector<Entry>>([&](db::Session& session) { return Search(session, filter); });
        EXPECT_TRUE(entries.ok()) << entries.error().operator_text;
        std::vector<std::int64_t> sequences;
        for (const Entry& entry : *entries) sequences.push_back(entry.sequence);
        return sequences;
    }
    /// As nobody can through the program.
    void Tamper(std::string_view sql) {
        const auto done =
            database().Write<std::int64_t>([&](db::Transaction& transaction) { return transaction.Execute(sql); });
        ASSERT_TRUE(done.ok() && *done > 0);
    }
    Verdict VerdictNow() {
        auto verdict = Verify(database());
        EXPECT_TRUE(verdict.ok()) << verdict.error().operator_text;
        return std::move(verdict).value();
    }
    std::optional<DatedVerdict> Kept() {
        auto kept =
            database().Read<std::optional<DatedVerdict>>([](db::Session& session) { return LastVerdict(session); });
        EXPECT_TRUE(kept.ok()) << kept.error().operator_text;
        return std::move(kept).value();
    }
};
OPS_ON_BOTH_DATABASES(TrailTest);

TEST_P(TrailTest, FindsRowsByEachPartOfTheFilter) {
    Add(ChangeOf("device", "1", 3), kNow, {7, "lin", ""});
    Add(ChangeOf("device", "2", 4), kNow + std::chrono::hours(1), {8, "chen", ""});
    Add(ChangeOf("unit", "9"), kNow + std::chrono::hours(2), {8, "chen", ""});
    EXPECT_THAT(Found([](Filter&) {}), ElementsAre(3, 2, 1));
    EXPECT_THAT(Found([](Filter& filter) { filter.text = "DEVICE"; }), ElementsAre(2, 1));
    EXPECT_THAT(Found([](Filter& filter) { filter.text = "%"; }), IsEmpty());
    EXPECT_THAT(Found([](Filter& filter) { filter.actor = "chen"; }), ElementsAre(3, 2));
    EXPECT_THAT(Found([](Filter& filter) { filter.subject_kind = "device"; }), ElementsAre(2, 1));
    EXPECT_THAT(Found([](Filter& filter) {
                    filter.subject_kind = "device";
                    filter.subject_id = "2";
                }),
                ElementsAre(2));
    EXPECT_THAT(Found([](Filter& filter) { filter.from = kNow + std::chrono::hours(1); }), ElementsAre(3, 2));
    EXPECT_THAT(Found([](Filter& filter) { filter.until = kNow + std::chrono::hours(1); }), ElementsAre(1));
    EXPECT_THAT(Found([](Filter& filter) { filter.units = std::set<std::int64_t>{3, 4, 5}; }), ElementsAre(2, 1));
    EXPECT_THAT(Found([](Filter& filter) { filter.units = std::set<std::int64_t>{}; }), IsEmpty());
    EXPECT_THAT(Found([](Filter& filter) {
                    filter.before_sequence = 3;
                    filter.limit = 1;
                }),
                ElementsAre(2));
}

TEST_P(TrailTest, NamesTheKindsThatOccurOnce) {
    const auto kinds = [&] {
        return database()
            .Read<std::vector<std::string>>([](db::Session& session) { return SubjectKinds(session); })
            .value();
    };
    EXPECT_THAT(kinds(), IsEmpty());
    for (const char* kind : {"unit", "account", "device", "account", "unit"}) Add(ChangeOf(kind, "1"));
    EXPECT_THAT(kinds(), ElementsAre("account", "device", "unit"));
}

TEST_P(TrailTest, CountsTheRowsOfTheChain) {
    const auto count = [&] {
        return database().Read<std::int64_t>([](db::Session& session) { return CountRows(session); }).value();
    };
    EXPECT_EQ(count(), 0);
    Add(ChangeOf("device", "1"));
    EXPECT_EQ(count(), 1);
}

TEST_P(TrailTest, FindsARowThatWasAlteredRemovedOrCutOff) {
    struct Case {
        std::string_view name;
        std::string_view sql;
        std::int64_t broken_at;
    };
    EXPECT_TRUE(VerdictNow().is_intact) << "an empty chain";
    for (int i = 0; i < 5; ++i) Add(ChangeOf("device", std::to_string(i)));
    EXPECT_TRUE(VerdictNow().is_intact);
    EXPECT_EQ(VerdictNow().rows, 5);
    for (const Case& test :
         {Case{"cut off", "DELETE FROM audit_trail WHERE sequence = 5", 5},
          Case{"altered", "UPDATE audit_trail SET after_json = '{\"port\":2}' WHERE sequence = 4", 4},
          Case{"moved in time", "UPDATE audit_trail SET at = at + 1 WHERE sequence = 3", 3},
          Case{"removed", "DELETE FROM audit_trail WHERE sequence = 2", 2}}) {
        Tamper(test.sql);
        const Verdict verdict = VerdictNow();
        EXPECT_FALSE(verdict.is_intact) << test.name;
        EXPECT_EQ(verdict.broken_at, test.broken_at) << test.name;
        EXPECT_FALSE(verdict.problem.zh.empty() || verdict.problem.en.empty()) << test.name;
    }
}

TEST_P(TrailTest, TellsHowFarTheWalkIsAndStopsWhenItIsTold) {
    const auto added = database().Write<int>([&](db::Transaction& transaction) -> Result<int> {
        for (int i = 0; i < 5001; ++i) OPS_CHECK(Append(transaction, {}, ChangeOf("device", "1"), kNow));
        return 0;
    });
    ASSERT_TRUE(added.ok()) << added.error().operator_text;
    std::vector<std::pair<std::int64_t, std::int64_t>> steps;
    const auto walked = Verify(database(), [&](std::int64_t done, std::int64_t all) {
        steps.emplace_back(done, all);
        return true;
    });
    ASSERT_TRUE(walked.ok());
    EXPECT_TRUE(walked->is_intact);
    EXPECT_THAT(steps, ElementsAre(Pair(5000, 5001)));
    const auto stopped = Verify(database(), [](std::int64_t, std::int64_t) { return false; });
    ASSERT_FALSE(stopped.ok());
    EXPECT_EQ(stopped.error().code, ErrorCode::kCancelled);
}

TEST_P(TrailTest, KeepsTheLatestVerdictForTheFactView) {
    EXPECT_FALSE(Kept().has_value());
    const auto keep = [&](const Verdict& verdict, Instant at) {
        ASSERT_TRUE(
            database()
                .WriteWith([&](db::Transaction& transaction) { return RecordVerdict(transaction, verdict, at); })
                .ok());
    };
    keep({.is_intact = false, .rows = 4, .broken_at = 5, .problem = {"第 5 筆不見了。", "Row 5 is missing."}}, kNow);
    EXPECT_EQ(Kept()->verdict.broken_at, 5);
    EXPECT_EQ(Kept()->verdict.problem, (Text{"第 5 筆不見了。", "Row 5 is missing."}));
    EXPECT_EQ(Kept()->at, kNow);
    keep({.is_intact = true, .rows = 9, .broken_at = {}, .problem = {}}, kNow + std::chrono::hours(1));
    const auto kept = Kept();
    EXPECT_TRUE(kept->verdict.is_intact);
    EXPECT_EQ(kept->verdict.rows, 9);
    EXPECT_FALSE(kept->verdict.broken_at.has_value());
    const auto seen = database().QueryRestricted("SELECT is_intact, rows, problem FROM audit_chain", {}, {});
    ASSERT_TRUE(seen.ok()) << seen.error().operator_text;
    ASSERT_EQ(seen->rows.size(), 1U);
    EXPECT_TRUE(seen->rows[0][0].AsBool());
    EXPECT_EQ(seen->rows[0][1].AsInt(), 9);
}

}  // namespace
}  // namespace opsteward::audit
