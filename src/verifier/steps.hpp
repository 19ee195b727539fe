// Short copies, of which a check makes some fifty for each event: by whole steps, beyond the end of what is copied.
#pragma once

#include <cstddef>
#include <cstring>

namespace opsteward::verifier {

inline constexpr std::size_t kStep = 32;

/// Returns where the copy ends. Precondition: kStep more bytes may be read from `from` and written to `out`, and they do not overlap.
inline char* CopyInSteps(char* out, const char* from, std::size_t size) {
    for (std::size_t at = 0; at < size; at += kStep) std::memcpy(out + at, from + at, kStep);
    return out + size;
}

}  // namespace opsteward::verifier
