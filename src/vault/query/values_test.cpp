#include "vault/query/address.hpp"
#include "vault/query/number.hpp"

namespace opsteward::vault::query {
namespace {

TEST(Numbers, AreDecimalAndNothingElse) {
    const std::pair<std::string_view, Number> numbers[] = {{"0", 0},      {"-12", -12},    {"007", 7},
                                                           {"0.5", 0.5L}, {"-1e3", -1000}, {".5", 0.5L}};
    for (const auto& [text, value] : numbers) {
        SCOPED_TRACE(text);
        EXPECT_EQ(ParseNumber(text), value);
    }
    for (const std::string_view text :
         {"", "-", "+1", "1k", "0x10", "inf", "nan", "-inf", "1e", "1,000", " 1", "1 ", "1e99999", "e5"}) {
        SCOPED_TRACE(text);
        EXPECT_EQ(ParseNumber(text), std::nullopt);
    }
}

TEST(Numbers, KeepNeighboursOfLargeCountersApart) {
    EXPECT_GT(*ParseNumber("9007199254740993"), *ParseNumber("9007199254740992"));
    EXPECT_GT(*ParseNumber("18446744073709551615"), *ParseNumber("18446744073709551614"));
}

TEST(Addresses, AreReadInEachOfTheirForms) {
    EXPECT_EQ(ParseAddress("2001:db8::1"), ParseAddress("2001:0DB8:0:0:0:0:0:1"));
    EXPECT_EQ(ParseAddress("fe80::1%eth0"), ParseAddress("fe80::1"));
    EXPECT_EQ(ParseAddress("::ffff:10.0.0.1"), ParseAddress("10.0.0.1"));
    EXPECT_EQ(ParseAddress("::ffff:0a00:0001"), ParseAddress("10.0.0.1"));
    for (const std::string_view text :
         {"", "10.0.0", "10.0.0.256", "010.0.0.1", "1.2.3.4.5", "10.0.0.1%eth0", "::1::", ":", "host", "12345::1"}) {
        SCOPED_TRACE(text);
        EXPECT_EQ(ParseAddress(text), std::nullopt);
    }
    EXPECT_EQ(ParseAddress(std::string_view("10.0.0.1\0", 9)), std::nullopt);
}

struct Membership {
    std::string_view network;
    int prefix;
    std::string_view address;
    bool is_member;
};

constexpr Membership kMemberships[] = {
    {"10.0.0.0", 8, "10.255.255.255", true},   {"10.0.0.0", 8, "11.0.0.0", false},
    {"10.0.0.0", 0, "203.0.113.1", true},      {"0.0.0.0", 0, "::1", false},
    {"192.0.2.7", 32, "192.0.2.7", true},      {"192.0.2.7", 32, "192.0.2.6", false},
    {"192.0.2.128", 25, "192.0.2.127", false}, {"192.0.2.128", 25, "192.0.2.200", true},
    {"172.16.0.0", 12, "172.31.9.9", true},    {"172.16.0.0", 12, "172.32.0.0", false},
    {"2001:db8::", 32, "2001:db8:ffff::", true}, {"2001:db8::", 33, "2001:db8:8000::", false},
    {"::", 0, "2001:db8::1", true},            {"::", 0, "10.0.0.1", false},
    {"10.0.0.0", 8, "::ffff:10.9.9.9", true},  {"::ffff:10.0.0.0", 104, "10.9.9.9", true},
    {"fe80::", 10, "fe80::1%eth0", true},
};

TEST(Networks, ContainTheAddressesOfTheirPrefixAndFamily) {
    for (const Membership& row : kMemberships) {
        SCOPED_TRACE(fmt::format("{}/{} {}", row.network, row.prefix, row.address));
        EXPECT_EQ(MakeNetwork(row.network, row.prefix)->Contains(*ParseAddress(row.address)), row.is_member);
    }
    EXPECT_EQ(MakeNetwork("10.0.0.0", 33), std::nullopt);
    EXPECT_EQ(MakeNetwork("::", 129), std::nullopt);
    EXPECT_EQ(MakeNetwork("10.0.0.0", -1), std::nullopt);
}

}  // namespace
}  // namespace opsteward::vault::query
