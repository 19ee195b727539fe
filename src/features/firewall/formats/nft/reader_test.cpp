#include <fmt/format.h>
#include <gtest/gtest.h>

#include "features/firewall/formats/net_names.hpp"
#include "features/firewall/formats/readers.hpp"
#include "features/firewall/formats/testing/format_cases.hpp"
#include "features/firewall/formats/testing/what_was_read.hpp"
#include "features/firewall/model/address.hpp"

namespace opsteward::firewall {
namespace {

using testing::DifferenceFromExpected;
using testing::ReadCase;

Configuration Read(std::string_view text) { return testing::Accepted(ReadNft(text, {})); }

/// The rule base of a chain on the hook forward, of table inet t, with one rule of these statements; `more` are further entries of the list.
RuleBase Forwarded(std::string_view statements, std::string_view more = "") {
    const Configuration read = Read(fmt::format(
        R"({{"nftables": [{{"table": {{"family": "inet", "name": "t", "handle": 1}}}}, {{"chain": {{"family": "inet", "table": "t", "name": "f", "handle": 1,
        "type": "filter", "hook": "forward", "prio": 0, "policy": "drop"}}}}, {}{{"rule": {{"family": "inet", "table": "t", "chain": "f", "handle": 9, "expr": [{}]}}}}]}})",
        more, statements));
    EXPECT_EQ(read.rule_bases.size(), 1U);
    return read.rule_bases.empty() ? RuleBase() : read.rule_bases[0];
}

TEST(Nft, TheKeptListingYieldsWhatIsWrittenBesideIt) {
    EXPECT_EQ(DifferenceFromExpected("nft/gateway.json", ReadNft(ReadCase("nft/gateway.json"), {})), "");
}

struct StateCase {
    std::string_view op;
    std::string_view right;
    std::vector<Range<std::uint32_t>> states;
};

TEST(Nft, StatesAreOneOfAListOrNone) {
    for (const StateCase& one :
         {StateCase{"==", R"("new")", {{0, 0}}}, StateCase{"in", R"(["established", "related"])", {{1, 2}}}, StateCase{"!=", R"("new")", {{1, 4}}},
          StateCase{"==", R"({"set": ["new", "invalid"]})", {{0, 0}, {3, 3}}}, StateCase{"!=", R"({"|": ["established", "related"]})", {{0, 4}}}}) {
        const RuleBase base =
            Forwarded(fmt::format(R"({{"match": {{"op": "{}", "left": {{"ct": {{"key": "state"}}}}, "right": {}}}}}, {{"accept": null}})", one.op, one.right));
        ASSERT_EQ(base.rules.size(), 1U);
        EXPECT_EQ(base.rules[0].traffic.at(0).states, NumberSet(one.states)) << one.op << one.right;
    }
}

TEST(Nft, ARuleWithoutACounterHasNoneAndOneBeforeAMatchIsNotItsOwn) {
    EXPECT_FALSE(Forwarded(R"({"accept": null})").rules.at(0).counter.has_value());
    EXPECT_EQ(Forwarded(R"({"counter": {"packets": 0, "bytes": 0}}, {"accept": null})").rules.at(0).counter->hits, 0U);
    EXPECT_FALSE(Forwarded(R"({"counter": "named"}, {"accept": null})").rules.at(0).counter.has_value());
    EXPECT_FALSE(
        Forwarded(R"({"counter": {"packets": 5, "bytes": 9}}, {"match": {"op": "==", "left": {"meta": {"key": "l4proto"}}, "right": "tcp"}}, {"accept": null})")
            .rules.at(0)
            .counter.has_value());
}

TEST(Nft, TheRestOfAVerdictMapIsAskedLast) {
    const RuleBase base =
        Forwarded(R"({"vmap": {"key": {"payload": {"protocol": "tcp", "field": "dport"}}, "data": {"set": [["*", {"drop": null}], [22, {"accept": null}]]}}})");
    ASSERT_EQ(base.rules.size(), 2U);
    EXPECT_EQ(base.rules[0].id, "f:1.1");
    EXPECT_EQ(base.rules[0].action, Action::kAccept);
    EXPECT_EQ(base.rules[1].traffic.at(0).services, ServicesOf(kTcp));
}

struct UnknownCase {
    std::string_view statements;
    std::string_view what;
};

