// The last record of a stream is found wherever it lies: in the tail, in a block in the middle, behind records of others.
#include "vault/last_record.hpp"

#include <gtest/gtest.h>

#include "vault/testing/scratch_folder.hpp"
#include "vault/testing/small_vault.hpp"

namespace opsteward::vault {
namespace {

constexpr std::uint64_t kRecords = 60;

const Stream kOurs{"opsteward", "audit", Transport::kInternal};

class LastRecordOfAVault : public ::testing::Test {
  protected:
    /// Three segments of two blocks of eight, and a tail; `ours` are the records of the stream.
    std::optional<FoundRecord> Found(const std::vector<std::uint64_t>& ours, const RecordView& others) {
        std::vector<std::string> messages;
        for (std::uint64_t i = 0; i < kRecords; ++i) messages.push_back("event " + std::to_string(i));
        std::vector<RecordView> records;
        for (std::uint64_t i = 0; i < kRecords; ++i) {
            RecordView record = std::ranges::find(ours, i) == ours.end() ? others : RecordView{FromMillis(1), kOurs.transport, kOurs.source, kOurs.kind, "", ""};
            record.message = messages[i];
            records.push_back(record);
        }
        const ScratchFolder folder;
        testing::WriteSmallVault(folder.path(), records, testing::BlockSizes(3, std::vector<std::size_t>(2, 8)));
        return LastRecord(VaultReader::Open(folder.path()).value(), kOurs).value();
    }
};

const RecordView kOther{FromMillis(1), Transport::kUdp, "web-01", "os", "192.0.2.1", ""};

TEST_F(LastRecordOfAVault, IsFoundWhereverItLies) {
    for (const std::vector<std::uint64_t>& ours : {std::vector<std::uint64_t>{59}, {48}, {3, 47}, {40, 41}, {39}, {0, 16}, {7}, {0}, {1, 2, 3}}) {
        const auto found = Found(ours, kOther);
        ASSERT_TRUE(found.has_value()) << ours.back();
        EXPECT_EQ(found->sequence, ours.back());
        EXPECT_EQ(found->message, "event " + std::to_string(ours.back()));
    }
}

TEST_F(LastRecordOfAVault, IsNothingWhenThereIsNone) { EXPECT_FALSE(Found({}, kOther).has_value()); }

TEST_F(LastRecordOfAVault, IsNoneThatWasBroughtInUnderItsName) {
    const RecordView forged{FromMillis(1), Transport::kImport, kOurs.source, kOurs.kind, "", ""};
    EXPECT_FALSE(Found({}, forged).has_value());
    EXPECT_EQ(Found({5, 21}, forged)->sequence, 21U);
}

}  // namespace
}  // namespace opsteward::vault
