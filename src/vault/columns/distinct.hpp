// Which values a column has, each once: a hash table made for one use after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <random>
#include <span>
#include <string_view>
#include <vector>

namespace opsteward::vault {

/// Drawn anew in each process: hashes begin from it, so that no sender can make values that fall together.
inline std::uint64_t HashSeed() {
    static const std::uint64_t seed = std::uint64_t{std::random_device()()} << 32 | std::random_device()();
    return seed;
}

constexpr std::uint64_t MixHash(std::uint64_t hash) {
    hash *= 0xD6E8FEB86659FD93U;
    return hash ^ hash >> 32;
}

constexpr std::uint64_t HashOf(std::uint64_t number, std::uint64_t seed) { return MixHash(MixHash(seed ^ number)); }

inline std::uint64_t HashOf(std::string_view text, std::uint64_t seed) {
    constexpr std::size_t kWord = sizeof(std::uint64_t);
    std::uint64_t hash = seed ^ text.size();
    std::uint64_t word = 0;
    if (text.size() < kWord) {
        for (const char c : text) word = word << 8 | static_cast<unsigned char>(c);
    } else {
        for (std::size_t at = 0; at + kWord < text.size(); at += kWord) {
            std::memcpy(&word, text.data() + at, kWord);
            hash = MixHash(hash ^ word);
        }
        std::memcpy(&word, text.data() + text.size() - kWord, kWord);  // over some of the bytes before
    }
    return MixHash(MixHash(hash ^ word));
}

template <typename T>
struct DistinctValues {
    std::vector<T> values;              ///< in the order they first occur
    std::vector<std::uint64_t> places;  ///< for each value of the column, where it stands in `values`
};

/// Nothing when there are more than `max_distinct`: then the search ends early.
template <typename T>
std::optional<DistinctValues<T>> FindDistinct(std::span<const T> column, std::size_t max_distinct) {
    DistinctValues<T> found;
    found.places.reserve(column.size());
    std::size_t slots = 16;
    while (slots < 2 * max_distinct + 2) slots *= 2;
    std::vector<std::uint32_t> table(slots, 0);  // 1 + place in values; 0 is free
    const std::uint64_t seed = HashSeed();
    for (const T& value : column) {
        std::size_t slot = HashOf(value, seed) & (slots - 1);
        while (table[slot] != 0 && found.values[table[slot] - 1] != value) slot = (slot + 1) & (slots - 1);
        if (table[slot] == 0) {
            if (found.values.size() == max_distinct) return std::nullopt;
            found.values.push_back(value);
            table[slot] = static_cast<std::uint32_t>(found.values.size());
        }
        found.places.push_back(table[slot] - 1);
    }
    return found;
}

}  // namespace opsteward::vault
