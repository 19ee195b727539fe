// PAN-OS's XML as a tree of words.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "features/firewall/formats/reader_notes.hpp"
#include "features/firewall/formats/word_tree.hpp"

namespace opsteward::firewall {

/// An element is a word by its name; <entry name="WEB"> is the word WEB, <member>any</member> and the text of an element without elements are words below it.
/// Of attributes, `uuid` of an entry and `version` of the root are kept as words below them, those of management are passed over, others are noted.
/// The root element's children stand below the tree's root, those of <response><result> and <config> too. kInvalidInput with the line where the XML is damaged
/// or declares entities of its own; kTooLarge above the tree's limits.
Result<void> ReadPaloAltoXml(std::string_view text, WordTree& tree, ReaderNotes& notes);

}  // namespace opsteward::firewall
