// What is asked of a number without writing it out is what its text would answer.
#include "vault/columns/token_matcher.hpp"

#include <gtest/gtest.h>

#include <random>

namespace opsteward::vault {
namespace {

constexpr TokenPlace kPlaces[] = {{}, {true, false}, {false, true}, {true, true}};

std::string Written(std::uint64_t number, NumberForm form) {
    std::string room(40, '\0');
    ByteSink sink(room.data(), room.size());
    AppendForm(sink, number, form);
    return room.substr(0, room.size() - sink.room());
}

bool StandsIn(std::string_view text, TokenPlace place, std::string_view token) {
    for (std::size_t at = token.find(text); at != std::string_view::npos; at = token.find(text, at + 1)) {
        if ((!place.at_beginning || at == 0) && (!place.at_end || at + text.size() == token.size())) return true;
    }
    return false;
}

void ExpectAsWritten(std::string_view text, std::uint64_t number, NumberForm form) {
    const std::string written = Written(number, form);
    for (const TokenPlace place : kPlaces) {
        const TokenMatcher matcher(text, place);
        const bool expected = StandsIn(text, place, written);
        EXPECT_EQ(matcher.Holds(number, form), expected) << text << " in " << written << ' ' << place.at_beginning << place.at_end;
        EXPECT_EQ(matcher.Holds(written), expected) << text << " in " << written << ' ' << place.at_beginning << place.at_end;
        EXPECT_TRUE(!expected || matcher.IsPossibleIn(form)) << text << " in " << written;
    }
}

TEST(TokenMatcher, AnswersForNumbersAsForTheirTexts) {
    std::mt19937_64 random(11);
    for (int round = 0; round < 4'000; ++round) {
        const auto form = static_cast<NumberForm>(random() % (kMaxForm + 1U));
        const std::uint64_t number = random() >> (random() % 64);
        const std::string written = Written(number, form);
        const std::size_t begin = random() % written.size();
        std::string text = written.substr(begin, 1 + random() % (written.size() - begin));
        ExpectAsWritten(text, number, form);
        text[random() % text.size()] = "0123456789."[random() % 11];
        ExpectAsWritten(text, number, form);
    }
}

TEST(TokenMatcher, KnowsThatNoNumberBeginsWithAZero) {
    for (const std::uint64_t number : {0ULL, 7ULL, 10ULL, 100ULL, 1'007ULL, 7'000ULL, 100'700ULL, 18'446'744'073'709'551'615ULL}) {
        for (const std::string_view text : {"0", "00", "000", "7", "07", "007", "70", "700", "1", "10", "18446744073709551615", "00000000000000000000007"}) {
            ExpectAsWritten(text, number, kDecimal);
            ExpectAsWritten(text, number, kAddress);
            ExpectAsWritten(text, number, NumberForm{4});
        }
    }
}

TEST(TokenMatcher, FindsTextsInAddressesAcrossTheirParts) {
    const std::uint64_t address = 10ULL << 24 | 3ULL << 16 | 85ULL << 8 | 110ULL;
    for (const std::string_view text : {"10.3.85.110", "0.3.85.11", "10", "0", "3", "85", "8", "110", "1", ".", "..", ".3.", ".3", "3.", "3.8", ".85.", "5.1", "3.85", "0.3.8", "10.3.85.1101",
                                        "110.3.85.110", "10.3.85.110.", ".10.3", "10.3.85.", "1.2.3.4.5"}) {
        ExpectAsWritten(text, address, kAddress);
    }
}

TEST(TokenMatcher, LooksAtTextsWithoutRegardToCase) {
    EXPECT_TRUE(TokenMatcher("den", {true, false}).Holds("DENY"));
    EXPECT_TRUE(TokenMatcher("NY", {false, true}).Holds("deny"));
    EXPECT_FALSE(TokenMatcher("den", {true, true}).Holds("DENY"));
    EXPECT_TRUE(TokenMatcher("Deny", {true, true}).Holds("dENY"));
    EXPECT_TRUE(TokenMatcher("eN", {}).Holds("dENY"));
    EXPECT_TRUE(TokenMatcher("nowhere", {}).IsInNone("here\nthere\n"));
    EXPECT_FALSE(TokenMatcher("HER", {}).IsInNone("here\nthere\n"));
    EXPECT_FALSE(TokenMatcher("0x1f", {}).IsPossibleIn(kDecimal));
}

}  // namespace
}  // namespace opsteward::vault
