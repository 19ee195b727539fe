// Short texts, of which a check handles some fifty for each event: by whole steps, beyond their ends.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "verifier/bytes.hpp"

namespace opsteward::verifier {

inline constexpr std::size_t kStep = 32;

/// Returns where the copy ends. Precondition: kStep more bytes may be read from `from` and written to `out`, and they do not overlap.
inline char* CopyInSteps(char* out, const char* from, std::size_t size) {
    for (std::size_t at = 0; at < size; at += kStep) std::memcpy(out + at, from + at, kStep);
    return out + size;
}

/// How many bytes both begin with. Precondition: kStep bytes more may be read of each, unless it is empty.
inline std::size_t CommonInSteps(std::string_view one, std::string_view other) {
    const std::size_t size = std::min(one.size(), other.size());
    for (std::size_t at = 0; at < size; at += sizeof(std::uint64_t)) {
        const std::uint64_t differ = NumberAt<std::uint64_t>(one.data() + at) ^ NumberAt<std::uint64_t>(other.data() + at);
        if (differ != 0) return std::min(size, at + static_cast<std::size_t>(std::countr_zero(differ)) / 8);
    }
    return size;
}

}  // namespace opsteward::verifier
