// Where systemd's journal is kept and how far back it goes: journald.conf(5) and the "Journal File Format" of systemd.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace opsteward::inventory::host {

/// The last Storage= of a journald.conf, in lower case; "" when it is not set.
std::string ParseJournaldStorage(std::string_view text);

/// The time of the first entry, from the name of an archived journal file: "system@<sequence id>-<number>-<time>.journal", the
/// last two in hexadecimal, the time in microseconds since 1970. Nothing for other names.
std::optional<Instant> FirstEntryFromName(std::string_view file_name);

/// The same from the head of any journal file (`head`: at least its first 192 bytes): head_entry_realtime.
std::optional<Instant> FirstEntryFromHead(std::string_view head);

}  // namespace opsteward::inventory::host
