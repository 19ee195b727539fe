// FortiOS configurations and counters of arbitrary bytes: nothing crashes, reading is the same each time, rules and lists keep what the model says of them, and
// a configuration differs from itself in nothing. The first byte chooses what is read and when.
#include <algorithm>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "features/firewall/canonical/object_diff.hpp"
#include "features/firewall/canonical/text_diff.hpp"
#include "features/firewall/formats/detect_format.hpp"
#include "features/firewall/formats/fortigate_counters.hpp"
#include "features/firewall/formats/readers.hpp"
#include "features/firewall/hygiene/hygiene.hpp"
#include "require.hpp"

using namespace opsteward;
using namespace opsteward::firewall;

namespace {

void CheckTraffic(const RuleBase& base, const Traffic& traffic) {
    const bool is_v4 = traffic.family == Family::kIpv4;
    Require(is_v4 ? traffic.source6.empty() && traffic.destination6.empty() : traffic.source4.empty() && traffic.destination4.empty());
    for (const NumberSet* zones : {&traffic.in, &traffic.out}) Require(base.AllZones().Covers(*zones));
    Require(AllServices().Covers(traffic.services) && AllPorts().Covers(traffic.source_ports));
}

void CheckConfiguration(const Configuration& configuration, std::size_t lines) {
    for (const RuleBase& base : configuration.rule_bases) {
        Require(!base.zones.empty() && base.zones.back() == "*");
        for (const Rule& rule : base.rules) {
            Require(rule.line >= 1 && rule.line <= lines);
            for (const Traffic& traffic : rule.traffic) CheckTraffic(base, traffic);
            for (const MemberList& list : rule.members) {
                for (const Member& member : list.members) {
                    for (const Traffic& traffic : member.traffic) CheckTraffic(base, traffic);
                }
            }
        }
    }
    for (const UnknownLine& line : configuration.unknown) Require(line.line >= 1 && line.line <= lines && IsValidUtf8(line.text));
    for (const Item& item : configuration.items) {
        for (const std::string& line : item.lines) Require(line.find('\n') == std::string::npos && IsValidUtf8(line));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    (void)DetectFormat(text);
    if (data[0] % 4 == 0) {
        const auto counters = ReadFortigateCounters(text);
        if (counters.ok()) Require(!counters->empty());
        return 0;
    }
    const ReadOptions options{data[0] % 4 == 1 ? 1'800'000'000 : 0, "key"};
    const auto configuration = ReadFortigate(text, options);
    if (!configuration.ok()) return 0;
    CheckConfiguration(*configuration, static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1);
    const auto again = ReadFortigate(text, options);
    Require(again.ok() && *again == *configuration);
    Require(DiffConfigurations(*configuration, *again).IsEmpty());
    (void)CheckHygiene(*configuration);
    const std::size_t half = text.size() / 2;
    std::string after;
    for (const DiffLine& line : DiffLines(text.substr(0, half), text.substr(half))) {
        if (line.edit != LineEdit::kRemoved) after += std::string(line.text) + "\n";
    }
    std::string expected;
    for (const std::string_view line : SplitLines(text.substr(half))) expected += std::string(line) + "\n";
    Require(after == expected);
    return 0;
}
