// From the bytes of a block to the hashes of the tree that can be made of it alone: nearly all the work of a check.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "verifier/block.hpp"
#include "verifier/gone_file.hpp"
#include "verifier/sha256.hpp"

namespace opsteward::verifier {

inline constexpr unsigned kGroupLevel = 8;
/// Leaves of the smallest subtrees that the vault keeps hashes of.
inline constexpr std::uint64_t kGroup = std::uint64_t{1} << kGroupLevel;

/// Whose records they are, as the footer of a segment has it.
struct SourceAndKind {
    std::string source;
    std::string kind;

    auto operator<=>(const SourceAndKind&) const = default;
};

/// What is left of a block when it is read.
struct HashedBlock {
    BlockFacts facts;
    std::set<SourceAndKind> sources;
    GramRows rows;
    std::vector<Hash> leaves;
    Claims claims;
    std::vector<Hash> groups;  ///< roots of the complete groups, numbered from the first that begins in the block
};

/// Number of the first group that begins at or after the record.
constexpr std::uint64_t GroupAfter(std::uint64_t record) { return record / kGroup + (record % kGroup != 0 ? 1 : 0); }

/// Not for use from two threads at a time.
class BlockHasher {
  public:
    /// `wanted` outlives it.
    explicit BlockHasher(const WantedClaims& wanted = kNoClaims) : wanted_(wanted) {}

    /// Parameters and Malformed as those of BlockReader.
    HashedBlock operator()(std::string_view block, std::uint32_t index_rows = 0);

  private:
    const WantedClaims& wanted_;
    BlockReader reader_;
    Sha256 sha256_;
};

}  // namespace opsteward::verifier
