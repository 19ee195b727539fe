// What may go and what stays: by days in Taipei, by the longest rule of all who are in a segment, never what is held, unsealed or evidence.
#include "vault/retention/plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vault/retention/deletion_record.hpp"
#include "vault/testing/scratch_folder.hpp"
#include "vault/testing/small_vault.hpp"

namespace opsteward::vault {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Received {
    std::string_view when;
    std::string_view source = "fw-1";
    std::string_view kind = "firewall";
};

class RetentionPlan : public ::testing::Test {
  protected:
    /// One segment for each list, one block for each record of it; `tail` are in no segment yet.
    VaultReader Vault(const std::vector<std::vector<Received>>& segments, const std::vector<Received>& tail = {}) {
        std::vector<RecordView> records;
        testing::BlockSizes sizes;
        for (const auto& segment : segments) {
            sizes.emplace_back(segment.size(), 1);
            for (const Received& one : segment) records.push_back(RecordOf(one));
        }
        for (const Received& one : tail) records.push_back(RecordOf(one));
        std::filesystem::remove_all(folder_.path() / "segments");
        std::filesystem::remove_all(folder_.path() / "log");
        testing::WriteSmallVault(folder_.path(), records, sizes);
        return VaultReader::Open(folder_.path()).value();
    }
    std::vector<SegmentFate> Plan(const std::vector<std::vector<Received>>& segments, std::string_view now, std::uint64_t sealed = 1000) {
        return PlanRetention(Vault(segments).segments(), rules_, sealed, ParseRfc3339(now).value());
    }
    std::vector<Fate> Fates(const std::vector<std::vector<Received>>& segments, std::string_view now, std::uint64_t sealed = 1000) {
        std::vector<Fate> fates;
        for (const SegmentFate& fate : Plan(segments, now, sealed)) fates.push_back(fate.fate);
        return fates;
    }
    static RecordView RecordOf(const Received& one) { return {ParseRfc3339(one.when).value(), Transport::kTcp, one.source, one.kind, "", "event"}; }

