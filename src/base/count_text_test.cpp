#include "base/count_text.hpp"

#include <gtest/gtest.h>

namespace opsteward {
namespace {

TEST(CountText, OneIsSaidInTheSingularAndEveryOtherNumberInThePlural) {
    constexpr std::string_view kText = "{} [clause is|clauses are] not met";
    EXPECT_EQ(CountText(kText, 1), "1 clause is not met");
    EXPECT_EQ(CountText(kText, 0), "0 clauses are not met");
    EXPECT_EQ(CountText(kText, 102), "102 clauses are not met");
}

TEST(CountText, ATextWithoutAChoiceStandsAsItIs) {
    EXPECT_EQ(CountText("有 {} 條不符合", 1), "有 1 條不符合");
    EXPECT_EQ(ChooseByCount("", 1), "");
}

TEST(CountText, OtherPlaceholdersAreLeftToTheCaller) {
    EXPECT_EQ(ChooseByCount("{0}: {1} [account|accounts] and [it|they] [needs|need] you", 2), "{0}: {1} accounts and they need you");
}

TEST(CountText, BracketsThatAreNoChoiceStandAsTheyAre) {
    EXPECT_EQ(ChooseByCount("see [1", 1), "see [1");
    EXPECT_EQ(ChooseByCount("see [1]", 1), "see [1]");
}

}  // namespace
}  // namespace opsteward
