// For this room alone: redaction by the forms that the vendors write in.
#pragma once

#include <string>
#include <string_view>

namespace opsteward::firewall {

/// FortiOS, canonical.
std::string CanonicalFortigate(std::string_view text, std::string_view hash_key);

enum class WordDialect { kCisco, kJuniper, kPanOs };
/// Lines of words: Cisco's configurations; Juniper's and PAN-OS's in braces or as `set` commands.
std::string RedactWords(WordDialect dialect, std::string_view text, std::string_view hash_key);
/// All character data within an element whose name IsSecretName(), and such attributes.
std::string RedactXml(std::string_view text, std::string_view hash_key);
/// The strings of members whose name IsSecretName(), also within an array or object of that name.
std::string RedactJson(std::string_view text, std::string_view hash_key);

}  // namespace opsteward::firewall
