// Records come back from blocks and segments as they went in, and every flipped bit of a segment is found.
#include "vault/store/segment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "vault/index/grams.hpp"
#include "vault/store/numbered_file.hpp"
#include "vault/store/varint.hpp"
#include "vault/testing/scratch_folder.hpp"

namespace opsteward::vault {
namespace {

using ::testing::ElementsAreArray;
using ::testing::HasSubstr;

RecordView RecordOf(std::int64_t time, std::string_view source, std::string_view message) {
    return {FromMillis(time), Transport::kUdp, source, "os", "192.0.2.1", message};
}

const std::vector<RecordView>& Examples() {
    static const std::string long_message(100'000, 'x');
    static const std::vector<RecordView> records = {
        RecordOf(1'785'000'000'000, "web-01", "GET /"),
        RecordOf(1'785'000'000'003, "web-02", ""),
        RecordOf(1'784'913'600'000, "web-01", "the clock jumped back a day"),
        RecordOf(1'785'086'400'000, "web-01", std::string_view("nul\0, \xff and Big5 \xa4\xa4", 17)),
        RecordOf(INT64_MIN, "web-01", "the earliest time there is"),
        RecordOf(INT64_MAX, "web-01", long_message),
    };
    return records;
}

BlockBuilder BuilderOf(const std::vector<RecordView>& records, std::uint64_t first) {
    BlockBuilder builder(first);
    for (const RecordView& record : records) builder.Add(record);
    return builder;
}

TEST(Varint, TakesBackWhatWasAppendedAndNoLongerForm) {
    for (const std::uint64_t value : {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{128}, std::uint64_t{16383}, std::uint64_t{16384}, UINT64_MAX}) {
        std::string bytes;
        AppendVarint(bytes, value);
        std::string_view rest = bytes;
        EXPECT_EQ(TakeVarint(rest), value);
        EXPECT_TRUE(rest.empty());
        std::string_view cut = std::string_view(bytes).substr(0, bytes.size() - 1);
        EXPECT_FALSE(TakeVarint(cut));
    }
    for (std::string_view bytes : {std::string_view("\x80\x00", 2), std::string_view("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10),
                                   std::string_view("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11)}) {
        EXPECT_FALSE(TakeVarint(bytes));
    }
    for (const std::int64_t value : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1}, INT64_MIN, INT64_MAX}) EXPECT_EQ(UnZigZag(ZigZag(value)), value);
    EXPECT_EQ(ZigZag(-2), 3U);
}

TEST(Block, GivesBackItsRecordsAtEveryLevelOfCompression) {
    for (const int level : {1, 3, 9, 19}) {
        const BlockBuilder builder = BuilderOf(Examples(), 42);
        const auto block = Block::Parse(builder.Finish({level, level > 9 ? Cutting::kIfSmaller : Cutting::kAlways}).bytes);
        ASSERT_TRUE(block.ok()) << level;
        EXPECT_THAT(block->records(), ElementsAreArray(Examples()));
        EXPECT_EQ(block->facts(), builder.facts());
        EXPECT_EQ(block->facts().first, 42U);
    }
}

TEST(Block, ASmallOneStaysReadableWhenItIsMoved) {
    auto block = Block::Parse(BuilderOf({RecordOf(1, "a", "b")}, 0).Finish({1}).bytes).value();
    const Block moved = std::move(block);
    EXPECT_EQ(moved.records().front(), RecordOf(1, "a", "b"));
}

TEST(Block, IsFullAtItsLimits) {
    BlockBuilder by_count(0);
    while (!by_count.is_full()) by_count.Add(RecordOf(1, "s", ""));
    EXPECT_EQ(by_count.facts().count, BlockBuilder::kMaxCount);
    EXPECT_EQ(Block::Parse(by_count.Finish({1}).bytes).value().records().size(), BlockBuilder::kMaxCount);

    const std::string large(kMaxMessage, 'm');
    BlockBuilder by_size(0);
    while (!by_size.is_full()) by_size.Add(RecordOf(1, "s", large));
    EXPECT_EQ(by_size.facts().count, 3U);
    EXPECT_TRUE(Block::Parse(by_size.Finish({1}).bytes).ok());
}

TEST(Block, EveryFlippedBitAndEveryCutIsFound) {
    const std::string bytes = BuilderOf({RecordOf(1, "a", "first"), RecordOf(2, "b", "second")}, 0).Finish({3}).bytes;
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        std::string altered = bytes;
        altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << (bit % 8)));
        EXPECT_FALSE(Block::Parse(altered).ok()) << bit;
    }
    for (std::size_t length = 0; length < bytes.size(); ++length) EXPECT_FALSE(Block::Parse(std::string_view(bytes).substr(0, length)).ok());
    EXPECT_FALSE(Block::Parse(bytes + "x").ok());
}

TEST(Block, GivesBackWhateverRecordsWereDrawnAtRandom) {
    std::mt19937_64 random(7);
    const auto text = [&](std::size_t longest) {
        std::string bytes(random() % (longest + 1), '\0');
        for (char& byte : bytes) byte = static_cast<char>(random());
        return bytes;
    };
    for (int round = 0; round < 200; ++round) {
        std::vector<std::array<std::string, 4>> texts(1 + random() % 50);
        std::vector<RecordView> records;
        for (auto& [source, kind, peer, message] : texts) {
            source = "s" + text(3);
            kind = text(2);
            peer = text(1);
            message = text(300);
            records.push_back({FromMillis(static_cast<std::int64_t>(random())), static_cast<Transport>(random() % 7), source, kind, peer, message});
        }
        const auto block = Block::Parse(BuilderOf(records, random()).Finish({1}).bytes);
        ASSERT_TRUE(block.ok());
        EXPECT_THAT(block->records(), ElementsAreArray(records));
    }
}

class Segments : public ::testing::Test {
  protected:
    std::filesystem::path Write(std::uint64_t first) {
        auto writer = SegmentWriter::Create(folder_.path(), first).value();
        for (const RecordView& record : {RecordOf(5, "a", "one"), RecordOf(4, "a", "two")}) {
            BlockBuilder builder(first++);
            builder.Add(record);
            EXPECT_TRUE(writer.Add(builder.Finish({})).ok());
        }
        return writer.Finish().value();
    }

