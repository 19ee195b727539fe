// What stands for a secret wherever a configuration is kept or shown.
#pragma once

#include <string>
#include <string_view>

namespace opsteward::firewall {

/// For a value that the device encrypts anew at each export: two exports tell nothing of whether it changed.
inline constexpr std::string_view kIncomparableSecret = "<secret:not-comparable>";

/// "<secret:0123456789abcdef>": the first 16 hexadecimal digits of HMAC-SHA-256 under `hash_key` (a fixed one where it is empty). The same secret gives the
/// same mark under the same key, so that a change of it shows and the secret does not.
std::string SecretMark(std::string_view secret, std::string_view hash_key);
/// Whether the text is exactly a mark.
bool IsSecretMark(std::string_view text);

}  // namespace opsteward::firewall
