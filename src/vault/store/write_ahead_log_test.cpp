// What was committed is there after every kind of interruption; what is damaged is named; nothing is counted twice.
#include "vault/store/write_ahead_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>

#include "vault/store/crc32c.hpp"
#include "vault/store/log_frame.hpp"
#include "vault/store/record.hpp"
#include "vault/testing/scratch_folder.hpp"

namespace opsteward::vault {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Wal : public ::testing::Test {
  protected:
    Result<WriteAheadLog> Open(WriteAheadLogOptions options = {}) {
        records_.clear();
        return WriteAheadLog::Open(folder_.path(), 0,
                                   [this](std::uint64_t sequence, std::string_view record) -> Result<void> {
                                       EXPECT_EQ(sequence, first_ + records_.size());
                                       records_.emplace_back(record);
                                       return Ok();
                                   },
                                   options);
    }
    static void Write(WriteAheadLog& log, const std::vector<std::string>& group) {
        for (const std::string& record : group) ASSERT_TRUE(log.Append(record).ok());
        ASSERT_TRUE(log.Commit().ok());
    }
    std::filesystem::path Only() const {
        const auto files = folder_.Files();
        EXPECT_EQ(files.size(), 1U);
        return files.front();
    }

    ScratchFolder folder_;
    std::vector<std::string> records_;  ///< handed over by the last Open
    std::uint64_t first_ = 0;           ///< number of the first of them
};

TEST_F(Wal, GivesBackWhatWasCommittedInOrder) {
    {
        auto log = Open().value();
        EXPECT_THAT(records_, IsEmpty());
        EXPECT_EQ(log.Append("one").value(), 0U);
        EXPECT_EQ(log.Append("two").value(), 1U);
        EXPECT_EQ(log.committed(), 0U);
        ASSERT_TRUE(log.Commit().ok());
        EXPECT_EQ(log.committed(), 2U);
        Write(log, {std::string("nul\0 inside", 11), ""});
    }
    auto log = Open().value();
    EXPECT_THAT(records_, ElementsAre("one", "two", std::string("nul\0 inside", 11), ""));
    EXPECT_EQ(log.committed(), 4U);
    EXPECT_EQ(log.Append("five").value(), 4U);
}

TEST_F(Wal, ForgetsWhatWasAppendedAndNeverCommitted) {
    {
        auto log = Open().value();
        Write(log, {"kept"});
        ASSERT_TRUE(log.Append("never committed").ok());
    }
    ASSERT_TRUE(Open().ok());
    EXPECT_THAT(records_, ElementsAre("kept"));
}

TEST_F(Wal, ALastGroupTornAtAnyByteIsCutOffAndNothingBeforeIt) {
    {
        auto log = Open().value();
        Write(log, {"first", "second"});
        Write(log, {"third"});
    }
    const std::filesystem::path path = Only();
    const std::string whole = ReadFile(path).value();
    const std::size_t last_group = whole.size() - (LogFrame::kHeaderBytes + 4 + 5);
    for (std::size_t length = last_group; length < whole.size(); ++length) {
        for (const bool is_filled : {false, true}) {
            std::string torn = whole.substr(0, length);
            if (is_filled) torn.resize(whole.size(), '\0');  // the file's new length reached the disk, its bytes did not
            folder_.Write(path, torn);
            {
                auto log = Open();
                ASSERT_TRUE(log.ok()) << length << ' ' << log.error().operator_text;
                EXPECT_THAT(records_, ElementsAre("first", "second")) << length;
                Write(*log, {"instead"});
            }
            ASSERT_TRUE(Open().ok());
            EXPECT_THAT(records_, ElementsAre("first", "second", "instead")) << length;
        }
    }
}

TEST_F(Wal, EveryFlippedBitBeforeTheLastGroupIsFoundAndNamed) {
    {
        auto log = Open().value();
        Write(log, {"first", "second"});
        Write(log, {"third"});
        Write(log, {"fourth"});
    }
    const std::filesystem::path path = Only();
    const std::string whole = ReadFile(path).value();
    const std::size_t last_group = whole.size() - (LogFrame::kHeaderBytes + 4 + 6);
    for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
        std::string altered = whole;
        altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << (bit % 8)));
        folder_.Write(path, altered);
        const auto log = Open();
        if (bit / 8 < last_group) {
            ASSERT_FALSE(log.ok()) << bit;
            EXPECT_EQ(log.error().code, ErrorCode::kCorrupt);
            EXPECT_THAT(log.error().caller_text.en, HasSubstr(path.filename().string()));
            EXPECT_EQ(ReadFile(path).value(), altered) << "a damaged log is not touched";
        } else {
            // A damaged last group can't be told from one that was being written: that the log is too short is told by the checkpoint.
            ASSERT_TRUE(log.ok()) << bit;
            EXPECT_THAT(records_, ElementsAre("first", "second", "third"));
        }
    }
}

