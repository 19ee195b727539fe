#include "verifier/crc32c.hpp"

#include <array>

namespace opsteward::verifier {

namespace {

constexpr std::size_t kSlices = 8;

/// Row k holds what a byte does to the checksum when k more bytes follow it: eight bytes go in one step.
constexpr auto kTables = [] {
    constexpr std::uint32_t kReversedPolynomial = 0x82F63B78U;
    std::array<std::array<std::uint32_t, 256>, kSlices> tables{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t value = byte;
        for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1U) * kReversedPolynomial);
        tables[0][byte] = value;
    }
    for (std::size_t k = 1; k < kSlices; ++k) {
        for (std::size_t byte = 0; byte < 256; ++byte) tables[k][byte] = (tables[k - 1][byte] >> 8) ^ tables[0][tables[k - 1][byte] & 0xFFU];
    }
    return tables;
}();

}  // namespace

std::uint32_t Crc32c(std::string_view bytes, std::uint32_t before) {
    std::uint32_t value = ~before;
    const auto byte = [&bytes](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])); };
    while (bytes.size() >= kSlices) {
        const std::uint32_t low = value ^ (byte(0) | byte(1) << 8 | byte(2) << 16 | byte(3) << 24);
        value = kTables[7][low & 0xFFU] ^ kTables[6][(low >> 8) & 0xFFU] ^ kTables[5][(low >> 16) & 0xFFU] ^ kTables[4][low >> 24] ^
                kTables[3][byte(4)] ^ kTables[2][byte(5)] ^ kTables[1][byte(6)] ^ kTables[0][byte(7)];
        bytes.remove_prefix(kSlices);
    }
    for (std::size_t i = 0; i < bytes.size(); ++i) value = (value >> 8) ^ kTables[0][(value ^ byte(i)) & 0xFFU];
    return ~value;
}

}  // namespace opsteward::verifier
