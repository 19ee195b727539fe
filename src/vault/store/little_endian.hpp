// Numbers as the vault's files hold them: least significant byte first.
#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

namespace opsteward::vault {

template <std::integral T>
void AppendNumber(std::string& bytes, T value) {
    auto rest = static_cast<std::make_unsigned_t<T>>(value);
    for (std::size_t i = 0; i < sizeof(T); ++i) {
        bytes += static_cast<char>(rest & 0xFFU);
        if constexpr (sizeof(T) > 1) rest = static_cast<std::make_unsigned_t<T>>(rest >> 8);
    }
}

/// Over the bytes that stand there. Precondition: at + sizeof(T) <= bytes.size().
template <std::integral T>
void PutNumber(std::string& bytes, std::size_t at, T value) {
    std::string number;
    AppendNumber(number, value);
    bytes.replace(at, number.size(), number);
}

/// Precondition: at + sizeof(T) <= bytes.size().
template <std::integral T>
T NumberAt(std::string_view bytes, std::size_t at) {
    std::make_unsigned_t<T> value = 0;
    for (std::size_t i = sizeof(T); i > 0; --i) {
        if constexpr (sizeof(T) > 1) value = static_cast<std::make_unsigned_t<T>>(value << 8);
        value = static_cast<std::make_unsigned_t<T>>(value | static_cast<unsigned char>(bytes[at + i - 1]));
    }
    return static_cast<T>(value);
}

}  // namespace opsteward::vault
