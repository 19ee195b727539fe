// A row as the log vault keeps it: one line of JSON (docs/formats/audit-chain.md, "In the log vault").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.hpp"
#include "platform/audit/chain.hpp"
#include "vault/last_record.hpp"

namespace opsteward::audit {

/// Whose records they are.
const vault::Stream& SealedStream();

/// Everything that the row's hash covers, and the hash, so that whoever has the vault can compute the chain without the database. One row is written
/// in one way only. A row that is too long for a record is written by its hashes alone.
std::string SealedLine(const Entry& entry, const KeptTexts& kept, std::string_view previous_hash);

/// The number of the row of a line; nothing when it is no such line.
std::optional<std::int64_t> SequenceOf(std::string_view line);

/// A row and the line that is sealed of it.
struct RowLine {
    std::int64_t sequence = 0;
    std::string line;
};
/// The rows from number `first` on (at least 1), in order, at most `limit`.
Result<std::vector<RowLine>> ReadLines(db::Session& session, std::int64_t first, int limit);

}  // namespace opsteward::audit
