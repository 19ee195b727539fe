// FortiOS configurations and counters of arbitrary bytes: nothing crashes, the reader keeps what all readers promise, and a configuration differs from itself
// in nothing. The first byte chooses what is read and when.
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "features/firewall/canonical/object_diff.hpp"
#include "features/firewall/canonical/text_diff.hpp"
#include "features/firewall/formats/detect_format.hpp"
#include "features/firewall/formats/fortigate/counters.hpp"
#include "features/firewall/formats/readers.hpp"
#include "features/firewall/hygiene/hygiene.hpp"
#include "firewall_reader_checks.hpp"

using namespace opsteward;
using namespace opsteward::firewall;

namespace {

/// Beyond what every reader promises: each rule and each line stands somewhere, and the last zone is that of all other interfaces.
void CheckConfiguration(const Configuration& configuration) {
    for (const RuleBase& base : configuration.rule_bases) {
        Require(base.zones.back() == "*");
        for (const Rule& rule : base.rules) Require(rule.line >= 1);
    }
    for (const UnknownLine& line : configuration.unknown) Require(line.line >= 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    (void)DetectFormat(text);
    if (data[0] % 4 == 0) {
        const auto counters = ReadFortigateCounters(text);
        if (counters.ok()) Require(!counters->counters.empty());
        return 0;
    }
    const ReadOptions options{data[0] % 4 == 1 ? 1'800'000'000 : 0, "key"};
    const auto configuration = CheckReader(text, ReadFortigate, options);
    if (!configuration) return 0;
    CheckLines(*configuration, text);
    CheckItemLines(*configuration);
    CheckConfiguration(*configuration);
    Require(DiffConfigurations(*configuration, *configuration).IsEmpty());
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
