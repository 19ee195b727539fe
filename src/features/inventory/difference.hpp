// What changed between the facts kept of a device and what was just observed. Pure: no database, no clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "db/value.hpp"
#include "features/inventory/topic.hpp"

namespace opsteward::inventory {

/// A row as it is kept.
struct KnownRow {
    std::int64_t id = 0;
    Instant written_at;  ///< when its values were last written
    db::Row values;      ///< in the order of the topic's columns
};

enum class ChangeKind { kAppeared, kChanged, kDisappeared, kFirstObserved, kObserved, kNotObserved };
std::string_view ChangeKindKey(ChangeKind kind);  ///< "appeared" …
Phrase ChangeKindTitle(ChangeKind kind);
std::optional<ChangeKind> ParseChangeKind(std::string_view key);

/// One line of a device's history.
struct FactChange {
    ChangeKind kind = ChangeKind::kChanged;
    std::string subject;  ///< the row's key in words: "tcp 0.0.0.0 22 0"
    json::value before;   ///< null when it appeared; of a change only the columns that differ
    json::value after;    ///< null when it disappeared
};

struct Difference {
    struct Update {
        std::int64_t id = 0;
        db::Row values;
    };
    std::vector<db::Row> inserts;
    std::vector<Update> updates;
    std::vector<std::int64_t> deletes;
    std::vector<FactChange> changes;  ///< without movements of measured columns

    bool is_empty() const { return inserts.empty() && updates.empty() && deletes.empty(); }
};

/// After this time a measured value that moved at all is written, however little it moved.
inline constexpr std::chrono::minutes kMeasuredRefresh{5};
/// The smallest movement of a ratio (0 … 1) that is written at once: what a page or a check would show.
inline constexpr double kRatioStep = 0.0005;

/// `observed` rows that repeat a key: the first one counts.
Difference Compare(const Topic& topic, std::span<const KnownRow> known, const std::vector<db::Row>& observed, Instant at);

/// Each value in the type of its column, text as valid UTF-8 without NUL and at most kMaxTextBytes long, as many values as
/// columns.
db::Row NormaliseRow(const Topic& topic, const db::Row& row);
inline constexpr std::size_t kMaxTextBytes = 4096;

/// The key columns' values with blanks between.
std::string RowSubject(const Topic& topic, const db::Row& row);
/// The key columns as one string that no other key shares.
std::string RowKey(const Topic& topic, const db::Row& row);
/// {"column": value, …} of all columns.
json::object RowJson(const Topic& topic, const db::Row& row);
/// The value as the API gives it: booleans as true/false, instants as RFC 3339.
json::value ValueJson(const Column& column, const db::Value& value);

}  // namespace opsteward::inventory
