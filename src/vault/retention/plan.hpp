// Which segments may be deleted today, and why the others stay.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/civil_time.hpp"
#include "base/result.hpp"
#include "vault/retention/rules.hpp"
#include "vault/vault_reader.hpp"

namespace opsteward::vault {

enum class Fate {
    kDelete,
    kKeptByNoRule,   ///< no rule says how long some of its records are kept
    kYounger,        ///< some of its records are to be kept longer
    kHeld,
    kUnsealed,       ///< some of its records lie after a checkpoint that has to be computed again
    kIsEvidence,     ///< it says what was deleted
};

struct SegmentFate {
    Fate fate = Fate::kDelete;
    std::uint64_t first = 0;
    std::uint64_t count = 0;
    std::uint64_t message_bytes = 0;
    std::uint64_t stored_bytes = 0;
    Date from{};  ///< days of receipt, in Taipei
    Date to{};
    std::vector<SourceAndKind> streams = {};
    std::optional<Date> due = {};      ///< the first day on which no rule keeps it
    std::string hold = {};             ///< reason of the first hold that covers it
};

/// What retention goes by beside the segments.
struct RetentionState {
    /// What may be deleted ends here: the last checkpoint, or the last one that a witness has signed, where there is one.
    std::uint64_t sealed = 0;
    std::optional<Instant> newest;  ///< time of receipt of the newest record that came from elsewhere, or else of any
};

/// kCorrupt when a checkpoint is not signed by `key`.
Result<RetentionState> ReadRetentionState(const VaultReader& vault, const Layout& layout, const NoteKey& key);
/// A clock that ran ahead would make everything old at once. kForbidden, telling both times, when nothing came for so many days before `now`.
Result<void> CheckClock(const RetentionState& state, Instant now);
inline constexpr unsigned kMostSilentDays = 7;

/// In the order of their records. A record counts as received no earlier than those that came before it: a clock that was behind makes nothing old. Times after
/// `now` are no measure for those that come later.
std::vector<SegmentFate> PlanRetention(const SegmentSet& segments, const RetentionRules& rules, std::uint64_t sealed, Instant now);

}  // namespace opsteward::vault
