#include "platform/console/procedure/icalendar.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace opsteward::console::compliance {

namespace {

/// 20250831
std::string DateValue(Date date) {
    return fmt::format("{:04}{:02}{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()));
}

/// 20250805T060307Z
std::string TimeValue(Instant instant) {
    const auto day = std::chrono::floor<std::chrono::days>(instant);
    const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(instant - day));
    return fmt::format("{}T{:02}{:02}{:02}Z", DateValue(Date(day)), time.hours().count(), time.minutes().count(), time.seconds().count());
}

void AddEvent(std::string& text, const CalendarEvent& event) {
    const auto add = [&](std::string_view name, std::string_view value) { text += FoldedLine(fmt::format("{}:{}", name, value)); };
    add("BEGIN", "VEVENT");
    add("UID", EscapedText(event.uid));
    add("DTSTAMP", TimeValue(event.stamped_at));
    // A date has no zone: the day in Taipei is meant wherever the reader is. DTEND is the first day after it (section 3.6.1).
    add("DTSTART;VALUE=DATE", DateValue(event.date));
    add("DTEND;VALUE=DATE", DateValue(Date(std::chrono::sys_days(event.date) + std::chrono::days(1))));
    add("SUMMARY", EscapedText(event.summary));
    if (!event.description.empty()) add("DESCRIPTION", EscapedText(event.description));
    if (!event.category.empty()) add("CATEGORIES", EscapedText(event.category));
    if (!event.url.empty()) add("URL", event.url);
    add("TRANSP", "TRANSPARENT");
    add("END", "VEVENT");
}

}  // namespace

std::string EscapedText(std::string_view text) {
    std::string escaped;
    for (const char c : ReplaceInvalidUtf8(text)) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '\n') {
            escaped += "\\n";
        } else if (c == '\\' || c == ';' || c == ',') {
            escaped += '\\';
            escaped += c;
        } else if ((byte >= 0x20 && byte != 0x7F) || c == '\t') {
            escaped += c;
        }
    }
    return escaped;
}

std::string FoldedLine(std::string_view line) {
    constexpr std::size_t kMaxOctets = 75;
    std::string folded;
    std::size_t room = kMaxOctets;
    while (line.size() > room) {
        std::size_t cut = room;
        // Octets 10xxxxxx belong to the character before them.
        while (cut > 0 && (static_cast<unsigned char>(line[cut]) & 0xC0U) == 0x80U) --cut;
        if (cut == 0) cut = room;
        folded += line.substr(0, cut);
        folded += "\r\n ";
        line.remove_prefix(cut);
        room = kMaxOctets - 1;
    }
    folded += line;
    folded += "\r\n";
    return folded;
}

std::string CalendarText(std::string_view name, std::span<const CalendarEvent> events, Language language) {
    std::string text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n";
    text += FoldedLine(fmt::format("PRODID:-//Opsteward//Opsteward//{}", language == Language::kEnglish ? "EN" : "ZH"));
    text += "CALSCALE:GREGORIAN\r\n";
    // RFC 7986 sections 5.1 and 5.7, and the names that programs from before it read.
    text += FoldedLine("NAME:" + EscapedText(name)) + FoldedLine("X-WR-CALNAME:" + EscapedText(name));
    text += "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\nX-PUBLISHED-TTL:PT1H\r\n";
    for (const CalendarEvent& event : events) AddEvent(text, event);
    text += "END:VCALENDAR\r\n";
    return text;
}

}  // namespace opsteward::console::compliance
