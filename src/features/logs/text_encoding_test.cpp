#include "features/logs/text_encoding.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"

namespace opsteward::logs {
namespace {

TEST(TextForPeople, ReadsBig5) {
    EXPECT_EQ(TextForPeople("login \xA6\xA8\xA5\x5C ok", Encoding::kBig5), "login 成功 ok");
    EXPECT_EQ(TextForPeople("", Encoding::kBig5), "");
}

TEST(TextForPeople, ReadsTheCharactersThatEtenAddedToBig5) {
    EXPECT_EQ(TextForPeople("\xF9\xD6\xF9\xD8", Encoding::kBig5), "碁裏");
}

TEST(TextForPeople, BytesThatAreNoCharacterAreReplacedOneByOneAndTheRestIsKept) {
    EXPECT_EQ(TextForPeople("a\xFF"
                            "b",
                            Encoding::kBig5),
              "a\uFFFDb");
    EXPECT_EQ(TextForPeople("\xA6\xA8\xA5", Encoding::kBig5), "成\uFFFD");
    EXPECT_EQ(TextForPeople("a\xC3(", Encoding::kUtf8), "a\uFFFD(");
}

TEST(TextForPeople, KeepsControlCharactersAndNul) {
    constexpr std::string_view kText("a\0\x1B[0m\t\n", 9);
    EXPECT_EQ(TextForPeople(kText, Encoding::kBig5), kText);
    EXPECT_EQ(TextForPeople(kText, Encoding::kUtf8), kText);
}

TEST(TextForPeople, ATextLongerThanItsBufferIsWhole) {
    std::string bytes, text;
    for (int i = 0; i < 5000; ++i) bytes += "\xA6\xA8\xFF", text += "成\uFFFD";
    EXPECT_EQ(TextForPeople(bytes, Encoding::kBig5), text);
}

TEST(TextForPeople, AnyTwoBytesGiveValidUtf8) {
    for (int first = 0; first < 256; ++first) {
        for (int second = 0; second < 256; ++second) {
            const std::string bytes = {static_cast<char>(first), static_cast<char>(second), '.'};
            const std::string text = TextForPeople(bytes, Encoding::kBig5);
            ASSERT_TRUE(IsValidUtf8(text) && text.ends_with('.')) << first << ' ' << second;
        }
    }
}

TEST(Encoding, IsFoundByItsNames) {
    EXPECT_EQ(FindEncoding("UTF-8"), Encoding::kUtf8);
    EXPECT_EQ(FindEncoding("Big5"), Encoding::kBig5);
    EXPECT_EQ(FindEncoding("cp950"), Encoding::kBig5);
    EXPECT_EQ(FindEncoding("latin-1"), std::nullopt);
}

}  // namespace
}  // namespace opsteward::logs
