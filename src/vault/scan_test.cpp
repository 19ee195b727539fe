// Records are handed over in their order, only those that are wanted, however many threads read; and no damage is passed over.
#include "vault/scan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "vault/testing/scratch_folder.hpp"
#include "vault/testing/small_vault.hpp"

namespace opsteward::vault {
namespace {

using ::testing::HasSubstr;

constexpr std::uint64_t kRecords = 400;
constexpr std::uint64_t kTail = 380;  ///< from this one on they lie in the log
constexpr std::size_t kBlock = 10;

class VaultScan : public ::testing::TestWithParam<unsigned> {
  protected:
    VaultScan() {
        std::vector<std::string> messages;
        for (std::uint64_t i = 0; i < kRecords; ++i) messages.push_back("event " + std::to_string(i));
        std::vector<RecordView> records;
        for (const std::string& message : messages) records.push_back({FromMillis(1), Transport::kUdp, "s", "", "", message});
        testing::WriteSmallVault(folder_.path(), records,
                                 {std::vector<std::size_t>(20, kBlock), std::vector<std::size_t>(1, kBlock), std::vector<std::size_t>(17, kBlock)});
    }

    VaultReader Reader() const { return VaultReader::Open(folder_.path()).value(); }
    /// The numbers of the records, which are what their messages say.
    std::vector<std::uint64_t> Scanned(Scan scan = {}, std::size_t at_most = kRecords) const {
        scan.threads = GetParam();
        std::vector<std::uint64_t> scanned;
        EXPECT_TRUE(ForEach(Reader(), scan, [&](std::uint64_t sequence, const RecordView& record) {
                        EXPECT_EQ(record.message, "event " + std::to_string(sequence));
                        scanned.push_back(sequence);
                        return scanned.size() < at_most;
                    }).ok());
        return scanned;
    }
    static std::vector<std::uint64_t> From(std::uint64_t first, std::uint64_t end) {
        std::vector<std::uint64_t> numbers;
        for (; first < end; ++first) numbers.push_back(first);
        return numbers;
    }

    ScratchFolder folder_;
};

TEST_P(VaultScan, HandsOverEveryRecordInOrder) { EXPECT_EQ(Scanned(), From(0, kRecords)); }

TEST_P(VaultScan, StopsWhenItIsToldTo) {
    for (const std::size_t at_most : {1U, 10U, 11U, 205U, 380U, 381U, 399U}) EXPECT_EQ(Scanned({}, at_most), From(0, at_most));
}

TEST_P(VaultScan, ReadsTheChosenBlocksAloneAndTheTailAlways) {
    Scan scan;
    scan.choose = [](const Segment& segment) -> Result<BlockSet> { return segment.first() == 0 ? BlockSet{1} << 19 | 1 : BlockSet{0}; };
    std::vector<std::uint64_t> expected = From(0, kBlock);
    std::ranges::copy(From(190, 200), std::back_inserter(expected));
    std::ranges::copy(From(kTail, kRecords), std::back_inserter(expected));
    EXPECT_EQ(Scanned(scan), expected);
}

TEST_P(VaultScan, HandsOverWhatIsFoundAloneAlsoOfTheTail) {
    std::atomic<std::size_t> asked = 0;
    Scan scan;
    scan.find = [&](std::span<const RecordView> records) {
        asked += records.size();
        std::vector<std::uint32_t> found;
        for (std::uint32_t i = 0; i < records.size(); ++i) {
            if (records[i].message.ends_with("7") && !records[i].message.ends_with("17")) found.push_back(i);
        }
        return found;
    };
    std::vector<std::uint64_t> expected;
    for (std::uint64_t i = 7; i < kRecords; i += 10) {
        if (i % 100 != 17) expected.push_back(i);
    }
    EXPECT_EQ(Scanned(scan), expected);
    EXPECT_EQ(asked, kRecords) << "each record once";
}

TEST_P(VaultScan, WhatChoosingRunsIntoComesOut) {
    Scan scan{.threads = GetParam()};
    scan.choose = [](const Segment& segment) -> Result<BlockSet> {
        if (segment.first() == 0) return segment.all_blocks();
        return Error::Of(ErrorCode::kCorrupt, "索引損壞", "damaged index");
    };
    std::uint64_t next = 0;
    const auto result = ForEach(Reader(), scan, [&](std::uint64_t sequence, const RecordView&) { return sequence == next++; });
    EXPECT_EQ(result.error().caller_text.en, "damaged index");
    EXPECT_LE(next, 200U);
}

TEST_P(VaultScan, ADamagedBlockIsAnErrorAfterTheRecordsBeforeIt) {
    const VaultReader vault = Reader();
    const Segment& segment = vault.segments().segments()[2];
    const BlockEntry& damaged = segment.blocks()[3];
    std::string bytes = ReadFile(segment.path()).value();
    bytes[damaged.offset + damaged.stored_bytes - 1] ^= 1;
    ScratchFolder::Write(segment.path(), bytes);
    std::vector<std::uint64_t> scanned;
    const auto result = ForEach(Reader(), {.threads = GetParam()}, [&](std::uint64_t sequence, const RecordView&) {
        scanned.push_back(sequence);
        return true;
    });
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, ErrorCode::kCorrupt);
    EXPECT_THAT(result.error().caller_text.en, HasSubstr("00000000000000000210.seg"));
    EXPECT_EQ(scanned, From(0, damaged.facts.first));

    Scan around{.threads = GetParam()};
    around.choose = [](const Segment& each) -> Result<BlockSet> { return each.first() == 210 ? BlockSet{1} : BlockSet{0}; };
    EXPECT_TRUE(ForEach(Reader(), around, [](std::uint64_t, const RecordView&) { return true; }).ok()) << "the block was not asked for";
}

INSTANTIATE_TEST_SUITE_P(Threads, VaultScan, ::testing::Values(1U, 2U, 8U), ::testing::PrintToStringParamName());

TEST(VaultScanOfNothing, HandsOverNothing) {
    ScratchFolder folder;
    testing::WriteSmallVault(folder.path(), {}, {});
    int asked = 0;
    EXPECT_TRUE(ForEach(VaultReader::Open(folder.path()).value(), {}, [&](std::uint64_t, const RecordView&) { return ++asked > 0; }).ok());
    EXPECT_EQ(asked, 0);
}

}  // namespace
}  // namespace opsteward::vault
