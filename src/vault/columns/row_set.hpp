// Some of the messages of a block, by their places in it.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace opsteward::vault {

class RowSet {
  public:
    /// None of `size` rows.
    explicit RowSet(std::size_t size) : size_(size), words_((size + 63) / 64) {}
    /// From `begin` to before `end`. Precondition: begin <= end <= size.
    static RowSet Range(std::size_t size, std::size_t begin, std::size_t end) {
        RowSet rows(size);
        for (std::size_t row = begin; row < end; ++row) rows.Add(row);
        return rows;
    }
    static RowSet All(std::size_t size) { return Range(size, 0, size); }

    std::size_t size() const { return size_; }
    void Add(std::size_t row) { words_[row / 64] |= std::uint64_t{1} << row % 64; }
    bool Has(std::size_t row) const { return (words_[row / 64] >> row % 64 & 1) != 0; }
    bool IsEmpty() const {
        return std::ranges::all_of(words_, [](std::uint64_t word) { return word == 0; });
    }
    std::size_t Count() const {
        std::size_t count = 0;
        for (const std::uint64_t word : words_) count += static_cast<std::size_t>(std::popcount(word));
        return count;
    }
    /// Precondition: of as many rows.
    RowSet& operator|=(const RowSet& other) {
        for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
        return *this;
    }
    /// In rising order.
    std::vector<std::uint32_t> Rows() const {
        std::vector<std::uint32_t> rows;
        rows.reserve(Count());
        for (std::size_t i = 0; i < words_.size(); ++i) {
            for (std::uint64_t rest = words_[i]; rest != 0; rest &= rest - 1) rows.push_back(static_cast<std::uint32_t>(64 * i) + static_cast<std::uint32_t>(std::countr_zero(rest)));
        }
        return rows;
    }

    bool operator==(const RowSet&) const = default;

  private:
    std::size_t size_;
    std::vector<std::uint64_t> words_;
};

}  // namespace opsteward::vault
