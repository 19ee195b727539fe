// How a machine is called in VANS: never by its address or name.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace opsteward::vans {

enum class IdentifierKind : std::uint8_t {
    kSha256,  ///< what the official tool sends
    kMd5,     ///< what its manual proposes
};

/// The digest of the UTF-8 bytes of the asset's permanent id, in lower-case hexadecimal. kUnavailable for MD5 where the system's OpenSSL has it turned off.
Result<std::string> IdentifierOf(std::string_view permanent_id, IdentifierKind kind);

}  // namespace opsteward::vans
