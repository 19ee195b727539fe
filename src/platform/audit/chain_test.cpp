#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <thread>

#include "crypto/crypto.hpp"
#include "platform/audit/chain.hpp"
#include "platform/audit/testing/audit_database.hpp"
#include "platform/audit/trail.hpp"

namespace opsteward::audit {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr Instant kStart = Instant(std::chrono::seconds(1'754'373'787));

Change Renaming(int number) {
    return {"device.rename", "device", std::to_string(number), "交換器 " + std::to_string(number), 7,
            {{"name", "old \"" + std::to_string(number) + "\""}}, {{"name", "新/" + std::to_string(number)}}};
}

class ChainTest : public testing::AuditDatabaseTest {
  protected:
    void Add(const Change& change, const Actor& actor = {3, "wang", "192.0.2.7"}, Instant at = kStart) {
        const auto done = database().WriteWith([&](db::Transaction& transaction) { return Append(transaction, actor, change, at); });
        ASSERT_TRUE(done.ok()) << done.error().operator_text;
    }
    void AddMany(int count) {
        const auto done = database().WriteWith([&](db::Transaction& transaction) -> Result<void> {
            for (int i = 1; i <= count; ++i) OPS_CHECK(Append(transaction, {3, "wang", "192.0.2.7"}, Renaming(i), kStart));
            return Ok();
        });
        ASSERT_TRUE(done.ok()) << done.error().operator_text;
    }
    /// Past the program, as somebody would who has the database in their hands.
    void Tamper(std::string_view sql, std::initializer_list<db::Value> parameters = {}) {
        const auto done = database().Write<std::int64_t>([&](db::Transaction& transaction) { return transaction.Execute(sql, parameters); });
        ASSERT_TRUE(done.ok()) << done.error().operator_text;
        ASSERT_GT(*done, 0) << sql;
    }
    db::Row One(std::string_view sql) {
        const auto row = database().Read<db::Row>([&](db::Session& session) { return session.QueryOne(sql); });
        EXPECT_TRUE(row.ok()) << row.error().operator_text;
        return row.value_or(db::Row(13));
    }
    Verdict Verified() {
        const auto verdict = Verify(database());
        EXPECT_TRUE(verdict.ok()) << verdict.error().operator_text;
        return verdict.value_or(Verdict());
    }
    void ExpectBrokenAt(std::int64_t sequence, std::string_view what) {
        const Verdict verdict = Verified();
        EXPECT_FALSE(verdict.is_intact) << what;
        EXPECT_EQ(verdict.broken_at, sequence) << what;
        EXPECT_THAT(verdict.problem.en, HasSubstr(std::to_string(sequence))) << what;
        EXPECT_NE(verdict.problem.zh, "");
    }
    std::vector<std::int64_t> Found(const Filter& filter) {
        const auto entries = database().Read<std::vector<Entry>>([&](db::Session& session) { return Search(session, filter); });
        EXPECT_TRUE(entries.ok()) << entries.error().operator_text;
        std::vector<std::int64_t> sequences;
        for (const auto& entry : entries.value_or({})) sequences.push_back(entry.sequence);
        return sequences;
    }
};

TEST_P(ChainTest, AnEmptyChainIsIntact) {
    const Verdict verdict = Verified();
    EXPECT_TRUE(verdict.is_intact);
    EXPECT_EQ(verdict.rows, 0);
    EXPECT_EQ(verdict.broken_at, std::nullopt);
    EXPECT_TRUE(verdict.problem.empty());
}

TEST_P(ChainTest, StaysIntactOverMorePagesThanOne) {
    AddMany(5001);
    int told = 0;
    const auto verdict = Verify(database(), [&](std::int64_t done, std::int64_t all) {
        ++told;
        EXPECT_EQ(done, 5000);
        EXPECT_EQ(all, 5001);
        return true;
    });
    ASSERT_TRUE(verdict.ok());
    EXPECT_TRUE(verdict->is_intact) << verdict->problem.en;
    EXPECT_EQ(verdict->rows, 5001);
    EXPECT_EQ(told, 1);
    const auto stopped = Verify(database(), [](std::int64_t, std::int64_t) { return false; });
    ASSERT_FALSE(stopped.ok());
    EXPECT_EQ(stopped.error().code, ErrorCode::kCancelled);
    Tamper("UPDATE audit_trail SET subject_name = 'x' WHERE sequence = 5001");
    ExpectBrokenAt(5001, "on the second page");
}

TEST_P(ChainTest, StaysIntactWithEveryKindOfValue) {
    Change change = Renaming(1);
    change.unit_id = std::nullopt;
    change.before = {{"tenth", 0.1}, {"sum", 0.1 + 0.2}, {"tiny", 5e-324}, {"huge", 1.7976931348623157e308}, {"third", 1.0 / 3},
                     {"exact", 123456789.123456789}, {"int", std::int64_t{-9'007'199'254'740'993}}, {"unsigned", 18'446'744'073'709'551'615ULL}};
    change.after = {{"text", std::string("\x00\x01\x1F\x7F\"\\/\b\f\n\r\t資🛡", 19)}, {"nested", {{"array", {1, nullptr, true}}}}, {"", ""}};
    Add(change);
    change.subject_name = "";
    change.before = nullptr;
    Add(change, {});
    const Verdict verdict = Verified();
    EXPECT_TRUE(verdict.is_intact) << verdict.problem.en;
}

TEST_P(ChainTest, StaysOneChainWhenManyWriteAtOnce) {
    constexpr int kWriters = 4;
    constexpr int kRows = 25;
    std::vector<std::thread> writers;
    for (int i = 0; i < kWriters; ++i) {
        writers.emplace_back([&] {
            for (int row = 0; row < kRows; ++row) Add(Renaming(row));
        });
    }
    for (auto& writer : writers) writer.join();
    const Verdict verdict = Verified();
    EXPECT_TRUE(verdict.is_intact) << verdict.problem.en;
    EXPECT_EQ(verdict.rows, kWriters * kRows);
}

TEST_P(ChainTest, LeavesNoRowAndNoGapOfAChangeThatWasRolledBack) {
    Add(Renaming(1));
    const auto failed = database().WriteWith([](db::Transaction& transaction) -> Result<void> {
        OPS_CHECK(Append(transaction, {}, Renaming(2), kStart));
        return Error::Of(ErrorCode::kConflict, "不行", "no");
    });
    EXPECT_FALSE(failed.ok());
    Add(Renaming(3));
    EXPECT_TRUE(Verified().is_intact);
    EXPECT_THAT(Found({}), ElementsAre(2, 1));
}

TEST_P(ChainTest, FindsEveryValueThatWasAlteredAndNamesItsRow) {
    AddMany(5);
    const struct {
        std::string column;
        db::Value value;
    } kAlterations[] = {
        {"at", 1},
        {"user_id", 4},
        {"user_name", "lin"},
        {"address", ""},
        {"action", "device.remove"},
        {"subject_kind", "unit"},
        {"subject_id", "33"},
        {"subject_name", "交換器"},
        {"unit_id", nullptr},
        {"unit_id", 8},
        {"before_json", "null"},
        {"before_json", R"({"name": "old \"3\""})"},
        {"after_json", R"({"name":"新\/3"})"},
        {"after_json", "not JSON"},
        {"hash", crypto::Sha256Hex("x")},
        {"hash", ""},
    };
    for (const std::int64_t sequence : {std::int64_t{1}, std::int64_t{3}, std::int64_t{5}}) {
        const std::string row = " WHERE sequence = " + std::to_string(sequence);
        for (const auto& [column, value] : kAlterations) {
            const db::Value kept = One("SELECT " + column + " FROM audit_trail" + row)[0];
            ASSERT_NE(kept, value);
            Tamper("UPDATE audit_trail SET " + column + " = $1" + row, {value});
            ExpectBrokenAt(sequence, column);
            Tamper("UPDATE audit_trail SET " + column + " = $1" + row, {kept});
            ASSERT_TRUE(Verified().is_intact) << column;
        }
    }
}

TEST_P(ChainTest, FindsAValueMovedFromOneColumnToTheNext) {
    Add(Renaming(1));
    Tamper("UPDATE audit_trail SET subject_kind = 'de', subject_id = 'vice1'");
    ExpectBrokenAt(1, "the same letters in the same order");
}

TEST_P(ChainTest, FindsARowThatWasRemoved) {
    AddMany(5);
    Tamper("DELETE FROM audit_trail WHERE sequence = 3");
    ExpectBrokenAt(3, "in the middle");
    Tamper("DELETE FROM audit_trail WHERE sequence = 1");
    ExpectBrokenAt(1, "at the beginning");
}

TEST_P(ChainTest, FindsRowsCutOffAtTheEndAlsoWhenTheHeadSaysSo) {
    AddMany(5);
    Tamper("DELETE FROM audit_trail WHERE sequence >= 4");
    ExpectBrokenAt(4, "the head knows of five");
    Tamper("UPDATE audit_head SET sequence = 3");
    ExpectBrokenAt(3, "the head's hash is of the fifth");
    Tamper("DELETE FROM audit_trail");
    ExpectBrokenAt(1, "all of them");
}

TEST_P(ChainTest, FindsRowsThatWereRenumberedToCloseAGap) {
    AddMany(5);
    Tamper("DELETE FROM audit_trail WHERE sequence = 3");
    Tamper("UPDATE audit_trail SET sequence = 3 WHERE sequence = 4");
    ExpectBrokenAt(3, "the fourth in the place of the third");
}

TEST_P(ChainTest, FindsRowsThatChangedPlaces) {
    AddMany(3);
    Tamper("UPDATE audit_trail SET sequence = 9 WHERE sequence = 1");
    Tamper("UPDATE audit_trail SET sequence = 1 WHERE sequence = 2");
    Tamper("UPDATE audit_trail SET sequence = 2 WHERE sequence = 9");
    ExpectBrokenAt(1, "the second in the place of the first");
}

TEST_P(ChainTest, FindsARowPutInBehindTheEndEvenWithTheRightHash) {
    AddMany(2);
    Entry forged{3, kStart, {3, "wang", "192.0.2.7"}, Renaming(3), ""};
    const std::string hash = HashOf(forged, {"null", "null"}, One("SELECT hash FROM audit_head")[0].AsText());
    Tamper("INSERT INTO audit_trail SELECT 3, at, user_id, user_name, address, action, subject_kind, '3', '交換器 3', unit_id, 'null', 'null', $1 "
           "FROM audit_trail WHERE sequence = 2",
           {hash});
    ExpectBrokenAt(3, "behind the head");
}

TEST_P(ChainTest, FindsARowPutInBeforeTheBeginning) {
    AddMany(2);
    for (const std::int64_t sequence : {std::int64_t{0}, std::int64_t{-7}}) {
        Tamper("INSERT INTO audit_trail SELECT $1, at, user_id, user_name, address, action, subject_kind, subject_id, subject_name, unit_id, "
               "before_json, after_json, hash FROM audit_trail WHERE sequence = 1",
               {sequence});
        ExpectBrokenAt(sequence, "before the first");
    }
}

TEST_P(ChainTest, FindsAHeadThatWasAlteredOrRemoved) {
    AddMany(3);
    const db::Value hash = One("SELECT hash FROM audit_head")[0];
    Tamper("UPDATE audit_head SET hash = 'x'");
    ExpectBrokenAt(3, "the head's hash");
    Tamper("UPDATE audit_head SET hash = $1, sequence = 2", {hash});
    ExpectBrokenAt(3, "a row more than the head knows");
    Tamper("UPDATE audit_head SET sequence = 4");
    ExpectBrokenAt(4, "a row less");
    Tamper("DELETE FROM audit_head");
    ExpectBrokenAt(1, "no head");
}

TEST_P(ChainTest, ShowsWhatAnAlteredRowHoldsThoughItIsNoJson) {
    Add(Renaming(1));
    Tamper("UPDATE audit_trail SET after_json = 'not JSON'");
    const auto entries = database().Read<std::vector<Entry>>([](db::Session& session) { return Search(session, {}); });
    ASSERT_TRUE(entries.ok()) << entries.error().operator_text;
    EXPECT_EQ(entries->at(0).change.after.as_string(), "not JSON");
}

TEST_P(ChainTest, GivesBackWhatWasAppended) {
    Add(Renaming(1));
    const auto entries = database().Read<std::vector<Entry>>([](db::Session& session) { return Search(session, {}); });
    ASSERT_TRUE(entries.ok());
    ASSERT_EQ(entries->size(), 1U);
    const Entry& entry = entries->front();
    EXPECT_EQ(entry.at, kStart);
    EXPECT_EQ(entry.actor.user_id, 3);
    EXPECT_EQ(entry.actor.name, "wang");
    EXPECT_EQ(entry.actor.address, "192.0.2.7");
    EXPECT_EQ(entry.change.action, "device.rename");
    EXPECT_EQ(entry.change.unit_id, 7);
    EXPECT_EQ(entry.change.before, Renaming(1).before);
    EXPECT_EQ(entry.change.after, Renaming(1).after);
    EXPECT_EQ(entry.hash.size(), 64U);
}

TEST_P(ChainTest, SearchesByTextActorSubjectTimeAndUnit) {
    const auto hour = [](int n) { return kStart + std::chrono::hours(n); };
    Add({"device.rename", "device", "d-1", "Core-SW_01", 1, nullptr, nullptr}, {1, "wang", ""}, hour(1));
    Add({"device.remove", "device", "d-2", "ÉCOLE 100%", 2, nullptr, nullptr}, {2, "lin", ""}, hour(2));
    Add({"unit.rename", "unit", "1", "資訊室", 1, nullptr, nullptr}, {1, "wang", ""}, hour(3));
    Add({"account.lock", "account", "2", "lin", std::nullopt, nullptr, nullptr}, {}, hour(4));

    const auto text = [](std::string words) {
        Filter filter;
        filter.text = std::move(words);
        return filter;
    };
    EXPECT_THAT(Found({}), ElementsAre(4, 3, 2, 1));
    EXPECT_THAT(Found(text("RENAME")), ElementsAre(3, 1));
    EXPECT_THAT(Found(text("core-sw_01")), ElementsAre(1));
    EXPECT_THAT(Found(text("ÉCOLE")), ElementsAre(2));
    EXPECT_THAT(Found(text("資訊")), ElementsAre(3));
    EXPECT_THAT(Found(text("D-2")), ElementsAre(2));
    EXPECT_THAT(Found(text("Lin")), ElementsAre(4, 2)) << "as subject and as actor";
    EXPECT_THAT(Found(text("100%")), ElementsAre(2));
    EXPECT_THAT(Found(text("SW_0")), ElementsAre(1));
    EXPECT_THAT(Found(text("S__0")), IsEmpty()) << "signs of LIKE stand for themselves";
    EXPECT_THAT(Found(text("%")), ElementsAre(2));
    EXPECT_THAT(Found(text("\\")), IsEmpty());
    EXPECT_THAT(Found(text("' OR 1=1 --")), IsEmpty());

    Filter filter;
    filter.actor = "wang";
    filter.subject_kind = "device";
    EXPECT_THAT(Found(filter), ElementsAre(1));
    filter = {};
    filter.subject_id = "2";
    EXPECT_THAT(Found(filter), ElementsAre(4));
    filter = {};
    filter.from = hour(2);
    filter.until = hour(4);
    EXPECT_THAT(Found(filter), ElementsAre(3, 2)) << "from the first instant, up to the second without it";
    filter = {};
    filter.units = std::set<std::int64_t>{1};
    EXPECT_THAT(Found(filter), ElementsAre(3, 1));
    filter.units = std::set<std::int64_t>{1, 2};
    filter.text = "rename";
    EXPECT_THAT(Found(filter), ElementsAre(3, 1));
    filter.units = std::set<std::int64_t>{};
    EXPECT_THAT(Found(filter), IsEmpty());
    filter = {};
    filter.limit = 2;
    EXPECT_THAT(Found(filter), ElementsAre(4, 3));
    filter.before_sequence = 3;
    EXPECT_THAT(Found(filter), ElementsAre(2, 1));
    filter.limit = 0;
    EXPECT_THAT(Found(filter), ElementsAre(2)) << "one at least";
}

OPS_ON_BOTH_DATABASES(ChainTest);

TEST(CanonicalText, IsTheOneOfTheDocumentedExample) {
    const std::string previous = crypto::Sha256Hex("");
    const Entry entry{2,
                      kStart,
                      {3, "wang", "192.0.2.7"},
                      {"device.rename", "device", "d-17", "交換器 \"A\"/1\n", 7, nullptr, nullptr},
                      ""};
    const KeptTexts kept{R"({"name":"舊"})", "null"};
    const std::string text = CanonicalText(entry, kept, previous);
    EXPECT_EQ(text, R"(["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",2,1754373787000,3,"wang","192.0.2.7",)"
                    R"("device.rename","device","d-17","交換器 \"A\"/1\n",7,"{\"name\":\"舊\"}","null"])");
    const std::string hash = HashOf(entry, kept, previous);
    EXPECT_EQ(hash, crypto::Sha256Hex(text));
    std::ifstream file(OPSTEWARD_SOURCE_DIR "/docs/formats/audit-chain.md");
    std::stringstream documented;
    documented << file.rdbuf();
    EXPECT_THAT(documented.str(), HasSubstr(text));
    EXPECT_THAT(documented.str(), HasSubstr(hash));
}

}  // namespace
}  // namespace opsteward::audit
