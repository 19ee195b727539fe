#include <fmt/format.h>
#include <gtest/gtest.h>

#include "features/firewall/formats/net_names.hpp"
#include "features/firewall/formats/opnsense/counters.hpp"
#include "features/firewall/formats/readers.hpp"
#include "features/firewall/formats/testing/format_cases.hpp"
#include "features/firewall/formats/testing/what_was_read.hpp"
#include "features/firewall/model/address.hpp"

namespace opsteward::firewall {
namespace {

using testing::DifferenceFromExpected;
using testing::FindRule;
using testing::ReadCase;

Configuration Read(std::string_view text) { return testing::Accepted(ReadOpnsense(text, {})); }

std::vector<std::string> Ids(const Configuration& read) {
    std::vector<std::string> ids;
    for (const Rule& rule : read.rule_bases.at(0).rules) ids.push_back(rule.id);
    return ids;
}

std::string Filter(std::string_view rules) {
    return fmt::format(
        "<opnsense><interfaces><wan/><lan/></interfaces><ifgroups><ifgroupentry><ifname>G</ifname><members>wan lan</members></ifgroupentry></ifgroups>"
        "<filter>{}</filter></opnsense>",
        rules);
}

TEST(Opnsense, TheKeptConfigurationsYieldWhatIsWrittenBesideThem) {
    for (const char* const name : {"opnsense/office.xml", "opnsense/branch-pfsense.xml", "opnsense/turned.xml"}) {
        EXPECT_EQ(DifferenceFromExpected(name, ReadOpnsense(ReadCase(name), {.now = testing::kCaseTime, .hash_key = {}})), "") << name;
    }
}

TEST(Opnsense, NoSecretStandsInWhatWasRead) {
    for (const char* const name : {"opnsense/office.xml", "opnsense/branch-pfsense.xml"})
        EXPECT_FALSE(testing::Holds(Read(ReadCase(name)), "notarealhash")) << name;
}

TEST(Opnsense, QuickRulesStandFirstAndTheOthersInReverse) {
    const std::string any = "<source><any/></source><destination><any/></destination>";
    const Configuration read = Read(Filter(
        "<rule><type>pass</type><interface>lan</interface>" + any + "</rule><rule><type>block</type><interface>lan</interface><quick>0</quick>" + any +
        "</rule><rule><type>pass</type><interface>G</interface>" + any + "</rule><rule><type>pass</type><floating>yes</floating><direction>in</direction>" +
        any + "</rule><rule><type>block</type><floating>yes</floating><direction>in</direction><quick>yes</quick>" + any + "</rule>"));
    EXPECT_EQ(Ids(read), (std::vector<std::string>{"floating:2", "G:1", "lan:1", "lan:2", "floating:1"}));
    EXPECT_EQ(read.rule_bases[0].fallback, Action::kDeny);
}

TEST(Opnsense, OutboundRulesAreAskedOfWhatInboundOnesLetThrough) {
    const std::string any = "<source><any/></source><destination><any/></destination>";
    const Configuration read = Read(Filter("<rule><type>pass</type><interface>lan</interface>" + any +
                                           "</rule><rule><type>block</type><floating>yes</floating><interface>wan</interface>"
                                           "<direction>out</direction><quick>yes</quick><protocol>tcp</protocol>" +
                                           any + "</rule>"));
    EXPECT_EQ(Ids(read), (std::vector<std::string>{"lan:1/floating:1", "lan:1"}));
    const RuleBase& base = read.rule_bases[0];
    EXPECT_EQ(base.rules[0].traffic.at(0).out, NumberSet(base.ZoneNumber("wan").value()));
    EXPECT_EQ(base.rules[0].traffic.at(0).services, ServicesOf(kTcp));
}

struct ElementCase {
    std::string_view element;
    std::string_view what;
    bool is_known;
};

TEST(Opnsense, ElementsWithoutADimensionAreUnknownParts) {
    for (const ElementCase& one : {ElementCase{"<os>Windows</os>", "other", true}, ElementCase{"<tagged>x</tagged>", "other", true},
                                   ElementCase{"<sched>none</sched>", "schedule", false}, ElementCase{"<tcpflags1>syn</tcpflags1>", "state", true},
                                   ElementCase{"<max-src-conn-rate>5</max-src-conn-rate>", "rate", true}, ElementCase{"<strange>x</strange>", "other", false},
                                   ElementCase{"<protocol>nosuch</protocol>", "other", false}}) {
        const Configuration read = Read(Filter(fmt::format("<rule><type>pass</type><interface>lan</interface>{}</rule>", one.element)));
        const Rule* const rule = FindRule(read, "lan:1");
        ASSERT_NE(rule, nullptr);
        ASSERT_EQ(rule->unknown.size(), 1U) << one.element;
        EXPECT_EQ(rule->unknown[0].what, one.what) << one.element;
        EXPECT_EQ(read.unknown.empty(), one.is_known) << one.element;
    }
}

TEST(Opnsense, AnAliasWithExceptionsIsAllButThese) {
    const Configuration read = Read(
        "<pfsense><aliases><alias><name>A</name><type>network</type><address>10.0.0.0/8 !10.1.0.0/16 "
        "B</address></alias><alias><name>B</name><type>host</type><address>192.0.2.1</address>"
        "</alias></aliases><interfaces><lan/></interfaces><filter><rule><type>pass</type><interface>lan</interface><source><address>A</address></source></"
        "rule></filter></pfsense>");
    const Rule* const rule = FindRule(read, "lan:1");
    ASSERT_NE(rule, nullptr);
    ASSERT_EQ(rule->traffic.size(), 1U) << "pfSense: IPv4 unless it says otherwise";
    EXPECT_TRUE(rule->traffic[0].source4.Contains(ParseIpv4("10.2.0.1").value()));
    EXPECT_TRUE(rule->traffic[0].source4.Contains(ParseIpv4("192.0.2.1").value()));
    EXPECT_FALSE(rule->traffic[0].source4.Contains(ParseIpv4("10.1.0.1").value()));
}

struct DefaultCase {
    std::string_view wan;       ///< its address
    std::string_view gateways;  ///< in <gateways>
    std::string_view zone;      ///< by which the default route leaves; empty: not told
};

TEST(Opnsense, TheDefaultRouteLeavesByTheGatewayThatIsMarkedOrNamedElseByTheOnlyOne) {
    constexpr std::string_view kWan = "<gateway_item><interface>wan</interface><gateway>192.0.2.1</gateway><name>ISP</name></gateway_item>";
    constexpr std::string_view kLan = "<gateway_item><interface>lan</interface><gateway>10.1.0.254</gateway><name>CORE</name></gateway_item>";
    const auto marked = [](std::string_view item) { return std::string(item.substr(0, item.size() - 15)) + "<defaultgw>1</defaultgw></gateway_item>"; };
    const std::string both = std::string(kWan) + std::string(kLan);
    const std::string lan_marked = std::string(kWan) + marked(kLan);
    const std::string lan_off = both.substr(0, both.size() - 15) + "<disabled/></gateway_item>";
    const std::string wan_named = both + "<defaultgw4>ISP</defaultgw4>";
    const std::string group_named = both + "<defaultgw4>FAILOVER</defaultgw4>";
    const std::string none_named = std::string(kWan) + "<defaultgw4>-</defaultgw4>";
    const DefaultCase cases[] = {{"192.0.2.9", "", ""},           {"dhcp", "", "wan"},           {"dhcp", kLan, ""},
                                 {"192.0.2.9", kWan, "wan"},      {"192.0.2.9", both, ""},       {"192.0.2.9", lan_marked, "lan"},
                                 {"192.0.2.9", lan_off, "wan"},   {"192.0.2.9", wan_named, "wan"}, {"192.0.2.9", group_named, ""},
                                 {"192.0.2.9", none_named, ""}};
    for (const DefaultCase& one : cases) {
        const Configuration read = Read(fmt::format("<pfsense><interfaces><wan><enable/><ipaddr>{}</ipaddr><subnet>24</subnet></wan>"
                                                    "<lan><enable/><ipaddr>10.1.0.1</ipaddr><subnet>24</subnet></lan></interfaces>"
                                                    "<gateways>{}</gateways></pfsense>",
                                                    one.wan, one.gateways));
        std::string zone;
        for (const ZoneNetworks& networks : read.networks) {
            if (networks.ipv4.has_default) zone += networks.zone;
        }
        EXPECT_EQ(zone, one.zone) << one.wan << " " << one.gateways;
    }
}

TEST(Opnsense, DamagedTextsAreRefusedWithTheLine) {
    for (const std::string_view text : {"", "<opnsense>\n<filter>\n<rule>", "<html></html>", "not xml"}) {
        const auto read = ReadOpnsense(text, {});
        ASSERT_FALSE(read.ok()) << text;
        EXPECT_EQ(read.error().code, ErrorCode::kInvalidInput);
    }
    EXPECT_NE(ReadOpnsense("<opnsense>\n<filter>\n<rule>", {}).error().operator_text.find("line 3"), std::string::npos);
    std::string deep = "<opnsense>";
    for (int i = 0; i < 300; ++i) deep += "<a>";
    for (int i = 0; i < 300; ++i) deep += "</a>";
    EXPECT_EQ(ReadOpnsense(deep + "</opnsense>", {}).error().code, ErrorCode::kTooLarge);
}

TEST(OpnsenseCounters, MeetTheirRulesByUuidByTrackerAndByDescription) {
    Configuration read = Read(ReadCase("opnsense/office.xml"));
    const auto counts = ReadOpnsenseHitCounts(ReadCase("opnsense/pfctl.txt"), read);
    ASSERT_TRUE(counts.ok());
    EXPECT_EQ(AddHitCounts(*counts, read), 2U);
    EXPECT_EQ(FindRule(read, "lan:1")->counter->hits, 342U) << "two of pf's rules, one of the configuration";
    EXPECT_EQ(FindRule(read, "lan:1")->counter->active_sessions, 8U);
    EXPECT_EQ(FindRule(read, "lan:2")->counter->hits, 0U) << "by the description in rules.debug";
    ASSERT_EQ(counts->unknown.size(), 1U);
    EXPECT_NE(counts->unknown[0].text.find("not there"), std::string::npos);

    Configuration branch = Read(ReadCase("opnsense/branch-pfsense.xml"));
    const auto of_branch = ReadOpnsenseHitCounts(
        "@5 pass in quick on em1 label \"USER_RULE: Admins\"\n [ Evaluations: 1 Packets: 9 Bytes: 90 States: 0 ]\n@6 pass in quick on em1 ridentifier "
        "1600000004\n"
        " [ Evaluations: 1 Packets: 8 Bytes: 80 States: 0 ]\n",
        branch);
    ASSERT_TRUE(of_branch.ok());
    EXPECT_EQ(AddHitCounts(*of_branch, branch), 2U);
    EXPECT_EQ(FindRule(branch, "lan:1")->counter->hits, 9U);
    EXPECT_EQ(FindRule(branch, "lan:2")->counter->hits, 8U);

    const auto by_api =
        ReadOpnsenseHitCounts(R"({"status": "ok", "stats": {"f0000000-0000-0000-0000-000000000001": {"packets": 4, "bytes": 5, "states": 0}}})", read);
    ASSERT_TRUE(by_api.ok());
    ASSERT_EQ(by_api->counts.size(), 1U);
    EXPECT_EQ(by_api->counts[0].rule, "lan:1");
    EXPECT_FALSE(ReadOpnsenseHitCounts("nothing\n", read).ok());
}

}  // namespace
}  // namespace opsteward::firewall
