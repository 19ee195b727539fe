#include "platform/web/json_fields.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace opsteward::web {
namespace {

TEST(OnlyFields, TakesAnyOfTheKnownFieldsAndNone) {
    EXPECT_TRUE(OnlyFields({}, {}).ok());
    EXPECT_TRUE(OnlyFields({}, {"name"}).ok());
    EXPECT_TRUE(OnlyFields({{"name", 1}, {"kind", nullptr}}, {"kind", "name", "notes"}).ok());
}

TEST(OnlyFields, NamesTheFieldThatIsNotKnown) {
    for (const std::string_view name : {"nmae", "Name", "name ", "備註", ""}) {
        const auto refused = OnlyFields({{"name", 1}, {name, 2}}, {"name"});
        ASSERT_FALSE(refused.ok()) << name;
        EXPECT_EQ(refused.error().code, ErrorCode::kInvalidInput);
        EXPECT_THAT(refused.error().caller_text.zh, testing::HasSubstr(name));
        EXPECT_THAT(refused.error().caller_text.en, testing::HasSubstr(name));
    }
}

TEST(OnlyFields, AnswersALongNameWithItsBeginning) {
    const auto refused = OnlyFields({{std::string(5000, 'x'), 1}}, {});
    ASSERT_FALSE(refused.ok());
    EXPECT_LT(refused.error().caller_text.en.size(), 200U);
}

}  // namespace
}  // namespace opsteward::web
