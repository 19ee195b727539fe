#include <fmt/format.h>
#include <gtest/gtest.h>

#include "features/firewall/formats/readers.hpp"
#include "features/firewall/formats/testing/format_cases.hpp"
#include "features/firewall/formats/testing/rule_listing.hpp"

namespace opsteward::firewall {
namespace {

using testing::DifferenceFromExpected;
using testing::ReadCase;

const ReadOptions kOptions{.now = testing::kCaseTime, .hash_key = {}};

TEST(CheckPoint, EachKeptAnswerYieldsWhatIsWrittenBesideIt) {
    for (const char* const name : {"check_point/network.json", "check_point/office.json"})
        EXPECT_EQ(DifferenceFromExpected(name, ReadCheckPoint(ReadCase(name), kOptions)), "");
}

TEST(CheckPoint, NothingOfTheRealAnswersIsUnexplained) {
    const auto read = ReadCheckPoint(ReadCase("check_point/network.json"), kOptions);
    ASSERT_TRUE(read.ok());
    EXPECT_TRUE(read->unknown.empty());
    for (const Rule& rule : read->rule_bases.at(0).rules) EXPECT_TRUE(rule.unknown.empty()) << rule.id;
}

TEST(CheckPoint, NoSecretStandsInWhatWasRead) {
    const auto read = ReadCheckPoint(ReadCase("check_point/office.json"), kOptions);
    ASSERT_TRUE(read.ok());
    EXPECT_FALSE(testing::Holds(*read, "not-to-be-shown"));
    EXPECT_TRUE(testing::Holds(*read, "password <secret:"));
}

TEST(CheckPoint, ATimeThatIsNotOverIsASchedule) {
    const auto read = ReadCheckPoint(ReadCase("check_point/office.json"), {.now = 1'782'000'000, .hash_key = {}});
    ASSERT_TRUE(read.ok());
    const Rule& rule = read->rule_bases.at(0).rules.at(5);
    EXPECT_EQ(rule.id, "4");
    EXPECT_FALSE(rule.has_ended);
    ASSERT_EQ(rule.unknown.size(), 1U);
    EXPECT_EQ(rule.unknown[0].what, "schedule");
}

TEST(CheckPoint, AnInlineLayerInItselfEnds) {
    constexpr std::string_view kText = R"({"uid":"L","name":"L","rulebase":[
{"uid":"r","type":"access-rule","source":["Any"],"destination":["Any"],"service":["Any"],"action":"Inner Layer","inline-layer":"M"}]}
{"uid":"M","name":"M","rulebase":[
{"uid":"s","type":"access-rule","source":["Any"],"destination":["Any"],"service":["Any"],"action":"Inner Layer","inline-layer":"M"}]})";
    const auto read = ReadCheckPoint(kText, kOptions);
    ASSERT_TRUE(read.ok());
    ASSERT_EQ(read->rule_bases.size(), 1U);
    ASSERT_EQ(read->rule_bases[0].rules.size(), 2U);
    EXPECT_EQ(read->rule_bases[0].rules[0].id, "1.1");
    EXPECT_FALSE(read->rule_bases[0].rules[0].unknown.empty());
    EXPECT_EQ(read->rule_bases[0].rules[1].action, Action::kDeny);
}

TEST(CheckPoint, TextsThatAreNoneAreRefusedWithTheirLine) {
    struct Case {
        std::string text;
        std::string_view says;
    };
    const Case cases[] = {
        {"{\n\"rulebase\": [\n", "line 3"}, {"{\n\"a\": tru\n}", "Line 2"}, {"[1,2]\n{\"a\":\"b\nc\"}", "Line 2"},
        {"{}", "no access rulebase"},       {"", "no access rulebase"},     {"{\"rulebase\":[{\"type\":\"nat-rule\"}]}", "no access rulebase"}};
    for (const Case& a_case : cases) {
        const auto read = ReadCheckPoint(a_case.text, kOptions);
        ASSERT_FALSE(read.ok()) << a_case.text;
        EXPECT_EQ(read.error().code, ErrorCode::kInvalidInput) << a_case.text;
        EXPECT_NE(read.error().operator_text.find(a_case.says), std::string::npos) << read.error().operator_text;
    }
    EXPECT_EQ(ReadCheckPoint(std::string(100'000, '['), kOptions).error().code, ErrorCode::kTooLarge);
}

TEST(CheckPoint, EveryBeginningOfAnAnswerIsReadOrRefused) {
    EXPECT_EQ(testing::MisreadBeginning("check_point/office.json", 53, ReadCheckPoint), "");
}

TEST(CheckPoint, GroupsThatWouldGrowBeyondBoundsAreRefused) {
    std::string text = R"({"objects":[)";
    std::string members;
    for (int i = 0; i < 400; ++i) {
        text += fmt::format(R"({{"uid":"h{}","name":"h{}","type":"host","ipv4-address":"10.{}.{}.1"}},)", i, i, i / 250, i % 250);
        members += fmt::format(R"({}"h{}")", i == 0 ? "" : ",", i);
    }
    text += R"({"uid":"g","name":"g","type":"group","members":[)" + members + "]}]}";
    text += R"({"uid":"L","name":"L","rulebase":[)";
    for (int i = 0; i < 600; ++i)
        text += fmt::format(R"({}{{"uid":"r{}","type":"access-rule","source":["g"],"destination":["Any"],"service":["Any"],"action":"Accept"}})",
                            i == 0 ? "" : ",", i);
    const auto read = ReadCheckPoint(text + "]}", {.bounds = {.ranges = 100'000}});
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().code, ErrorCode::kTooLarge);
}

}  // namespace
}  // namespace opsteward::firewall
