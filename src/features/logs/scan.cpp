#include "features/logs/scan.hpp"

#include <algorithm>
#include <array>

namespace opsteward::logs {
namespace {

bool IsLeadByte(char c, Encoding encoding) { return encoding == Encoding::kBig5 && static_cast<unsigned char>(c) >= 0x81; }

}  // namespace

bool IsNumber(std::string_view text) { return !text.empty() && std::ranges::all_of(text, IsDigit); }

bool IsLevelWord(std::string_view word) {
    static constexpr auto kLevels = std::to_array<std::string_view>(
        {"TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERROR", "SEVERE", "CRITICAL", "FATAL"});
    return std::ranges::find(kLevels, word) != kLevels.end();
}

std::string_view TakeUntil(std::string_view& text, char mark) {
    const std::size_t at = text.find(mark);
    const std::string_view taken = text.substr(0, at);
    text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
    return taken;
}

void SkipBlanks(std::string_view& text) {
    while (!text.empty() && (text[0] == ' ' || text[0] == '\t')) text.remove_prefix(1);
}

std::string_view TrimBlanks(std::string_view text) {
    SkipBlanks(text);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

bool Skip(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

Quoted ReadQuoted(std::string_view text, std::size_t at, char quote, Encoding encoding) {
    const std::size_t begin = at;
    bool has_escape = false;
    while (at < text.size() && text[at] != quote) {
        const bool is_escape = text[at] == '\\';
        has_escape |= is_escape;
        at += is_escape || IsLeadByte(text[at], encoding) ? 2 : 1;
    }
    at = std::min(at, text.size());
    return {text.substr(begin, at - begin), has_escape, at < text.size() ? at + 1 : at};
}

std::string_view Unescape(std::string_view text, std::string_view escapable, Encoding encoding, TextStore& owned) {
    char* const begin = owned.Reserve(text.size());
    char* to = begin;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool has_next = i + 1 < text.size();
        if (has_next && IsLeadByte(text[i], encoding)) {
            *to++ = text[i++];
        } else if (has_next && text[i] == '\\' && escapable.find(text[i + 1]) != std::string_view::npos) {
            ++i;
        }
        *to++ = text[i];
    }
    return owned.Commit(static_cast<std::size_t>(to - begin));
}

}  // namespace opsteward::logs
