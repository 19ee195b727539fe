// What is known of one rule's use: counters that were sampled, log lines, and what people decided. Times are seconds since 1970-01-01T00:00:00Z.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace opsteward::firewall {

/// The rule's counter at one time, as the device told it. What the vendor does not tell is empty, which is not zero.
struct CounterSample {
    std::int64_t time = 0;  ///< when it was taken
    std::optional<std::uint64_t> hits;
    std::optional<std::uint64_t> bytes;
    std::optional<std::uint64_t> active_sessions;
    std::optional<std::int64_t> first_hit;
    std::optional<std::int64_t> last_hit;
    std::optional<std::int64_t> last_reset;   ///< of the counter
    std::optional<std::int64_t> device_boot;  ///< when the device, which may lose its counters then, began to run
    std::string role;                         ///< which member of a cluster counted: its serial number, "primary"; empty: not told
    /// Figures and times that are absent mean that the rule was never used since the counter began (FortiOS's REST interface).
    bool is_absent_never = false;

    bool operator==(const CounterSample&) const = default;
};

/// A log line that names the rule.
struct LogHit {
    std::int64_t time = 0;
    bool is_statistic = false;  ///< of a session that goes on: proof of use, no new hit

    bool operator==(const LogHit&) const = default;
};

/// From `first` to `last`.
struct Period {
    std::int64_t first = 0;
    std::int64_t last = 0;

    bool operator==(const Period&) const = default;
};

/// Until when the rule was asked for, and in what.
struct RequestedPeriod {
    std::string request;              ///< "REQ-2026-031"; empty: not told
    std::optional<std::int64_t> end;  ///< the first second after it

    bool operator==(const RequestedPeriod&) const = default;
};

/// People decided that it stays.
struct KeepMark {
    std::string reason;                 ///< one without a reason does not count
    std::optional<std::int64_t> until;  ///< empty: for good

    bool operator==(const KeepMark&) const = default;
};

struct RuleHistory {
    std::vector<CounterSample> samples;  ///< in any order
    std::vector<LogHit> log_hits;        ///< in any order
    std::vector<Period> logged;          ///< when the rule wrote a log and the device's logs are all there; in any order
    std::optional<std::int64_t> created;
    std::optional<std::int64_t> changed;  ///< the last change of what it says
    RequestedPeriod requested;
    std::optional<KeepMark> keep;
};

}  // namespace opsteward::firewall
