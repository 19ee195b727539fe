// Facts as they are kept: one table a topic, what could be observed, and the history of changes.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/language.hpp"
#include "db/database.hpp"
#include "features/inventory/difference.hpp"
#include "features/inventory/observation.hpp"
#include "features/inventory/topic.hpp"

namespace opsteward::inventory {

/// "facts_listening_sockets"
std::string FactTable(const Topic& topic);

// --- Writing

struct ObservationEffect {
    std::int64_t changes = 0;           ///< lines added to the history
    bool has_coverage_changed = false;  ///< a topic came or went
    bool is_stale = false;              ///< older than what is known already, or the device is retired: nothing was written

    bool is_worth_judging() const { return changes > 0 || has_coverage_changed; }
};
/// Writes what differs from what is known, and nothing else but the time of observation. kNotFound when there is no such device.
Result<ObservationEffect> ApplyObservation(db::Transaction& transaction, std::int64_t device_id, const Observation& observation);

/// A topic with more rows than this is not taken in.
inline constexpr std::size_t kMaxRowsPerTopic = 50'000;

// --- Reading

struct Coverage {
    std::string topic;
    bool is_observed = false;
    Text reason;                         ///< why not
    std::optional<Instant> observed_at;  ///< the last time it was
};
/// By topic. Topics never reported are absent.
Result<std::map<std::string, Coverage, std::less<>>> CoverageOf(db::Session& session, std::int64_t device_id);

/// Rows of a topic that can be approved, by what became of that.
enum class ApprovalFilter {
    kAny,
    kUnapproved,
    /// Those of the unapproved that somebody should decide on: sockets reachable from outside, accounts that can log in, software
    /// of unknown source. The rest comes with the release or is out of reach.
    kToDecide,
};

struct TopicCount {
    std::int64_t rows = 0;
    std::int64_t unapproved = 0;  ///< of topics that can be approved
    std::int64_t to_decide = 0;
};
Result<std::map<std::string_view, TopicCount>> CountFacts(db::Session& session, std::int64_t device_id);

struct FactQuery {
    std::int64_t device_id = 0;
    std::string text;                 ///< in any column shown as text or whole number
    std::optional<std::size_t> sort;  ///< index of a column; none: by key
    bool is_descending = false;
    ApprovalFilter approval = ApprovalFilter::kAny;
    std::optional<std::int64_t> after_id;  ///< only rows after this one, and in the order of ids
    int limit = 100;
    int offset = 0;
};
struct FactRow {
    std::int64_t id = 0;
    db::Row values;
    std::optional<std::int64_t> approval_id;
    std::string approval_reason;
    std::optional<Instant> approved_until;
    bool is_to_decide = false;  ///< not approved, and a finding unless it is
    Instant first_seen_at;
};
struct FactPage {
    std::vector<FactRow> rows;
    std::int64_t total = 0;
};
Result<FactPage> ReadFacts(db::Session& session, const Topic& topic, const FactQuery& query);
/// kNotFound when the row is gone or belongs to another device.
Result<FactRow> FindFact(db::Session& session, const Topic& topic, std::int64_t device_id, std::int64_t row_id);

struct ChangeFilter {
    std::int64_t device_id = 0;
    std::string topic;
    std::optional<ChangeKind> kind;
    std::string text;            ///< in the subject
    std::int64_t before_id = 0;  ///< 0: from the newest
    int limit = 100;
};
struct StoredChange {
    std::int64_t id = 0;
    std::string topic;
    FactChange change;
    Instant at;
};
/// Newest first.
Result<std::vector<StoredChange>> ReadChanges(db::Session& session, const ChangeFilter& filter);

/// A name of software and how many devices have it.
struct SoftwareHit {
    std::string name;
    std::int64_t devices = 0;
    std::int64_t first_device_id = 0;
    std::string first_device;
};
Result<std::vector<SoftwareHit>> SearchSoftware(db::Session& session, const std::set<std::int64_t>& units, std::string_view text,
                                                int limit);

struct ListenerHit {
    std::int64_t device_id = 0;
    std::string device;
    std::string protocol;
    std::string address;
    std::int64_t port = 0;
    std::string program;
};
Result<std::vector<ListenerHit>> SearchListeners(db::Session& session, const std::set<std::int64_t>& units, std::int64_t port,
                                                 int limit);

/// Devices with rows that wait for a decision (ApprovalFilter::kToDecide).
struct UndecidedCount {
    std::int64_t device_id = 0;
    std::string device;
    std::int64_t rows = 0;
};
/// Most first. None for topics that are not approved.
Result<std::vector<UndecidedCount>> CountUndecided(db::Session& session, const Topic& topic, const std::set<std::int64_t>& units,
                                                   int limit);

/// Devices in service that are observed, and whose last observation is older than `before` or lacks some topics.
struct ObservationGap {
    std::int64_t device_id = 0;
    std::string device;
    std::optional<Instant> last_observed_at;
    std::int64_t missing_topics = 0;
};
Result<std::vector<ObservationGap>> ObservationGaps(db::Session& session, const std::set<std::int64_t>& units, Instant before,
                                                    int limit);

}  // namespace opsteward::inventory
