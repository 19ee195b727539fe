// Tokens that were met before, so that those which come again and again cost little.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace opsteward::verifier {

/// Holds views: what they view stays until Clear.
class SeenTokens {
  public:
    SeenTokens();

    /// Whether it was not there before. Precondition: not empty.
    bool Insert(std::string_view token);
    void Clear();

  private:
    std::uint64_t HashOf(std::string_view token) const;
    void Grow();

    std::uint64_t key_;                    ///< drawn at random: no sender can make tokens that fall together
    std::vector<std::string_view> slots_;  ///< an empty view is a free one
    std::size_t count_ = 0;
};

}  // namespace opsteward::verifier
