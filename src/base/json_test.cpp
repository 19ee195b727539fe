#include "base/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace opsteward {
namespace {

using ::testing::HasSubstr;

TEST(ParseJson, ReadsOneText) {
    const auto value = ParseJson(" {\"名稱\": [1, -2.5, true, null, \"\\u8cc7\\n\"]} ");
    ASSERT_TRUE(value.ok()) << value.error().operator_text;
    EXPECT_EQ(json::serialize(*value), "{\"名稱\":[1,-2.5E0,true,null,\"資\\n\"]}");
}

TEST(ParseJson, TakesTheLastOfTwoEqualKeys) {
    const auto value = ParseJson(R"({"a": 1, "a": 2})");
    ASSERT_TRUE(value.ok());
    EXPECT_EQ(value->at("a").as_int64(), 2);
}

TEST(ParseJson, GoesThirtyTwoLevelsDeepAndNoDeeper) {
    const auto nested = [](std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); };
    EXPECT_TRUE(ParseJson(nested(32)).ok());
    const auto deeper = ParseJson(nested(33));
    ASSERT_FALSE(deeper.ok());
    EXPECT_EQ(deeper.error().code, ErrorCode::kTooLarge);
    EXPECT_THAT(deeper.error().caller_text.en, HasSubstr("32"));
    EXPECT_FALSE(ParseJson(std::string(1'000'000, '[')).ok());
}

TEST(ParseJson, RefusesEverythingElseNamingTheByte) {
    const struct {
        std::string_view text;
        std::size_t byte;
    } kTable[] = {
        {"", 0}, {" ", 1}, {"{", 1}, {"[1,]", 3}, {"{\"a\":1,}", 7}, {"'a'", 0}, {"[1] x", 4}, {"[1][2]", 3},
        {"nul", 3}, {"[01]", 2}, {"NaN", 0}, {"// c\n1", 0}, {"[\"\x01\"]", 2}, {"\"\xFF\"", 1}, {"\"a", 2}, {"\xEF\xBB\xBF[]", 0},
    };
    for (const auto& row : kTable) {
        const auto value = ParseJson(row.text);
        ASSERT_FALSE(value.ok()) << row.text;
        EXPECT_EQ(value.error().code, ErrorCode::kInvalidInput) << row.text;
        EXPECT_THAT(value.error().caller_text.en, HasSubstr("at byte " + std::to_string(row.byte) + ":")) << row.text;
    }
}

}  // namespace
}  // namespace opsteward
