// From samples and logs to: when the rule was watched, and when it was used.
#pragma once

#include <cstdint>
#include <vector>

#include "features/firewall/idle/rule_history.hpp"

namespace opsteward::firewall {

enum class UseSource : std::uint8_t { kLastHit, kFirstHit, kHitsGrew, kBytesGrew, kActiveSessions, kHitsSinceReset, kLogLine, kLogStatistic };

/// At least one use, at some time from `earliest` to `latest`.
struct Use {
    std::int64_t earliest = 0;
    std::int64_t latest = 0;
    UseSource source = UseSource::kLastHit;

    bool operator==(const Use&) const = default;
};

enum class BreakKind : std::uint8_t { kReset, kRestart, kRoleChange };

/// Between two samples counts were lost: what happened from `first` to `last` the second one does not tell.
struct CounterBreak {
    Period lost;
    BreakKind kind = BreakKind::kReset;

    bool operator==(const CounterBreak&) const = default;
};

struct Observation {
    std::vector<CounterSample> samples;  ///< that tell something, by time
    std::vector<CounterBreak> breaks;    ///< by time
    std::vector<Period> watched;         ///< by counters or logs: by time, neither overlapping nor touching
    std::vector<Use> uses;               ///< by latest, then earliest
    std::size_t log_hits = 0;            ///< without statistics
    bool has_counter = false;
    bool has_log = false;
    bool counts_never = false;  ///< the latest sample says: not once since the counter began, and no other ever said otherwise
};

/// What comes after `now` is left out; a hit that is later than the sample which tells it is taken for as late as that. `trusts_device`: the times that the
/// device itself tells (last hit; beginning of a counter that stands at nothing) count as watched from then on.
/// - Two samples that follow each other watch the time between them, but for what a break has lost.
/// - A break is a fall of hits or bytes, a later time of reset, a last hit that is earlier or gone (kReset), a start of the device between them (kRestart,
/// unless
///   both tell the same last hit, which then survived) or another member of the cluster (kRoleChange).
/// - Uses: last and first hits; growth of hits or bytes between two samples without a break, at the later one's last hit where that lies between them; hits
/// since
///   a reset between them; more hits after a restart than before; active sessions; log lines.
Observation Observe(const RuleHistory& history, std::int64_t now, bool trusts_device);

}  // namespace opsteward::firewall
