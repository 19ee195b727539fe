// The last record of somebody: where a writer that was cut off goes on from what the vault itself holds.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "vault/vault_reader.hpp"

namespace opsteward::vault {

/// Whose records, and how they came: a source and a kind can be claimed by whoever may bring lines in, a transport can't.
struct Stream {
    std::string source;
    std::string kind;
    Transport transport = Transport::kInternal;

    bool Holds(const RecordView& record) const { return record.transport == transport && record.source == source && record.kind == kind; }
    /// The blocks of a segment that may hold a record of it.
    BlockSet BlocksOf(const Segment& segment) const;
};

struct FoundRecord {
    std::uint64_t sequence = 0;
    std::string message;
};

/// Nothing when the vault holds none. Reads from the end, so that a stream that is written to often is found at once.
Result<std::optional<FoundRecord>> LastRecord(const VaultReader& vault, const Stream& stream);

}  // namespace opsteward::vault