    ScratchFolder folder_;
    RetentionRules rules_ = ParseRetentionRules("days = 190\n[[rule]]\nsource = 'db'\ndays = 365\n", "r").value();
};

TEST_F(RetentionPlan, CountsWholeDaysOfTaipei) {
    // 190 days after 1 January is 10 July; it goes on the 11th. Midnight in Taipei is 16:00 UTC.
    const std::vector<std::vector<Received>> last_moment{{{"2026-01-01T23:59:59.999+08:00"}}};
    EXPECT_THAT(Fates(last_moment, "2026-07-10T23:59:59.999+08:00"), ElementsAre(Fate::kYounger));
    EXPECT_THAT(Fates(last_moment, "2026-07-11T00:00:00+08:00"), ElementsAre(Fate::kDelete));
    EXPECT_THAT(Fates({{{"2026-01-01T15:59:59.999Z"}}}, "2026-07-10T16:00:00Z"), ElementsAre(Fate::kDelete));
    EXPECT_THAT(Fates({{{"2026-01-01T16:00:00Z"}}}, "2026-07-10T16:00:00Z"), ElementsAre(Fate::kYounger));
    EXPECT_EQ(Plan(last_moment, "2026-07-01T00:00:00Z").front().due, TaipeiDate(ParseRfc3339("2026-07-11T00:00:00+08:00").value()));
}

TEST_F(RetentionPlan, KeepsASegmentWithOneYoungerOrLongerKeptRecord) {
    EXPECT_THAT(Fates({{{"2026-01-01T00:00:00Z"}, {"2026-03-01T00:00:00Z"}}}, "2026-07-20T00:00:00Z"), ElementsAre(Fate::kYounger));
    EXPECT_THAT(Fates({{{"2026-01-01T00:00:00Z"}, {"2026-01-01T00:00:01Z", "db"}}}, "2026-07-20T00:00:00Z"), ElementsAre(Fate::kYounger));
    EXPECT_THAT(Fates({{{"2026-01-01T00:00:00Z"}, {"2026-01-01T00:00:01Z", "db"}}}, "2027-01-03T00:00:00Z"), ElementsAre(Fate::kDelete));
}

TEST_F(RetentionPlan, KeepsWhatNoRuleCovers) {
    rules_ = ParseRetentionRules("[[rule]]\nkind = 'web'\ndays = 190\n", "r").value();
    const std::vector<std::vector<Received>> segments{{{"2020-01-01T00:00:00Z"}}, {{"2020-01-01T00:00:00Z", "x", "web"}},
                                                      {{"2020-01-01T00:00:00Z", "x", "web"}, {"2020-01-01T00:00:00Z"}}};
    EXPECT_THAT(Fates(segments, "2026-07-20T00:00:00Z"), ElementsAre(Fate::kKeptByNoRule, Fate::kDelete, Fate::kKeptByNoRule));
}

TEST_F(RetentionPlan, KeepsASegmentWithOneRecordThatIsHeldAndSaysWhy) {
    rules_.holds = {{.of = {"db", {}}, .from = Date(std::chrono::year(2025) / 1 / 2), .to = Date(std::chrono::year(2025) / 1 / 2), .reason = "case 12"}};
    const std::vector<std::vector<Received>> segments{{{"2025-01-01T00:00:00Z"}, {"2025-01-01T15:59:59Z", "db"}},
                                                      {{"2025-01-02T00:00:00Z"}, {"2025-01-02T00:00:00Z", "db"}},
                                                      {{"2025-01-02T01:00:00Z"}},
                                                      {{"2025-01-03T00:00:00Z", "db"}}};
    const auto plan = Plan(segments, "2026-07-20T00:00:00Z");
    EXPECT_THAT(Fates(segments, "2026-07-20T00:00:00Z"), ElementsAre(Fate::kDelete, Fate::kHeld, Fate::kDelete, Fate::kDelete));
    EXPECT_EQ(plan[1].hold, "case 12");
}

TEST_F(RetentionPlan, KeepsWhatIsNotSealedToItsEndAndWhatSaysWhatWasDeleted) {
    const std::vector<std::vector<Received>> segments{{{"2025-01-01T00:00:00Z"}},
                                                      {{"2025-01-02T00:00:00Z", kDeletionRecords.source, kDeletionRecords.kind}},
                                                      {{"2025-01-03T00:00:00Z"}, {"2025-01-03T00:00:01Z"}}};
    EXPECT_THAT(Fates(segments, "2026-07-20T00:00:00Z", 3), ElementsAre(Fate::kDelete, Fate::kIsEvidence, Fate::kUnsealed));
    EXPECT_THAT(Fates(segments, "2026-07-20T00:00:00Z", 4), ElementsAre(Fate::kDelete, Fate::kIsEvidence, Fate::kDelete));
    EXPECT_THAT(Fates(segments, "2026-07-20T00:00:00Z", 0), ElementsAre(Fate::kUnsealed, Fate::kIsEvidence, Fate::kUnsealed));
}

TEST_F(RetentionPlan, AClockThatWasBehindMakesNothingOldAndOneThatWasAheadNothingYoung) {
    const std::vector<std::vector<Received>> behind{{{"2026-05-01T00:00:00Z"}}, {{"2000-01-01T00:00:00Z"}}, {{"2000-01-02T00:00:00Z"}}};
    EXPECT_THAT(Fates(behind, "2026-07-20T00:00:00Z"), ElementsAre(Fate::kYounger, Fate::kYounger, Fate::kYounger));
    EXPECT_THAT(Fates(behind, "2026-12-20T00:00:00Z"), ElementsAre(Fate::kDelete, Fate::kDelete, Fate::kDelete));
    const std::vector<std::vector<Received>> ahead{{{"2026-01-01T00:00:00Z"}, {"2099-01-01T00:00:00Z"}}, {{"2026-01-01T00:00:02Z"}}};
    EXPECT_THAT(Fates(ahead, "2026-07-20T00:00:00Z"), ElementsAre(Fate::kYounger, Fate::kDelete));
}

TEST_F(RetentionPlan, TellsOfEachSegmentWhoseRecordsItHoldsAndOfWhichDays) {
    const auto plan = Plan({{{"2026-01-01T00:00:00Z", "b", "os"}, {"2026-01-02T00:00:00Z", "a", "web"}}}, "2026-07-20T00:00:00Z");
    ASSERT_EQ(plan.size(), 1U);
    EXPECT_EQ(plan[0].count, 2U);
    EXPECT_EQ(plan[0].message_bytes, 10U);
    EXPECT_EQ(FormatIsoDate(plan[0].from), "2026-01-01");
    EXPECT_EQ(FormatIsoDate(plan[0].to), "2026-01-02");
    EXPECT_THAT(plan[0].streams, ElementsAre(SourceAndKind{"a", "web"}, SourceAndKind{"b", "os"}));
}

class RetentionClock : public RetentionPlan {
  protected:
    RetentionState State(const std::vector<std::vector<Received>>& segments, const std::vector<Received>& tail) {
        const auto key = crypto::Ed25519SigningKey::FromSeed({1});
        const auto vault = Vault(segments, tail);
        const auto sign = [&](std::uint64_t size) { return SignCheckpoint({"v", size, {}}, key).ToText(); };
        ScratchFolder::Write(folder_.path() / "checkpoint", sign(9));
        if (witnessed_) ScratchFolder::Write(folder_.path() / "witnessed", sign(*witnessed_));
        return ReadRetentionState(vault, {folder_.path()}, {"v", SignatureType::kEd25519, key.public_key()}).value();
    }

