// OPNsense and pfSense configurations and the counters of pf of arbitrary bytes: nothing crashes, and the reader keeps what all readers promise.
#include <string_view>

#include "features/firewall/formats/opnsense/counters.hpp"
#include "features/firewall/formats/readers.hpp"
#include "firewall_reader_checks.hpp"

using namespace opsteward;
using namespace opsteward::firewall;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto read = CheckReader(text, ReadOpnsense)) {
        CheckIds(*read);
        CheckLines(*read, text);
        CheckItemLines(*read);
    }
    if (const auto counts = ReadOpnsenseHitCounts(text, Configuration()); counts.ok()) Require(counts->counts.empty());
    return 0;
}
