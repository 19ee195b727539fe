#include "features/vulnerabilities/feed/tar_header.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace opsteward::vuln {

namespace {

struct Field {
    std::size_t offset;
    std::size_t size;
};

constexpr Field kName{0, 100};
constexpr Field kMode{100, 8};
constexpr Field kOwner{108, 8};
constexpr Field kGroup{116, 8};
constexpr Field kSize{124, 12};
constexpr Field kModified{136, 12};
constexpr Field kChecksum{148, 8};
constexpr std::size_t kType = 156;
constexpr Field kMagic{257, 8};
constexpr std::string_view kUstar("ustar\0"
                                  "00",
                                  8);
constexpr Field kPrefix{345, 155};

std::string_view TextOf(std::string_view block, Field field) {
    const std::string_view bytes = block.substr(field.offset, field.size);
    return bytes.substr(0, bytes.find('\0'));
}

/// Octal digits that blanks or a zero byte end.
std::optional<std::uint64_t> NumberOf(std::string_view block, Field field) {
    std::string_view digits = TextOf(block, field);
    digits = digits.substr(0, digits.find(' '));
    if (digits.empty() || digits.size() > 11) return std::nullopt;
    std::uint64_t number = 0;
    for (const char c : digits) {
        if (c < '0' || c > '7') return std::nullopt;
        number = number * 8 + static_cast<std::uint64_t>(c - '0');
    }
    return number;
}

/// The sum of all bytes, with blanks in the place of the checksum itself.
std::uint64_t ChecksumOf(std::string_view block) {
    std::uint64_t sum = kChecksum.size * ' ';
    for (std::size_t i = 0; i < block.size(); ++i) {
        if (i < kChecksum.offset || i >= kChecksum.offset + kChecksum.size) sum += static_cast<unsigned char>(block[i]);
    }
    return sum;
}

}  // namespace

std::array<char, kTarBlock> TarHead(const TarEntry& entry, Instant modified) {
    std::array<char, kTarBlock> block{};
    const auto put = [&](Field field, std::string_view text) { std::copy_n(text.data(), std::min(text.size(), field.size), block.data() + field.offset); };
    put(kName, entry.name);
    put(kMode, "0000644");
    put(kOwner, "0000000");
    put(kGroup, "0000000");
    put(kSize, fmt::format("{:011o}", entry.size));
    put(kModified, fmt::format("{:011o}", std::max<std::int64_t>(0, ToMillis(modified) / 1000)));
    block[kType] = '0';
    put(kMagic, kUstar);
    const std::uint64_t checksum = ChecksumOf({block.data(), block.size()});
    put(kChecksum, fmt::format("{:06o}", checksum));
    block[kChecksum.offset + 7] = ' ';
    return block;
}

std::optional<TarEntry> ReadTarHead(std::string_view block) {
    if (block.size() != kTarBlock || block.substr(kMagic.offset, kMagic.size) != kUstar) return std::nullopt;
    if (block[kType] != '0' || !TextOf(block, kPrefix).empty()) return std::nullopt;
    const auto checksum = NumberOf(block, kChecksum);
    const auto size = NumberOf(block, kSize);
    const std::string_view name = TextOf(block, kName);
    if (!checksum || *checksum != ChecksumOf(block) || !size || name.empty()) return std::nullopt;
    return TarEntry{std::string(name), *size};
}

}  // namespace opsteward::vuln
