#include "db/value.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace opsteward::db {
namespace {

TEST(Value, ReadsAWholeRealAsAnIntegerAndAnIntegerAsAReal) {
    EXPECT_EQ(Value(3.0).AsInt(), 3);
    EXPECT_EQ(Value(-0.0).AsInt(), 0);
    EXPECT_EQ(Value(3).AsReal(), 3.0);
    EXPECT_EQ(Value(-9223372036854775808.0).AsInt(), std::numeric_limits<std::int64_t>::min());
}

TEST(Value, GivesNoIntegerForWhatIsNone) {
    const Value none[] = {nullptr, "3", Blob{3}, 3.5, 9223372036854775808.0, std::numeric_limits<double>::infinity(),
                          std::numeric_limits<double>::quiet_NaN()};
    for (const Value& value : none) {
        EXPECT_EQ(value.AsOptionalInt(), std::nullopt);
        EXPECT_EQ(value.AsInt(), 0);
        EXPECT_EQ(value.AsOptionalInstant(), std::nullopt);
    }
}

TEST(Value, GivesEmptyTextAndBytesForOtherKinds) {
    EXPECT_EQ(Value(7).AsText(), "");
    EXPECT_EQ(Value(7).AsOptionalText(), std::nullopt);
    EXPECT_EQ(Value("七").AsOptionalText(), "七");
    EXPECT_TRUE(Value("七").AsBlob().empty());
}

TEST(Value, KeepsInstantsToTheMillisecond) {
    const Instant at = FromMillis(1'754'373'787'123);
    EXPECT_EQ(Value(at).AsInstant(), at);
    EXPECT_EQ(Value(at).AsInt(), 1'754'373'787'123);
    EXPECT_TRUE(Value(std::optional<Instant>()).is_null());
    EXPECT_EQ(Value(std::optional<Instant>(at)).AsOptionalInstant(), at);
}

TEST(Value, IsShownAsItsText) {
    EXPECT_EQ(Value(-5).ToDisplay(), "-5");
    EXPECT_EQ(Value(0.5).ToDisplay(), "0.5");
    EXPECT_EQ(Value(true).ToDisplay(), "1");
    EXPECT_EQ(Value("五").ToDisplay(), "五");
    EXPECT_EQ(Value(nullptr).ToDisplay(), "");
    EXPECT_EQ(Value(Blob{65}).ToDisplay(), "");
}

TEST(ResultSet, FindsAColumnByItsName) {
    const ResultSet set{{"id", "name"}, {}, 0};
    EXPECT_EQ(set.ColumnIndex("name"), 1U);
    EXPECT_EQ(set.ColumnIndex("Name"), std::nullopt);
}

}  // namespace
}  // namespace opsteward::db
