#include "platform/console/procedure/board_source.hpp"

#include <gtest/gtest.h>

namespace opsteward::console::compliance {
namespace {

class FragmentsTest : public ::testing::Test {
  protected:
    std::string Get(const BoardPointer& board, std::string_view key, Instant now) {
        const auto text = fragments_.Get(board, key, now, [&]() -> Result<std::string> { return std::to_string(++made_); });
        return text.ok() ? **text : text.error().operator_text;
    }

    Fragments fragments_;
    BoardPointer board_ = std::make_shared<const procedure::Board>();
    Instant now_ = Instant(std::chrono::hours(1));
    int made_ = 0;
};

TEST_F(FragmentsTest, ATextIsMadeOnceForEachBoardAndKey) {
    EXPECT_EQ(Get(board_, "zh", now_), "1");
    EXPECT_EQ(Get(board_, "zh", now_), "1");
    EXPECT_EQ(Get(board_, "en", now_), "2");
    EXPECT_EQ(Get(std::make_shared<const procedure::Board>(), "zh", now_), "3");
}

TEST_F(FragmentsTest, ATextIsMadeAnewAfterAMinuteAndWhenTheClockWentBack) {
    EXPECT_EQ(Get(board_, "zh", now_), "1");
    EXPECT_EQ(Get(board_, "zh", now_ + std::chrono::seconds(59)), "1");
    EXPECT_EQ(Get(board_, "zh", now_ + std::chrono::seconds(60)), "2");
    EXPECT_EQ(Get(board_, "zh", now_), "3");
}

TEST_F(FragmentsTest, OthersTakeTheOldTextWhileItIsMadeAnew) {
    EXPECT_EQ(Get(board_, "zh", now_), "1");
    const Instant later = now_ + std::chrono::minutes(2);
    std::string seen_meanwhile;
    const auto renewed = fragments_.Get(board_, "zh", later, [&]() -> Result<std::string> {
        seen_meanwhile = Get(board_, "zh", later);
        return std::string("renewed");
    });
    ASSERT_TRUE(renewed.ok());
    EXPECT_EQ(seen_meanwhile, "1");
    EXPECT_EQ(Get(board_, "zh", later), "renewed");
}

TEST_F(FragmentsTest, AFailureIsToldAndNothingIsKept) {
    const auto failed = fragments_.Get(board_, "zh", now_, []() -> Result<std::string> { return Error::Hidden(ErrorCode::kInternal, "no"); });
    EXPECT_FALSE(failed.ok());
    EXPECT_EQ(Get(board_, "zh", now_), "1");
}

}  // namespace
}  // namespace opsteward::console::compliance
