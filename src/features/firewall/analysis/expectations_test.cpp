#include "features/firewall/analysis/expectations.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/firewall/analysis/testing/rules.hpp"

namespace opsteward::firewall {
namespace {

using testing::BaseOf;
using testing::Ipv4Traffic;
using testing::Ipv6Traffic;
using testing::kAny4;
using testing::kAny6;
using testing::RuleOf;
using testing::Tcp;
using testing::WithUnknown;

constexpr std::string_view kWeb = R"(
[[expectation]]
name = "The web server is reached, by HTTPS and nothing else"
from = { zones = ["outside"] }
to = { zones = ["inside"], addresses = ["203.0.113.10"] }
services = ["tcp/443"]
expect = "accept"
only = true

[[expectation]]
name = "Nobody outside reaches a database"
from = { zones = ["outside"] }
services = ["tcp/1433", "tcp/1521", "tcp/3306", "tcp/5432"]
expect = "deny"
)";

RuleBase Web() {
    RuleBase base = BaseOf({RuleOf(Action::kAccept, {Ipv4Traffic(kAny4, "203.0.113.10", Tcp(443, 443))}),
                            RuleOf(Action::kDeny, {Ipv4Traffic(kAny4, kAny4), Ipv6Traffic(kAny6, kAny6)})});
    base.rules[0].traffic[0].in = NumberSet(1U);
    return base;
}

std::vector<ExpectationResult> Check(std::string_view text, const RuleBase& base) {
    return CheckExpectations(ReadExpectations(text).value(), {&base, 1}, {}).value();
}

TEST(Expectations, AreProved) {
    const auto results = Check(kWeb, Web());
    ASSERT_EQ(results.size(), 2U);
    EXPECT_EQ(results[0].state, ExpectationState::kProved);
    EXPECT_EQ(results[1].state, ExpectationState::kProved);
}

TEST(Expectations, AreRefutedByAPacket) {
    RuleBase base = Web();
    base.rules.insert(base.rules.begin() + 1, RuleOf(Action::kAccept, {Ipv4Traffic("198.51.100.0/24", "203.0.113.0/24", Tcp(3300, 3400))}));
    const auto results = Check(kWeb, base);
    EXPECT_EQ(results[0].state, ExpectationState::kRefuted);
    EXPECT_TRUE(results[0].is_about_rest);
    EXPECT_EQ(results[0].rule, 1U);
    ASSERT_EQ(results[1].state, ExpectationState::kRefuted);
    EXPECT_FALSE(results[1].is_about_rest);
    EXPECT_EQ(results[1].example->service, ServiceKey(6, 3306));
    EXPECT_EQ(results[1].rule, 1U);
    EXPECT_EQ(results[1].example->in, 1U);
}

TEST(Expectations, DependOnUnknownParts) {
    RuleBase base = Web();
    base.rules.insert(base.rules.begin(), WithUnknown(RuleOf(Action::kAccept, {Ipv4Traffic(kAny4, kAny4)}), "schedule"));
    const auto results = Check(kWeb, base);
    EXPECT_EQ(results[1].state, ExpectationState::kDepends);
    EXPECT_EQ(results[1].rule, 0U);
    EXPECT_TRUE(results[1].example.has_value());
}

TEST(Expectations, AreOfTheRuleBasesThatHaveTheirZones) {
    const std::vector<RuleBase> bases{Web(), [] {
                                          RuleBase other = BaseOf({});
                                          other.name = "other";
                                          other.zones = {"guest"};
                                          return other;
                                      }()};
    const auto expectations = ReadExpectations("[[expectation]]\nname='a'\nexpect='deny'\nfrom={zones=['guest']}\n").value();
    const auto results = CheckExpectations(expectations, bases, {}).value();
    ASSERT_EQ(results.size(), 1U);
    EXPECT_EQ(results[0].rule_base, 1U);
    const auto nowhere = ReadExpectations("\n[[expectation]]\nname='a'\nexpect='deny'\nfrom={zones=['gest']}\n").value();
    const auto failed = CheckExpectations(nowhere, bases, {});
    ASSERT_FALSE(failed.ok());
    EXPECT_THAT(failed.error().caller_text.en, ::testing::HasSubstr("line 2, column 1"));
    const auto base = ReadExpectations("[[expectation]]\nname='a'\nexpect='deny'\nrule_base='x'\n").value();
    EXPECT_FALSE(CheckExpectations(base, bases, {}).ok());
}

TEST(Expectations, AreReadWithAllTheyMayHave) {
    const auto read = ReadExpectations(R"([[expectation]]
name = "all"
rule_base = "root"
reason = "IS-04-025"
from = { addresses = ["192.0.2.0/24", "192.0.2.200-192.0.3.9", "2001:db8::/64"] }
to = { addresses = ["any"] }
services = ["tcp", "udp/53-60", "icmp/8", "icmp/3/1", "icmpv6", "ip/47"]
states = ["new", "established"]
expect = "deny"
)");
    ASSERT_TRUE(read.ok()) << read.error().operator_text;
    const Expectation& expectation = read.value()[0];
    EXPECT_EQ(expectation.from.ipv4, Ipv4Set(0xC000'0200U, 0xC000'0309U));
    EXPECT_EQ(expectation.from.ipv6.ranges().size(), 1U);
    EXPECT_TRUE(expectation.to.ipv4.IsAll() && expectation.to.ipv6.IsAll());
    EXPECT_EQ(expectation.services.ranges().size(), 6U);
    EXPECT_TRUE(expectation.services.Contains(ServiceKey(1, 8 << 8 | 200)));
    EXPECT_TRUE(expectation.services.Contains(ServiceKey(1, 3 << 8 | 1)));
    EXPECT_FALSE(expectation.services.Contains(ServiceKey(1, 3 << 8 | 2)));
    EXPECT_TRUE(expectation.services.Contains(ServiceKey(47, 5)));
    EXPECT_EQ(expectation.states, NumberSet(0, 1));
    EXPECT_EQ(expectation.line, 1U);
}

struct Fault {
    std::string_view text;
    std::string_view place;
};
class ExpectationFaults : public ::testing::TestWithParam<Fault> {};

TEST_P(ExpectationFaults, AreToldWithLineAndColumn) {
    const auto read = ReadExpectations(GetParam().text);
    ASSERT_FALSE(read.ok()) << GetParam().text;
    EXPECT_THAT(read.error().caller_text.en, ::testing::HasSubstr(std::string(GetParam().place))) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    All, ExpectationFaults,
    ::testing::Values(Fault{"[[expectation]]\nname = \n", "line 2, column"}, Fault{"a = 1\n", "line 1, column 1"}, Fault{"", "line 1, column 1"},
                      Fault{"#\n# \xE4\xB8\x80\x01\n", "line 2, column 4"}, Fault{"# \xE4\n", "UTF-8"}, Fault{"expectation = 3\n", "line 1, column 15"},
                      Fault{"[[expectation]]\nexpect='deny'\n", "line 1, column 1"}, Fault{"[[expectation]]\nname='a'\nexpect='perhaps'\n", "line 3, column 8"},
                      Fault{"[[expectation]]\nname='a'\nexpect='deny'\nonly=true\n", "line 4, column 6"},
                      Fault{"[[expectation]]\nname='a'\nexpect='deny'\nservices=['tcp/70000']\n", "line 4, column 11"},
                      Fault{"[[expectation]]\nname='a'\nexpect='deny'\nservices=[]\n", "line 4, column 10"},
                      Fault{"[[expectation]]\nname='a'\nexpect='deny'\nservices=['icmp/300']\n", "line 4"},
                      Fault{"[[expectation]]\nname='a'\nexpect='deny'\nfrom={zone=['a']}\n", "line 4, column 7"},
                      Fault{"[[expectation]]\nname='a'\nexpect='deny'\nfrom={addresses=['192.0.2.300']}\n", "line 4"},
                      Fault{"[[expectation]]\nname='a'\nexpect='deny'\nfrom=7\n", "line 4"},
                      Fault{"[[expectation]]\nname='a'\nexpect='deny'\nstates=['old']\n", "line 4"},
                      Fault{"[[expectation]]\nname='a'\nexpect='deny'\nfrom={addresses=['192.0.2.1']}\nto={addresses=['::1']}\n", "line 1, column 1"}));

TEST(Expectations, AreRefusedWhenTooLarge) { EXPECT_EQ(ReadExpectations(std::string(kMaxExpectationBytes + 1, '#')).error().code, ErrorCode::kTooLarge); }

}  // namespace
}  // namespace opsteward::firewall
