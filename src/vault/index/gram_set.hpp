// The grams of one block's messages.
#pragma once

#include <bit>
#include <cstdint>
#include <string_view>
#include <vector>

namespace opsteward::vault {

class GramSet {
  public:
    /// A gram is known by the first so many bits of its number.
    static constexpr unsigned kBits = 22;

    GramSet() : bits_((std::size_t{1} << kBits) / 64) {}

    /// Adds the grams of a run: of a token, or of what stands for an escape.
    void AddRun(std::string_view run);

    /// How many grams there are.
    std::uint64_t count() const;
    /// Calls `visit` with the first kBits bits of each, in rising order.
    template <typename Visit>
    void ForEach(const Visit& visit) const {
        for (std::size_t word = 0; word < bits_.size(); ++word) {
            for (std::uint64_t rest = bits_[word]; rest != 0; rest &= rest - 1) {
                visit(static_cast<std::uint32_t>(64 * word) + static_cast<std::uint32_t>(std::countr_zero(rest)));
            }
        }
    }

  private:
    std::vector<std::uint64_t> bits_;
};

}  // namespace opsteward::vault
