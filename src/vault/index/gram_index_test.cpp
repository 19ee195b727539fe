// An index passes over blocks that can't have a text, never one that has it, and says so when it is damaged.
#include "vault/index/gram_index.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>

#include "vault/index/grams.hpp"
#include "vault/store/crc32c.hpp"
#include "vault/store/little_endian.hpp"
#include "vault/testing/random_messages.hpp"
#include "vault/testing/scratch_folder.hpp"

namespace opsteward::vault {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t kPage = 4096;
constexpr std::size_t kOffset = 100;  ///< the index begins anywhere in its file

class GramIndex : public ::testing::Test {
  protected:
    static GramSet GramsOfAll(const std::vector<std::string>& messages) {
        GramSet grams;
        const auto add = [&](std::string_view run) { grams.AddRun(run); };
        for (const std::string& message : messages) {
            VisitTokens(message, add);
            VisitEscapeRuns(message, add);
        }
        return grams;
    }

    /// Puts the index of these blocks, a list of messages each, into a file.
    void Write(const std::vector<std::vector<std::string>>& blocks) {
        std::vector<GramSet> grams;
        for (const std::vector<std::string>& messages : blocks) grams.push_back(GramsOfAll(messages));
        place_ = {kOffset, RowsFor(grams, std::uint64_t{1} << 30), blocks.size()};
        index_ = WriteGramIndex(grams, place_.rows);
        EXPECT_EQ(index_.size(), place_.bytes());
        Lay(index_);
    }
    void Lay(const std::string& index) { ScratchFolder::Write(path(), std::string(kOffset, '.') + index); }
    Result<BlockSet> BlocksWith(std::span<const std::uint32_t> grams) const {
        const File file = File::Open(path(), File::Mode::kRead).value();
        return vault::BlocksWith(file, place_, grams);
    }
    std::size_t PageOf(std::uint32_t gram) const {
        const std::size_t row = std::uint64_t{gram >> 10} * place_.rows >> 22;
        return row / (4092 / ((place_.blocks + 7) / 8));
    }
    std::filesystem::path path() const { return folder_.path() / "index"; }

