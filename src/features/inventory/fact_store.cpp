#include "features/inventory/fact_store.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "features/inventory/approval_store.hpp"
#include "features/inventory/device_store.hpp"
#include "features/inventory/sql_text_store.hpp"

namespace opsteward::inventory {
namespace {

std::string ColumnList(const Topic& topic, std::string_view prefix) {
    std::string list;
    for (const Column& column : topic.columns) list += fmt::format("{}{}{}", list.empty() ? "" : ", ", prefix, column.name);
    return list;
}

Result<std::vector<KnownRow>> ReadKnown(db::Session& session, const Topic& topic, std::int64_t device_id) {
    OPS_TRY(auto rows, session.Query(fmt::format("SELECT id, written_at, {} FROM {} WHERE device_id = $1 ORDER BY id",
                                                 ColumnList(topic, ""), FactTable(topic)),
                                     {device_id}));
    std::vector<KnownRow> known;
    known.reserve(rows.rows.size());
    for (db::Row& row : rows.rows) {
        KnownRow one{row[0].AsInt(), row[1].AsInstant(), {}};
        one.values.assign(std::make_move_iterator(row.begin() + 2), std::make_move_iterator(row.end()));
        known.push_back(std::move(one));
    }
    return known;
}

Result<void> WriteChange(db::Transaction& transaction, std::int64_t device_id, std::string_view topic, const FactChange& change,
                         Instant at) {
    const auto text = [](const json::value& value) { return value.is_null() ? db::Value() : db::Value(json::serialize(value)); };
    OPS_CHECK(transaction.Execute(
        "INSERT INTO inventory_changes (device_id, topic, kind, subject, before_json, after_json, at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        {device_id, topic, ChangeKindKey(change.kind), change.subject, text(change.before), text(change.after), at}));
    return Ok();
}

Result<void> WriteInserts(db::Transaction& transaction, const Topic& topic, std::int64_t device_id, const Difference& difference,
                          Instant at) {
    if (difference.inserts.empty()) return Ok();
    std::string places;
    for (std::size_t i = 0; i < topic.columns.size(); ++i) places += fmt::format(", ${}", i + 3);
    const std::string sql = fmt::format("INSERT INTO {} (device_id, first_seen_at, written_at, {}) VALUES ($1, $2, $2{})",
                                        FactTable(topic), ColumnList(topic, ""), places);
    for (const db::Row& row : difference.inserts) {
        db::Row parameters = {device_id, at};
        parameters.insert(parameters.end(), row.begin(), row.end());
        OPS_CHECK(transaction.Query(sql, parameters));
    }
    return Ok();
}

Result<void> WriteUpdates(db::Transaction& transaction, const Topic& topic, const Difference& difference, Instant at) {
    if (difference.updates.empty()) return Ok();
    std::string assignments;
    for (std::size_t i = 0; i < topic.columns.size(); ++i) {
        if (topic.columns[i].use != ColumnUse::kKey) assignments += fmt::format(", {} = ${}", topic.columns[i].name, i + 3);
    }
    const std::string sql = fmt::format("UPDATE {} SET written_at = $2{} WHERE id = $1", FactTable(topic), assignments);
    for (const auto& update : difference.updates) {
        db::Row parameters = {update.id, at};
        parameters.insert(parameters.end(), update.values.begin(), update.values.end());
        OPS_CHECK(transaction.Query(sql, parameters));
    }
    return Ok();
}

Result<void> WriteDifference(db::Transaction& transaction, const Topic& topic, std::int64_t device_id,
                             const Difference& difference, Instant at) {
    for (const std::int64_t id : difference.deletes) {
        OPS_CHECK(transaction.Execute(fmt::format("DELETE FROM {} WHERE id = $1", FactTable(topic)), {id}));
    }
    OPS_CHECK(WriteUpdates(transaction, topic, difference, at));
    OPS_CHECK(WriteInserts(transaction, topic, device_id, difference, at));
    if (topic.approval != Approval::kNone && !(difference.inserts.empty() && difference.updates.empty())) {
        OPS_CHECK(MatchApprovals(transaction, topic.approval, device_id));
    }
    return Ok();
}

Result<void> WriteCoverage(db::Transaction& transaction, std::int64_t device_id, const Coverage& coverage) {
    const auto reason = [&](const std::string& text) { return coverage.is_observed ? db::Value() : db::Value(text); };
    OPS_CHECK(transaction.Execute(
        "INSERT INTO inventory_coverage (device_id, topic, status, reason_zh, reason_en, observed_at) VALUES ($1, $2, $3, $4, $5, $6) "
        "ON CONFLICT (device_id, topic) DO UPDATE SET status = excluded.status, reason_zh = excluded.reason_zh, "
        "reason_en = excluded.reason_en, observed_at = excluded.observed_at",
        {device_id, coverage.topic, coverage.is_observed ? "observed" : "not_observed", reason(coverage.reason.zh),
         reason(coverage.reason.en), coverage.observed_at}));
    return Ok();
}

/// Takes in one observation of one device, topic by topic.
class Intake {
  public:
    Intake(db::Transaction& transaction, std::int64_t device_id, Instant at)
        : transaction_(transaction), device_id_(device_id), at_(at) {}

    Result<void> Run(const Observation& observation) {
        OPS_TRY(coverage_, CoverageOf(transaction_, device_id_));
        for (const TopicObservation& seen : observation.topics) {
            const Topic* const topic = FindTopic(seen.topic);
            if (topic == nullptr) return Error::Hidden(ErrorCode::kInternal, fmt::format("no topic is called {}", seen.topic));
            if (seen.not_observed) {
                OPS_CHECK(TakeNotObserved(*topic, *seen.not_observed));
            } else if (seen.rows.size() > kMaxRowsPerTopic) {
                OPS_CHECK(TakeNotObserved(*topic, {fmt::format("超過 {} 列，未採用。", kMaxRowsPerTopic),
                                                   fmt::format("More than {} rows; they were not taken in.", kMaxRowsPerTopic)}));
            } else {
                OPS_CHECK(TakeRows(*topic, seen.rows));
            }
        }
        return RenewCoverage();
    }

    const ObservationEffect& effect() const { return effect_; }

  private:
    Result<void> Remember(const Topic& topic, const FactChange& change) {
        ++effect_.changes;
        return WriteChange(transaction_, device_id_, topic.name, change, at_);
    }

    Result<void> TakeNotObserved(const Topic& topic, const Text& reason) {
        const auto known = coverage_.find(topic.name);
        if (known != coverage_.end() && !known->second.is_observed && known->second.reason == reason) return Ok();
        effect_.has_coverage_changed = true;
        if (known != coverage_.end() && known->second.is_observed) {
            OPS_CHECK(
                Remember(topic, {ChangeKind::kNotObserved, {}, nullptr, json::object{{"zh", reason.zh}, {"en", reason.en}}}));
        }
        const auto observed_at = known == coverage_.end() ? std::nullopt : known->second.observed_at;
        return WriteCoverage(transaction_, device_id_, {std::string(topic.name), false, reason, observed_at});
    }

    Result<void> TakeRows(const Topic& topic, const std::vector<db::Row>& rows) {
        OPS_TRY(const auto current, ReadKnown(transaction_, topic, device_id_));
        const Difference difference = Compare(topic, current, rows, at_);
        OPS_CHECK(WriteDifference(transaction_, topic, device_id_, difference, at_));

        const auto known = coverage_.find(topic.name);
        const bool is_first = known == coverage_.end() || !known->second.observed_at;
        if (is_first) {
            // What was there already when the device was first looked at did not appear just then.
            OPS_CHECK(Remember(topic, {ChangeKind::kFirstObserved, {}, nullptr, json::object{{"rows", rows.size()}}}));
        } else if (topic.has_history) {
            for (const FactChange& change : difference.changes) OPS_CHECK(Remember(topic, change));
        }
        if (known != coverage_.end() && known->second.is_observed) {
            still_observed_.push_back(topic.name);
            return Ok();
        }
        effect_.has_coverage_changed = true;
        if (!is_first) OPS_CHECK(Remember(topic, {ChangeKind::kObserved, {}, nullptr, nullptr}));
        return WriteCoverage(transaction_, device_id_, {std::string(topic.name), true, {}, at_});
    }

    /// One statement for all topics that went on being observed: the only write of a cycle in which nothing changed.
    Result<void> RenewCoverage() {
        if (still_observed_.empty()) return Ok();
        SqlParameters parameters;
        std::string sql = fmt::format("UPDATE inventory_coverage SET observed_at = {} WHERE device_id = {} AND topic IN (",
                                      parameters.Add(at_), parameters.Add(device_id_));
        for (std::size_t i = 0; i < still_observed_.size(); ++i) {
            sql += (i == 0 ? "" : ", ") + parameters.Add(still_observed_[i]);
        }
        OPS_CHECK(transaction_.Query(sql + ")", parameters.values()));
        return Ok();
    }

    db::Transaction& transaction_;
    const std::int64_t device_id_;
    const Instant at_;
    std::map<std::string, Coverage, std::less<>> coverage_;
    std::vector<std::string_view> still_observed_;
    ObservationEffect effect_;
};

/// Text and whole numbers are searched; the rest is shown in a way that depends on the reader.
std::string SearchCondition(const Topic& topic, const std::string& pattern) {
    std::string condition;
    for (const Column& column : topic.columns) {
        const bool is_text = column.type == ColumnType::kText;
        if (!is_text && column.type != ColumnType::kInteger) continue;
        const std::string shown =
            is_text ? fmt::format("LOWER(f.{})", column.name) : fmt::format("CAST(f.{} AS TEXT)", column.name);
        condition += fmt::format("{}{} LIKE {} ESCAPE '\\'", condition.empty() ? "" : " OR ", shown, pattern);
    }
    return "(" + condition + ")";
}

std::string OrderClause(const Topic& topic, const FactQuery& query) {
    if (query.after_id) return "f.id";
    std::string order;
    if (query.sort && *query.sort < topic.columns.size()) {
        const std::string_view name = topic.columns[*query.sort].name;
        order = fmt::format("f.{0} IS NULL, f.{0} {1}, ", name, query.is_descending ? "DESC" : "ASC");
    }
    for (const Column& column : topic.columns) {
        if (column.use == ColumnUse::kKey) order += fmt::format("f.{}, ", column.name);
    }
    return order + "f.id";
}

/// Which rows `f` of a topic wait for a decision.
std::string_view ToDecide(Approval kind) {
    switch (kind) {
        case Approval::kListener: return "f.approval_id IS NULL AND f.is_loopback = 0";
        case Approval::kAccount: return "f.approval_id IS NULL AND f.can_login = 1 AND COALESCE(f.is_enabled, 1) = 1";
        case Approval::kSoftware: return "f.approval_id IS NULL AND f.in_repository = 0";
        case Approval::kNone: break;
    }
    return "1 = 0";
}

std::string FactSelect(const Topic& topic) {
    const bool can_approve = topic.approval != Approval::kNone;
    return fmt::format("SELECT f.id, f.first_seen_at, {}, CASE WHEN {} THEN 1 ELSE 0 END, {} FROM {} f{}",
                       can_approve ? "f.approval_id, a.reason, a.until_at" : "NULL, NULL, NULL", ToDecide(topic.approval),
                       ColumnList(topic, "f."), FactTable(topic), can_approve ? " LEFT JOIN inventory_approvals a ON a.id = f.approval_id" : "");
}

FactRow ReadFact(const db::Row& row) {
    constexpr std::ptrdiff_t kBefore = 6;
    FactRow fact{row[0].AsInt(),
                 db::Row(row.begin() + kBefore, row.end()),
                 row[2].AsOptionalInt(),
                 row[3].AsText(),
                 row[4].AsOptionalInstant(),
                 row[5].AsInt() != 0,
                 row[1].AsInstant()};
    return fact;
}

json::value ParseStored(const db::Value& value) {
    if (value.is_null()) return nullptr;
    return ParseJson(value.AsText()).value_or(json::value(nullptr));
}

}  // namespace

std::string FactTable(const Topic& topic) { return fmt::format("facts_{}", topic.name); }

Result<ObservationEffect> ApplyObservation(db::Transaction& transaction, std::int64_t device_id, const Observation& observation) {
    // Also locks the device's row: two observations of one device are taken in one after the other.
    OPS_TRY(const auto touched,
            transaction.Execute("UPDATE inventory_devices SET last_observed_at = $2 WHERE id = $1 AND retired_at IS NULL "
                                "AND (last_observed_at IS NULL OR last_observed_at < $2)",
                                {device_id, observation.at}));
    if (touched == 0) {
        OPS_TRY(const auto exists, transaction.Query("SELECT 1 FROM inventory_devices WHERE id = $1", {device_id}));
        if (exists.empty()) return NoSuchDevice();
        ObservationEffect stale;
        stale.is_stale = true;
        return stale;
    }
    Intake intake(transaction, device_id, observation.at);
    OPS_CHECK(intake.Run(observation));
    return intake.effect();
}

Result<std::map<std::string, Coverage, std::less<>>> CoverageOf(db::Session& session, std::int64_t device_id) {
    OPS_TRY(const auto rows,
            session.Query("SELECT topic, status, reason_zh, reason_en, observed_at FROM inventory_coverage WHERE device_id = $1",
                          {device_id}));
    std::map<std::string, Coverage, std::less<>> coverage;
    for (const db::Row& row : rows.rows) {
        coverage[row[0].AsText()] = {
            row[0].AsText(), row[1].AsText() == "observed", {row[2].AsText(), row[3].AsText()}, row[4].AsOptionalInstant()};
    }
    return coverage;
}

Result<std::map<std::string_view, TopicCount>> CountFacts(db::Session& session, std::int64_t device_id) {
    std::string sql;
    for (const Topic& topic : AllTopics()) {
        const auto count = [](std::string_view condition) {
            return fmt::format("COALESCE(SUM(CASE WHEN {} THEN 1 ELSE 0 END), 0)", condition);
        };
        const std::string unapproved = topic.approval == Approval::kNone ? "0" : count("f.approval_id IS NULL");
        sql += fmt::format("{}SELECT '{}', COUNT(*), {}, {} FROM {} f WHERE f.device_id = $1", sql.empty() ? "" : " UNION ALL ",
                           topic.name, unapproved, count(ToDecide(topic.approval)), FactTable(topic));
    }
    OPS_TRY(const auto rows, session.Query(sql, {device_id}));
    std::map<std::string_view, TopicCount> counts;
    for (const db::Row& row : rows.rows) {
        if (const Topic* const topic = FindTopic(row[0].AsText()))
            counts[topic->name] = {row[1].AsInt(), row[2].AsInt(), row[3].AsInt()};
    }
    return counts;
}

Result<FactPage> ReadFacts(db::Session& session, const Topic& topic, const FactQuery& query) {
    SqlParameters parameters;
    std::string where = " WHERE f.device_id = " + parameters.Add(query.device_id);
    if (!query.text.empty()) where += " AND " + SearchCondition(topic, parameters.Add(LikePattern(query.text)));
    if (topic.approval != Approval::kNone) {
        if (query.approval == ApprovalFilter::kUnapproved) where += " AND f.approval_id IS NULL";
        if (query.approval == ApprovalFilter::kToDecide) where += fmt::format(" AND {}", ToDecide(topic.approval));
    }

    FactPage page;
    OPS_TRY(const auto count,
            session.Query(fmt::format("SELECT COUNT(*) FROM {} f{}", FactTable(topic), where), parameters.values()));
    page.total = count.rows[0][0].AsInt();
    if (query.after_id) where += " AND f.id > " + parameters.Add(*query.after_id);
    const std::string sql = fmt::format("{}{} ORDER BY {} LIMIT {} OFFSET {}", FactSelect(topic), where,
                                        OrderClause(topic, query), parameters.Add(query.limit), parameters.Add(query.offset));
    OPS_TRY(const auto rows, session.Query(sql, parameters.values()));
    for (const db::Row& row : rows.rows) page.rows.push_back(ReadFact(row));
    return page;
}

Result<FactRow> FindFact(db::Session& session, const Topic& topic, std::int64_t device_id, std::int64_t row_id) {
    OPS_TRY(const auto rows, session.Query(FactSelect(topic) + " WHERE f.id = $1 AND f.device_id = $2", {row_id, device_id}));
    if (rows.empty()) {
        return Error::Of(ErrorCode::kNotFound, "這一項已不在設備上。", "This is not on the device any more.");
    }
    return ReadFact(rows.rows[0]);
}

Result<std::vector<StoredChange>> ReadChanges(db::Session& session, const ChangeFilter& filter) {
    SqlParameters parameters;
    std::string sql = "SELECT id, topic, kind, subject, before_json, after_json, at FROM inventory_changes WHERE device_id = " +
                      parameters.Add(filter.device_id);
    if (filter.before_id > 0) sql += " AND id < " + parameters.Add(filter.before_id);
    if (!filter.topic.empty()) sql += " AND topic = " + parameters.Add(filter.topic);
    if (filter.kind) sql += " AND kind = " + parameters.Add(ChangeKindKey(*filter.kind));
    if (!filter.text.empty()) sql += " AND LOWER(subject) LIKE " + parameters.Add(LikePattern(filter.text)) + " ESCAPE '\\'";
    sql += " ORDER BY id DESC LIMIT " + parameters.Add(filter.limit);
    OPS_TRY(const auto rows, session.Query(sql, parameters.values()));
    std::vector<StoredChange> changes;
    for (const db::Row& row : rows.rows) {
        const auto kind = ParseChangeKind(row[2].AsText());
        if (!kind)
            return Error::Hidden(ErrorCode::kCorrupt,
                                 fmt::format("inventory_changes {}: no kind is called {}", row[0].AsInt(), row[2].AsText()));
        changes.push_back({row[0].AsInt(),
                           row[1].AsText(),
                           {*kind, row[3].AsText(), ParseStored(row[4]), ParseStored(row[5])},
                           row[6].AsInstant()});
    }
    return changes;
}

Result<std::vector<SoftwareHit>> SearchSoftware(db::Session& session, const std::set<std::int64_t>& units, std::string_view text,
                                                int limit) {
    std::vector<SoftwareHit> hits;
    if (units.empty()) return hits;
    SqlParameters parameters;
    const std::string pattern = parameters.Add(LikePattern(text));
    // Walks from one distinct name to the next along the index: a few thousand names instead of millions of rows.
    const std::string sql = fmt::format(
        R"(WITH RECURSIVE names (name) AS (
  SELECT MIN(name) FROM facts_installed_software
  UNION ALL
  SELECT (SELECT MIN(s.name) FROM facts_installed_software s WHERE s.name > names.name) FROM names WHERE names.name IS NOT NULL
), matching (name) AS (
  SELECT name FROM names WHERE name IS NOT NULL AND LOWER(name) LIKE {} ESCAPE '\' ORDER BY LENGTH(name), name LIMIT {}
)
SELECT m.name, COUNT(DISTINCT d.id), MIN(d.id), MIN(d.name) FROM matching m
JOIN facts_installed_software f ON f.name = m.name
JOIN inventory_devices d ON d.id = f.device_id AND d.retired_at IS NULL AND d.unit_id IN {}
GROUP BY m.name ORDER BY LENGTH(m.name), m.name)",
        pattern, parameters.Add(limit), parameters.AddList(units));
    OPS_TRY(const auto rows, session.Query(sql, parameters.values()));
    for (const db::Row& row : rows.rows) hits.push_back({row[0].AsText(), row[1].AsInt(), row[2].AsInt(), row[3].AsText()});
    return hits;
}

Result<std::vector<ListenerHit>> SearchListeners(db::Session& session, const std::set<std::int64_t>& units, std::int64_t port,
                                                 int limit) {
    std::vector<ListenerHit> hits;
    if (units.empty()) return hits;
    SqlParameters parameters;
    const std::string sql = fmt::format(
        "SELECT d.id, d.name, f.protocol, f.address, f.port, f.program FROM facts_listening_sockets f "
        "JOIN inventory_devices d ON d.id = f.device_id AND d.retired_at IS NULL AND d.unit_id IN {} "
        "WHERE f.port = {} ORDER BY d.name, f.protocol, f.address LIMIT {}",
        parameters.AddList(units), parameters.Add(port), parameters.Add(limit));
    OPS_TRY(const auto rows, session.Query(sql, parameters.values()));
    for (const db::Row& row : rows.rows) {
        hits.push_back({row[0].AsInt(), row[1].AsText(), row[2].AsText(), row[3].AsText(), row[4].AsInt(), row[5].AsText()});
    }
    return hits;
}

Result<std::vector<UndecidedCount>> CountUndecided(db::Session& session, const Topic& topic, const std::set<std::int64_t>& units,
                                                   int limit) {
    std::vector<UndecidedCount> counts;
    if (units.empty() || topic.approval == Approval::kNone) return counts;
    SqlParameters parameters;
    const std::string sql = fmt::format(
        "SELECT d.id, d.name, COUNT(*) FROM {} f JOIN inventory_devices d ON d.id = f.device_id AND d.retired_at IS NULL AND d.unit_id IN {} "
        "WHERE {} GROUP BY d.id, d.name ORDER BY 3 DESC, 2 LIMIT {}",
        FactTable(topic), parameters.AddList(units), ToDecide(topic.approval), parameters.Add(limit));
    OPS_TRY(const auto rows, session.Query(sql, parameters.values()));
    for (const db::Row& row : rows.rows) counts.push_back({row[0].AsInt(), row[1].AsText(), row[2].AsInt()});
    return counts;
}

Result<std::vector<ObservationGap>> ObservationGaps(db::Session& session, const std::set<std::int64_t>& units, Instant before,
                                                    int limit) {
    std::vector<ObservationGap> gaps;
    if (units.empty()) return gaps;
    SqlParameters parameters;
    const std::string sql = fmt::format(
        R"(SELECT d.id, d.name, d.last_observed_at, COUNT(c.topic) FROM inventory_devices d
LEFT JOIN inventory_coverage c ON c.device_id = d.id AND c.status = 'not_observed'
WHERE d.retired_at IS NULL AND d.host_key IS NOT NULL AND d.unit_id IN {}
GROUP BY d.id, d.name, d.last_observed_at HAVING COUNT(c.topic) > 0 OR COALESCE(d.last_observed_at, 0) < {}
ORDER BY COALESCE(d.last_observed_at, 0), d.name LIMIT {})",
        parameters.AddList(units), parameters.Add(before), parameters.Add(limit));
    OPS_TRY(const auto rows, session.Query(sql, parameters.values()));
    for (const db::Row& row : rows.rows) {
        gaps.push_back({row[0].AsInt(), row[1].AsText(), row[2].AsOptionalInstant(), row[3].AsInt()});
    }
    return gaps;
}

}  // namespace opsteward::inventory
