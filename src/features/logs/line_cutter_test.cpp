// However the bytes are divided on their way, the lines are the same, and all bytes but the line feeds are in them.
#include "features/logs/line_cutter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace opsteward::logs {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

constexpr std::size_t kMax = 4;

/// The lines of `text` when it arrives in pieces of `step` bytes.
std::vector<std::string> LinesBy(std::string_view text, std::size_t step) {
    std::vector<std::string> lines;
    std::string waiting;
    for (std::size_t at = 0; at <= text.size(); at += step) {
        waiting += text.substr(at, step);
        const bool is_end = at + step > text.size();
        const CutLines cut = Cut(waiting, is_end, kMax);
        lines.insert(lines.end(), cut.lines.begin(), cut.lines.end());
        waiting.erase(0, cut.used);
        EXPECT_TRUE(!is_end || waiting.empty());
    }
    return lines;
}

TEST(LineCutter, KeepsEveryByteButTheLineFeeds) {
    using namespace std::string_view_literals;
    EXPECT_THAT(Cut("", true, kMax).lines, IsEmpty());
    EXPECT_THAT(Cut("a\n\nb\r\n"sv, true, kMax).lines, ElementsAre("a", "", "b\r"));
    EXPECT_THAT(Cut("a\0b\n\0"sv, true, kMax).lines, ElementsAre("a\0b"sv, "\0"sv));
}

TEST(LineCutter, LeavesALineThatHasNotEndedForLater) {
    const CutLines cut = Cut("ab\ncd", false, kMax);
    EXPECT_THAT(cut.lines, ElementsAre("ab"));
    EXPECT_EQ(cut.used, 3U);
    EXPECT_THAT(Cut("ab\ncd", true, kMax).lines, ElementsAre("ab", "cd"));
}

TEST(LineCutter, CutsALineThatIsTooLongIntoPieces) {
    EXPECT_THAT(Cut("123456789\nx", true, kMax).lines, ElementsAre("1234", "5678", "9", "x"));
    EXPECT_THAT(Cut("1234\n12345678\n", true, kMax).lines, ElementsAre("1234", "1234", "5678"));
}

TEST(LineCutter, GivesTheSameLinesHoweverTheBytesArrive) {
    const std::string text = "one\n\ntwenty-one\nabcd\nabcdefgh\n\n\nend";
    const auto whole = LinesBy(text, text.size() + 1);
    for (std::size_t step = 1; step <= text.size(); ++step) EXPECT_THAT(LinesBy(text, step), ElementsAreArray(whole)) << step;
}

}  // namespace
}  // namespace opsteward::logs
