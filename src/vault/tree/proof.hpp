// Inclusion and consistency proofs: made as in RFC 6962 section 2.1, verified as in RFC 9162 sections 2.1.3.2 and 2.1.4.2.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "vault/tree/frontier.hpp"
#include "vault/tree/hash.hpp"

namespace opsteward::vault {

/// From the leaf's sibling up to the root's child. kInvalidInput unless index < size.
Result<std::vector<Hash>> InclusionProof(std::uint64_t index, std::uint64_t size, const NodeReader& nodes);
/// That the tree of `second` leaves begins with the tree of `first`. kInvalidInput unless first <= second.
Result<std::vector<Hash>> ConsistencyProof(std::uint64_t first, std::uint64_t second, const NodeReader& nodes);
/// The root of the first `size` leaves.
Result<Hash> RootAt(std::uint64_t size, const NodeReader& nodes);

bool VerifyInclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size, std::span<const Hash> proof, const Hash& root);
/// A tree without leaves is the beginning of every tree; its proof is empty.
bool VerifyConsistency(std::uint64_t first, const Hash& first_root, std::uint64_t second, const Hash& second_root, std::span<const Hash> proof);

}  // namespace opsteward::vault
