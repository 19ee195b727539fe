#include "features/firewall/canonical/text_diff.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "base/text.hpp"

namespace opsteward::firewall {
namespace {

std::string Side(const std::vector<DiffLine>& lines, LineEdit left_out) {
    std::string text;
    for (const DiffLine& line : lines) {
        if (line.edit != left_out) text += std::string(line.text) + "\n";
    }
    return text;
}
std::size_t Edits(const std::vector<DiffLine>& lines) {
    return static_cast<std::size_t>(std::ranges::count_if(lines, [](const DiffLine& line) { return line.edit != LineEdit::kSame; }));
}

TEST(TextDiff, BothTextsComeOutOfIt) {
    std::mt19937 random(7);
    for (int round = 0; round < 2000; ++round) {
        const auto text = [&random] {
            std::string lines;
            for (std::size_t i = random() % 30; i > 0; --i) lines += std::string(1, static_cast<char>('a' + random() % 6)) + "\n";
            return lines;
        };
        const std::string before = text();
        const std::string after = text();
        const std::vector<DiffLine> lines = DiffLines(before, after);
        ASSERT_EQ(Side(lines, LineEdit::kAdded), before);
        ASSERT_EQ(Side(lines, LineEdit::kRemoved), after);
        std::size_t next_before = 1;
        std::size_t next_after = 1;
        for (const DiffLine& line : lines) {
            if (line.before != 0) {
                ASSERT_EQ(line.before, next_before++);
            }
            if (line.after != 0) {
                ASSERT_EQ(line.after, next_after++);
            }
        }
    }
}

/// By dynamic programming: how many edits the shortest difference has.
std::size_t ShortestEdits(const std::string& before, const std::string& after) {
    const auto a = SplitLines(before);
    const auto b = SplitLines(after);
    std::vector<std::vector<std::size_t>> common(a.size() + 1, std::vector<std::size_t>(b.size() + 1, 0));
    for (std::size_t i = 1; i <= a.size(); ++i) {
        for (std::size_t k = 1; k <= b.size(); ++k)
            common[i][k] = a[i - 1] == b[k - 1] ? common[i - 1][k - 1] + 1 : std::max(common[i - 1][k], common[i][k - 1]);
    }
    return a.size() + b.size() - 2 * common[a.size()][b.size()];
}

TEST(TextDiff, WhereNoLineIsUniqueItIsTheShortestOne) {
    std::mt19937 random(11);
    for (int round = 0; round < 1000; ++round) {
        const auto text = [&random] {
            std::string lines;  // each line twice, so that none is held fast
            for (std::size_t i = 2 + random() % 12; i > 0; --i) lines += std::string(1, static_cast<char>('a' + random() % 3)) + "\n";
            return lines + "a\nb\nc\na\nb\nc\n";
        };
        const std::string before = text();
        const std::string after = text();
        ASSERT_EQ(Edits(DiffLines(before, after)), ShortestEdits(before, after))
            << before << "--\n" << after;
    }
}

TEST(TextDiff, UnifiedFormIsThatOfDiff) {
    const std::string before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n";
    const std::string after = "1\n2\n3\nfour\n5\n6\n7\n8\n9\n10\n11\n12\n14\n15\n16\n";
    EXPECT_EQ(UnifiedDiff(before, after, {2, "a", "b"}),
              "--- a\n+++ b\n@@ -2,5 +2,5 @@\n 2\n 3\n-4\n+four\n 5\n 6\n@@ -11,5 +11,5 @@\n 11\n 12\n-13\n 14\n 15\n+16\n");
    EXPECT_EQ(UnifiedDiff(before, before), "");
    EXPECT_EQ(UnifiedDiff("", "a\n"), "--- before\n+++ after\n@@ -0,0 +1,1 @@\n+a\n");
    EXPECT_EQ(UnifiedDiff("a\nb\n", "", {0, "x", "y"}), "--- x\n+++ y\n@@ -1,2 +0,0 @@\n-a\n-b\n");
}

TEST(TextDiff, LargeTextsWithoutALineInCommonOrInOrderStayFast) {
    std::string before;
    std::string after;
    for (int i = 0; i < 200'000; ++i) {
        before += (i % 2 == 0 ? "x" : "y") + std::to_string(i % 50) + "\n";
        after += (i % 3 == 0 ? "x" : "z") + std::to_string(i % 70) + "\n";
    }
    const std::vector<DiffLine> lines = DiffLines(before, after);
    EXPECT_EQ(Side(lines, LineEdit::kAdded), before);
    EXPECT_EQ(Side(lines, LineEdit::kRemoved), after);
}

}  // namespace
}  // namespace opsteward::firewall
