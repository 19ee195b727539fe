// A text of NVD 2.0 of arbitrary bytes.
#include "features/vulnerabilities/feed/feed.hpp"
#include "feed_records.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    CheckFeed({reinterpret_cast<const char*>(data), size}, [](std::string& text, const opsteward::vuln::RecordSink& sink) {
        return opsteward::vuln::ReadNvd(text, sink);
    });
    return 0;
}
