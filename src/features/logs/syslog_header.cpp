#include "features/logs/syslog_header.hpp"

#include <algorithm>
#include <array>

#include "features/logs/log_time.hpp"
#include "features/logs/scan.hpp"

namespace opsteward::logs {
namespace {

constexpr std::size_t kMaxName = 255;  // RFC 5424 section 6: HOSTNAME

constexpr auto kNumbers = std::to_array<std::string_view>({"0",  "1",  "2",  "3",  "4",  "5",  "6",  "7",
                                                           "8",  "9",  "10", "11", "12", "13", "14", "15",
                                                           "16", "17", "18", "19", "20", "21", "22", "23"});

constexpr auto kIsNameByte = [] {
    std::array<bool, 256> table{};
    for (unsigned c = 0x21; c < 0x100; ++c) table[c] = c != 0x7F;
    for (const char c : std::string_view("\"{}=|,<>%[];")) table[static_cast<unsigned char>(c)] = false;
    return table;
}();

/// May it stand in the name of a host or program? What holds quotes, braces, '=' and the like is the message already.
bool IsNameByte(char c) { return kIsNameByte[static_cast<unsigned char>(c)]; }

bool IsName(std::string_view text) { return !text.empty() && text.size() <= kMaxName && std::ranges::all_of(text, IsNameByte); }

/// <134> off the front.
bool TakePriority(std::string_view& text, ParsedLine& line) {
    constexpr unsigned kHighest = 191;
    if (!text.starts_with('<')) return false;
    std::size_t at = 1;
    unsigned value = 0;
    while (at < text.size() && at <= 3 && IsDigit(text[at])) value = value * 10 + static_cast<unsigned>(text[at++] - '0');
    if (at == 1 || at >= text.size() || text[at] != '>') return false;
    text.remove_prefix(at + 1);
    if (value > kHighest) return true;
    line.facility = static_cast<std::uint8_t>(value / 8);
    line.severity = static_cast<std::uint8_t>(value % 8);
    line.Add(FieldId::kFacility, kNumbers[*line.facility]);
    line.Add(FieldId::kSeverity, kNumbers[*line.severity]);
    return true;
}

void SetHost(std::string_view host, ParsedLine& line) {
    line.host = host;
    line.Add(FieldId::kHost, host);
}

void SetProgram(std::string_view program, std::string_view pid, ParsedLine& line) {
    line.program = program;
    line.pid = pid;
    line.Add(FieldId::kProgram, program);
    line.Add(FieldId::kPid, pid);
}

// RFC 5424 ------------------------------------------------------------------------------------------------------------

std::string_view TakeNillable(std::string_view& text) {
    const std::string_view word = TakeUntil(text, ' ');
    return word == "-" ? std::string_view() : word;
}

/// name="value" pairs after the id of an element; `text` begins behind the id.
void ReadParams(std::string_view id, std::string_view& text, const ReadContext& context, ParsedLine& line) {
    while (Skip(text, " ")) {
        SkipBlanks(text);
        const std::size_t equals = text.find("=\"");
        if (equals == std::string_view::npos || text.substr(0, equals).find_first_of(" ]") != std::string_view::npos) return;
        const std::string_view name = text.substr(0, equals);
        const Quoted quoted = ReadQuoted(text, equals + 2, '"', context.encoding);
        const std::string_view value =
            quoted.has_escape ? Unescape(quoted.text, "\"\\]", context.encoding, line.owned) : quoted.text;
        if (id == "meta" && name == "sequenceId") {
            line.Add(FieldId::kSequence, value);
        } else if (line.fields.size() < ParsedLine::kMaxFields) {
            line.AddVendor(line.owned.Join({id, ".", name}), value);
        } else {
            line.is_cut = true;
        }
        text.remove_prefix(quoted.end);
    }
}

/// [id name="value" …][…]: what does not keep to it is left to the message.
void ReadStructuredData(std::string_view& text, const ReadContext& context, ParsedLine& line) {
    if (Skip(text, "-")) {
        Skip(text, " ");
        return;
    }
    while (text.starts_with('[')) {
        const std::size_t end = std::min(text.find_first_of(" ]", 1), text.size());
        const std::string_view id = text.substr(1, end - 1);
        if (id.empty() || id.find('"') != std::string_view::npos) return;
        text.remove_prefix(end);
        ReadParams(id, text, context, line);
        if (!Skip(text, "]")) return;
    }
    Skip(text, " ");
}

/// "1 2026-11-04…" or "1 - …"
bool LooksLike5424(std::string_view text) {
    if (!Skip(text, "1 ")) return false;
    return text.starts_with("- ") || (text.size() > 10 && IsNumber(text.substr(0, 4)) && text[4] == '-' && text[7] == '-');
}

void Read5424(std::string_view text, const ReadContext& context, ParsedLine& line) {
    line.header = HeaderFormat::kRfc5424;
    text.remove_prefix(2);
    if (const auto time = TakeTime(text)) {
        OfferTime(*time, context.received, line);
        Skip(text, " ");
    } else {
        TakeUntil(text, ' ');
    }
    SetHost(TakeNillable(text), line);
    const std::string_view program = TakeNillable(text);
    SetProgram(program, TakeNillable(text), line);
    line.Add(FieldId::kMessageId, TakeNillable(text));
    ReadStructuredData(text, context, line);
    Skip(text, "\xEF\xBB\xBF");
    line.message = text;
}

// RFC 3164 and its dialects -------------------------------------------------------------------------------------------

/// sshd[123]: or su: off the front, with the blanks behind it.
bool TakeTag(std::string_view& text, ParsedLine& line) {
    constexpr std::size_t kMaxTag = 128;
    std::size_t end = 0;
    while (end < text.size() && end < kMaxTag && IsNameByte(text[end])) {
        const bool ends_here = text[end] == ':' && (end + 1 == text.size() || text[end + 1] == ' ');
        if (ends_here) break;
        ++end;
    }
    if (end == 0 || end == text.size() || end == kMaxTag) return false;
    const std::string_view program = text.substr(0, end);
    std::string_view pid;
    std::string_view rest = text.substr(end);
    if (Skip(rest, "[")) {
        const std::size_t close = rest.find(']');
        if (close > 32 || rest.substr(0, close).find(' ') != std::string_view::npos) return false;
        pid = rest.substr(0, close);
        rest.remove_prefix(close + 1);
        if (!Skip(rest, ":") && !rest.starts_with(' ')) return false;
    } else if (!Skip(rest, ":")) {
        return false;
    }
    SkipBlanks(rest);
    SetProgram(program, pid, line);
    text = rest;
    return true;
}

bool BeginsStructured(std::string_view text) {
    return text.starts_with('%') || text.starts_with("CEF:") || text.starts_with("LEEF:") || text.starts_with('{') ||
           text.starts_with("@cee:");
}

struct Timed {
    LogTime time;
    std::string_view mark;  ///< * or .
    bool is_iso = false;    ///< 2026-11-04T…
};

/// [*.]TIME [ZONE] off the front. Forms that only the logs of applications have are left where they are.
bool TakeTimed(std::string_view& text, Timed& timed) {
    std::string_view rest = text;
    if (rest.starts_with('*') || rest.starts_with('.')) {
        timed.mark = rest.substr(0, 1);
        rest.remove_prefix(1);
    }
    const bool is_digit_first = !rest.empty() && IsDigit(rest[0]);
    timed.is_iso = rest.size() > 10 && rest[4] == '-' && rest[10] == 'T';
    const bool is_year_first = rest.size() > 5 && rest[4] == ' ' && IsLetter(rest[5]);
    if (is_digit_first && !timed.is_iso && !is_year_first) return false;
    const auto time = TakeTime(rest);
    if (!time) return false;
    timed.time = *time;
    std::string_view zone = rest;
    SkipBlanks(zone);
    if (const auto offset = timed.time.offset_minutes ? std::nullopt : TakeZone(zone)) {
        timed.time.offset_minutes = offset;
        rest = zone;
    }
    if (!rest.empty() && rest[0] != ' ' && rest[0] != ':') return false;
    text = rest;
    return true;
}

std::string_view TakeSequence(std::string_view& text) {
    std::size_t digits = 0;
    while (digits < text.size() && digits <= 10 && IsDigit(text[digits])) ++digits;
    if (digits == 0 || !text.substr(digits).starts_with(": ")) return {};
    const std::string_view sequence = text.substr(0, digits);
    text.remove_prefix(digits + 2);
    SkipBlanks(text);
    return sequence;
}

struct Prelude {
    std::string_view sequence;
    std::string_view origin;
    std::optional<Timed> timed;
};

/// What stands before a message: sequence number, origin, sequence number, time. False, and `text` untouched, when there is neither
/// a time nor a sequence number.
bool TakePrelude(std::string_view& text, Prelude& prelude) {
    std::string_view rest = text;
    prelude.sequence = TakeSequence(rest);
    Timed timed;
    bool has_time = TakeTimed(rest, timed);
    if (!has_time && !prelude.sequence.empty() && !rest.starts_with('%')) {
        std::string_view behind = rest;
        const std::string_view origin = TakeUntil(behind, ' ');
        if (origin.size() > 1 && origin.ends_with(':')) {
            const std::string_view own = TakeSequence(behind);
            has_time = TakeTimed(behind, timed);
            if (has_time || !own.empty() || behind.starts_with('%')) {
                prelude.origin = origin.substr(0, origin.size() - 1);
                if (!own.empty()) prelude.sequence = own;
                rest = behind;
            }
        }
    }
    if (has_time) prelude.timed = timed;
    const bool is_one = has_time || (!prelude.sequence.empty() && (rest.starts_with('%') || !prelude.origin.empty()));
    if (is_one) text = rest;
    return is_one;
}

void AddPrelude(const Prelude& prelude, const ReadContext& context, ParsedLine& line) {
    line.Add(FieldId::kSequence, prelude.sequence);
    if (!prelude.timed) return;
    line.Add(FieldId::kClockMark, prelude.timed->mark);
    OfferTime(prelude.timed->time, context.received, line);
}

/// " : " and ": " between a time or host and what follows.
void SkipColon(std::string_view& text) {
    SkipBlanks(text);
    if (Skip(text, ":")) SkipBlanks(text);
}

/// "fw01 : %ASA-…", "fw01: %ASA-…", "fw01 %ASA-…". A word with a capital before ": %" of an IOS device is the name of a zone that
/// was made up on the device.
bool TakeNameBeforeCisco(std::string_view& text, std::string_view& host) {
    std::string_view rest = text;
    std::string_view word = TakeUntil(rest, ' ');
    SkipColon(rest);
    if (!rest.starts_with('%')) return false;
    const bool had_colon = word.ends_with(':');
    if (had_colon) word.remove_suffix(1);
    if (!IsName(word)) return false;
    const bool is_firewall = rest.starts_with("%ASA") || rest.starts_with("%FTD") || rest.starts_with("%PIX");
    const bool is_zone = had_colon && !is_firewall && word.size() <= 8 && word[0] >= 'A' && word[0] <= 'Z' &&
                         std::ranges::all_of(word, IsLetter);
    if (!is_zone) host = word;
    text = rest;
    return true;
}

/// A second header behind a relay's host: the device's own, with its own time.
bool TakeInnerPrelude(std::string_view& text, const ReadContext& context, ParsedLine& line) {
    std::string_view rest = text;
    SkipColon(rest);
    Prelude prelude;
    if (!TakePrelude(rest, prelude)) return false;
    SkipColon(rest);
    std::string_view name;
    if (!rest.starts_with('%') && !TakeNameBeforeCisco(rest, name)) return false;
    if (prelude.timed && Resolve(prelude.timed->time, context.received)) line.event_time.reset();
    AddPrelude(prelude, context, line);
    if (!name.empty()) SetHost(name, line);
    text = rest;
    return true;
}

/// HOST TAG: behind a time. `needs_tag`: a word counts as the host only when a tag follows it.
void TakeHostAndTag(std::string_view& text, bool needs_tag, const ReadContext& context, ParsedLine& line) {
    std::string_view cisco_host;
    if (TakeNameBeforeCisco(text, cisco_host)) {
        if (!cisco_host.empty()) SetHost(cisco_host, line);
        return;
    }
    if (TakeTag(text, line)) return;
    std::string_view rest = text;
    const std::string_view host = TakeUntil(rest, ' ');
    if (!IsName(host) || IsLevelWord(host) || rest.empty()) return;
    SkipBlanks(rest);
    const bool is_followed = TakeInnerPrelude(rest, context, line) || BeginsStructured(rest) || TakeTag(rest, line);
    if (!is_followed && needs_tag) return;
    if (line.host.empty()) SetHost(host, line);
    text = rest;
}

void Read3164(std::string_view text, bool has_priority, const ReadContext& context, ParsedLine& line) {
    if (has_priority) {
        line.header = HeaderFormat::kRfc3164;
        SkipColon(text);
    }
    line.message = text;
    Prelude prelude;
    const bool has_prelude = TakePrelude(text, prelude);
    if (!has_prelude && !has_priority) return;
    line.header = HeaderFormat::kRfc3164;
    AddPrelude(prelude, context, line);
    const std::string_view whole = line.message;
    if (has_prelude) SkipColon(text);
    if (!prelude.origin.empty()) SetHost(prelude.origin, line);
    if (prelude.timed && prelude.origin.empty() && !BeginsStructured(text)) {
        const bool needs_tag = !has_priority && prelude.timed->is_iso;
        TakeHostAndTag(text, needs_tag, context, line);
        if (needs_tag && line.host.empty() && line.program.empty()) {
            // The log of an application, not of a syslog service: what follows the time is its own.
            line.header = HeaderFormat::kNone;
            text = whole;
        }
    } else if (!has_prelude && !BeginsStructured(text)) {
        TakeTag(text, line);
    }
    line.message = text;
}

}  // namespace

void ReadHeader(std::string_view text, const ReadContext& context, ParsedLine& line) {
    const bool has_priority = TakePriority(text, line);
    if (has_priority && LooksLike5424(text)) {
        Read5424(text, context, line);
    } else {
        Read3164(text, has_priority, context, line);
    }
}

}  // namespace opsteward::logs
