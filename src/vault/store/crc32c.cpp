#include "vault/store/crc32c.hpp"

#include <array>
#include <cstring>

#ifdef __x86_64__
#include <nmmintrin.h>
#endif

namespace opsteward::vault {

namespace {

constexpr std::array<std::uint32_t, 256> kTable = [] {
    constexpr std::uint32_t kReversedPolynomial = 0x82F63B78U;
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t value = byte;
        for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? kReversedPolynomial : 0U);
        table[byte] = value;
    }
    return table;
}();

#ifdef __x86_64__
__attribute__((target("sse4.2"))) std::uint32_t ByInstruction(std::string_view bytes, std::uint32_t before) {
    std::uint64_t value = ~before;
    while (bytes.size() >= sizeof(std::uint64_t)) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data(), sizeof(word));
        value = _mm_crc32_u64(value, word);
        bytes.remove_prefix(sizeof(word));
    }
    auto rest = static_cast<std::uint32_t>(value);
    for (const char byte : bytes) rest = _mm_crc32_u8(rest, static_cast<unsigned char>(byte));
    return ~rest;
}
#endif

}  // namespace

std::uint32_t Crc32cByTable(std::string_view bytes, std::uint32_t before) {
    std::uint32_t value = ~before;
    for (const char byte : bytes) value = (value >> 8) ^ kTable[(value ^ static_cast<unsigned char>(byte)) & 0xFFU];
    return ~value;
}

std::uint32_t Crc32c(std::string_view bytes, std::uint32_t before) {
#ifdef __x86_64__
    static const bool has_instruction = __builtin_cpu_supports("sse4.2") != 0;
    if (has_instruction) return ByInstruction(bytes, before);
#endif
    return Crc32cByTable(bytes, before);
}

}  // namespace opsteward::vault
