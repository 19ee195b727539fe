#include <fmt/format.h>
#include <gtest/gtest.h>

#include "features/firewall/formats/asa/counters.hpp"
#include "features/firewall/formats/net_names.hpp"
#include "features/firewall/formats/readers.hpp"
#include "features/firewall/formats/testing/format_cases.hpp"
#include "features/firewall/formats/testing/what_was_read.hpp"
#include "features/firewall/model/address.hpp"

namespace opsteward::firewall {
namespace {

using testing::DifferenceFromExpected;
using testing::FindRule;
using testing::ReadCase;

const ReadOptions kOptions{.now = testing::kCaseTime, .hash_key = {}};
constexpr std::string_view kInterfaces =
    "interface G0/0\n nameif outside\n security-level 0\ninterface G0/1\n nameif inside\n security-level 100\ninterface G0/2\n nameif dmz\n security-level "
    "50\n";

Configuration Read(std::string_view text) { return testing::Accepted(ReadAsa(text, kOptions)); }

/// The action of a packet of TCP between these zones.
Action Asked(const Configuration& read, std::string_view in, std::string_view out, std::string_view source, std::string_view destination, std::uint16_t port) {
    const RuleBase& base = read.rule_bases.at(0);
    Packet packet;
    packet.in = base.ZoneNumber(in).value();
    packet.out = base.ZoneNumber(out).value();
    packet.source4 = ParseIpv4(source).value();
    packet.destination4 = ParseIpv4(destination).value();
    packet.service = ServiceKey(kTcp, port);
    const auto rule = std::ranges::find_if(base.rules, [&packet](const Rule& one) { return Matches(one, packet); });
    return rule == base.rules.end() ? base.fallback : rule->action;
}

TEST(Asa, TheKeptConfigurationsYieldWhatIsWrittenBesideThem) {
    for (const char* const name : {"asa/edge.conf", "asa/global.conf", "asa/turned.conf"}) EXPECT_EQ(DifferenceFromExpected(name, ReadAsa(ReadCase(name), kOptions)), "") << name;
}

TEST(Asa, NoSecretStandsInWhatWasRead) { EXPECT_FALSE(testing::Holds(Read(ReadCase("asa/edge.conf")), "notarealhash")); }

TEST(Asa, SecretsBehindOtherWordsAreFound) {
    const std::string lines =
        "snmp-server user watcher readers v3 auth sha notarealhash priv aes 128 notarealhash\nfailover key notarealhash\nntp authentication-key 1 md5 notarealhash\n"
        "tunnel-group x ipsec-attributes\n ikev1 pre-shared-key notarealhash\nnosuchcommand password notarealhash\npasswd notarealhash encrypted\n";
    EXPECT_FALSE(testing::Holds(Read(std::string(kInterfaces) + lines), "notarealhash"));
}

TEST(Asa, WithoutListsTheSecurityLevelsDecide) {
    const Configuration read = Read(kInterfaces);
    EXPECT_EQ(Asked(read, "inside", "outside", "10.0.0.1", "192.0.2.1", 80), Action::kAccept);
    EXPECT_EQ(Asked(read, "dmz", "outside", "10.0.0.1", "192.0.2.1", 80), Action::kAccept);
    EXPECT_EQ(Asked(read, "dmz", "inside", "10.0.0.1", "192.0.2.1", 80), Action::kDeny);
    EXPECT_EQ(Asked(read, "outside", "inside", "10.0.0.1", "192.0.2.1", 80), Action::kDeny);
}

TEST(Asa, InboundGlobalAndOutboundListsAreAskedInThisOrder) {
    const Configuration read = Read(std::string(kInterfaces) +
                                    "access-list in1 extended deny tcp any any eq 22\naccess-list in1 extended permit tcp any any range 80 90\n"
                                    "access-list all extended permit tcp any any eq 100\naccess-list out1 extended permit tcp any any eq 80\n"
                                    "access-group in1 in interface inside\naccess-group all global\naccess-group out1 out interface dmz\n");
    EXPECT_EQ(Asked(read, "inside", "outside", "10.0.0.1", "192.0.2.1", 85), Action::kAccept);
    EXPECT_EQ(Asked(read, "inside", "dmz", "10.0.0.1", "192.0.2.1", 85), Action::kDeny) << "the outbound list";
    EXPECT_EQ(Asked(read, "inside", "dmz", "10.0.0.1", "192.0.2.1", 80), Action::kAccept);
    EXPECT_EQ(Asked(read, "inside", "outside", "10.0.0.1", "192.0.2.1", 100), Action::kAccept) << "the global list";
    EXPECT_EQ(Asked(read, "dmz", "outside", "10.0.0.1", "192.0.2.1", 80), Action::kDeny) << "no implicit permit beside a global list";
    ASSERT_NE(FindRule(read, "in1:2/out1:1"), nullptr);
}

TEST(Asa, EndedRangesEndARuleAndOthersMakeItUncertain) {
    const Configuration read = Read(ReadCase("asa/edge.conf"));
    EXPECT_TRUE(FindRule(read, "outside_in:12")->has_ended);
    EXPECT_FALSE(FindRule(read, "outside_in:11")->has_ended);
    EXPECT_EQ(FindRule(read, "outside_in:11")->unknown.at(0).what, "schedule");
    EXPECT_FALSE(FindRule(read, "outside_in:10")->is_enabled);
    EXPECT_EQ(FindRule(read, "outside_in:12/dmz_out:implicit"), nullptr) << "what is over goes nowhere";
}

struct EntryCase {
    std::string_view entry;
    bool is_understood;
};

TEST(Asa, EntriesThatAreNotUnderstoodAreNamedAndUncertain) {
    for (const EntryCase& one :
         {EntryCase{"permit ip any any", true}, EntryCase{"permit tcp any eq 1 any eq 2 log 6 interval 10", true}, EntryCase{"permit nosuch any any", false},
          EntryCase{"allow ip any any", false}, EntryCase{"permit tcp any", false}, EntryCase{"permit tcp any any range 9 1", false},
          EntryCase{"permit tcp any any wondrous", false}, EntryCase{"permit tcp 10.0.0.0 any", false}, EntryCase{"permit icmp any any echo 0", true}}) {
        const Configuration read = Read(fmt::format("{}access-list a extended {}\naccess-group a in interface inside\n", kInterfaces, one.entry));
        EXPECT_EQ(read.unknown.empty(), one.is_understood) << one.entry;
        ASSERT_NE(FindRule(read, "a:1"), nullptr);
        EXPECT_EQ(FindRule(read, "a:1")->unknown.empty(), one.is_understood) << one.entry;
        EXPECT_FALSE(FindRule(read, "a:1")->traffic.empty()) << one.entry;
    }
}

TEST(Asa, GroupsInThemselvesAndNamesOfNothingAreUncertain) {
    const Configuration read =
        Read(std::string(kInterfaces) +
             "object-group network A\n group-object B\n network-object host 10.0.0.1\nobject-group network B\n group-object A\n"
             "access-list a extended permit ip object-group A object NOTHING\naccess-group a in interface inside\naccess-group b in interface dmz\n");
    EXPECT_EQ(FindRule(read, "a:1")->unknown.size(), 2U);
    ASSERT_EQ(read.unknown.size(), 1U) << "there is no list b";
}

TEST(Asa, TextsThatAreNoneAreRefused) {
    for (const std::string_view text : {"", "hello\nworld\n", "<xml/>"}) {
        ASSERT_FALSE(ReadAsa(text, kOptions).ok()) << text;
        EXPECT_EQ(ReadAsa(text, kOptions).error().code, ErrorCode::kInvalidInput);
    }
}

TEST(AsaCounters, AreReadFromTheListAndFromItsBrief) {
    const auto counts = ReadAsaHitCounts(ReadCase("asa/show-access-list.txt"));
    ASSERT_TRUE(counts.ok());
    Configuration read = Read(ReadCase("asa/edge.conf"));
    EXPECT_EQ(AddHitCounts(*counts, read), 5U);
    EXPECT_EQ(FindRule(read, "mgmt_in:1/dmz_out:1")->counter->hits, 5U) << "the list dmz_out stands in ways alone";
    EXPECT_EQ(FindRule(read, "outside_in:2/dmz_out:1")->counter->hits, 5U);
    EXPECT_FALSE(FindRule(read, "outside_in:2/dmz_out:implicit")->counter.has_value());
    EXPECT_EQ(FindRule(read, "outside_in:2")->counter->hits, 42U) << "of the lines that its groups stand for";
    EXPECT_EQ(FindRule(read, "outside_in:2")->counter->last_hit, 0x6a1b2c3d);
    EXPECT_EQ(FindRule(read, "outside_in:3")->counter->hits, 0U);
    EXPECT_FALSE(FindRule(read, "outside_in:3")->counter->last_hit.has_value());
    EXPECT_EQ(FindRule(read, "outside_in:19")->counter->hits, 4711U);
    EXPECT_FALSE(FindRule(read, "outside_in:4")->counter.has_value());
    ASSERT_EQ(counts->unknown.size(), 2U);
    EXPECT_EQ(counts->unknown[0].text, "something else");
    EXPECT_TRUE(counts->unknown[1].text.starts_with("deadbeef"));
    EXPECT_FALSE(ReadAsaHitCounts("82a2ae8b 44ae5901 000003e8 4a68aa7e\n").ok()) << "hashes alone say nothing";
}

}  // namespace
}  // namespace opsteward::firewall
