// Heads of the entries of a tar archive (POSIX.1-2001, pax, "ustar Interchange Format"), of the one kind that a bundle has: regular files.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace opsteward::vuln {

inline constexpr std::size_t kTarBlock = 512;
inline constexpr std::size_t kMaxTarName = 100;
inline constexpr std::uint64_t kMaxTarBytes = (std::uint64_t{1} << 33) - 1;  ///< eleven octal digits

struct TarEntry {
    std::string name;
    std::uint64_t size = 0;
};

/// Precondition: the name has 1 to kMaxTarName bytes, the size is at most kMaxTarBytes.
std::array<char, kTarBlock> TarHead(const TarEntry& entry, Instant modified);

/// Nothing when these are no kTarBlock bytes of such a head, the checksum is wrong, or the entry is of another type (a link, a folder, a device).
std::optional<TarEntry> ReadTarHead(std::string_view block);

/// With what an entry of that size is filled up to whole blocks.
inline std::size_t TarPadding(std::uint64_t size) { return static_cast<std::size_t>((kTarBlock - size % kTarBlock) % kTarBlock); }

}  // namespace opsteward::vuln
