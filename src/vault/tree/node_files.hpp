// The upper hashes of the tree on the disk, so that a proof need not hash the whole log. Format: docs/formats/vault.md, "Tree".
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "vault/store/file.hpp"
#include "vault/tree/frontier.hpp"
#include "vault/tree/gone_ranges.hpp"
#include "vault/tree/hash.hpp"

namespace opsteward::vault {

/// Hashes of the leaves first … first+count-1.
using LeafReader = std::function<Result<std::vector<Hash>>(std::uint64_t first, std::uint64_t count)>;

/// Nothing of a vault that has all its records rests on these files: what they lack is made from the leaves. Of records that were deleted, `gone` has what proofs
/// of the others need; these files have more, for the roots that the tree had while it ended within them.
class NodeFiles {
  public:
    /// Every so manyth level is kept; one hash for 256 of the level below.
    static constexpr unsigned kStep = 8;

    explicit NodeFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}

    /// Takes in the node if its level is kept. Nodes of a level come in order.
    void Put(unsigned level, std::uint64_t index, const Hash& hash);
    /// Writes what was put, and syncs.
    Result<void> Write();
    /// Any node: kept, still to be written, or made from those below it, down to the leaves. `leaves` is asked for those that are gone too, where nothing else
    /// is left to make the node of.
    Result<Hash> Node(unsigned level, std::uint64_t index, const LeafReader& leaves, const GoneRanges& gone = {}) const;

  private:
    struct Level {
        std::optional<File> file;
        std::uint64_t first = 0;  ///< of what is still to be written
        std::string bytes;
    };

    std::filesystem::path PathOf(unsigned level) const;
    /// `count` nodes of one level; nothing unless all of them are there.
    std::optional<std::vector<Hash>> Kept(unsigned level, std::uint64_t index, std::uint64_t count) const;

    std::filesystem::path folder_;
    std::map<unsigned, Level> levels_;
};

}  // namespace opsteward::vault
