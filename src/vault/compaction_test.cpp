// Merging changes neither records nor tree, may end at any point without harm, and can be read beside.
#include "vault/compaction.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/civil_time.hpp"
#include "vault/scan.hpp"
#include "vault/testing/scratch_folder.hpp"
#include "vault/vault_reader.hpp"
#include "vault/vault_writer.hpp"

namespace opsteward::vault {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;

class Compaction : public ::testing::Test {
  protected:
    Compaction() { Open(); }

    void Open() {
        writer_.reset();
        writer_ = VaultWriter::Open(folder_.path(), {"test/vault", crypto::Ed25519SigningKey::FromSeed({3})}).value();
    }
    /// A segment of `count` records.
    void AddSegment(int count) {
        for (int i = 0; i < count; ++i) {
            const std::string message = "event " + std::to_string(writer_->size()) + " of 10.0.0." + std::to_string(i);
            const RecordView record{now_, Transport::kTcp, i % 2 == 0 ? "a" : "b", "os", "192.0.2.1", message};
            ASSERT_TRUE(writer_->Append(std::span(&record, 1)).ok());
        }
        ASSERT_TRUE(writer_->WriteSegments().ok());
    }
    std::vector<std::string> Messages() {
        std::vector<std::string> messages;
        EXPECT_TRUE(ForEach(VaultReader::Open(folder_.path()).value(), {}, [&](std::uint64_t, const RecordView& record) {
                        messages.emplace_back(record.message);
                        return true;
                    }).ok());
        return messages;
    }
    std::vector<std::uint64_t> Firsts() {
        std::vector<std::uint64_t> firsts;
        const auto files = ListNumbered(Segments(), kSegmentSuffix).value();
        for (const NumberedFile& file : files) firsts.push_back(file.first);
        return firsts;
    }
    std::filesystem::path Segments() const { return folder_.path() / "segments"; }

    ScratchFolder folder_;
    std::unique_ptr<VaultWriter> writer_;
    Instant now_ = ParseRfc3339("2026-11-24T12:00:00Z").value();
};

TEST_F(Compaction, MergesTheSegmentsOfADayAndChangesNeitherRecordsNorTree) {
    for (const int count : {3, 1, 700}) AddSegment(count);
    now_ += std::chrono::days(1);
    for (const int count : {2, 2}) AddSegment(count);
    now_ += std::chrono::days(1);
    AddSegment(1);
    const auto before = Messages();
    const Checkpoint sealed = writer_->Seal().value();
    ASSERT_TRUE(writer_->Compact().ok());
    EXPECT_THAT(Firsts(), ElementsAre(0, 704, 708));
    EXPECT_THAT(Messages(), ElementsAreArray(before));
    const auto reader = VaultReader::Open(folder_.path()).value();
    EXPECT_EQ(reader.Root().value(), sealed.root);
    EXPECT_TRUE(reader.Prove(703).ok());
    EXPECT_EQ(reader.segments().segments()[0].blocks().size(), 1U) << "blocks are filled anew";
    AddSegment(1);
    Open();
    EXPECT_EQ(Messages().size(), before.size() + 1);
}

TEST_F(Compaction, LeavesAloneWhatIsMergedAlready) {
    for (const int count : {3, 1}) AddSegment(count);
    ASSERT_TRUE(writer_->Compact().ok());
    const auto when = std::filesystem::last_write_time(Segments() / NumberedName(0, kSegmentSuffix));
    ASSERT_TRUE(writer_->Compact().ok());
    EXPECT_EQ(std::filesystem::last_write_time(Segments() / NumberedName(0, kSegmentSuffix)), when);
}

TEST_F(Compaction, EndsWhenAskedAndLeavesEverythingAsItWas) {
    for (const int count : {3, 1}) AddSegment(count);
    const auto outcome = writer_->Compact({.goes_on = [](std::uint64_t, std::uint64_t all) {
        EXPECT_EQ(all, 4U);
        return false;
    }});
    EXPECT_EQ(outcome.error().code, ErrorCode::kCancelled);
    EXPECT_THAT(Firsts(), ElementsAre(0, 3));
    EXPECT_EQ(Messages().size(), 4U);
}

TEST_F(Compaction, AMachineThatStoppedBeforeTheOldSegmentsWereRemovedHasEachRecordOnce) {
    for (const int count : {3, 1, 2}) AddSegment(count);
    const auto before = Messages();
    const ScratchFolder aside;
    for (const std::uint64_t first : {3U, 4U}) std::filesystem::copy(Segments() / NumberedName(first, kSegmentSuffix), aside.path());
    ASSERT_TRUE(writer_->Compact().ok());
    for (const auto& left : std::filesystem::directory_iterator(aside.path())) std::filesystem::copy(left.path(), Segments());
    ASSERT_THAT(Firsts(), ElementsAre(0, 3, 4));
    EXPECT_THAT(Messages(), ElementsAreArray(before)) << "a reader passes over what is left";
    Open();
    EXPECT_THAT(Firsts(), ElementsAre(0)) << "the next writer removes it";
    EXPECT_THAT(Messages(), ElementsAreArray(before));
}

TEST(CompactionPlan, MergesNeighboursOfADayAsLongAsTheyFitIntoOneSegment) {
    constexpr Date kDay = std::chrono::year(2026) / 11 / 24;
    constexpr Date kNext = std::chrono::year(2026) / 11 / 25;
    constexpr std::uint64_t kBytes = BlockBuilder::kMessageBytes;
    // `first` says how many records before it are deleted.
    const auto plan = [](std::vector<SegmentMeasure> segments) {
        std::uint64_t next = 0;
        for (SegmentMeasure& segment : segments) {
            segment.first += next;
            next = segment.first + segment.count;
        }
        return PlanCompaction(segments);
    };
    EXPECT_THAT(plan({}), ElementsAre());
    EXPECT_THAT(plan({{kDay, 1, 1}}), ElementsAre());
    EXPECT_THAT(plan({{kDay, 1, 1}, {kDay, 1, 1}}), ElementsAre(SegmentRange{0, 2}));
    EXPECT_THAT(plan({{kDay, 1, 1}, {kNext, 1, 1}, {kNext, 1, 1}}), ElementsAre(SegmentRange{1, 3}));
    EXPECT_THAT(plan({{kDay, 40 * kBytes, 1}, {kDay, 40 * kBytes, 1}, {kDay, 1, 1}}), ElementsAre(SegmentRange{1, 3}));
    EXPECT_THAT(plan({{kDay, 1, 40 * BlockBuilder::kMaxCount}, {kDay, 1, 40 * BlockBuilder::kMaxCount}}), ElementsAre());
    EXPECT_THAT(plan({{kDay, 64 * kBytes, 1}, {kDay, 64 * kBytes, 1}}), ElementsAre());
    EXPECT_THAT(plan({{kDay, 1, 1}, {kDay, 1, 1}, {kDay, 1, 1, 5}, {kDay, 1, 1}}), ElementsAre(SegmentRange{0, 2}, SegmentRange{2, 4}));
    EXPECT_THAT(plan({{kDay, 1, 1}, {kDay, 1, 1, 0, true}, {kDay, 1, 1, 0, true}, {kDay, 1, 1}}), ElementsAre(SegmentRange{1, 3}));
}

}  // namespace
}  // namespace opsteward::vault
