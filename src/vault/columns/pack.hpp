// Strings put together and compressed, each by itself so that what is alike stays together. Format: docs/formats/vault.md, "Pack".
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace opsteward::vault {

class PackWriter {
  public:
    void Add(std::string string) { strings_.push_back(std::move(string)); }
    void AddAll(PackWriter&& other) { std::ranges::move(other.strings_, std::back_inserter(strings_)); }
    /// `level` is zstd's.
    std::string Finish(int level) const;

  private:
    std::vector<std::string> strings_;
};

/// The strings of a pack, in their order. kCorrupt when it does not fit, or holds more than `max_bytes` unpacked: nothing is allocated
/// on the word of the pack alone.
Result<std::vector<std::string>> ReadPack(std::string_view bytes, std::size_t max_bytes);

}  // namespace opsteward::vault
