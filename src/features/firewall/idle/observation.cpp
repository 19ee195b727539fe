#include "features/firewall/idle/observation.hpp"

#include <algorithm>

namespace opsteward::firewall {
namespace {

bool TellsSomething(const CounterSample& sample) {
    return sample.hits || sample.bytes || sample.active_sessions || sample.first_hit || sample.last_hit || sample.is_absent_never;
}

/// Figures that fell; what one of them does not tell can't have.
bool Fell(const std::optional<std::uint64_t>& before, const std::optional<std::uint64_t>& after) {
    return before && after && *after < *before;
}
bool Grew(const std::optional<std::uint64_t>& before, const std::optional<std::uint64_t>& after) {
    return before && after && *after > *before;
}

/// With absent figures written out where they mean nothing.
CounterSample Plain(CounterSample sample) {
    if (sample.is_absent_never) {
        if (!sample.hits) sample.hits = sample.last_hit ? 1 : 0;
        if (!sample.bytes) sample.bytes = 0;
        if (!sample.active_sessions) sample.active_sessions = 0;
    }
    for (auto* hit : {&sample.first_hit, &sample.last_hit}) {
        if (*hit && **hit > sample.time) *hit = sample.time;
    }
    return sample;
}

bool IsNever(const CounterSample& sample) {
    return sample.hits == 0U && !sample.last_hit && !sample.first_hit && sample.active_sessions.value_or(0) == 0 && sample.bytes.value_or(0) == 0;
}

class Watcher {
  public:
    Watcher(std::int64_t now, bool trusts_device) : now_(now), trusts_device_(trusts_device) {}

    Observation Watch(const RuleHistory& history) {
        for (const CounterSample& sample : history.samples) {
            if (sample.time <= now_ && TellsSomething(sample)) result_.samples.push_back(Plain(sample));
        }
        std::ranges::sort(result_.samples, {}, &CounterSample::time);
        result_.has_counter = !result_.samples.empty();
        for (std::size_t i = 0; i < result_.samples.size(); ++i) {
            WatchOne(result_.samples[i], history.created);
            if (i > 0) WatchPair(result_.samples[i - 1], result_.samples[i]);
        }
        WatchLogs(history);
        JoinPeriods();
        std::ranges::sort(result_.uses, {}, [](const Use& use) { return std::pair(use.latest, use.earliest); });
        result_.counts_never = result_.has_counter && std::ranges::all_of(result_.samples, IsNever);
        return std::move(result_);
    }

  private:
    void AddUse(std::int64_t earliest, std::int64_t latest, UseSource source) { result_.uses.push_back({earliest, latest, source}); }
    void AddWatched(std::int64_t first, std::int64_t last) {
        if (first <= last) result_.watched.push_back({first, last});
    }

    void WatchOne(const CounterSample& sample, const std::optional<std::int64_t>& created) {
        AddWatched(sample.time, sample.time);
        if (sample.last_hit) AddUse(*sample.last_hit, *sample.last_hit, UseSource::kLastHit);
        if (sample.first_hit) AddUse(*sample.first_hit, *sample.first_hit, UseSource::kFirstHit);
        if (sample.active_sessions.value_or(0) > 0) AddUse(sample.time, sample.time, UseSource::kActiveSessions);
        if (!trusts_device_) return;
        if (sample.last_hit) AddWatched(std::max(*sample.last_hit, sample.last_reset.value_or(*sample.last_hit)), sample.time);
        if (IsNever(sample) && (created || sample.last_reset || sample.device_boot)) {
            std::int64_t began = created.value_or(INT64_MIN);
            for (const auto& time : {sample.last_reset, sample.device_boot}) began = std::max(began, time.value_or(INT64_MIN));
            AddWatched(began, sample.time);
        }
    }