    ScratchFolder folder_;
};

TEST_F(Segments, AreReadBackBlockByBlock) {
    const auto segment = Segment::Open(Write(17));
    ASSERT_TRUE(segment.ok());
    EXPECT_EQ(segment->path().filename(), "00000000000000000017.seg");
    EXPECT_EQ(segment->first(), 17U);
    EXPECT_EQ(segment->end(), 19U);
    ASSERT_EQ(segment->blocks().size(), 2U);
    EXPECT_EQ(segment->blocks()[1].facts.earliest, FromMillis(4));
    EXPECT_EQ(segment->Read(segment->blocks()[1]).value().records().front().message, "two");
}

TEST_F(Segments, AreNotThereBeforeTheyAreWhole) {
    {
        auto writer = SegmentWriter::Create(folder_.path(), 0).value();
        BlockBuilder builder(0);
        builder.Add(RecordOf(1, "a", "x"));
        ASSERT_TRUE(writer.Add(builder.Finish({})).ok());
    }
    EXPECT_TRUE(ListNumbered(folder_.path(), kSegmentSuffix).value().empty());
    Write(0);
    EXPECT_EQ(folder_.Files().size(), 1U) << "what an unfinished writer left is gone";
}

TEST_F(Segments, EveryFlippedBitIsFoundAndItsFileNamed) {
    const std::filesystem::path path = Write(17);
    const std::string whole = ReadFile(path).value();
    // The index is a page of zeros but for a few bits: one bit of each of its bytes is enough.
    const std::size_t index = Segment::Open(path).value().index_offset();
    for (std::size_t bit = 0; bit < whole.size() * 8; bit += bit / 8 < index || bit / 8 >= index + 4096 ? 1 : 9) {
        std::string altered = whole;
        altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << (bit % 8)));
        ScratchFolder::Write(path, altered);
        const auto segment = Segment::Open(path);
        if (!segment.ok()) {
            EXPECT_THAT(segment.error().caller_text.en, HasSubstr("00000000000000000017.seg")) << bit;
            continue;
        }
        const bool reads = segment->Read(segment->blocks()[0]).ok() && segment->Read(segment->blocks()[1]).ok() && segment->BlocksWith(GramsOf("what")).ok();
        EXPECT_FALSE(reads) << bit;
    }
    for (std::size_t length = 0; length < whole.size(); ++length) {
        ScratchFolder::Write(path, whole.substr(0, length));
        EXPECT_FALSE(Segment::Open(path).ok()) << length;
    }
}

TEST_F(Segments, ARenamedOneIsRefused) {
    const std::filesystem::path path = Write(17);
    const std::filesystem::path other = folder_.path() / "00000000000000000018.seg";
    std::filesystem::rename(path, other);
    EXPECT_EQ(Segment::Open(other).error().code, ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace opsteward::vault
