// For this room alone: what OpenSSL can't fail at unless the machine is broken.
#pragma once

#include <cstdlib>
#include <string_view>

#include "base/log.hpp"

namespace opsteward::crypto {

/// Ends the process unless `holds`: without the algorithm nothing can be sealed or checked, and nothing may pass as if it were.
inline void Require(bool holds, std::string_view algorithm) {
    if (holds) return;
    log::critical("{} is not available from OpenSSL", algorithm);
    std::abort();
}

}  // namespace opsteward::crypto
