// All that is known of one product: the ranges of versions that records name, and the bounds of those ranges as keys in their order.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "features/vulnerabilities/snapshot/layout.hpp"
#include "versions/version.hpp"

namespace opsteward::vuln {

/// A range whose ends are keys still. The views are of what it was made from.
struct KeyedRange {
    bool has_low = false;
    bool has_high = false;
    bool excludes_low = false;
    bool excludes_high = false;
    std::string_view low;
    std::string_view high;
    std::string_view low_text;  ///< as the source writes it (RangeTexts); empty for none
    std::string_view high_text;
    std::uint32_t target = 0;
    std::uint32_t traits = 0;
};

/// The bytes of a block; the ranges are put in order.
std::string WriteProductBlock(versions::Scheme scheme, std::vector<KeyedRange>& ranges);

/// A block where it lies. Its bytes are trusted as little as any: what lies outside of them is never read.
class ProductBlock {
  public:
    /// Precondition: `bytes` begin at an address that 4 divides. Nothing when the parts do not fit in it.
    static std::optional<ProductBlock> Read(std::string_view bytes);

    versions::Scheme scheme() const { return scheme_; }
    std::span<const Range> ranges() const { return ranges_; }
    /// Where a version stands among the bounds (Range).
    std::uint32_t PlaceOf(std::string_view key) const;
    /// As it was before it was put among the bounds; nothing when they don't hold its ends. Precondition: index < ranges().size().
    std::optional<KeyedRange> Keyed(std::size_t index) const;

  private:
    ProductBlock() = default;
    /// Texts one after the other, with where each begins and the last ends.
    struct Texts {
        std::span<const std::uint32_t> offsets;
        std::string_view bytes;

        std::size_t size() const { return offsets.size() - 1; }
        std::string_view operator[](std::size_t index) const;
    };

    versions::Scheme scheme_ = versions::Scheme::kGeneric;
    std::span<const Range> ranges_;
    std::span<const RangeTexts> range_texts_;
    Texts bounds_;
    Texts texts_;
};

}  // namespace opsteward::vuln
