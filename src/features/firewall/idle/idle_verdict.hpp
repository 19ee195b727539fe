// Clause 6.6.3.12: rules that were idle for more than half a year, or whose requested period is over, are to be deleted or disabled. What the evidence allows
// to be said of one rule. docs/formats/firewall-idle.md has the definitions.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/language.hpp"
#include "features/firewall/idle/observation.hpp"
#include "features/firewall/idle/rule_history.hpp"

namespace opsteward::firewall {

struct IdleOptions {
    std::int64_t now = 0;              ///< seconds since 1970-01-01T00:00:00Z
    std::int64_t limit_days = 183;     ///< at least 1
    std::int64_t changed_days = 365;   ///< a rule changed since then is not proposed for removal
    std::int64_t freshness_days = 31;  ///< the last observation may be as old as this
    bool trusts_device = false;        ///< whether times that the device tells make up for samples that nobody kept; see Observe()
};

enum class IdleState : std::uint8_t { kUsed, kIdle, kNeverUsed, kNotEvaluable };
/// "used", "idle", "never_used" or "not_evaluable".
std::string_view NameOf(IdleState state);

/// Why nothing can be said.
enum class IdleObstacle : std::uint8_t {
    kNone,
    kNoEvidence,     ///< neither counter nor log
    kStale,          ///< the last observation is too old
    kShortWindow,    ///< watched for less than the limit
    kNewRule,        ///< the rule itself is younger than the limit
    kReset,          ///< a reset of the counter left a gap that no log fills
    kRestart,        ///< so did a restart
    kRoleChange,     ///< so did a change of roles in a cluster
    kLogGap,         ///< logs are missing, and no counter tells of the time
    kUncertainTime,  ///< used at a time that may be before or after the limit
};
/// "no_evidence", "stale" …
std::string_view NameOf(IdleObstacle obstacle);

/// A row that the verdict rests on.
struct EvidenceRow {
    std::int64_t time = 0;
    std::string_view kind;  ///< "created", "changed", "sample", "break", "use", "log", "window", "period", "keep"
    Text text;

    bool operator==(const EvidenceRow&) const = default;
};

struct IdleVerdict {
    IdleState state = IdleState::kNotEvaluable;
    IdleObstacle obstacle = IdleObstacle::kNone;
    Text reason;
    std::optional<std::int64_t> window_start;  ///< watched without a gap from here to window_end; none: not at all
    std::optional<std::int64_t> window_end;
    std::optional<Use> last_use;        ///< the latest known one, in or before the window
    bool is_past_period = false;        ///< its requested period is over
    bool is_proposed = false;           ///< for removal: idle, never used or past its period, and nothing stands against it
    std::vector<Text> objections;       ///< what does: changed lately, to be kept
    std::vector<EvidenceRow> evidence;  ///< by time

    bool operator==(const IdleVerdict&) const = default;
};

/// Pure; takes time in proportion to the number of samples, log lines and periods (and its logarithm).
IdleVerdict JudgeIdle(const RuleHistory& history, const IdleOptions& options);

}  // namespace opsteward::firewall
