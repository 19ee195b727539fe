// Numbers out of bytes: little-endian ones, and varints in their one shortest form. Format: docs/formats/vault.md, first lines.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace opsteward::verifier {

/// Of the sizeof(T) bytes from there on, as one load where the machine can do that.
template <std::integral T>
T NumberAt(const char* from) {
    return [from]<std::size_t... kAt>(std::index_sequence<kAt...>) {
        return static_cast<T>((... | (static_cast<std::uint64_t>(static_cast<unsigned char>(from[kAt])) << (8 * kAt))));
    }(std::make_index_sequence<sizeof(T)>());
}

/// Writes it to the sizeof(T) bytes from there on.
template <std::integral T>
void PutNumber(char* to, T number) {
    [=]<std::size_t... kAt>(std::index_sequence<kAt...>) {
        ((to[kAt] = static_cast<char>(static_cast<std::uint64_t>(number) >> (8 * kAt))), ...);
    }(std::make_index_sequence<sizeof(T)>());
}

/// Precondition: at + sizeof(T) <= bytes.size().
template <std::integral T>
T Number(std::string_view bytes, std::size_t at) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
    return static_cast<T>(value);
}

/// Takes fields off the front; nothing once one does not fit.
class Cursor {
  public:
    explicit Cursor(std::string_view bytes) : rest_(bytes) {}

    std::optional<std::uint64_t> Varint() {
        std::uint64_t value = 0;
        for (unsigned i = 0; i < 10 && i < rest_.size(); ++i) {
            const auto byte = static_cast<unsigned char>(rest_[i]);
            if (i == 9 && byte > 1) return std::nullopt;  // more than 64 bits
            value |= static_cast<std::uint64_t>(byte & 0x7FU) << (7 * i);
            if (byte >= 0x80) continue;
            if (i > 0 && byte == 0) return std::nullopt;  // a shorter form would do
            rest_.remove_prefix(i + 1);
            return value;
        }
        return std::nullopt;
    }
    std::optional<std::string_view> Take(std::uint64_t length) {
        if (length > rest_.size()) return std::nullopt;
        const std::string_view taken = rest_.substr(0, length);
        rest_.remove_prefix(length);
        return taken;
    }
    std::string_view rest() const { return rest_; }

  private:
    std::string_view rest_;
};

}  // namespace opsteward::verifier
