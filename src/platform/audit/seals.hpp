// What the records know of the seals: up to which row the trail lies in a vault, and in which checkpoint each row was sealed first.
//
// A vault is known by the name and id of its key, for every server seals into its own. What a vault holds is for the vault to say; these rows
// are for looking things up, and bear witness against a vault that was put back to an older state.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/audit/trail.hpp"

namespace opsteward::audit {

struct Seal {
    std::int64_t through = 0;      ///< the last row it holds
    std::int64_t tree_size = 0;    ///< records in the vault: the number of the checkpoint
    std::string root;              ///< of the tree, base 64 as in the checkpoint
    Instant at{};

    bool operator==(const Seal&) const = default;
};

/// Keeps it, unless there is one through the same row.
Result<void> RecordSeal(db::Transaction& transaction, std::string_view log, const Seal& seal);
/// The newest of this vault.
Result<std::optional<Seal>> LastSeal(db::Session& session, std::string_view log);
/// All vaults that the trail was ever sealed in, by their names: other servers' and earlier ones too.
Result<std::vector<std::string>> SealedLogs(db::Session& session);
/// The last one that does not hold the row, and the first one that does.
struct SealsAround {
    std::optional<Seal> before;
    std::optional<Seal> holding;
};
Result<SealsAround> FindSeals(db::Session& session, std::string_view log, std::int64_t sequence);
/// Of these rows those that are sealed, each with the first seal that holds it. At most 1000 are asked for at once.
Result<std::map<std::int64_t, Seal>> SealsOf(db::Session& session, std::string_view log, std::span<const std::int64_t> sequences);

/// How far the trail is sealed in this vault.
struct SealState {
    std::optional<Seal> last;
    std::int64_t waiting = 0;              ///< rows that are not sealed yet
    std::optional<Instant> waiting_since;  ///< the time of the first of them
};
Result<SealState> ReadSealState(db::Session& session, std::string_view log);

}  // namespace opsteward::audit
