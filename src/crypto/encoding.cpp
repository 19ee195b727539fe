#include <array>

#include "crypto/base64.hpp"
#include "crypto/crypto.hpp"

namespace opsteward::crypto {

namespace {

constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::string_view kBase64Url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";  // RFC 4648 section 5
constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";     // RFC 4648 section 4
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";                                    // RFC 4648 section 6

constexpr std::uint8_t kNoLetter = 64;

constexpr std::array<std::uint8_t, 256> kBase64Values = [] {
    std::array<std::uint8_t, 256> values{};
    values.fill(kNoLetter);
    for (std::size_t i = 0; i < kBase64.size(); ++i) values[static_cast<unsigned char>(kBase64[i])] = static_cast<std::uint8_t>(i);
    return values;
}();

/// The bytes cut into groups of `bits_per_letter` bits, the last one filled up with zeros.
std::string EncodeBits(std::span<const std::uint8_t> bytes, unsigned bits_per_letter, std::string_view alphabet) {
    std::string text;
    std::uint32_t buffer = 0;
    unsigned bits = 0;
    const std::uint32_t mask = (1U << bits_per_letter) - 1;
    for (const std::uint8_t byte : bytes) {
        buffer = (buffer << 8) | byte;
        bits += 8;
        while (bits >= bits_per_letter) {
            bits -= bits_per_letter;
            text += alphabet[(buffer >> bits) & mask];
        }
    }
    if (bits > 0) text += alphabet[(buffer << (bits_per_letter - bits)) & mask];
    return text;
}

}  // namespace

std::string ToHex(std::span<const std::uint8_t> bytes) {
    std::string hex;
    hex.reserve(bytes.size() * 2);
    for (const std::uint8_t byte : bytes) {
        hex += kHex[byte >> 4];
        hex += kHex[byte & 15];
    }
    return hex;
}

std::optional<std::vector<std::uint8_t>> FromHex(std::string_view hex) {
    if (hex.size() % 2 != 0) return std::nullopt;
    std::vector<std::uint8_t> bytes;
    bytes.reserve(hex.size() / 2);
    const auto value = [](char c) {
        if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
        return kHex.find(c);
    };
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        const auto high = value(hex[i]);
        const auto low = value(hex[i + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
        bytes.push_back(static_cast<std::uint8_t>(high * 16 + low));
    }
    return bytes;
}

std::string Base64UrlEncode(std::span<const std::uint8_t> bytes) { return EncodeBits(bytes, 6, kBase64Url); }

std::string Base64Encode(std::span<const std::uint8_t> bytes) {
    std::string text = EncodeBits(bytes, 6, kBase64);
    while (text.size() % 4 != 0) text += '=';
    return text;
}

std::optional<std::vector<std::uint8_t>> Base64Decode(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    std::vector<std::uint8_t> bytes;
    bytes.reserve(text.size() / 4 * 3);
    for (std::size_t i = 0; i < text.size(); i += 4) {
        const std::size_t letters = i + 4 == text.size() ? 4 - padding : 4;
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 4; ++k) {
            const std::uint8_t value = k < letters ? kBase64Values[static_cast<unsigned char>(text[i + k])] : std::uint8_t{0};
            if (value == kNoLetter) return std::nullopt;
            group = group << 6 | value;
        }
        const std::size_t count = letters - 1;
        if ((group & ((1U << (8 * (3 - count))) - 1)) != 0) return std::nullopt;
        for (std::size_t k = 0; k < count; ++k) bytes.push_back(static_cast<std::uint8_t>(group >> (16 - 8 * k)));
    }
    return bytes;
}

std::string Base32Encode(std::span<const std::uint8_t> bytes) { return EncodeBits(bytes, 5, kBase32); }

std::optional<std::vector<std::uint8_t>> Base32Decode(std::string_view text) {
    while (text.ends_with('=')) text.remove_suffix(1);
    std::vector<std::uint8_t> bytes;
    std::uint32_t buffer = 0;
    unsigned bits = 0;
    for (char c : text) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        const auto value = kBase32.find(c);
        if (value == std::string_view::npos) return std::nullopt;
        buffer = ((buffer << 5) | static_cast<std::uint32_t>(value)) & 0xFFFFU;
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            bytes.push_back(static_cast<std::uint8_t>(buffer >> bits));
        }
    }
    // What is left over are filling bits: fewer than a letter's, all zero.
    if (bits >= 5 || (buffer & ((1U << bits) - 1)) != 0) return std::nullopt;
    return bytes;
}

}  // namespace opsteward::crypto
