// Which passwords are good enough (資通系統防護基準, identification: complexity, no default passwords).
#pragma once

#include <string_view>

#include "base/result.hpp"

namespace opsteward::identity {

/// At least `min_length` characters, three of the four kinds (lower case, upper case, digits, others), not containing the sign-in
/// name, none of the passwords tried first by guessers. kInvalidInput says which rule it breaks.
Result<void> CheckPassword(std::string_view password, std::string_view account_name, std::size_t min_length);

}  // namespace opsteward::identity
