#include <gtest/gtest.h>

#include "features/firewall/formats/readers.hpp"

namespace opsteward::firewall {
namespace {

constexpr std::string_view kSet =
    "@192.0.2.7/24\t198.51.100.1/32\t1024 : 65535\t80 : 443\t0x06/0xFF\t0x0000/0x0200\t\r\n"
    "\n"
    "@0.0.0.0/0\t0.0.0.0/0\t0 : 65535\t0 : 65535\t0x00/0x00\t0x0000/0x0000\t\n"
    "@10.0.0.0/8\t0.0.0.0/0\t5 : 4\t0 : 65535\t0x00/0x00\t0x0000/0x0000\t\n"
    "@10.0.0.0/8\t0.0.0.0/0\t0 : 65535\t53 : 53\t0x10/0xFE\n";

TEST(Classbench, IsReadRuleByRule) {
    const auto read = ReadClassbench(kSet);
    ASSERT_TRUE(read.ok());
    const RuleBase& base = read->rule_bases.at(0);
    ASSERT_EQ(base.rules.size(), 3U);
    EXPECT_EQ(base.rules[0].line, 1U);
    EXPECT_EQ(base.rules[0].action, Action::kAccept);
    const Traffic& first = base.rules[0].traffic.at(0);
    EXPECT_EQ(first.source4, Ipv4Set(0xC000'0200U, 0xC000'02FFU));
    EXPECT_EQ(first.destination4, Ipv4Set(0xC633'6401U));
    EXPECT_EQ(first.source_ports, NumberSet(1024, 65535));
    EXPECT_EQ(first.services, NumberSet(ServiceKey(6, 80), ServiceKey(6, 443)));
    EXPECT_EQ(base.rules[1].traffic.at(0).services, AllServices());
    EXPECT_EQ(base.rules[2].traffic.at(0).services, NumberSet(ServiceKey(16, 53)).Union(NumberSet(ServiceKey(17, 53))));
    ASSERT_EQ(read->unknown.size(), 1U);
    EXPECT_EQ(read->unknown[0].line, 4U);
}

TEST(Classbench, RefusesWhatHasNoRule) {
    EXPECT_EQ(ReadClassbench("").error().code, ErrorCode::kInvalidInput);
    EXPECT_EQ(ReadClassbench("config firewall policy\n").error().code, ErrorCode::kInvalidInput);
}

}  // namespace
}  // namespace opsteward::firewall
