// Grams are numbered as the format document says, and a text's grams are among those of every text that contains it.
#include "vault/index/grams.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vault/index/gram_set.hpp"
#include "vault/testing/random_messages.hpp"

namespace opsteward::vault {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::IsSubsetOf;

/// The formula of docs/formats/vault.md once more, from a gram in lower case.
std::uint32_t NumberOfGram(std::string_view gram) {
    std::uint64_t g = 0;
    for (std::size_t i = gram.size(); i > 0; --i) g = g * 256 + static_cast<unsigned char>(gram[i - 1]);
    std::uint64_t x = g ^ (gram.size() * 0x9E3779B97F4A7C15);
    x = (x ^ (x / 0x100000000)) * 0xD6E8FEB86659FD93;
    x = x ^ (x / 0x100000000);
    return static_cast<std::uint32_t>(x % 0x100000000);
}

std::vector<std::uint32_t> NumbersOf(std::initializer_list<std::string_view> grams) {
    std::vector<std::uint32_t> numbers;
    for (const std::string_view gram : grams) numbers.push_back(NumberOfGram(gram));
    std::ranges::sort(numbers);
    return numbers;
}

TEST(Grams, HaveTheNumbersThatTheFormulaGives) {
    EXPECT_THAT(GramsOf("deny"), ElementsAre(0xA618D7EA));
    EXPECT_THAT(GramsOf("abcd"), ElementsAre(0x0D1542D5));
    EXPECT_THAT(GramsOf("abcdef"), ElementsAreArray(NumbersOf({"abcd", "bcde", "cdef", "abcdef"})));
    EXPECT_EQ(NumberOfGram("abcdef"), 0xB9857928);
    EXPECT_EQ(NumberOfGram("abcdefgh"), 0x7861F141);
    EXPECT_THAT(GramsOf("登入"), ElementsAreArray(NumbersOf({"登\xE5", "\x99\xBB\xE5\x85", "\xBB入", "登入"})));
}

TEST(Grams, AreTheSubstringsOfFourSixAndEightBytesOfEachToken) {
    EXPECT_THAT(GramsOf("abcdefghi"), ElementsAreArray(NumbersOf({"abcd", "bcde", "cdef", "defg", "efgh", "fghi", "abcdef", "bcdefg", "cdefgh", "defghi",
                                                                 "abcdefgh", "bcdefghi"})));
    EXPECT_THAT(GramsOf("abc=def ghi"), IsEmpty()) << "no token has four bytes";
    EXPECT_THAT(GramsOf("(abcd, x)"), ElementsAreArray(NumbersOf({"abcd"}))) << "none goes over a delimiter";
    EXPECT_THAT(GramsOf("abcd abcd"), ElementsAreArray(NumbersOf({"abcd"}))) << "each once";
    EXPECT_THAT(GramsOf("10.1"), ElementsAreArray(NumbersOf({"10.1"})));
    EXPECT_THAT(GramsOf(""), IsEmpty());
}

TEST(Grams, DoNotTellLettersApartByTheirCaseButNoOtherBytes) {
    EXPECT_EQ(GramsOf("ABCD"), GramsOf("abcd"));
    EXPECT_EQ(GramsOf("User_Name.Z"), GramsOf("uSER_nAME.z"));
    EXPECT_NE(GramsOf("\xC1\xC2\xC3\xC4"), GramsOf("\xE1\xE2\xE3\xE4"));
    EXPECT_NE(GramsOf("abcd"), GramsOf("dcba"));
}

TEST(Grams, OfAPartAreAmongThoseOfTheWhole) {
    testing::RandomMessages random(8);
    std::size_t grams = 0;
    for (int round = 0; round < 2'000; ++round) {
        const std::string message = random.Next();
        const std::size_t begin = random.Below(message.size() + 1);
        const std::vector<std::uint32_t> of_part = GramsOf(std::string_view(message).substr(begin, random.Below(30)));
        ASSERT_THAT(of_part, IsSubsetOf(GramsOf(message))) << message;
        grams += of_part.size();
    }
    EXPECT_GT(grams, 5'000U);
}

TEST(Grams, OfAnEscapeByNumberAreThoseOfARunThatStandsForIt) {
    const auto any = NumbersOf({R"(\u\u)", R"(u\u\)", R"(\u\u\u)", R"(u\u\u\)", R"(\u\u\u\u)"});
    const auto ascii = NumbersOf({R"(\u00)", R"(u00\)", R"(00\u)", R"(0\u0)", R"(\u00\u)", R"(u00\u0)", R"(00\u00)", R"(\u00\u00)"});
    EXPECT_THAT(GramsOf(R"(\u)"), ElementsAreArray(any));
    EXPECT_THAT(GramsOf(R"(\U\u7)"), ElementsAreArray(any)) << "once, in any case of letters";
    EXPECT_THAT(GramsOf(R"(\u00)"), ::testing::UnorderedElementsAreArray([&] {
        auto both = any;
        both.insert(both.end(), ascii.begin(), ascii.end());
        return both;
    }()));
    EXPECT_THAT(GramsOf(R"(\ u \\ \n \x00)"), IsEmpty());
}

std::vector<std::uint32_t> Listed(const GramSet& grams) {
    std::vector<std::uint32_t> listed;
    grams.ForEach([&](std::uint32_t gram) { listed.push_back(gram); });
    return listed;
}

TEST(GramSet, HoldsTheFirstBitsOfAllGramsOfItsRunsInRisingOrder) {
    testing::RandomMessages random(9);
    std::vector<std::string> messages;
    for (int i = 0; i < 300; ++i) messages.push_back(random.Next());
    messages.emplace_back(100'000, 'z');
    messages.emplace_back(R"("\u0041")");
    GramSet grams;
    const auto add = [&](std::string_view run) { grams.AddRun(run); };
    EXPECT_EQ(grams.count(), 0U);
    std::vector<std::uint32_t> expected;
    for (const std::string& message : messages) {
        VisitTokens(message, add);
        VisitEscapeRuns(message, add);
        for (const std::uint32_t gram : GramsOf(message)) expected.push_back(gram >> 10);
    }
    std::ranges::sort(expected);
    const auto repeated = std::ranges::unique(expected);
    expected.erase(repeated.begin(), repeated.end());
    EXPECT_EQ(Listed(grams), expected);
    EXPECT_EQ(grams.count(), expected.size());
}

}  // namespace
}  // namespace opsteward::vault
