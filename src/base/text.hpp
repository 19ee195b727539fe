// Small text operations on UTF-8. Nothing here normalises: names are kept exactly as they were written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace opsteward {

std::string_view Trim(std::string_view text);  ///< ASCII white space and U+3000
std::vector<std::string_view> Split(std::string_view text, char separator);
std::vector<std::string_view> SplitLines(std::string_view text);  ///< without the line ends; no last empty line
std::string Join(const std::vector<std::string>& parts, std::string_view separator);
std::string ToLowerAscii(std::string_view text);
bool IsValidUtf8(std::string_view text);            ///< RFC 3629: no surrogates, no overlong forms
std::string ReplaceInvalidUtf8(std::string_view text);  ///< each ill-formed sequence becomes U+FFFD
std::size_t CountCodePoints(std::string_view utf8);
/// At most `count` code points; adds "…" when something was cut.
std::string Shorten(std::string_view utf8, std::size_t count);
/// Whole string, decimal, no sign but '-'; nothing when it does not fit or is not a number.
std::optional<std::int64_t> ParseInt(std::string_view text);
std::optional<double> ParseDouble(std::string_view text);
/// 1536 → "1.5 KiB"
std::string FormatBytes(std::uint64_t bytes);

}  // namespace opsteward
