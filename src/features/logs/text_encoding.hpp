// The text of a record for people. The record keeps its bytes; this is a view of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace opsteward::logs {

enum class Encoding : std::uint8_t {
    kUtf8,
    kBig5,  ///< with the additions of code page 950
};

/// "utf-8", "big5", "cp950", in either case.
std::optional<Encoding> FindEncoding(std::string_view name);

/// `bytes` as UTF-8. Every byte that begins no character of the encoding becomes U+FFFD; so does every byte above 0x7F when the C
/// library lacks the table of Big5. Control characters and NUL stay.
std::string TextForPeople(std::string_view bytes, Encoding encoding);

}  // namespace opsteward::logs
