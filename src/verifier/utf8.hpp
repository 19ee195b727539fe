// UTF-8 (RFC 3629), and bytes of unknown origin made fit for a terminal.
#pragma once

#include <string>
#include <string_view>

namespace opsteward::verifier {

/// Length of the character that `bytes` begin with; 0 when they begin with none.
std::size_t CharacterLength(std::string_view bytes);
bool IsUtf8(std::string_view bytes);
/// On one line and without power over a terminal: control characters, the marks that turn the direction of writing, bytes that are no UTF-8, and the
/// backslash are escaped, as \n, \xNN, \u{NNNN}, \\.
std::string Printable(std::string_view bytes);

}  // namespace opsteward::verifier
