// Numbers in as few bytes as they need: seven bits a byte, the lowest first, the top bit on all but the last.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace opsteward::vault {

inline void AppendVarint(std::string& bytes, std::uint64_t value) {
    while (value >= 0x80) {
        bytes += static_cast<char>(value | 0x80);
        value >>= 7;
    }
    bytes += static_cast<char>(value);
}

/// Takes a number off `bytes`; nothing when they end in it, when it does not fit in 64 bits, or when a shorter form would do.
inline std::optional<std::uint64_t> TakeVarint(std::string_view& bytes) {
    std::uint64_t value = 0;
    for (unsigned i = 0; i < 10 && i < bytes.size(); ++i) {
        const auto byte = static_cast<unsigned char>(bytes[i]);
        if ((i == 9 && byte > 1) || (i > 0 && byte == 0)) return std::nullopt;
        value |= static_cast<std::uint64_t>(byte & 0x7FU) << (7 * i);
        if (byte < 0x80) {
            bytes.remove_prefix(i + 1);
            return value;
        }
    }
    return std::nullopt;
}

/// Numbers near zero on either side become small ones: 0, -1, 1, -2 … are 0, 1, 2, 3 …
inline std::uint64_t ZigZag(std::int64_t value) { return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63); }
inline std::int64_t UnZigZag(std::uint64_t value) { return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1)); }

}  // namespace opsteward::vault
