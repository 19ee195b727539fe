// Strings put together and compressed, each by itself so that what is alike stays together. Format: docs/formats/vault.md, "Pack".
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <memory>
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

/// A string of a pack, packed still: a view into the pack's bytes.
class PackedString {
  public:
    PackedString(std::string_view packed, std::size_t size) : packed_(packed), size_(size) {}

    std::size_t size() const { return size_; }  ///< unpacked
    /// kCorrupt when what is packed is not of that size.
    Result<std::string> Unpack() const;

  private:
    std::string_view packed_;
    std::size_t size_;
};

/// The strings of a pack, in their order, each unpacked only when it is asked for.
class Pack {
  public:
    Pack() = default;  ///< none

    /// Keeps views into `bytes`. kCorrupt when the sizes do not fit, or come to more than `max_bytes` unpacked: nothing is allocated on the word of
    /// the pack alone.
    static Result<Pack> Open(std::string_view bytes, std::size_t max_bytes);

    const std::vector<PackedString>& strings() const { return strings_; }

  private:
    std::unique_ptr<const std::string> joint_;  ///< stays where it is when the pack is moved, for the short strings are views into it
    std::vector<PackedString> strings_;
};

}  // namespace opsteward::vault