TEST(Nft, WhatHasNoDimensionIsAnUnknownPart) {
    for (const UnknownCase& one :
         {UnknownCase{R"({"limit": {"rate": 3, "per": "second"}})", "rate"}, UnknownCase{R"({"ct count": {"val": 3}})", "rate"},
          UnknownCase{R"({"match": {"op": "==", "left": {"meta": {"key": "skuid"}}, "right": 0}})", "user"},
          UnknownCase{R"({"match": {"op": "==", "left": {"meta": {"key": "hour"}}, "right": "10:00"}})", "schedule"},
          UnknownCase{R"({"match": {"op": "==", "left": {"payload": {"protocol": "ether", "field": "saddr"}}, "right": "02:00:00:00:00:01"}})", "mac"},
          UnknownCase{R"({"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "flags"}}, "right": "syn"}})", "state"},
          UnknownCase{R"({"match": {"op": "==", "left": {"fib": {"result": "type", "flags": ["daddr"]}}, "right": "local"}})", "other"},
          UnknownCase{R"({"match": {"op": "==", "left": {"payload": {"protocol": "ip", "field": "saddr"}}, "right": "@nowhere"}})", "other"},
          UnknownCase{R"({"match": {"op": "==", "left": {"payload": {"protocol": "th", "field": "dport"}}, "right": 53}})", "other"}}) {
        const RuleBase base = Forwarded(fmt::format(R"({}, {{"drop": null}})", one.statements));
        ASSERT_EQ(base.rules.size(), 1U) << one.statements;
        ASSERT_EQ(base.rules[0].unknown.size(), 1U) << one.statements;
        EXPECT_EQ(base.rules[0].unknown[0].what, one.what) << one.statements;
        EXPECT_EQ(base.rules[0].action, Action::kDeny);
    }
}

TEST(Nft, StatementsNotUnderstoodAreNamedAndMayLetThrough) {
    for (const std::string_view statement :
         {R"({"xt": null})", R"({"nosuch": 1})", R"({"jump": {"target": "nowhere"}})", R"({"vmap": {"key": {}, "data": "@nowhere"}})", "5"}) {
        const Configuration read = Read(fmt::format(
            R"({{"nftables": [{{"chain": {{"family": "inet", "table": "t", "name": "f", "handle": 1, "type": "filter", "hook": "input", "prio": 0, "policy": "drop"}}}},
            {{"rule": {{"family": "inet", "table": "t", "chain": "f", "handle": 9, "expr": [{}]}}}}]}})",
            statement));
        ASSERT_EQ(read.unknown.size(), 1U) << statement;
        EXPECT_EQ(read.unknown[0].line, 9U);
        ASSERT_EQ(read.rule_bases.at(0).rules.size(), 1U);
        EXPECT_EQ(read.rule_bases[0].rules[0].action, Action::kAccept);
        EXPECT_FALSE(read.rule_bases[0].rules[0].unknown.empty());
    }
}

TEST(Nft, SetsThatPacketsAddToMayHoldAnything) {
    const std::string_view set = R"({"set": {"family": "inet", "table": "t", "name": "s", "handle": 3, "type": "ipv4_addr", "flags": ["timeout"]}}, )";
    const RuleBase base =
        Forwarded(R"({"match": {"op": "==", "left": {"payload": {"protocol": "ip", "field": "saddr"}}, "right": "@s"}}, {"drop": null})", set);
    ASSERT_EQ(base.rules.size(), 1U);
    EXPECT_EQ(base.rules[0].unknown.size(), 1U);
    ASSERT_EQ(base.rules[0].traffic.size(), 1U) << "of IPv4 alone";
    EXPECT_TRUE(base.rules[0].traffic[0].source4.IsAll());
}

TEST(Nft, TextsThatAreNoneAreRefused) {
    for (const std::string_view text : {"", "table inet fw { }", "{}", "[]", "{\"nftables\": 5}", "{\"nftables\": ["}) {
        const auto read = ReadNft(text, {});
        ASSERT_FALSE(read.ok()) << text;
        EXPECT_EQ(read.error().code, ErrorCode::kInvalidInput) << text;
    }
    EXPECT_EQ(ReadNft(std::string(5000, '['), {}).error().code, ErrorCode::kTooLarge);
}

TEST(Nft, EntriesThatAreNoneAreNamed) {
    const Configuration read = Read(
        R"({"nftables": [5, {"table": {"family": "inet", "name": "t"}}, {"strange": {"handle": 4}}, {"rule": {"family": "inet", "table": "t", "chain": "no", "handle": 8}}]})");
    EXPECT_EQ(read.unknown.size(), 3U);
    EXPECT_TRUE(read.rule_bases.empty());
}

}  // namespace
}  // namespace opsteward::firewall