TEST_F(Wal, ARecordThatLooksLikeAFrameIsNotTakenForOne) {
    std::string frame(LogFrame::kHeaderBytes, '\0');
    frame += std::string("\x01\0\0\0x", 5);
    SealFrame(frame, 7, 1, 0);
    {
        auto log = Open().value();
        Write(log, {"first"});
        Write(log, {frame + frame});
    }
    const std::filesystem::path path = Only();
    std::string torn = ReadFile(path).value();
    torn.pop_back();
    folder_.Write(path, torn);
    ASSERT_TRUE(Open().ok());
    EXPECT_THAT(records_, ElementsAre("first"));
}

TEST_F(Wal, BeginsANewFileWhenOneIsFullAndDropsFilesThatAreKeptElsewhere) {
    const WriteAheadLogOptions tiny{.file_bytes = 30};
    {
        auto log = Open(tiny).value();
        for (const std::string record : {"0", "1", "2", "3"}) Write(log, {record});
        EXPECT_EQ(folder_.Files().size(), 4U);
    }
    auto log = Open(tiny).value();
    EXPECT_THAT(records_, ElementsAre("0", "1", "2", "3"));
    const auto drop_before = [&log](std::uint64_t sequence) { return log.DropBefore(sequence).ok() && log.FinishDropping().ok(); };
    ASSERT_TRUE(drop_before(1));
    EXPECT_EQ(folder_.Files().size(), 3U);
    ASSERT_TRUE(drop_before(3));
    EXPECT_EQ(folder_.Files().size(), 1U);
    ASSERT_TRUE(drop_before(4));
    EXPECT_EQ(folder_.Files().size(), 1U) << "an empty file goes on from there";
    first_ = 3;
    auto again = Open(tiny).value();
    EXPECT_THAT(records_, ElementsAre());
    EXPECT_EQ(again.committed(), 4U);
}

TEST_F(Wal, AMissingOrRenamedFileIsFound) {
    const WriteAheadLogOptions tiny{.file_bytes = 30};
    {
        auto log = Open(tiny).value();
        for (const std::string record : {"0", "1", "2"}) Write(log, {record});
    }
    const auto files = folder_.Files();
    ASSERT_EQ(files.size(), 3U);
    const std::string middle = ReadFile(files[1]).value();
    std::filesystem::remove(files[1]);
    EXPECT_THAT(Open(tiny).error().caller_text.en, HasSubstr("should begin with record 1, begins with 2"));
    folder_.Write(files[1], middle);
    ASSERT_TRUE(Open(tiny).ok());
    std::filesystem::rename(files[1], folder_.path() / "00000000000000000009.wal");
    EXPECT_FALSE(Open(tiny).ok());
}

TEST_F(Wal, AFileWhoseHeaderWasBeingWrittenIsMadeAnew) {
    const WriteAheadLogOptions tiny{.file_bytes = 30};
    {
        auto log = Open(tiny).value();
        Write(log, {"0"});
    }
    for (std::size_t length = 0; length < LogFileHeader::kBytes; ++length) {
        folder_.Write(folder_.path() / "00000000000000000001.wal", LogFileHeader{1, 5}.ToBytes().substr(0, length));
        auto log = Open(tiny);
        ASSERT_TRUE(log.ok()) << length;
        EXPECT_THAT(records_, ElementsAre("0"));
        EXPECT_EQ(log->committed(), 1U);
    }
}

TEST_F(Wal, KeepsNothingOfAGroupThatFoundNoRoomAndGoesOnWhenThereIs) {
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
    {
        auto log = Open().value();
        Write(log, {"kept"});
        const rlimit small{100, before.rlim_max};
        ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
        ASSERT_TRUE(log.Append(std::string(200, 'x')).ok());
        EXPECT_FALSE(log.Commit().ok());
        EXPECT_EQ(log.committed(), 1U);
        ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
        EXPECT_EQ(log.Append("after").value(), 1U);
        ASSERT_TRUE(log.Commit().ok());
    }
    ASSERT_TRUE(Open().ok());
    EXPECT_THAT(records_, ElementsAre("kept", "after"));
}

