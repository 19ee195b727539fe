// Small files that say when something was or will be: releases, signatures, journals, logs. Times are within what can
// be shown.
#include <string_view>

#include "features/inventory/host/clamav_files.hpp"
#include "features/inventory/host/journal_files.hpp"
#include "features/inventory/host/os_release.hpp"
#include "features/inventory/host/package_offers.hpp"
#include "features/inventory/host/release_life.hpp"
#include "features/inventory/host/syslog_line.hpp"
#include "require.hpp"

using namespace opsteward;
using namespace opsteward::inventory::host;

namespace {

const Instant kNow = FromMillis(1'792'641'600'000);

void RequireShowable(const std::optional<Instant>& instant) {
    constexpr std::int64_t kYear10000 = 253'402'300'800'000;
    Require(!instant || (ToMillis(*instant) > -kYear10000 && ToMillis(*instant) <= kYear10000 + 86'400'000));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const OsRelease release = ParseOsRelease(text);
    Require(!release.id.empty() && !release.name.empty());
    RequireShowable(EndOfLifeFromTable(text, text.substr(0, text.find(','))));
    RequireShowable(EndOfLifeFromTable(text, "bookworm"));
    RequireShowable(ParseReleaseFile(text, text).valid_until);
    if (const auto database = ParseClamavHeader(text)) RequireShowable(database->made_at);
    ConfiguresOnAccess(text);
    RequireShowable(FirstEntryFromName(text));
    RequireShowable(FirstEntryFromHead(text));
    RequireShowable(TimeOfSyslogLine(text, kNow));
    return 0;
}
