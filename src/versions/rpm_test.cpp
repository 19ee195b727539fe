#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "versions/key_bytes.hpp"
#include "versions/testing/vectors.hpp"
#include "versions/version.hpp"

namespace opsteward::versions {
namespace {

using testing::Sign;

int Order(std::string_view a, std::string_view b) { return Sign(Compare(Scheme::kRpm, a, b)); }

/// Where the run of digits, or of letters, ends that begins the text.
std::size_t EndOfRun(std::string_view text, bool of_digits) {
    std::size_t end = 0;
    while (end < text.size() && (of_digits ? IsDigit(text[end]) : IsLetter(text[end]))) ++end;
    return end;
}

int CompareNumbers(std::string_view a, std::string_view b) {
    a.remove_prefix(std::min(a.find_first_not_of('0'), a.size()));
    b.remove_prefix(std::min(b.find_first_not_of('0'), b.size()));
    return a.size() != b.size() ? Sign(a.size() <=> b.size()) : Sign(a <=> b);
}

/// The order of one part step by step: the next mark or segment of both decides, or both are passed over.
int ComparePlainly(std::string_view a, std::string_view b) {
    const auto skip = [](std::string_view& text) {
        while (!text.empty() && !IsDigit(text[0]) && !IsLetter(text[0]) && text[0] != '~' && text[0] != '^') text.remove_prefix(1);
    };
    while (true) {
        skip(a);
        skip(b);
        for (const auto& [mark, order] : {std::pair{'~', -1}, std::pair{'^', 0}}) {
            const bool in_a = a.starts_with(mark);
            const bool in_b = b.starts_with(mark);
            if (in_a && in_b) break;
            if (mark == '~' && in_a != in_b) return in_a ? order : -order;
            if (mark == '^' && in_a != in_b) return in_a ? (b.empty() ? 1 : -1) : (a.empty() ? -1 : 1);
        }
        if (a.empty() || b.empty()) return Sign(a.size() <=> b.size());
        if (a[0] == b[0] && (a[0] == '~' || a[0] == '^')) {
            a.remove_prefix(1);
            b.remove_prefix(1);
            continue;
        }
        if (IsDigit(a[0]) != IsDigit(b[0])) return IsDigit(a[0]) ? 1 : -1;
        const bool of_digits = IsDigit(a[0]);
        const std::string_view run_a = a.substr(0, EndOfRun(a, of_digits));
        const std::string_view run_b = b.substr(0, EndOfRun(b, of_digits));
        const int order = of_digits ? CompareNumbers(run_a, run_b) : Sign(run_a <=> run_b);
        if (order != 0) return order;
        a.remove_prefix(run_a.size());
        b.remove_prefix(run_b.size());
    }
}

TEST(Rpm, EveryVectorOfRpmHolds) {
    const auto vectors = testing::ReadVectors("rpmvercmp.tsv");
    EXPECT_EQ(vectors.size(), 103U);
    for (const auto& [a, b, order] : vectors) {
        EXPECT_EQ(Order(a, b), order) << a << " and " << b;
        EXPECT_EQ(ComparePlainly(a, b), order) << a << " and " << b << ", plainly";
    }
}

TEST(Rpm, EpochThenVersionThenReleaseDecide) {
    const std::vector<std::pair<const char*, const char*>> less = {
        {"9.9-9", "1:1.0-1"},
        {"2:1.0-1", "10:0.1-1"},
        {"1.0-2", "1.1-1"},
        {"1.0-9.el9", "1.0-10.el9"},
        {"1.0-1.el9_3", "1.0-1.el9_4.1"},
        {"1.0", "1.0-0"},
        {"1.0", "1.0-~a"},
        {"1.0~rc1-5", "1.0-1"},
        {"1.0-1", "1.0^20260101-1"},
        {"1.0^20260101-1", "1.0.1-1"},
        {"3.0.7-27.el9", "3.0.7-28.el9_4"},
    };
    for (const auto& [a, b] : less) {
        EXPECT_EQ(Order(a, b), -1) << a << " and " << b;
        EXPECT_EQ(Order(b, a), 1) << b << " and " << a;
    }
    for (const auto& [a, b] : {std::pair{"1.0-1", "0:1.0-1"}, std::pair{":1.0", "1.0"}, std::pair{"1.0-1", "1_0-1"}})
        EXPECT_EQ(Order(a, b), 0) << a << " and " << b;
}

TEST(Rpm, KeysSayWhatThePlainOrderSays) {
    std::mt19937 random(20261127);
    constexpr std::string_view kCharacters = "00199aZb~^.+_\xE4";
    const auto make = [&] {
        std::string text;
        for (auto left = random() % 9; left > 0; --left) text += kCharacters[random() % kCharacters.size()];
        return text;
    };
    for (int i = 0; i < 200'000; ++i) {
        const std::string a = make();
        const std::string b = make();
        ASSERT_EQ(Order(a, b), ComparePlainly(a, b)) << a << " and " << b;
    }
}

}  // namespace
}  // namespace opsteward::versions
