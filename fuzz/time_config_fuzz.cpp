// Configurations of the services that keep a clock: a source is one word, or a reference clock.
#include <cstdlib>
#include <string_view>

#include "features/inventory/host/time_config.hpp"

using namespace opsteward::inventory::host;

namespace {

void RequireWords(const std::vector<std::string>& words) {
    for (const std::string& word : words) {
        if (word.empty() || word.find_first_of(" \t\n") != std::string::npos) std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const ChronyConfig chrony = ParseChronyConfig(text);
    for (const std::string& source : chrony.sources) {
        if (!source.starts_with("refclock ")) RequireWords({source});
    }
    RequireWords(chrony.includes);
    RequireWords(chrony.config_folders);
    RequireWords(chrony.source_folders);
    TimesyncdConfig timesyncd;
    AddTimesyncdConfig(text, true, timesyncd);
    AddTimesyncdConfig(text, false, timesyncd);
    RequireWords(timesyncd.servers);
    RequireWords(timesyncd.fallback);
    RequireWords(ParseNtpConfig(text));
    return 0;
}
