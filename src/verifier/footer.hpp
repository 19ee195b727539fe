// The end of a segment: what it says of its blocks. Format: docs/formats/vault.md, "Segment".
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "verifier/block_hasher.hpp"
#include "verifier/file.hpp"
#include "verifier/gram_index.hpp"

namespace opsteward::verifier {

inline constexpr std::string_view kSegmentHeader = "OPSSEG1\n";

struct BlockPlace {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
    std::uint64_t first = 0;
    std::uint32_t count = 0;
    std::optional<BlockFacts> facts = {};  ///< what the footer says, where there is a sound one
};

struct SegmentFooter {
    std::uint64_t offset = 0;
    std::vector<BlockPlace> blocks;
    GramIndexPlace index;
    std::map<SourceAndKind, std::uint64_t> sources;  ///< which blocks have records of whom, the lowest bit for the first
};

/// Malformed unless footer and trailer fit the file and the number `first` of its name, blocks and index fill what is before them, and nothing is left over.
SegmentFooter ReadFooter(const File& file, std::uint64_t first);

}  // namespace opsteward::verifier
