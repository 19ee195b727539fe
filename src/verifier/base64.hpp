// Base 64 (RFC 4648 section 4) with padding, in its one form: bits that are left over are zero.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace opsteward::verifier {

std::string ToBase64(std::string_view bytes);
std::optional<std::string> FromBase64(std::string_view text);

}  // namespace opsteward::verifier
