#include "base/folding.hpp"

#include <random>

#include "base/text.hpp"

namespace opsteward {
namespace {

TEST(FoldedNeedle, IsFoundAtEveryPlaceOfAText) {
    for (std::size_t length = 1; length <= 40; ++length) {
        const std::string needle = std::string(length - 1, 'N') + 'x';
        for (std::size_t before = 0; before <= 40; ++before) {
            for (const std::size_t behind : {0, 1, 15, 16, 17}) {
                const std::string text = std::string(before, '.') + ToLowerAscii(needle) + std::string(behind, '.');
                EXPECT_TRUE(FoldedNeedle(needle).IsIn(text)) << length << ' ' << before << ' ' << behind;
                EXPECT_FALSE(FoldedNeedle(needle).IsIn(text.substr(0, before + length - 1))) << length << ' ' << before;
            }
        }
    }
}

TEST(FoldedNeedle, FoldsLettersAndNothingElse) {
    // Each of these pairs differs in bit 0x20 only.
    const std::pair<std::string_view, std::string_view> different[] = {
        {"@", "`"}, {"[", "{"}, {"_", "\x7f"}, {"\xc9", "\xe9"}, {"\x10", "0"}};
    for (const auto& [a, b] : different) {
        const std::string text = std::string(20, '-') + std::string(b) + std::string(20, '-');
        EXPECT_FALSE(FoldedNeedle(a).IsIn(text)) << a;
        EXPECT_TRUE(FoldedNeedle(b).IsIn(text)) << b;
    }
    EXPECT_TRUE(FoldedNeedle("zA").IsIn("xxxxxxxxxxxxxxxxxxZa"));
    EXPECT_TRUE(FoldedNeedle("").IsIn(""));
    EXPECT_FALSE(FoldedNeedle("a").IsIn(""));
}

TEST(FoldedNeedle, AgreesWithAPlainSearchOnRandomBytes) {
    std::mt19937 random(20260114);
    const auto text = [&random](std::size_t most) {
        static constexpr char kBytes[] = {'a', 'A', 'b', 'B', '\0', '\xe7', '@'};
        std::string bytes(random() % (most + 1), ' ');
        for (char& c : bytes) c = kBytes[random() % std::size(kBytes)];
        return bytes;
    };
    int found = 0;
    for (int round = 0; round < 20'000; ++round) {
        const std::string haystack = text(80);
        const std::string needle = text(5);
        const bool expected = ToLowerAscii(haystack).find(ToLowerAscii(needle)) != std::string::npos;
        found += expected ? 1 : 0;
        ASSERT_EQ(FoldedNeedle(needle).IsIn(haystack), expected) << "round " << round;
    }
    EXPECT_GT(found, 5'000);
    EXPECT_LT(found, 15'000);
}

}  // namespace
}  // namespace opsteward
