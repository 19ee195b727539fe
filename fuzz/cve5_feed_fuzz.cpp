// A text of CVE JSON 5 of arbitrary bytes.
#include "features/vulnerabilities/feed/feed.hpp"
#include "feed_records.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    CheckFeed({reinterpret_cast<const char*>(data), size}, [](std::string& text, const opsteward::vuln::RecordSink& sink) {
        return opsteward::vuln::ReadCve5(text, sink);
    });
    return 0;
}
