// A filter set of arbitrary bytes: nothing crashes, each line that is not blank is a rule or told as not understood, and each rule is one product.
#include <string_view>

#include "base/text.hpp"
#include "features/firewall/formats/readers.hpp"
#include "require.hpp"

using namespace opsteward;
using namespace opsteward::firewall;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto read = ReadClassbench(text);
    if (!read.ok()) return 0;
    std::size_t lines = 0;
    for (const std::string_view line : SplitLines(text)) lines += Trim(line).empty() ? 0 : 1;
    Require(read->rule_bases.size() == 1 && read->rule_bases[0].rules.size() + read->unknown.size() == lines);
    for (const Rule& rule : read->rule_bases[0].rules) {
        Require(rule.traffic.size() == 1 && !rule.traffic[0].source4.empty() && !rule.traffic[0].destination4.empty() && !rule.traffic[0].source_ports.empty());
    }
    return 0;
}