TEST_F(Wal, IsReadBesideItsWriterWithoutBeingChanged) {
    auto log = Open().value();
    Write(log, {"first", "second"});
    const auto read = [&] {
        std::vector<std::string> records;
        EXPECT_TRUE(ReadLog(folder_.path(), [&](std::uint64_t sequence, std::string_view record) -> Result<void> {
                        EXPECT_EQ(sequence, records.size());
                        records.emplace_back(record);
                        return Ok();
                    }).ok());
        return records;
    };
    EXPECT_THAT(read(), ElementsAre("first", "second"));
    const std::string half = ReadFile(Only()).value() + "half a group";
    ScratchFolder::Write(Only(), half);
    EXPECT_THAT(read(), ElementsAre("first", "second"));
    EXPECT_EQ(ReadFile(Only()).value(), half);
}

TEST_F(Wal, AGroupHasALimit) {
    auto log = Open().value();
    const std::string large(WriteAheadLog::kMaxGroup - 4, 'x');
    ASSERT_TRUE(log.Append(large).ok());
    EXPECT_EQ(log.Append("").error().code, ErrorCode::kTooLarge);
    ASSERT_TRUE(log.Commit().ok());
    ASSERT_TRUE(log.Append("").ok());
}

TEST(Crc32c, GivesTheAnswersOfRfc3720BothWays) {
    std::string ascending;
    for (int i = 0; i < 32; ++i) ascending += static_cast<char>(i);
    const std::pair<std::string, std::uint32_t> kTable[] = {
        {"", 0}, {std::string(32, '\0'), 0x8A9136AAU}, {std::string(32, '\xff'), 0x62A8AB43U}, {ascending, 0x46DD794EU}, {"123456789", 0xE3069283U}};
    for (const auto& [bytes, checksum] : kTable) {
        EXPECT_EQ(Crc32c(bytes), checksum);
        EXPECT_EQ(Crc32cByTable(bytes), checksum);
        for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
            EXPECT_EQ(Crc32c(bytes.substr(cut), Crc32c(bytes.substr(0, cut))), checksum) << cut;
        }
    }
}

RecordView Example() {
    return {FromMillis(1'785'000'000'123), Transport::kTcp, "fw-01", "firewall", "192.0.2.1", std::string_view("nul\0 and \xff", 10)};
}

TEST(Record, IsReadBackAsWritten) {
    std::string bytes;
    ASSERT_TRUE(AppendRecord(bytes, Example()).ok());
    EXPECT_EQ(ParseRecord(bytes).value(), Example());
    RecordView bare;
    bare.source = "s";
    bare.received = FromMillis(-1);
    bytes.clear();
    ASSERT_TRUE(AppendRecord(bytes, bare).ok());
    EXPECT_EQ(ParseRecord(bytes).value(), bare);
}

TEST(Record, HasOneCanonicalFormSoEveryOtherLengthOrHeaderIsRefused) {
    std::string bytes;
    ASSERT_TRUE(AppendRecord(bytes, Example()).ok());
    for (std::size_t length = 0; length < bytes.size(); ++length) EXPECT_FALSE(ParseRecord(std::string_view(bytes).substr(0, length)).ok());
    EXPECT_FALSE(ParseRecord(bytes + "x").ok());
    for (const std::size_t at : {std::size_t{0}, std::size_t{1}}) {
        std::string altered = bytes;
        altered[at] = '\x09';
        EXPECT_FALSE(ParseRecord(altered).ok());
    }
}

TEST(Record, OutOfBoundsIsRefusedAndAppendsNothing) {
    const std::string long_name(256, 'n');
    const std::string long_message(kMaxMessage + 1, 'm');
    std::string bytes = "before";
    RecordView record = Example();
    record.source = "";
    EXPECT_EQ(AppendRecord(bytes, record).error().code, ErrorCode::kInvalidInput);
    record.source = long_name;
    EXPECT_EQ(AppendRecord(bytes, record).error().code, ErrorCode::kInvalidInput);
    record = Example();
    record.kind = long_name;
    EXPECT_EQ(AppendRecord(bytes, record).error().code, ErrorCode::kInvalidInput);
    record = Example();
    record.message = long_message;
    EXPECT_EQ(AppendRecord(bytes, record).error().code, ErrorCode::kTooLarge);
    EXPECT_EQ(bytes, "before");
}

}  // namespace
}  // namespace opsteward::vault
