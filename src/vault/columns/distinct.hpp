// Which values a column has, each once: a hash table made for one use after the other.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace opsteward::vault {

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
    const std::hash<T> hash;
    for (const T& value : column) {
        // The standard's hash of a number is the number itself: its bits are spread first.
        std::size_t slot = (hash(value) * 0x9E3779B97F4A7C15U >> 20) & (slots - 1);
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
