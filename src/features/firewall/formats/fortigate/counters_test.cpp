#include "features/firewall/formats/fortigate/counters.hpp"

#include <gtest/gtest.h>

#include "features/firewall/formats/readers.hpp"

namespace opsteward::firewall {
namespace {

std::vector<FortigateCounter> Read(std::string_view text) {
    auto counters = ReadFortigateCounters(text);
    EXPECT_TRUE(counters.ok()) << (counters.ok() ? "" : counters.error().caller_text.en);
    return counters.ok() ? std::move(counters).value().counters : std::vector<FortigateCounter>{};
}

constexpr std::int64_t kFirst = 1'614'676'140;  // 2021-03-02T09:09:00Z

TEST(FortigateCounters, TheThreeShapesOfTheCommandLineAreRead) {
    const auto one_line =
        Read("idx=13 pkts/bytes=11774/12467 asic_pkts/asic_bytes=1/2 flag=0x0 hit count:12467662\n    first:2021-03-02 17:09:00 last:2021-03-08 17:23:40\n");
    ASSERT_EQ(one_line.size(), 1U);
    EXPECT_EQ(one_line[0].policy_id, "13");
    EXPECT_EQ(one_line[0].counter.hits, 12'467'662U);
    EXPECT_EQ(one_line[0].counter.bytes, 12'467U);
    EXPECT_EQ(one_line[0].counter.first_hit, kFirst);

    const auto with_days = Read(
        "FW (root) # diagnose firewall iprope show 100004 2\nidx=2 pkts/bytes=14709/18777329 asic_pkts/asic_bytes=8087/10413737 flag=0x0 hit count:19 (4 7 0 1 "
        "1 3 3 0)\n"
        "    first:2021-03-02 17:09:00 last:2021-03-08 17:23:40\n established session count:5\n    first est:2021-03-02 17:11:20 last est:2021-03-09 17:23:40\n"
        "FW (root) # diagnose firewall iprope6 show 100004 2\nidx=2 pkts/bytes=1/100 flag=0x0 hit count:1 (1 0 0 0 0 0 0 0)\n    first:2021-03-01 17:09:00 "
        "last:2021-03-01 17:09:00\n");
    ASSERT_EQ(with_days.size(), 1U);
    EXPECT_EQ(with_days[0].vdom, "root");
    EXPECT_EQ(with_days[0].counter.hits, 20U);
    EXPECT_EQ(with_days[0].counter.bytes, 18'777'429U);
    EXPECT_EQ(with_days[0].counter.active_sessions, 5U);
    EXPECT_EQ(with_days[0].counter.first_hit, kFirst - 86'400);
    EXPECT_EQ(with_days[0].counter.last_hit, kFirst + 6 * 86'400 + 880);

    const auto a_line_each = Read(
        "idx:2\npkts:35 (35 0 0 0 0 0 0 0)\nbytes:6809 (6809 0)\nasic_pkts:0 (0)\nasic_bytes:7 (7)\nhit count:1 (1 0)\n"
        "first hit:2021-03-02 17:09:00 last hit:2021-03-02 17:09:01\nestablished session count:1\nfirst est:2025-02-04 16:14:36 last est:2025-02-04 16:14:36\n"
        "idx:3\nbytes:0 (0)\nhit count:0 (0)\n");
    ASSERT_EQ(a_line_each.size(), 2U);
    EXPECT_EQ(a_line_each[0].counter.bytes, 6809U);
    EXPECT_EQ(a_line_each[0].counter.hits, 1U);
    EXPECT_EQ(a_line_each[0].counter.last_hit, kFirst + 1);
    EXPECT_EQ(a_line_each[1].counter.hits, 0U);
    EXPECT_EQ(a_line_each[1].counter.last_hit, std::nullopt);
}

TEST(FortigateCounters, OtherTablesOfTheCommandAreLeftOut) {
    const auto counters = Read(
        "FW # diagnose firewall iprope show 100001 2\nidx=2 pkts/bytes=1/2 hit count:9\nFW # diagnose firewall iprope show 00100004 3\nidx=3 pkts/bytes=1/2 "
        "hit count:8\n");
    ASSERT_EQ(counters.size(), 1U);
    EXPECT_EQ(counters[0].policy_id, "3");
}

TEST(FortigateCounters, TheRestInterfaceTellsWhatWasNeverUsedByLeavingItOut) {
    const auto counters =
        Read(R"([{"http_method":"GET","results":[{"policyid":0,"bytes":5},{"policyid":17,"uuid":"u-17","bytes":1200,"packets":3,"last_used":1535577206,
        "first_used":1535000000,"hit_count":4,"session_last_used":1535577300,"active_sessions":2},{"policyid":18,"uuid":"u-18","bytes":0,"packets":0}],"vdom":"root"}])");
    ASSERT_EQ(counters.size(), 2U);
    EXPECT_EQ(counters[0].uuid, "u-17");
    EXPECT_EQ(counters[0].vdom, "root");
    EXPECT_EQ(counters[0].counter.last_hit, 1'535'577'300);
    EXPECT_EQ(counters[0].counter.first_hit, 1'535'000'000);
    EXPECT_EQ(counters[1].counter.hits, 0U);
    EXPECT_EQ(counters[1].counter.last_hit, std::nullopt);
}

TEST(FortigateCounters, ACounterGoesToItsUuidAndNotToAnIdUsedAgain) {
    Configuration configuration;
    RuleBase& base = configuration.rule_bases.emplace_back();
    base.name = "root";
    for (const auto& [id, uuid] : {std::pair{"1", "u-1"}, std::pair{"2", "u-new"}, std::pair{"3", ""}}) {
        Rule& rule = base.rules.emplace_back();
        rule.id = id;
        rule.uuid = uuid;
    }
    configuration.rule_bases.emplace_back().name = "root/local-in-policy";
    configuration.rule_bases[1].rules.emplace_back().id = "1";
    const std::vector<FortigateCounter> counters{
        {"", "1", "u-1", 1, {5, {}, {}, {}, {}, {}, {}}}, {"", "2", "u-old", 2, {6, {}, {}, {}, {}, {}, {}}}, {"", "3", "u-3", 3, {7, {}, {}, {}, {}, {}, {}}}};
    EXPECT_EQ(ApplyFortigateCounters(counters, configuration), 2U);
    EXPECT_EQ(configuration.rule_bases[0].rules[0].counter->hits, 5U);
    EXPECT_FALSE(configuration.rule_bases[0].rules[1].counter);
    EXPECT_EQ(configuration.rule_bases[0].rules[2].counter->hits, 7U);
    EXPECT_FALSE(configuration.rule_bases[1].rules[0].counter);
}

TEST(FortigateCounters, WhatIsNotUnderstoodIsListedWithItsLine) {
    const auto lines = ReadFortigateCounters(
        "FW (root) # diagnose firewall iprope show 100004 2\nidx=2 pkts/bytes=1/2 flag=0x0 hit count:9\n\n    first:2021-03-02 17:09:00\n"
        "Command fail. Return code 1\n"
        "FW (root) # diagnose firewall iprope show 100001 2\nof another table\nFW (root) #\n");
    ASSERT_TRUE(lines.ok());
    EXPECT_EQ(lines->unknown, (std::vector<UnknownLine>{{5, "Command fail. Return code 1"}}));
    const auto json = ReadFortigateCounters(R"({"results":[{"policyid":1,"hit_count":4},{"policy":2}]})");
    ASSERT_TRUE(json.ok());
    EXPECT_EQ(json->unknown, (std::vector<UnknownLine>{{0, R"({"policy":2})"}}));
}

TEST(FortigateCounters, TextsWithoutCountersAreRefused) {
    for (const std::string_view text : {"", "hello", "{}", "{\"results\":[]}", "{\"results\":"}) {
        const auto read = ReadFortigateCounters(text);
        ASSERT_FALSE(read.ok()) << text;
        EXPECT_EQ(read.error().code, ErrorCode::kInvalidInput) << text;
    }
}

}  // namespace
}  // namespace opsteward::firewall
