// A token is a number only when the number gives the same bytes back.
#include "vault/columns/number_form.hpp"

#include <gtest/gtest.h>

#include <random>

namespace opsteward::vault {
namespace {

std::string Written(std::uint64_t number, NumberForm form) {
    std::string room(40, '\0');
    ByteSink sink(room.data(), room.size());
    AppendForm(sink, number, form);
    return room.substr(0, room.size() - sink.room());
}

constexpr NumberForm Decimals(unsigned digits) { return static_cast<NumberForm>(1 + digits); }

struct Canonical {
    std::string_view token;
    NumberForm form;
    std::uint64_t number;
};

TEST(NumberForm, WhatIsCanonicalIsReadAndComesBackByteForByte) {
    constexpr Canonical kCases[] = {
        {"0", kDecimal, 0},
        {"7", kDecimal, 7},
        {"10", kDecimal, 10},
        {"999999999999999999", kDecimal, 999'999'999'999'999'999},
        {"1000000000000000000", kDecimal, 1'000'000'000'000'000'000},
        {"9223372036854775807", kDecimal, INT64_MAX},
        {"0.0.0.0", kAddress, 0},
        {"1.2.3.4", kAddress, 0x01020304},
        {"192.0.2.255", kAddress, 0xC00002FF},
        {"255.255.255.255", kAddress, 0xFFFFFFFF},
        {"0.0", Decimals(1), 0},
        {"3.5", Decimals(1), 35},
        {"10.05", Decimals(2), 1005},
        {"0.000000001", Decimals(9), 1},
        {"123456789.987654321", Decimals(9), 123'456'789'987'654'321},
        {"99999999999999999.9", Decimals(1), 999'999'999'999'999'999},
    };
    for (const Canonical& canonical : kCases) {
        EXPECT_EQ(ReadForm(canonical.token, canonical.form), canonical.number) << canonical.token;
        EXPECT_EQ(LikelyForm(canonical.token), canonical.form) << canonical.token;
        EXPECT_EQ(Written(canonical.number, canonical.form), canonical.token);
    }
}

TEST(NumberForm, WhatCouldBeWrittenInAnotherWayIsRefusedInEveryForm) {
    constexpr std::string_view kTokens[] = {
        "", "00", "01", "-1", "+1", " 1", "1 ", "1a", "a", "0x10", "1e3", "1_000",
        "9223372036854775808",   // 2^63
        "9999999999999999999",   // nineteen digits
        "18446744073709551615",  // 2^64 - 1
        "18446744073709551617",  // 2^64 + 1
        "99999999999999999999999999",
        ".", "1.", ".5", "..", "00.5", "01.5", "1.5x", "x.5", "1.-5", "-1.5", "1,5",
        "1.0123456789",          // ten digits after the point
        "999999999999999999.9",  // as many as would pass 2^63 with some digits
        "1.2.3", "1.2.3.", ".1.2.3", "1..2.3", "1.2.3.4.", "1.2.3.4.5", "1.2.3.256", "256.2.3.4", "1.2.3.04", "01.2.3.4", "1.2.3.1000",
        "1.2.3.x", "1.2.3.-4", "1.2.3.+4", "\xEF\xBC\x91",  // a full-width digit
    };
    for (const std::string_view token : kTokens) {
        for (NumberForm form = 0; form <= kMaxForm; ++form) EXPECT_FALSE(ReadForm(token, form)) << token << " as " << unsigned{form};
    }
    EXPECT_FALSE(ReadForm(std::string_view("1\0", 2), kDecimal));
}

TEST(NumberForm, ATokenIsOfNoFormButItsOwn) {
    constexpr Canonical kCases[] = {{"7", kDecimal, 0}, {"1.2.3.4", kAddress, 0}, {"3.5", Decimals(1), 0}, {"3.50", Decimals(2), 0}};
    for (const Canonical& canonical : kCases) {
        for (NumberForm form = 0; form <= kMaxForm; ++form) {
            EXPECT_EQ(ReadForm(canonical.token, form).has_value(), form == canonical.form) << canonical.token << " as " << unsigned{form};
        }
    }
}

TEST(NumberForm, TheLikelyOneGoesByThePointsAlone) {
    EXPECT_EQ(LikelyForm(""), kDecimal);
    EXPECT_EQ(LikelyForm("word"), kDecimal);
    EXPECT_EQ(LikelyForm("1."), kDecimal);
    EXPECT_EQ(LikelyForm("index.html"), Decimals(4));
    EXPECT_EQ(LikelyForm("a.b.c"), kAddress);
    EXPECT_EQ(LikelyForm("1.123456789"), kMaxForm);
    EXPECT_EQ(LikelyForm("1.1234567890"), kDecimal) << "more digits than a form has";
}

TEST(NumberForm, WhateverNumberStandsThereIsWritten) {
    EXPECT_EQ(Written(UINT64_MAX, kDecimal), "18446744073709551615");
    EXPECT_EQ(Written(UINT64_MAX, kAddress), "255.255.255.255");
    EXPECT_EQ(Written(UINT64_MAX, kMaxForm), "18446744073.709551615");
}

TEST(NumberForm, TokensOfDigitsAndPointsDrawnAtRandomComeBackOrAreRefused) {
    std::mt19937_64 random(11);
    constexpr std::string_view kBytes = "0123456789.";
    int read = 0;
    for (int round = 0; round < 20'000; ++round) {
        std::string token(1 + random() % 12, '0');
        for (char& byte : token) byte = kBytes[random() % kBytes.size()];
        const NumberForm form = LikelyForm(token);
        const auto number = ReadForm(token, form);
        if (!number) continue;
        ASSERT_EQ(Written(*number, form), token);
        ++read;
    }
    EXPECT_GT(read, 5'000);
}

}  // namespace
}  // namespace opsteward::vault
