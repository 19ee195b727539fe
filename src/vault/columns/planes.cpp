#include "vault/columns/planes.hpp"

#include <array>
#include <bit>
#include <cmath>

namespace opsteward::vault {

unsigned WidthOf(std::uint64_t number) { return static_cast<unsigned>((std::bit_width(number) + 7) / 8); }

void WritePlanes(std::span<const std::uint64_t> numbers, unsigned width, PackWriter& pack) {
    for (unsigned plane = width; plane > 0; --plane) {
        std::string bytes(numbers.size(), '\0');
        for (std::size_t i = 0; i < numbers.size(); ++i) bytes[i] = static_cast<char>(numbers[i] >> (8 * (plane - 1)));
        pack.Add(std::move(bytes));
    }
}

double PlaneCost(std::span<const std::uint64_t> numbers, unsigned width) {
    double bits = 0;
    const auto total = static_cast<double>(numbers.size());
    for (unsigned plane = 0; plane < width; ++plane) {
        std::array<std::uint32_t, 256> counts{};
        for (const std::uint64_t number : numbers) ++counts[number >> (8 * plane) & 0xFFU];
        for (const std::uint32_t count : counts) {
            if (count > 0) bits += count * std::log2(total / count);
        }
    }
    return bits / 8;
}

}  // namespace opsteward::vault
