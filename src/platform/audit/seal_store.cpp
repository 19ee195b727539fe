#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "platform/audit/seals.hpp"

namespace opsteward::audit {

namespace {

constexpr std::string_view kColumns = "through_sequence, tree_size, root, sealed_at";

Seal ReadSeal(const db::Row& row, std::size_t first = 0) {
    return {row[first].AsInt(), row[first + 1].AsInt(), row[first + 2].AsText(), row[first + 3].AsInstant()};
}

std::optional<Seal> FirstOf(const db::ResultSet& found) {
    return found.empty() ? std::nullopt : std::optional(ReadSeal(found.rows.front()));
}

}  // namespace

Result<void> RecordSeal(db::Transaction& transaction, std::string_view log, const Seal& seal) {
    OPS_CHECK(transaction.Execute(fmt::format("INSERT INTO audit_seals (log, {}) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (log, through_sequence) DO NOTHING", kColumns),
                                  {log, seal.through, seal.tree_size, seal.root, seal.at}));
    return Ok();
}

Result<std::optional<Seal>> LastSeal(db::Session& session, std::string_view log) {
    OPS_TRY(const db::ResultSet found,
            session.Query(fmt::format("SELECT {} FROM audit_seals WHERE log = $1 ORDER BY through_sequence DESC LIMIT 1", kColumns), {log}));
    return FirstOf(found);
}

Result<std::vector<std::string>> SealedLogs(db::Session& session) {
    // From one log to the next by the index: there are few logs, and many seals of each.
    OPS_TRY(const db::ResultSet found,
            session.Query("WITH RECURSIVE logs (log) AS (SELECT MIN(log) FROM audit_seals UNION ALL SELECT (SELECT MIN(log) "
                          "FROM audit_seals WHERE log > logs.log) FROM logs WHERE logs.log IS NOT NULL) "
                          "SELECT log FROM logs WHERE log IS NOT NULL ORDER BY log"));
    std::vector<std::string> logs;
    for (const db::Row& row : found.rows) logs.push_back(row[0].AsText());
    return logs;
}

Result<SealsAround> FindSeals(db::Session& session, std::string_view log, std::int64_t sequence) {
    OPS_TRY(const db::ResultSet before,
            session.Query(fmt::format("SELECT {} FROM audit_seals WHERE log = $1 AND through_sequence < $2 ORDER BY through_sequence DESC LIMIT 1", kColumns),
                          {log, sequence}));
    OPS_TRY(const db::ResultSet holding,
            session.Query(fmt::format("SELECT {} FROM audit_seals WHERE log = $1 AND through_sequence >= $2 ORDER BY through_sequence LIMIT 1", kColumns),
                          {log, sequence}));
    return SealsAround{FirstOf(before), FirstOf(holding)};
}

Result<std::map<std::int64_t, Seal>> SealsOf(db::Session& session, std::string_view log, std::span<const std::int64_t> sequences) {
    std::map<std::int64_t, Seal> seals;
    if (sequences.empty()) return seals;
    std::vector<db::Value> parameters{log};
    std::vector<std::string> places;
    for (const std::int64_t sequence : sequences) {
        parameters.emplace_back(sequence);
        places.push_back(fmt::format("${}", parameters.size()));
    }
    OPS_TRY(const db::ResultSet found,
            session.Query(fmt::format("SELECT audit_trail.sequence, {} FROM audit_trail JOIN audit_seals ON log = $1 AND through_sequence = "
                                      "(SELECT MIN(through_sequence) FROM audit_seals WHERE log = $1 AND through_sequence >= audit_trail.sequence) "
                                      "WHERE audit_trail.sequence IN ({})",
                                      kColumns, Join(places, ", ")),
                          std::span<const db::Value>(parameters)));
    for (const db::Row& row : found.rows) seals.emplace(row[0].AsInt(), ReadSeal(row, 1));
    return seals;
}

Result<SealState> ReadSealState(db::Session& session, std::string_view log) {
    SealState state;
    OPS_TRY(state.last, LastSeal(session, log));
    const std::int64_t through = state.last ? state.last->through : 0;
    OPS_TRY(const std::int64_t rows, CountRows(session));
    state.waiting = std::max<std::int64_t>(0, rows - through);
    OPS_TRY(const db::ResultSet first, session.Query("SELECT at FROM audit_trail WHERE sequence > $1 ORDER BY sequence LIMIT 1", {through}));
    if (!first.empty()) state.waiting_since = first.rows.front()[0].AsInstant();
    return state;
}

}  // namespace opsteward::audit