    ScratchFolder folder_;
    GramIndexPlace place_;
    std::string index_;
};

TEST_F(GramIndex, IsWrittenAsTheFormatSays) {
    Write({{"deny"}});
    EXPECT_EQ(place_.rows, 2U);
    ASSERT_EQ(index_.size(), kPage);
    EXPECT_EQ(index_.substr(0, kPage - 4), std::string("\x00\x01", 2) + std::string(kPage - 6, '\0'));
    EXPECT_EQ(NumberAt<std::uint32_t>(index_, kPage - 4), 0xEB6EA464U) << "the checksum of the document's example";
}

TEST_F(GramIndex, HasABitForEachBlockInTheRowOfEachGram) {
    std::vector<std::vector<std::string>> blocks(10, std::vector<std::string>{"none"});
    blocks[0] = blocks[8] = blocks[9] = {"abcdefgh"};
    Write(blocks);
    ASSERT_EQ(place_.rows, 9U * 5 / 2);
    for (const std::uint32_t gram : GramsOf("abcdefgh")) {
        const std::size_t row = std::uint64_t{gram >> 10} * place_.rows >> 22;
        EXPECT_EQ(index_[2 * row] & 0x01, 0x01);
        EXPECT_EQ(index_[2 * row + 1], 0x03);
    }
    EXPECT_EQ(BlocksWith(GramsOf("abcdefgh")).value(), BlockSet{0x301});
}

TEST_F(GramIndex, OfFewStoredBytesIsAnEighthOfThemOrAPage) {
    GramSet grams;
    for (int i = 0; i < 20'000; ++i) grams.AddRun("word" + std::to_string(i * 7919));
    const std::vector<GramSet> blocks{grams};
    const auto bytes = [&](std::uint64_t stored) { return GramIndexPlace{0, RowsFor(blocks, stored), blocks.size()}.bytes(); };
    EXPECT_EQ(bytes(1), kPage);
    EXPECT_EQ(bytes(100'000), 3 * kPage);
    EXPECT_EQ(bytes(1'000'000), 30 * kPage);
    EXPECT_EQ(RowsFor(blocks, 1U << 20), grams.count() * 5 / 2);
    EXPECT_EQ(RowsFor(blocks, 1'000'000), 30U * 4092U);
    EXPECT_EQ(RowsFor(std::vector<GramSet>(64, grams), 1), 4092U / 8);
}

TEST_F(GramIndex, PassesOverNothingWhenNothingIsAsked) {
    for (const std::size_t count : {std::size_t{1}, std::size_t{8}, std::size_t{9}, std::size_t{63}, std::size_t{64}}) {
        Write(std::vector<std::vector<std::string>>(count));
        EXPECT_EQ(place_.rows, 1U) << "blocks without a gram have an index too";
        EXPECT_EQ(BlocksWith({}).value(), AllBlocks(count));
        EXPECT_EQ(std::popcount(AllBlocks(count)), static_cast<int>(count));
        EXPECT_EQ(BlocksWith(GramsOf("abcd")).value(), BlockSet{0});
    }
}

TEST_F(GramIndex, RareWordsLeaveFewBlocks) {
    testing::RandomMessages random(64);
    std::vector<std::string> words;
    std::vector<std::vector<std::string>> blocks(64);
    for (auto& block : blocks) {
        for (int i = 0; i < 100; ++i) block.push_back(random.Next());
        words.push_back(random.Word(9));
        block.push_back("user=" + words.back());
    }
    Write(blocks);
    int left = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const BlockSet with = BlocksWith(GramsOf(words[i])).value();
        EXPECT_NE(with >> i & 1U, 0U) << words[i];
        left += std::popcount(with);
        EXPECT_EQ(std::popcount(BlocksWith(GramsOf(random.Word(9))).value()), 0) << "a word that is nowhere";
    }
    EXPECT_LE(left, 70) << "of 64 words that are in one of 64 blocks each";
}

TEST_F(GramIndex, TellsBlocksWithEscapesByNumberFromOthers) {
    testing::RandomMessages random(5);
    std::vector<std::vector<std::string>> blocks(64);
    for (auto& block : blocks) {
        for (int i = 0; i < 100; ++i) block.push_back("C:\\v" + random.Word(5) + " x\\\"y\\\" " + random.Word(9));
    }
    blocks[3].push_back(R"({"name":"\u767b\u5165"})");
    blocks[40].push_back(R"({"path":"a\u005cb"})");
    blocks[41].emplace_back(R"(C:\USERS)");
    Write(blocks);
    EXPECT_EQ(BlocksWith(GramsOf(R"(\u00)")).value(), BlockSet{1} << 40);
    const BlockSet with_any = BlocksWith(GramsOf(R"(\u)")).value();
    const BlockSet expected = BlockSet{1} << 3 | BlockSet{3} << 40;
    EXPECT_EQ(with_any & expected, expected);
    EXPECT_LE(std::popcount(with_any & ~expected), 2) << "few others that have all its rows by chance";
}

TEST_F(GramIndex, KeepsAThirdOfTheBitsSetInTheFullestBlock) {
    testing::RandomMessages random(1);
    std::vector<std::string> messages;
    for (int i = 0; i < 2'000; ++i) messages.push_back(random.Next());
    Write({{"almost nothing"}, messages});
    std::size_t set = 0;
    for (std::uint32_t row = 0; row < place_.rows; ++row) set += static_cast<unsigned char>(index_[row / 4092 * kPage + row % 4092]) >> 1 & 1U;
    EXPECT_NEAR(static_cast<double>(set) / place_.rows, 0.33, 0.02);
}

TEST_F(GramIndex, ADamagedPageIsNoAnswerAndTheOthersAnswerStill) {
    testing::RandomMessages random(77);
    std::vector<std::vector<std::string>> blocks(64);
    for (auto& block : blocks) {
        for (int i = 0; i < 60; ++i) block.push_back(random.Next());
    }
    Write(blocks);
    const std::size_t pages = index_.size() / kPage;
    ASSERT_GT(pages, 3U);
    const std::vector<std::uint32_t> grams = GramsOf(blocks[5][0] + " accept 10.0.1.2 user_name");
    for (std::size_t damaged = 0; damaged < pages; ++damaged) {
        std::string altered = index_;
        const std::size_t at = damaged * kPage + random.Below(kPage);
        altered[at] = static_cast<char>(altered[at] ^ 1 << random.Below(8));
        Lay(altered);
        for (const std::uint32_t gram : grams) {
            const auto blocks_with = BlocksWith(std::span(&gram, 1));
            ASSERT_EQ(blocks_with.ok(), PageOf(gram) != damaged);
            if (blocks_with.ok()) continue;
            EXPECT_EQ(blocks_with.error().code, ErrorCode::kCorrupt);
            EXPECT_THAT(blocks_with.error().operator_text, HasSubstr(fmt::format("byte {}:", kOffset + damaged * kPage)));
        }
    }
}

TEST_F(GramIndex, APageThatIsCutOffIsNoAnswer) {
    Write({{"abcd"}});
    for (const std::size_t kept : {std::size_t{0}, std::size_t{1}, kPage - 1}) {
        Lay(index_.substr(0, kept));
        EXPECT_EQ(BlocksWith(GramsOf("abcd")).error().code, ErrorCode::kCorrupt);
    }
}

}  // namespace
}  // namespace opsteward::vault
