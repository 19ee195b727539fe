// Where the blocks of a segment lie. Format: docs/formats/vault.md, "Segment".
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "verifier/fault.hpp"
#include "verifier/file.hpp"
#include "verifier/footer.hpp"

namespace opsteward::verifier {

struct SegmentLayout {
    std::vector<BlockPlace> blocks;       ///< without a gap from the segment's first record on
    std::optional<SegmentFooter> footer;  ///< if it is sound
    std::vector<Malformed> faults;        ///< of header, footer and trailer

    std::uint64_t end(std::uint64_t first) const { return blocks.empty() ? first : blocks.back().first + blocks.back().count; }
};

/// By the footer; if that is damaged, by the blocks' own headers, as far as they go on from each other. `first` is what the file is named by.
SegmentLayout ReadSegmentLayout(const File& file, std::uint64_t first);

}  // namespace opsteward::verifier
