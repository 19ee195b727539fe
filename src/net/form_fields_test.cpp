#include <gtest/gtest.h>

#include "net/http_message.hpp"
#include "net/percent_coding.hpp"

namespace opsteward::net {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

TEST(FormFields, AreDecodedInTheirOrder) {
    const auto form = FormFields::Parse("name=%E5%8F%B0%E5%8C%97+A&empty=&bare&name=2");
    ASSERT_TRUE(form);
    EXPECT_EQ(form->all(), (Fields{{"name", "台北 A"}, {"empty", ""}, {"bare", ""}, {"name", "2"}}));
    EXPECT_EQ(form->Get("name"), "台北 A");
    EXPECT_EQ(form->GetAll("name"), (std::vector<std::string_view>{"台北 A", "2"}));
    EXPECT_TRUE(form->Has("bare"));
    EXPECT_FALSE(form->Has("absent"));
    EXPECT_EQ(form->Get("absent"), "");
}

TEST(FormFields, EmptyPairsAreSkipped) {
    const auto form = FormFields::Parse("&&a=1&&");
    ASSERT_TRUE(form);
    EXPECT_EQ(form->all(), (Fields{{"a", "1"}}));
    EXPECT_TRUE(FormFields::Parse("")->all().empty());
}

TEST(FormFields, OnlyTheFirstEqualsSignSeparates) { EXPECT_EQ(FormFields::Parse("a=b=c")->Get("a"), "b=c"); }

TEST(FormFields, BrokenEscapesAndBrokenUtf8AreRefused) {
    for (const char* broken : {"a=%", "a=%4", "a=%zz", "%=1", "a=%G0", "a=%ff", "a=%C0%80", "a=%ED%A0%80", "a=\xff",
                               "a=%E5%8F", "ok=1&a=%F5%80%80%80"}) {
        EXPECT_FALSE(FormFields::Parse(broken)) << broken;
    }
}

TEST(FormFields, AThousandFieldsAreTakenAndOneMoreIsNot) {
    std::string encoded;
    for (int i = 0; i < 1000; ++i) encoded += "a=1&";
    EXPECT_TRUE(FormFields::Parse(encoded));
    EXPECT_FALSE(FormFields::Parse(encoded + "a=1"));
}

TEST(FormFields, EncodingAndParsingGiveTheSameFields) {
    FormFields form;
    form.Set("a&b=c", "100% + 台北\r\n\"<>'/\\");
    form.Set("", "");
    form.Set("~-._", "~-._");
    EXPECT_EQ(FormFields::Parse(form.Encode())->all(), form.all());
}

TEST(FormFields, SetReplacesEveryFieldOfThatNameAtThePlaceOfTheFirst) {
    auto form = FormFields::Parse("a=1&b=2&a=3");
    form->Set("a", "4");
    EXPECT_EQ(form->Encode(), "a=4&b=2");
}

TEST(PercentEncode, LeavesOnlyUnreservedCharacters) {
    EXPECT_EQ(PercentEncode("AZaz09-._~"), "AZaz09-._~");
    EXPECT_EQ(PercentEncode("a b/?#[]@!$&'()*+,;=%"), "a%20b%2F%3F%23%5B%5D%40%21%24%26%27%28%29%2A%2B%2C%3B%3D%25");
    EXPECT_EQ(PercentEncode("台"), "%E5%8F%B0");
    EXPECT_EQ(PercentEncode(std::string_view("\0", 1)), "%00");
}

TEST(PercentDecode, APlusIsASpaceOnlyInForms) {
    EXPECT_EQ(PercentDecode("a+b", true), "a b");
    EXPECT_EQ(PercentDecode("a+b", false), "a+b");
}

}  // namespace
}  // namespace opsteward::net
