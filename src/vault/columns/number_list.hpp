// Numbers in memory, in as few bytes each as they need: a block has millions of them, and reading its messages goes from column to column.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>

#include "base/result.hpp"
#include "vault/columns/pack.hpp"

namespace opsteward::vault {

class NumberList {
  public:
    NumberList() = default;  ///< none
    /// `base` and more each (modulo 2^64), of planes that are strings of `count` bytes, the highest first. kCorrupt when one has another length.
    /// Precondition: at most 8 strings.
    static Result<NumberList> FromPlanes(std::span<const PackedString> planes, std::size_t count, std::uint64_t base = 0);
    /// Precondition: at least one number.
    static NumberList From(std::span<const std::uint64_t> numbers);

    std::size_t size() const { return count_; }
    /// Precondition: at < size().
    std::uint64_t operator[](std::size_t at) const {
        switch (width_) {
            case 0: return base_;
            case 1: return base_ + At<std::uint8_t>(at);
            case 2: return base_ + At<std::uint16_t>(at);
            case 4: return base_ + At<std::uint32_t>(at);
            default: return base_ + At<std::uint64_t>(at);
        }
    }

  private:
    template <typename Number>
    Number At(std::size_t at) const {
        Number number;
        std::memcpy(&number, bytes_.data() + at * sizeof(Number), sizeof(Number));
        return number;
    }

    std::size_t count_ = 0;
    unsigned width_ = 0;      ///< bytes of a number: 0, 1, 2, 4 or 8
    std::uint64_t base_ = 0;  ///< is added to each
    std::string bytes_;       ///< in the machine's order
};

}  // namespace opsteward::vault
