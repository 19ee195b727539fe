// A table of cron: nothing of a command but a plain program name gets through, for the rest may hold secrets.
#include <algorithm>
#include <string_view>

#include "features/inventory/host/cron_table.hpp"
#include "require.hpp"

using namespace opsteward::inventory::host;

namespace {

bool IsPlain(std::string_view program) {
    return !program.empty() && program.size() <= 256 &&
           program.find_first_of(" \t\n\"'`$\\=;|&()<>:") == std::string_view::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    Require(IsPlain(ProgramOfCommand(text)));
    for (const bool has_user : {false, true}) {
        for (const CronEntry& entry : ParseCronTable(text, has_user)) {
            Require(IsPlain(entry.program));
            Require(!entry.schedule.empty() && entry.schedule.find('\n') == std::string::npos);
            Require(entry.user_name.empty() != has_user);
        }
    }
    return 0;
}
