// Lines of iptables-save and ipset save as words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace opsteward::firewall {

/// Parted by blanks; what stands in double quotation marks is one word, in which a backslash keeps the next byte (libxtables, xtables_save_string). False: a
/// quotation mark is not closed.
bool SplitWords(std::string_view line, std::vector<std::string>& words);

}  // namespace opsteward::firewall
