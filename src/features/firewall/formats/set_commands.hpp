// Configurations written as commands: `set a b [ c d ]`, `delete a b`, `insert …`, of PAN-OS and Junos.
#pragma once

#include <string_view>

#include "features/firewall/formats/reader_notes.hpp"
#include "features/firewall/formats/word_tree.hpp"

namespace opsteward::firewall {

/// Whether commands come before anything in braces.
bool HasSetCommands(std::string_view text);

/// Carries the commands out on the tree: set, delete, deactivate and activate; insert A before|after KIND B (Junos), move A before|after B, move A top|bottom
/// (PAN-OS). Words in quotation marks may have line ends in them. A comment begins with '#'. Every other line, and one that is damaged, is noted as not
/// understood. Returns how many `set` commands there were.
std::size_t ReadSetCommands(std::string_view text, WordTree& tree, ReaderNotes& notes);

}  // namespace opsteward::firewall