    static std::optional<CounterBreak> BreakBetween(const CounterSample& before, const CounterSample& after) {
        const Period all{before.time, after.time};
        if (!before.role.empty() && !after.role.empty() && before.role != after.role) return CounterBreak{all, BreakKind::kRoleChange};
        const bool tells_reset =
            after.last_reset && after.last_reset != before.last_reset && *after.last_reset >= before.time && *after.last_reset <= after.time;
        if (tells_reset) return CounterBreak{{before.time, *after.last_reset}, BreakKind::kReset};
        const bool lost_hit = before.last_hit && (!after.last_hit || *after.last_hit < *before.last_hit);
        const bool is_reset = Fell(before.hits, after.hits) || Fell(before.bytes, after.bytes) || lost_hit;
        const bool is_restart = after.device_boot && *after.device_boot > before.time && *after.device_boot <= after.time;
        const bool survived = before.last_hit && before.last_hit == after.last_hit && !is_reset;
        if (is_restart && !survived) return CounterBreak{{before.time, *after.device_boot}, BreakKind::kRestart};
        if (is_reset) return CounterBreak{all, BreakKind::kReset};
        return std::nullopt;
    }

    void WatchPair(const CounterSample& before, const CounterSample& after) {
        if (const auto lost = BreakBetween(before, after)) {
            result_.breaks.push_back(*lost);
            AddWatched(lost->lost.last, after.time);
            // The counter began anew between them, so what it counts was used since: of a cluster's other member that is not so.
            const bool began_anew = lost->kind == BreakKind::kReset || (lost->kind == BreakKind::kRestart && Fell(before.hits, after.hits));
            if (began_anew && after.hits.value_or(0) > 0 && !IsWithin(after.last_hit, *lost, after)) {
                AddUse(lost->lost.last == after.time ? before.time : lost->lost.last, after.time, UseSource::kHitsSinceReset);
            }
            // Whether the counter outlived the restart or began anew: what it has more it has counted since.
            if (lost->kind == BreakKind::kRestart && Grew(before.hits, after.hits)) AddUse(before.time, after.time, UseSource::kHitsGrew);
            return;
        }
        AddWatched(before.time, after.time);
        const bool has_hits = Grew(before.hits, after.hits);
        const bool has_bytes = Grew(before.bytes, after.bytes);
        if (!has_hits && !has_bytes) return;
        // The last hit, where it lies between them, says when; bytes that grow after it belong to a session that goes on.
        if (has_hits && after.last_hit && *after.last_hit >= before.time) return;
        AddUse(before.time, after.time, has_hits ? UseSource::kHitsGrew : UseSource::kBytesGrew);
    }
    static bool IsWithin(const std::optional<std::int64_t>& hit, const CounterBreak& lost, const CounterSample& after) {
        return hit && *hit >= lost.lost.first && *hit <= after.time;
    }

    void WatchLogs(const RuleHistory& history) {
        for (const Period& period : history.logged) {
            if (period.first > now_ || period.first > period.last) continue;
            result_.has_log = true;
            AddWatched(period.first, std::min(period.last, now_));
        }
        for (const LogHit& hit : history.log_hits) {
            if (hit.time > now_) continue;
            result_.has_log = true;
            result_.log_hits += hit.is_statistic ? 0 : 1;
            AddUse(hit.time, hit.time, hit.is_statistic ? UseSource::kLogStatistic : UseSource::kLogLine);
        }
    }

    void JoinPeriods() {
        auto& watched = result_.watched;
        std::ranges::sort(watched, {}, [](const Period& period) { return std::pair(period.first, period.last); });
        std::size_t kept = 0;
        for (const Period& period : watched) {
            if (kept > 0 && period.first <= watched[kept - 1].last) {
                watched[kept - 1].last = std::max(watched[kept - 1].last, period.last);
            } else {
                watched[kept++] = period;
            }
        }
        watched.resize(kept);
    }

    std::int64_t now_;
    bool trusts_device_;
    Observation result_;
};

}  // namespace

Observation Observe(const RuleHistory& history, std::int64_t now, bool trusts_device) {
    return Watcher(now, trusts_device).Watch(history);
}

}  // namespace opsteward::firewall
