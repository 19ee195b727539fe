#include "cli/logs/each_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace opsteward::cli {
namespace {

using ::testing::ElementsAre;
using Texts = std::vector<std::string>;

/// "1:a", "2:b": what is given of these blocks until one is refused for its length.
Texts LinesOf(const Texts& blocks, std::size_t max_bytes, Result<void>& outcome) {
    Texts lines;
    std::size_t at = 0;
    const auto next = [&]() -> Result<std::string_view> { return at < blocks.size() ? std::string_view(blocks[at++]) : std::string_view(); };
    outcome = ForEachLine(next, max_bytes, [&](std::string_view line, std::uint64_t number) -> Result<void> {
        lines.push_back(std::to_string(number) + ":" + std::string(line));
        if (line.size() > max_bytes) return Error::Of(ErrorCode::kTooLarge, "太長", "too long");
        return Ok();
    });
    return lines;
}

TEST(ForEachLine, GivesTheSameLinesHoweverTheBlocksAreCut) {
    const std::string text = "one\n\ntwo\r\nthree";
    for (std::size_t size = 1; size <= text.size(); ++size) {
        Texts blocks;
        for (std::size_t at = 0; at < text.size(); at += size) blocks.push_back(text.substr(at, size));
        Result<void> outcome = Ok();
        EXPECT_THAT(LinesOf(blocks, 100, outcome), ElementsAre("1:one", "2:", "3:two\r", "4:three")) << size;
        EXPECT_TRUE(outcome.ok());
    }
}

TEST(ForEachLine, NothingFollowsTheLastLineEnd) {
    Result<void> outcome = Ok();
    EXPECT_THAT(LinesOf({}, 100, outcome), ElementsAre());
    EXPECT_THAT(LinesOf({"a\n"}, 100, outcome), ElementsAre("1:a"));
}

TEST(ForEachLine, ALineThatGrowsTooLongIsGivenBeforeItsEndAndEndsTheReadingWhenRefused) {
    Result<void> outcome = Ok();
    EXPECT_THAT(LinesOf({"a\nbc", "de", "f\ng\n"}, 3, outcome), ElementsAre("1:a", "2:bcde"));
    EXPECT_EQ(outcome.error().code, ErrorCode::kTooLarge);
}

TEST(ForEachLine, AnErrorOfTheInputIsReturned) {
    const auto outcome = ForEachLine([]() -> Result<std::string_view> { return Error::Of(ErrorCode::kNotFound, "沒有", "none"); }, 10,
                                     [](std::string_view, std::uint64_t) { return Ok(); });
    EXPECT_EQ(outcome.error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace opsteward::cli
