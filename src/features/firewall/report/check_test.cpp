#include "features/firewall/report/check.hpp"

#include <gtest/gtest.h>

#include "features/firewall/analysis/testing/rules.hpp"
#include "features/firewall/report/check_json.hpp"
#include "features/firewall/report/difference_json.hpp"
#include "features/firewall/report/query_json.hpp"

namespace opsteward::firewall {
namespace {

using namespace testing;

Rule Named(std::string id, Rule rule) {
    rule.id = std::move(id);
    rule.comment = "REQ-1";
    rule.is_logged = true;
    return rule;
}

/// One rule of each kind.
Configuration EveryKind() {
    Rule disabled = Named("disabled", RuleOf(Action::kAccept, {Ipv4Traffic("10.9.0.0/16", kAny4)}));
    disabled.is_enabled = false;
    Rule ended = Named("ended", RuleOf(Action::kAccept, {Ipv4Traffic("10.9.0.0/16", kAny4)}));
    ended.has_ended = true;
    Configuration configuration;
    configuration.rule_bases.push_back(BaseOf({
        Named("live", RuleOf(Action::kAccept, {Ipv4Traffic("10.0.0.0/8", "192.0.2.0/24", Tcp(80, 80))})),
        Named("redundant", RuleOf(Action::kAccept, {Ipv4Traffic("10.1.0.0/16", "192.0.2.1", Tcp(80, 80))})),
        Named("shadowed", RuleOf(Action::kDeny, {Ipv4Traffic("10.1.0.0/16", "192.0.2.1", Tcp(80, 80))})),
        Named("partly", RuleOf(Action::kDeny, {Ipv4Traffic("10.1.0.0/16", "192.0.2.1", Tcp(80, 80)), Ipv4Traffic("10.2.0.0/16", "192.0.2.1", Tcp(80, 80))})),
        Named("empty", RuleOf(Action::kAccept, {})),
        disabled,
        ended,
        Named("own", WithUnknown(RuleOf(Action::kAccept, {Ipv4Traffic("172.16.0.0/12", "192.0.2.0/24")}), "schedule")),
        Named("earlier", RuleOf(Action::kDeny, {Ipv4Traffic("172.16.1.0/24", "192.0.2.0/24")})),
        Named("below", RuleOf(Action::kDeny, {Ipv4Traffic("203.0.113.0/24", kAny4)})),
    }));
    return configuration;
}

json::object AnswerOf(const Configuration& configuration) {
    return json::parse(CheckJson(CheckConfiguration(configuration, {}, {}), {{"more", 1}})).as_object();
}

std::string KindOf(const json::object& answer, std::string_view id) {
    for (const json::value& rule : answer.at("rules").as_array()) {
        if (rule.at("id").as_string() != id) continue;
        return std::string(rule.at("verdict").as_string()) + (rule.at("kind").is_null() ? "" : " " + std::string(rule.at("kind").as_string()));
    }
    return "absent";
}

TEST(Check, TellsEachRulesVerdictAndKind) {
    const Configuration configuration = EveryKind();
    const json::object answer = AnswerOf(configuration);
    EXPECT_EQ(KindOf(answer, "live"), "live");
    EXPECT_EQ(KindOf(answer, "redundant"), "dead redundant");
    EXPECT_EQ(KindOf(answer, "shadowed"), "dead shadowed");
    EXPECT_EQ(KindOf(answer, "partly"), "dead shadowed");
    EXPECT_EQ(KindOf(answer, "empty"), "dead empty");
    EXPECT_EQ(KindOf(answer, "disabled"), "dead disabled");
    EXPECT_EQ(KindOf(answer, "ended"), "dead ended");
    EXPECT_EQ(KindOf(answer, "own"), "live_unless own_unknown_part");
    EXPECT_EQ(KindOf(answer, "earlier"), "live_unless earlier_unknown_part");
    EXPECT_EQ(KindOf(answer, "below"), "live redundant_below");
}

TEST(Check, CountsWhatItTells) {
    const Configuration configuration = EveryKind();
    const ConfigurationCheck check = CheckConfiguration(configuration, {}, {});
    const CheckTotals totals = TotalsOf(check);
    EXPECT_EQ(totals.rules, 10U);
    EXPECT_EQ(totals.Of(VerdictKind::kDead), 4U);
    EXPECT_EQ(totals.Of(VerdictKind::kInactive), 2U);
    EXPECT_EQ(totals.OfKind("shadowed"), 2U);
    EXPECT_EQ(totals.OfKind("covered"), 0U);
    const json::object answer = AnswerOf(configuration);
    EXPECT_EQ(answer.at("more").to_number<int>(), 1);
    const json::object& json_totals = answer.at("totals").as_object();
    EXPECT_EQ(json_totals.at("dead").to_number<int>(), 6);
    EXPECT_EQ(json_totals.at("kinds").at("redundant_below").to_number<int>(), 1);
}

TEST(Check, AShadowedRuleNamesWhatCoversItAndAPacketThatMeetsTheOtherOutcome) {
    const Configuration configuration = EveryKind();
    const json::object answer = AnswerOf(configuration);
    const json::value& rule = answer.at("rules").at(2);
    EXPECT_EQ(json::serialize(rule.at("covered_by")), R"(["live"])");
    EXPECT_EQ(rule.at("opposed_by").as_string(), "live");
    EXPECT_EQ(rule.at("witness").at("dst").as_string(), "192.0.2.1");
    EXPECT_EQ(rule.at("witness").at("dport").to_number<int>(), 80);
    EXPECT_EQ(rule.at("witness").at("proto").as_string(), "tcp");
}

TEST(Check, NamesThatAreNoUtf8AreStillWrittenAsJson) {
    Configuration configuration = EveryKind();
    configuration.rule_bases[0].rules[0].name = "\xFF name";
    const std::string text = CheckJson(CheckConfiguration(configuration, {}, {}), {});
    EXPECT_NE(text.find("\xEF\xBF\xBD name"), std::string::npos);
    EXPECT_EQ(text.find('\xFF'), std::string::npos);
}

TEST(QueryJson, APacketsAnswerNamesTheRuleThatDecidesAndThoseThatMayBeforeIt) {
    const Configuration configuration = EveryKind();
    const RuleBase& base = configuration.rule_bases[0];
    Packet packet;
    packet.source4 = ParseIpv4("172.16.1.1").value();
    packet.destination4 = ParseIpv4("192.0.2.9").value();
    packet.service = ServiceKey(6, 443);
    const json::object answer = ToJson(base, packet, Evaluate(base, packet));
    EXPECT_EQ(answer.at("action").as_string(), "deny");
    EXPECT_EQ(answer.at("outcome").as_string(), "depends");
    EXPECT_EQ(answer.at("rule").at("id").as_string(), "earlier");
    EXPECT_EQ(answer.at("may_decide").at(0).at("id").as_string(), "own");
    EXPECT_EQ(answer.at("may_decide").at(0).at("unknown_parts").at(0).at("what").as_string(), "schedule");
    packet.source4 = ParseIpv4("198.51.100.1").value();
    EXPECT_TRUE(ToJson(base, packet, Evaluate(base, packet)).at("rule").is_null());
}

TEST(DifferenceJson, TellsWhichTrafficChangedByWhichRules) {
    const RuleBase before = BaseOf({Named("a", RuleOf(Action::kAccept, {Ipv4Traffic("10.0.0.0/8", "192.0.2.1", Tcp(80, 80))}))});
    RuleBase after = before;
    after.rules[0] = Named("a", RuleOf(Action::kAccept, {Ipv4Traffic("10.0.0.0/9", "192.0.2.1", Tcp(80, 80))}));
    const json::object answer = ToJson(before, after, CompareMeaning(before, after, {}));
    ASSERT_EQ(answer.at("changes").as_array().size(), 1U);
    const json::value& change = answer.at("changes").at(0);
    EXPECT_TRUE(change.at("was_allowed").as_bool());
    EXPECT_EQ(change.at("before").at("id").as_string(), "a");
    EXPECT_TRUE(change.at("after").is_null());
    EXPECT_EQ(change.at("traffic").at(0).at("src").as_string(), "10.128.0.0/9");
    EXPECT_EQ(change.at("traffic").at(0).at("service").as_string(), "tcp/80");
}

}  // namespace
}  // namespace opsteward::firewall
