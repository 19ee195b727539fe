// That the checks which every test of the console leans on find anything at all.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/console/testing/answer_schema.hpp"
#include "platform/console/testing/page_faults.hpp"

namespace opsteward::console::testing {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string Page(std::string_view body) {
    return "<!doctype html><html lang=\"en\"><head><title>x</title></head><body><h1>x</h1>" + std::string(body) +
           "</body></html>";
}

TEST(PageFaults, AreNoneInAGoodPage) {
    EXPECT_THAT(PageFaults(Page(R"(<form method="post" action="/x"><input type="hidden" name="csrf" value="t">)"
                                R"(<label for="a">A</label><input type="text" id="a" name="a"></form>)")),
                IsEmpty());
}

struct BadPage {
    std::string_view body, fault;
};
class PageFaultsIn : public ::testing::TestWithParam<BadPage> {};
INSTANTIATE_TEST_SUITE_P(
    BadPages, PageFaultsIn,
    ::testing::Values(BadPage{"<p><b>x</p>", "parse error"},
                      BadPage{R"(<p id="a"></p><p id="a"></p>)", "stands 2 times"},
                      BadPage{R"(<p aria-describedby="gone"></p>)", "nothing has the id gone"},
                      BadPage{R"(<form method="post" action="/x"></form>)", "a form without the token: /x"},
                      BadPage{R"(<input type="text" id="a" name="a">)", "has no label"},
                      BadPage{R"(<p style="color:red">x</p>)", "a style of its own"},
                      BadPage{"<script>x()</script>", "a script of its own"},
                      BadPage{R"(<svg><use href="/icons.svg#no-such-icon"/></svg>)", "no icon no-such-icon"},
                      BadPage{"<h1>y</h1>", "2 h1 elements"}));

TEST_P(PageFaultsIn, AreFound) {
    EXPECT_THAT(PageFaults(Page(GetParam().body)), Contains(HasSubstr(GetParam().fault)));
}

constexpr std::string_view kThing =
    R"({"type":"object","required":["id","kind"],"additionalProperties":false,"properties":{
    "id":{"type":"integer","minimum":1},"kind":{"type":"string","enum":["a","b"]},
    "at":{"type":["string","null"],"format":"date-time"},"more":{"type":"array","items":{"$ref":"#/components/schemas/Text"}}}})";

TEST(SchemaFaults, AreNoneInWhatFits) {
    EXPECT_THAT(SchemaFaults(R"({"id":1,"kind":"a","at":null,"more":[{"zh":"x","en":"x"}]})", kThing, {}), IsEmpty());
}

struct BadAnswer {
    std::string_view text, fault;
};
class SchemaFaultsIn : public ::testing::TestWithParam<BadAnswer> {};
INSTANTIATE_TEST_SUITE_P(BadAnswers, SchemaFaultsIn,
                         ::testing::Values(BadAnswer{"{", "no JSON"}, BadAnswer{"[]", "is not of type"},
                                           BadAnswer{R"({"id":1})", "kind is missing"},
                                           BadAnswer{R"({"id":"1","kind":"a"})", "$.id: \"1\" is not of type"},
                                           BadAnswer{R"({"id":0,"kind":"a"})", "$.id: 0 passes the minimum"},
                                           BadAnswer{R"({"id":1,"kind":"c"})", "none of the allowed values"},
                                           BadAnswer{R"({"id":1,"kind":"a","x":1})", "$.x: is not described"},
                                           BadAnswer{R"({"id":1,"kind":"a","at":"noon"})", "$.at: is no date-time"},
                                           BadAnswer{R"({"id":1,"kind":"a","more":[{"zh":"x"}]})",
                                                     "$.more[0]: en is missing"}));

TEST_P(SchemaFaultsIn, AreFound) {
    EXPECT_THAT(SchemaFaults(GetParam().text, kThing, {}), Contains(HasSubstr(GetParam().fault)));
}

TEST(SchemaFaults, NameSchemasAndKeywordsThatAreNotKnown) {
    EXPECT_THAT(SchemaFaults("1", R"({"$ref":"#/components/schemas/Gone"})", {}),
                Contains(HasSubstr("there is no schema")));
    EXPECT_THAT(SchemaFaults("1", R"({"multipleOf":2})", {}), Contains(HasSubstr("multipleOf is not known")));
}

}  // namespace
}  // namespace opsteward::console::testing
