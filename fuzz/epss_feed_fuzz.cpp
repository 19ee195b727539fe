// A text of EPSS, and of KEV, of arbitrary bytes.
#include "features/vulnerabilities/feed/feed.hpp"
#include "feed_records.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    CheckFeed(bytes, opsteward::vuln::ReadEpss);
    CheckFeed(bytes, opsteward::vuln::ReadKev);
    return 0;
}
