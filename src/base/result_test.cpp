#include "base/result.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <memory>
#include <set>

namespace opsteward {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Error Refusal() { return Error::Of(ErrorCode::kConflict, "不行", "no"); }

Result<int> Half(int number) {
    if (number % 2 != 0) return Refusal();
    return number / 2;
}

Result<int> Quarter(int number) {
    OPS_TRY(const int half, Half(number));
    OPS_TRY(const int quarter, Half(half));
    return quarter;
}

Result<void> CheckEven(int number, int& checks) {
    OPS_CHECK(Half(number));
    ++checks;
    return Ok();
}

TEST(Result, HoldsAValueOrAnError) {
    EXPECT_EQ(Quarter(8).value(), 2);
    const auto failed = Quarter(6);
    ASSERT_FALSE(failed.ok());
    EXPECT_EQ(failed.error().code, ErrorCode::kConflict);
    EXPECT_EQ(failed.value_or(-1), -1);
    EXPECT_EQ(Half(4).value_or(-1), 2);
}

TEST(Result, ReadWronglyThrowsInsteadOfReadingRubbish) {
    EXPECT_THROW((void)Half(3).value(), std::bad_variant_access);
    EXPECT_THROW((void)Half(4).error(), std::bad_variant_access);
    EXPECT_THROW((void)Ok().error(), std::bad_optional_access);
}

TEST(Result, WithoutAValueEndsAtTheFirstError) {
    int checks = 0;
    EXPECT_TRUE(CheckEven(2, checks).ok());
    EXPECT_FALSE(CheckEven(3, checks).ok());
    EXPECT_EQ(checks, 1);
}

TEST(Result, MovesWhatCannotBeCopied) {
    Result<std::unique_ptr<int>> made(std::make_unique<int>(5));
    const std::unique_ptr<int> taken = std::move(made).value();
    EXPECT_EQ(*taken, 5);
}

TEST(Error, ForTheCallerIsInBothLanguagesAndTheOperatorsIsEnglish) {
    const Error error = Refusal();
    EXPECT_EQ(error.operator_text, "no");
    EXPECT_EQ(error.caller_text.In(Language::kZhHant), "不行");
    EXPECT_EQ(error.caller_text.In(Language::kEnglish), "no");
}

TEST(Error, HiddenShowsTheCallerOneSentencePerCodeAndNoDetail) {
    std::set<std::string> names, sentences;
    for (int i = 0; i <= static_cast<int>(ErrorCode::kInternal); ++i) {
        const auto code = static_cast<ErrorCode>(i);
        const Error error = Error::Hidden(code, "/srv/secret.db");
        EXPECT_EQ(error.code, code);
        EXPECT_EQ(error.operator_text, "/srv/secret.db");
        EXPECT_THAT(error.caller_text.en, Not(HasSubstr("secret")));
        EXPECT_THAT(error.caller_text.zh, Not(HasSubstr("secret")));
        EXPECT_FALSE(error.caller_text.zh.empty());
        names.insert(std::string(ErrorCodeName(code)));
        sentences.insert(error.caller_text.en);
    }
    EXPECT_EQ(names.size(), 13U);
    EXPECT_EQ(sentences.size(), 13U);
}

TEST(Error, OfTheSystemTellsAFullDiskAndForbiddenAndMissingFilesApart) {
    EXPECT_EQ(Error::System("writing x", ENOSPC).code, ErrorCode::kFull);
    EXPECT_EQ(Error::System("writing x", EDQUOT).code, ErrorCode::kFull);
    EXPECT_EQ(Error::System("writing x", EFBIG).code, ErrorCode::kFull);
    EXPECT_EQ(Error::System("writing x", EACCES).code, ErrorCode::kForbidden);
    EXPECT_EQ(Error::System("writing x", EPERM).code, ErrorCode::kForbidden);
    EXPECT_EQ(Error::System("writing x", ENOENT).code, ErrorCode::kNotFound);
    EXPECT_EQ(Error::System("writing x", EIO).code, ErrorCode::kInternal);
    EXPECT_THAT(Error::System("writing x", EIO).operator_text, HasSubstr("writing x: "));
}

TEST(LanguageTag, IsOfBcp47) {
    EXPECT_EQ(LanguageTag(Language::kZhHant), "zh-Hant-TW");
    EXPECT_EQ(LanguageTag(Language::kEnglish), "en");
}

}  // namespace
}  // namespace opsteward
