// From a maker's keys to the dictionary: a hash table made at compile time, because every key of every line is looked up.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <string_view>

#include "features/logs/field_names.hpp"

namespace opsteward::logs {

struct KeyMapping {
    std::string_view key;
    FieldId id;
};

template <std::size_t N>
class KeyMap {
  public:
    consteval explicit KeyMap(const KeyMapping (&mappings)[N]) : mappings_(std::to_array(mappings)), slots_{} {
        for (std::size_t i = 0; i < N; ++i) {
            std::size_t slot = Hash(mappings_[i].key);
            while (slots_[slot] != 0) {
                // Not a constant expression: a key that stands twice does not compile.
                if (mappings_[slots_[slot] - 1U].key == mappings_[i].key) throw "key named twice";
                slot = (slot + 1) % kSlots;
            }
            slots_[slot] = static_cast<std::uint8_t>(i + 1);
        }
    }

    /// kVendor for a key that has no place in the dictionary.
    FieldId Find(std::string_view key) const {
        if (key.empty()) return FieldId::kVendor;
        for (std::size_t slot = Hash(key); slots_[slot] != 0; slot = (slot + 1) % kSlots) {
            const KeyMapping& mapping = mappings_[slots_[slot] - 1U];
            if (mapping.key == key) return mapping.id;
        }
        return FieldId::kVendor;
    }

    std::span<const KeyMapping> mappings() const { return mappings_; }

  private:
    static constexpr std::size_t kSlots = std::bit_ceil(N * 4);
    static_assert(N > 0 && N < 256);

    static constexpr std::size_t Hash(std::string_view key) {
        const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(key[i])); };
        const std::size_t n = key.size();
        const std::uint32_t mixed = byte(0) | byte(n / 2) << 8 | byte(n - 1) << 16 |
                                    ((static_cast<std::uint32_t>(n) + byte(n / 4) * 8) & 0xFF) << 24;
        return (mixed * 2654435761U) >> (32 - std::countr_zero(kSlots));
    }

    std::array<KeyMapping, N> mappings_;
    std::array<std::uint8_t, kSlots> slots_;
};

}  // namespace opsteward::logs
