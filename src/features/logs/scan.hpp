// Small steps over the bytes of a line. Bytes, not characters: a line may be in any encoding.
#pragma once

#include <cstdint>
#include <string_view>

#include "features/logs/parsed_line.hpp"
#include "features/logs/text_encoding.hpp"

namespace opsteward::logs {

inline bool IsDigit(char c) { return c >= '0' && c <= '9'; }
inline bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsNumber(std::string_view text);  ///< one digit or more and nothing else

/// ERROR, WARN, INFO …: the words that applications write after the time, where a syslog line has its host.
bool IsLevelWord(std::string_view word);

/// What stands before `mark`, taken off `text` together with it; all of it when the mark is not there.
std::string_view TakeUntil(std::string_view& text, char mark);
void SkipBlanks(std::string_view& text);
std::string_view TrimBlanks(std::string_view text);  ///< space and tab, both ends
/// True, and the prefix gone, when `text` begins with it.
bool Skip(std::string_view& text, std::string_view prefix);

struct Quoted {
    std::string_view text;  ///< between the quotes, escapes still in it
    bool has_escape = false;
    std::size_t end = 0;  ///< just after the closing quote, or the end of the text when it never closes
};

/// Reads what stands between quotes; `text[at]` is the byte after the opening one. A backslash keeps the next byte from closing.
/// In Big5 the second byte of a character may be a backslash: it is none.
Quoted ReadQuoted(std::string_view text, std::size_t at, char quote, Encoding encoding);
/// Takes a backslash away before each byte of `escapable`; other backslashes stay (RFC 5424 section 6.3.3).
std::string_view Unescape(std::string_view text, std::string_view escapable, Encoding encoding, TextStore& owned);

}  // namespace opsteward::logs
