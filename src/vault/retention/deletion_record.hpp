// The record that says which segment is deleted: it is signed before anything is removed. Format: docs/formats/vault.md, "Deleted segments".
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/civil_time.hpp"
#include "base/result.hpp"
#include "vault/retention/rules.hpp"
#include "vault/store/segment.hpp"
#include "vault/tree/frontier.hpp"
#include "vault/tree/gone_ranges.hpp"
#include "vault/vault_reader.hpp"

namespace opsteward::vault {

/// Whose records these are. They lie in segments of their own, which stay.
inline const SourceAndKind kDeletionRecords{std::string(kOwnSource), "deletion"};

struct Deletion {
    GoneRange range;       ///< its event is not known before the record has its number
    Hash file_hash{};      ///< SHA-256 of the segment's file
    Date from{};           ///< days of receipt, in Taipei
    Date to{};
    std::map<SourceAndKind, std::uint64_t> records;
};

/// Reads the whole segment. kCorrupt when a block of it is damaged.
Result<Deletion> DescribeDeletion(const Segment& segment);
/// kCorrupt unless the hashes of the range are in the tree of `size` leaves with this root.
Result<void> CheckHashes(const GoneRange& range, std::uint64_t size, const Hash& root, const NodeReader& nodes);

/// One line of JSON. What nobody may doubt comes first: the range and its hashes, as DeletionClaim has them, then the rest.
std::string DeletionMessage(const Deletion& deletion, const RetentionRules& rules);
/// What the message of a record begins with that says this range is deleted.
std::string DeletionClaim(const GoneRange& range);
/// kCorrupt unless the range's event is in the vault, is of this program, and claims just this.
Result<void> CheckClaim(const VaultReader& vault, const GoneRange& range);
/// The range that the message claims to be of, without hashes. kCorrupt when it is no such message.
Result<GoneRange> ClaimedRange(std::string_view message);

}  // namespace opsteward::vault
