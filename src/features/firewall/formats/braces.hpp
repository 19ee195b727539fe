// Configurations in braces as a tree of words, the same as their `set` commands give: of Junos (CLI User Guide, "Configuration statement hierarchy"), and what
// PAN-OS's `show` prints.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "features/firewall/formats/reader_notes.hpp"
#include "features/firewall/formats/word_tree.hpp"

namespace opsteward::firewall {

/// `inactive:` before a statement makes its last word inactive; `protect:` and `replace:` are passed over, as comments are. A line that is no statement is
/// noted. kInvalidInput with the line where a brace is never closed; stops when the tree is full.
Result<void> ReadBraces(std::string_view text, WordTree& tree, ReaderNotes& notes);

}  // namespace opsteward::firewall