    std::optional<std::uint64_t> witnessed_;
};

TEST_F(RetentionClock, IsDoubtedWhenNothingCameForLongerThanAWeek) {
    const auto state = State({{{"2026-01-01T00:00:00Z"}}}, {{"2026-02-01T00:00:00Z"}});
    EXPECT_TRUE(CheckClock(state, ParseRfc3339("2026-02-08T00:00:00Z").value()).ok());
    EXPECT_TRUE(CheckClock(state, ParseRfc3339("2025-02-08T00:00:00Z").value()).ok());
    const auto refused = CheckClock(state, ParseRfc3339("2026-02-08T00:00:00.001Z").value());
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::kForbidden);
    EXPECT_THAT(refused.error().caller_text.en, HasSubstr("--clock-is-right"));
    EXPECT_THAT(refused.error().caller_text.zh, HasSubstr("115.2.1"));
}

TEST_F(RetentionClock, IsNotVouchedForByWhatThisProgramWroteByTheSameClock) {
    const auto state = State({{{"2026-01-01T00:00:00Z"}}}, {{"2026-07-01T00:00:00Z", "opsteward", "audit"}});
    EXPECT_FALSE(CheckClock(state, ParseRfc3339("2026-07-01T00:00:00Z").value()).ok());
    const auto own_alone = State({{{"2026-07-01T00:00:00Z", "opsteward", "audit"}}}, {});
    EXPECT_TRUE(CheckClock(own_alone, ParseRfc3339("2026-07-02T00:00:00Z").value()).ok());
    EXPECT_TRUE(CheckClock(State({}, {}), ParseRfc3339("2026-07-02T00:00:00Z").value()).ok());
}

TEST_F(RetentionClock, WhatAWitnessHasNotSignedYetCountsAsUnsealed) {
    EXPECT_EQ(State({}, {}).sealed, 9U);
    witnessed_ = 5;
    EXPECT_EQ(State({}, {}).sealed, 5U);
}

}  // namespace
}  // namespace opsteward::vault
