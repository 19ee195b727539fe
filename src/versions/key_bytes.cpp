#include "versions/key_bytes.hpp"

#include <bit>

namespace opsteward::versions {
namespace {

constexpr std::size_t kMaxBinaryDigits = 18;  ///< every number of so many digits fits into 64 bits

void AppendBigEndian(std::string& key, std::uint64_t value, int bytes) {
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) key += static_cast<char>(value >> shift & 0xFF);
}

}  // namespace

void AppendNumber(std::string& key, std::string_view digits, NumberCode code) {
    const std::size_t significant = digits.find_first_not_of('0');
    digits.remove_prefix(significant == std::string_view::npos ? digits.size() : significant);
    if (digits.size() > kMaxBinaryDigits) {
        key += static_cast<char>(code.first + code.small + 8);
        AppendBigEndian(key, digits.size(), 8);
        key += digits;
        return;
    }
    std::uint64_t value = 0;
    for (const char digit : digits) value = value * 10 + static_cast<std::uint64_t>(digit - '0');
    if (value < code.small) {
        key += static_cast<char>(code.first + value);
        return;
    }
    const int bytes = (std::bit_width(value) + 7) / 8;
    key += static_cast<char>(code.first + code.small + bytes - 1);
    AppendBigEndian(key, value, bytes);
}

void AppendText(std::string& key, std::string_view text) {
    for (const char c : text) {
        if (c == 0 || c == 1) {
            key += '\1';
            key += static_cast<char>(c + 1);
        } else {
            key += c;
        }
    }
    key += '\0';
}

}  // namespace opsteward::versions
