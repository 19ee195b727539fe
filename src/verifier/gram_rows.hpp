// The rows of a segment's index on which the grams of one block fall. Format: docs/formats/vault.md, "Index".
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <string_view>
#include <vector>

namespace opsteward::verifier {

/// The bytes of tokens in lower case (ASCII): letters, digits, '_', '.', and those from 0x80 on; 0 for those of delimiters.
inline constexpr auto kLower = [] {
    std::array<std::uint8_t, 256> lower{};
    for (std::size_t c = 0; c < lower.size(); ++c) {
        const bool is_capital = c >= 'A' && c <= 'Z';
        if (is_capital || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c >= 0x80) {
            lower[c] = static_cast<std::uint8_t>(is_capital ? c - 'A' + 'a' : c);
        }
    }
    return lower;
}();

constexpr bool IsTokenByte(char c) { return kLower[static_cast<unsigned char>(c)] != 0; }

class GramRows {
  public:
    /// As many as gram numbers are told apart by.
    static constexpr std::uint32_t kMaxRows = 1U << 22;

    static constexpr std::size_t kShortestGram = 4;
    /// Bytes before a number's that are read, whatever they are.
    static constexpr std::size_t kLookBack = 8;

    /// Of an index with so many rows; with none, tokens are looked at and their grams are not.
    explicit GramRows(std::uint32_t rows = 0) : rows_(rows), bits_((rows + 63) / 64) {}

    /// Whether `token` is one: some bytes, none of them a delimiter.
    bool AddToken(std::string_view token);
    /// Of a token of digits and points. Its first `known` bytes are those of another that was added. Preconditions: there are rows; kLookBack bytes
    /// before it may be read.
    void AddNumber(std::string_view number, std::size_t known);
    /// Of a run that is no token, in lower case. Precondition: there are rows.
    void AddRun(std::string_view run);

    std::uint32_t rows() const { return rows_; }
    /// Calls `visit` with each row, in rising order.
    template <typename Visit>
    void ForEach(const Visit& visit) const {
        for (std::size_t word = 0; word < bits_.size(); ++word) {
            for (std::uint64_t rest = bits_[word]; rest != 0; rest &= rest - 1) {
                visit(static_cast<std::uint32_t>(64 * word) + static_cast<std::uint32_t>(std::countr_zero(rest)));
            }
        }
    }

  private:
    void AddEndingAt(std::size_t at, std::uint64_t last);
    void Set(std::uint64_t bytes, std::uint64_t length);

    std::uint32_t rows_ = 0;
    std::vector<std::uint64_t> bits_;
};

}  // namespace opsteward::verifier
