// iptables-save and ipset save of arbitrary bytes: nothing crashes, what is read is the same each time, rules lie in their zones, and no unknown part is
// without a name.
#include <string_view>

#include "features/firewall/formats/readers.hpp"
#include "require.hpp"

using namespace opsteward;
using namespace opsteward::firewall;

namespace {

void CheckRule(const RuleBase& base, const Rule& rule) {
    Require(!rule.id.empty());
    for (const Traffic& traffic : rule.traffic) {
        Require(!traffic.in.empty() && !traffic.out.empty() && base.AllZones().Covers(traffic.in) && base.AllZones().Covers(traffic.out));
        Require(!traffic.services.empty() && traffic.services.ranges().back().last <= kLastService);
        Require(!traffic.source_ports.empty() && traffic.source_ports.ranges().back().last <= kLastPort);
        Require(!traffic.states.empty() && traffic.states.ranges().back().last <= kLastState);
        const bool is_ipv4 = traffic.family == Family::kIpv4;
        Require(is_ipv4 ? !traffic.source4.empty() && !traffic.destination4.empty() : !traffic.source6.empty() && !traffic.destination6.empty());
    }
    for (const UnknownPart& part : rule.unknown) Require(!part.what.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const ReadOptions options{.now = 1'796'000'000, .hash_key = {}};
    const auto read = ReadIptables(text, options);
    const auto again = ReadIptables(text, options);
    Require(read.ok() == again.ok());
    if (!read.ok()) return 0;
    Require(*read == *again);
    for (const RuleBase& base : read->rule_bases) {
        Require(!base.zones.empty());
        for (const Rule& rule : base.rules) CheckRule(base, rule);
    }
    return 0;
}
