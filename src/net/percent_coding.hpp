// Percent coding (RFC 3986 section 2.1), shared by paths and form fields.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace opsteward::net {

/// Nothing when a '%' is not followed by two hexadecimal digits, or when what comes out is not UTF-8.
/// With `plus_is_space`, '+' stands for a space, as in form fields.
std::optional<std::string> PercentDecode(std::string_view text, bool plus_is_space);

}  // namespace opsteward::net
