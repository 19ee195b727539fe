// Which of FortiOS's settings are secret, and how they stand in what is kept and shown.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "features/firewall/formats/fortigate/text.hpp"

namespace opsteward::firewall {

/// Puts marks in place of the secrets of one `set`, `append` … command; `section` is the name of the section at the top ("system snmp community"). Values
/// behind ENC become kIncomparableSecret but for hashes; keys of administrators that are hashes, and secrets in clear, become SecretMark().
void RedactFortigateWords(std::string_view section, std::vector<FortigateWord>& words, std::string_view hash_key);

/// A line that is no known command, or whose place is not known: settings are taken as secret by their names wherever they stand, and long words as what is
/// left of a key.
std::string RedactLooseFortigateLine(std::string_view line, std::string_view hash_key);

/// Whether a setting tells only of when it was read or last used ("last-login"): its value becomes "*" in the canonical form.
bool IsVolatileFortigateSetting(std::string_view name);

}  // namespace opsteward::firewall
