// Calendar feeds as RFC 5545 has them. Pure: the caller gives all times.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/civil_time.hpp"
#include "base/language.hpp"

namespace opsteward::console::compliance {

/// Something that fills one day.
struct CalendarEvent {
    std::string uid;          ///< the same in every feed, unlike any other
    Date date;
    std::string summary;
    std::string description;  ///< may have several lines
    std::string category;     ///< may be empty
    std::string url;          ///< absolute, or empty
    Instant stamped_at;       ///< when what is said here was last changed
};

/// The whole calendar object: CRLF line ends, lines folded at 75 octets between characters.
std::string CalendarText(std::string_view name, std::span<const CalendarEvent> events, Language language);

/// One content line with its CRLF, folded (section 3.1). Characters of several octets stay whole.
std::string FoldedLine(std::string_view line);
/// As a value of type TEXT (section 3.3.11); control characters but line feeds are left out.
std::string EscapedText(std::string_view text);

}  // namespace opsteward::console::compliance
