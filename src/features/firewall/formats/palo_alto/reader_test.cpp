#include <fmt/format.h>
#include <gtest/gtest.h>

#include "features/firewall/formats/hit_counts.hpp"
#include "features/firewall/formats/readers.hpp"
#include "features/firewall/formats/testing/format_cases.hpp"
#include "features/firewall/formats/testing/rule_listing.hpp"
#include "features/firewall/formats/testing/what_was_read.hpp"

namespace opsteward::firewall {
namespace {

using testing::DifferenceFromExpected;
using testing::ReadCase;

const ReadOptions kOptions{.now = testing::kCaseTime, .hash_key = {}};

Configuration Read(std::string_view text) { return testing::Accepted(ReadPaloAlto(text, kOptions)); }

std::vector<std::string> RulesOf(std::string_view text) {
    std::vector<std::string> lines;
    for (const std::string& line : testing::ListConfiguration(Read(text))) {
        if (line.starts_with("  ")) lines.push_back(line);
    }
    return lines;
}

TEST(PaloAlto, EachKeptConfigurationYieldsWhatIsWrittenBesideIt) {
    for (const char* const name :
         {"palo_alto/fwl01.set", "palo_alto/office.xml", "palo_alto/panorama.xml", "palo_alto/office.braces", "palo_alto/turned.xml"}) {
        EXPECT_EQ(DifferenceFromExpected(name, ReadPaloAlto(ReadCase(name), kOptions)), "");
    }
}

TEST(PaloAlto, NothingOfTheRealConfigurationIsUnexplained) {
    EXPECT_TRUE(Read(ReadCase("palo_alto/fwl01.set")).unknown.empty());
}

TEST(PaloAlto, NoSecretStandsInWhatWasRead) {
    const Configuration xml = Read(ReadCase("palo_alto/office.xml"));
    EXPECT_FALSE(testing::Holds(xml, "notareal"));
    const Configuration commands = Read("set mgt-config users admin phash fnSECRETsecret\nset mgt-config users b phash \"fn SECRET");
    EXPECT_FALSE(testing::Holds(commands, "SECRET"));
    EXPECT_TRUE(testing::Holds(commands, "<secret:"));
}

TEST(PaloAlto, ALineThatIsNotUnderstoodIsKeptWithItsNumber) {
    const Configuration read = Read(
        "set deviceconfig system hostname a\nadmin@fw# show\nset telepathy mode on\n\n# a comment\nset address A ip-netmask 300.1.1.1\nset address B [ a b");
    ASSERT_EQ(read.unknown.size(), 4U);
    EXPECT_EQ(read.unknown[0], (UnknownLine{2, "admin@fw# show"}));
    EXPECT_EQ(read.unknown[1], (UnknownLine{3, "telepathy mode on"}));
    EXPECT_EQ(read.unknown[2], (UnknownLine{6, "address A ip-netmask 300.1.1.1"}));
    EXPECT_EQ(read.unknown[3], (UnknownLine{7, "set address B [ a b"}));
}

TEST(PaloAlto, CommandsMayGiveARuleInOneLineAndMoveOrDeleteIt) {
    const std::string rule = "set rulebase security rules {} from a to b source any destination any application any service service-https action {}\n";
    std::string text =
        fmt::format(fmt::runtime(rule), "one", "allow") + fmt::format(fmt::runtime(rule), "two", "deny") + fmt::format(fmt::runtime(rule), "three", "drop");
    text +=
        "set zone a network layer3 ethernet1/1\nset zone b network layer3 ethernet1/2\nmove rulebase security rules three before one\nmove rulebase security "
        "rules one bottom\ndelete rulebase security rules two\n";
    const Configuration read = Read(text);
    EXPECT_TRUE(read.unknown.empty());
    ASSERT_EQ(read.rule_bases.size(), 1U);
    ASSERT_EQ(read.rule_bases[0].rules.size(), 4U);
    EXPECT_EQ(read.rule_bases[0].rules[0].id, "three");
    EXPECT_EQ(read.rule_bases[0].rules[1].id, "one");
    EXPECT_EQ(RulesOf(text)[1], "    ipv4 a > b | any > any | tcp 443");
}

TEST(PaloAlto, ADescriptionMayGoOnOverSeveralLines) {
    const Configuration read = Read("set rulebase security rules r description \"first\nsecond \\\"quoted\\\"\"\nset rulebase security rules r action allow\n");
    ASSERT_EQ(read.rule_bases.size(), 1U);
    EXPECT_EQ(read.rule_bases[0].rules[0].comment, "first\nsecond \"quoted\"");
    EXPECT_EQ(read.rule_bases[0].rules[0].line, 1U);
    EXPECT_TRUE(read.unknown.empty());
}

TEST(PaloAlto, WhatIsMissingOfARuleIsNotTakenForKnown) {
    const Configuration read = Read("set rulebase security rules r action allow\n");
    EXPECT_EQ(read.rule_bases[0].rules[0].unknown.size(), 5U);
    EXPECT_EQ(read.rule_bases[0].rules[0].unknown[0].text, "from is missing");
}

TEST(PaloAlto, AScheduleEndsOnlyWhereItIsOverEverywhereOnEarth) {
    const std::string text =
        "set schedule S schedule-type non-recurring 2026/01/01@00:00-2026/06/30@23:59\nset rulebase security rules r schedule S\nset rulebase security rules r "
        "action allow\n";
    constexpr std::int64_t kEnd = 1'782'863'940;  // 2026-06-30T23:59:00Z
    for (const auto& [now, has_ended] : {std::pair(kEnd + 12 * 3600, false), std::pair(kEnd + 12 * 3600 + 1, true), std::pair(std::int64_t{0}, false)}) {
        const auto read = ReadPaloAlto(text, {.now = now, .hash_key = {}});
        ASSERT_TRUE(read.ok());
        EXPECT_EQ(read->rule_bases[0].rules[0].has_ended, has_ended) << now;
    }
}

TEST(PaloAlto, XmlThatIsNoneIsRefusedWithItsLine) {
    struct Case {
        std::string text;
        std::string_view says;
    };
    const Case cases[] = {{"<config>\n<shared>\n", "line 2"},
                          {"<config>\n<a/></config>\n<config/>", "line 3"},
                          {"<!DOCTYPE a [<!ENTITY x \"y\">]>\n<config><shared/></config>", "DOCTYPE"},
                          {std::string("<config>\n\0</config>", 19), "Line 2"},
                          {"<other/>", "no section"},
                          {"hello\nworld\n", "no section"},
                          {"", "no section"}};
    for (const Case& a_case : cases) {
        const auto read = ReadPaloAlto(a_case.text, kOptions);
        ASSERT_FALSE(read.ok()) << a_case.text;
        EXPECT_EQ(read.error().code, ErrorCode::kInvalidInput) << a_case.text;
        EXPECT_NE(read.error().operator_text.find(a_case.says), std::string::npos) << read.error().operator_text;
    }
}

TEST(PaloAlto, EveryBeginningOfAConfigurationIsReadOrRefused) {
    for (const char* const name : {"palo_alto/fwl01.set", "palo_alto/office.xml", "palo_alto/office.braces", "palo_alto/turned.xml"})
        EXPECT_EQ(testing::MisreadBeginning(name, 97, ReadPaloAlto), "");
}

TEST(PaloAlto, GroupsThatWouldGrowBeyondBoundsAreRefused) {
    std::string text;
    for (int i = 0; i < 400; ++i) text += fmt::format("set address A{} ip-netmask 10.{}.{}.1\nset address-group G static A{}\n", i, i / 250, i % 250, i);
    for (int i = 0; i < 600; ++i) text += fmt::format("set rulebase security rules R{} source G\n", i);
    const auto read = ReadPaloAlto(text, {.bounds = {.ranges = 100'000}});
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().code, ErrorCode::kTooLarge);
}

TEST(PaloAlto, DeepAndWideTextsAreBounded) {
    std::string deep;
    for (int i = 0; i < 3000; ++i) deep += "<a>";
    for (int i = 0; i < 3000; ++i) deep += "</a>";
    EXPECT_FALSE(ReadPaloAlto("<config>" + deep + "</config>", kOptions).ok());
    std::string words = "set";
    for (int i = 0; i < 3000; ++i) words += " a";
    EXPECT_EQ(Read(words + "\nset shared tag x").unknown.size(), 1U);
    EXPECT_EQ(ReadPaloAlto(std::string(kMaxConfigurationBytes + 1, 'a'), kOptions).error().code, ErrorCode::kTooLarge);
}

TEST(PaloAlto, HitCountsMeetTheirRules) {
    Configuration configuration = Read(ReadCase("palo_alto/office.xml"));
    const auto counts = ReadPaloAltoHitCounts(ReadCase("palo_alto/hit-count.xml"));
    ASSERT_TRUE(counts.ok());
    EXPECT_EQ(counts->counts.size(), 3U);
    ASSERT_EQ(counts->unknown.size(), 1U);
    EXPECT_EQ(counts->unknown[0].line, 5U);
    EXPECT_EQ(AddHitCounts(*counts, configuration), 2U);
    const auto& rules = configuration.rule_bases[0].rules;
    RuleCounter never;
    never.hits = 0;
    never.created = 1'700'000'000;
    EXPECT_EQ(rules[0].counter, never);
    RuleCounter used;
    used.hits = 1'234'567;
    used.first_hit = 1'750'000'100;
    used.last_hit = 1'795'000'000;
    used.last_reset = 1'750'000'000;
    used.created = 1'700'000'000;
    EXPECT_EQ(rules[1].counter, used);
    EXPECT_FALSE(rules[2].counter.has_value());
    EXPECT_FALSE(ReadPaloAltoHitCounts("<response/>").ok());
}

}  // namespace
}  // namespace opsteward::firewall
