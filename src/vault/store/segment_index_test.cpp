// What a segment says of its blocks without reading them: whose records they hold, and which may hold a text. It may say too much, never too little.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>

#include "base/text.hpp"
#include "vault/index/grams.hpp"
#include "vault/store/crc32c.hpp"
#include "vault/store/little_endian.hpp"
#include "vault/testing/random_messages.hpp"
#include "vault/testing/scratch_folder.hpp"
#include "vault/testing/small_vault.hpp"

namespace opsteward::vault {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

RecordView RecordOf(std::string_view source, std::string_view kind, std::string_view message) {
    return {FromMillis(1), Transport::kUdp, source, kind, "", message};
}

class SegmentIndex : public ::testing::Test {
  protected:
    Segment Write(std::span<const RecordView> records, const std::vector<std::size_t>& sizes) {
        return Segment::Open(testing::WriteSegment(folder_.path(), 17, sizes, records)).value();
    }

    ScratchFolder folder_;
};

class SegmentsOfManyBlocks : public SegmentIndex, public ::testing::WithParamInterface<std::size_t> {};

TEST_P(SegmentsOfManyBlocks, NeverLeaveOutABlockThatHoldsTheText) {
    const std::size_t blocks = GetParam();
    testing::RandomMessages random(blocks);
    std::vector<std::string> messages;
    std::vector<std::size_t> sizes;
    for (std::size_t block = 0; block < blocks; ++block) {
        sizes.push_back(1 + random.Below(20));
        for (std::size_t i = 0; i < sizes.back(); ++i) messages.push_back(random.Next());
    }
    std::vector<RecordView> records;
    for (const std::string& message : messages) records.push_back(RecordOf("s", "k", message));
    const Segment segment = Write(records, sizes);

    std::vector<std::string> lower;
    for (const std::string& message : messages) lower.push_back(ToLowerAscii(message));
    int passed_over = 0;
    for (int round = 0; round < 1'000; ++round) {
        const std::string& message = messages[random.Below(messages.size())];
        const std::size_t begin = random.Below(message.size() + 1);
        const std::string text = random.InAnyCase(message.substr(begin, 1 + random.Below(24)));
        const BlockSet may_hold = segment.BlocksWith(GramsOf(text)).value();
        EXPECT_EQ(may_hold & ~segment.all_blocks(), 0U);
        const std::string lower_text = ToLowerAscii(text);
        std::size_t at = 0;
        for (std::size_t block = 0; block < blocks; ++block) {
            const auto of_block = std::span(lower).subspan(at, sizes[block]);
            at += sizes[block];
            if ((may_hold >> block & 1U) != 0) continue;
            ++passed_over;
            const bool holds = std::ranges::any_of(of_block, [&](const std::string& other) { return other.find(lower_text) != std::string::npos; });
            ASSERT_FALSE(holds) << "block " << block << " holds " << text;
        }
    }
    EXPECT_TRUE(blocks == 1 || passed_over > static_cast<int>(300 * blocks)) << "the index says something: " << passed_over;
}

INSTANTIATE_TEST_SUITE_P(Blocks, SegmentsOfManyBlocks, ::testing::Values(1, 8, 9, 63, 64));

TEST_F(SegmentIndex, SaysWhichBlocksHaveEscapesByNumber) {
    const std::vector<RecordView> records = {RecordOf("a", "os", R"(C:\temp "\" u00)"), RecordOf("a", "os", R"(ends with \)"), RecordOf("a", "os", "u0041"),
                                             RecordOf("a", "os", R"({"user":"\u0061"})")};
    const Segment segment = Write(records, {3, 1});
    EXPECT_EQ(segment.BlocksWith(GramsOf(R"(\u00)")).value(), BlockSet{0b10}) << "none that stands over two messages";
    EXPECT_EQ(segment.BlocksWith(GramsOf(R"(\u)")).value(), BlockSet{0b10});
}

TEST_F(SegmentIndex, SaysWhoseRecordsWhichBlocksHold) {
    const std::vector<RecordView> records = {RecordOf("b", "os", "1"), RecordOf("a", "web", "2"), RecordOf("b", "os", "3"),
                                             RecordOf("b", "", "4"),   RecordOf("B", "os", "5"),  RecordOf("a", "os", "6")};
    const Segment segment = Write(records, {2, 1, 3});
    EXPECT_THAT(segment.sources(), ElementsAre(Pair(SourceAndKind{"B", "os"}, 0b100), Pair(SourceAndKind{"a", "os"}, 0b100),
                                               Pair(SourceAndKind{"a", "web"}, 0b001), Pair(SourceAndKind{"b", ""}, 0b100),
                                               Pair(SourceAndKind{"b", "os"}, 0b011)));
}

/// The bytes of a segment with other sources in its footer, the checksum mended.
std::string WithSources(const std::string& segment, std::size_t blocks, std::string_view sources) {
    constexpr std::size_t kTrailer = 24;
    const auto footer_at = NumberAt<std::uint64_t>(segment, segment.size() - kTrailer);
    std::string footer = segment.substr(footer_at, 8 + 44 * blocks).append(sources);
    std::string trailer;
    AppendNumber(trailer, footer_at);
    AppendNumber(trailer, static_cast<std::uint32_t>(footer.size()));
    AppendNumber(trailer, Crc32c(trailer, Crc32c(footer)));
    return segment.substr(0, footer_at) + footer + trailer + "SEGEND1\n";
}

std::string Source(std::string_view source, std::string_view kind, BlockSet blocks) {
    std::string bytes;
    for (const std::string_view text : {source, kind}) {
        bytes += static_cast<char>(text.size());
        bytes.append(text);
    }
    AppendNumber(bytes, blocks);
    return bytes;
}

TEST_F(SegmentIndex, SourcesThatDoNotFitAreRefused) {
    const std::vector<RecordView> records = {RecordOf("a", "os", "1"), RecordOf("b", "os", "2")};
    const std::filesystem::path path = Write(records, {1, 1}).path();
    const std::string whole = ReadFile(path).value();
    const std::string first = Source("a", "os", 1);
    const std::string second = Source("b", "os", 2);
    ASSERT_EQ(WithSources(whole, 2, first + second), whole);
    const std::pair<std::string_view, std::string> cases[] = {
        {"out of order", second + first},
        {"one twice", first + first},
        {"kinds out of order", Source("a", "web", 1) + first},
        {"of no block", first + Source("b", "os", 0)},
        {"of a block that is not there", first + Source("b", "os", 4)},
        {"of the last bit", first + Source("b", "os", BlockSet{1} << 63)},
        {"cut off", (first + second).substr(0, first.size() + second.size() - 1)},
        {"cut off in a name", first + "\x05" "b"},
        {"something behind them", first + second + '\0'},
    };
    for (const auto& [why, sources] : cases) {
        ScratchFolder::Write(path, WithSources(whole, 2, sources));
        const auto segment = Segment::Open(path);
        ASSERT_FALSE(segment.ok()) << why;
        EXPECT_EQ(segment.error().code, ErrorCode::kCorrupt) << why;
        EXPECT_THAT(segment.error().caller_text.en, HasSubstr("00000000000000000017.seg")) << why;
    }
}

TEST_F(SegmentIndex, ADamagedPageIsAnErrorThatNamesTheFile) {
    const std::vector<RecordView> records = {RecordOf("a", "os", "needle")};
    const Segment segment = Write(records, {1});
    std::string altered = ReadFile(segment.path()).value();
    altered[segment.index_offset() + 1000] = '\x01';
    ScratchFolder::Write(segment.path(), altered);
    const auto blocks = segment.BlocksWith(GramsOf("haystack"));
    ASSERT_FALSE(blocks.ok()) << "and no smaller answer";
    EXPECT_EQ(blocks.error().code, ErrorCode::kCorrupt);
    EXPECT_THAT(blocks.error().caller_text.en, HasSubstr("00000000000000000017.seg"));
    EXPECT_EQ(segment.BlocksWith({}).value(), segment.all_blocks()) << "where nothing of the index is read, nothing is damaged";
}

}  // namespace
}  // namespace opsteward::vault
