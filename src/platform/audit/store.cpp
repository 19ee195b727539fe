#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/text.hpp"
#include "platform/audit/chain.hpp"
#include "platform/audit/sealed_row.hpp"
#include "platform/audit/trail.hpp"

namespace opsteward::audit {

namespace {

constexpr int kMaxLimit = 1000;
constexpr int kPage = 5000;
constexpr std::string_view kColumns =
    "sequence, at, user_id, user_name, address, action, subject_kind, subject_id, subject_name, unit_id, before_json, after_json, hash";

/// Without before and after.
Entry ReadValues(const db::Row& row) {
    return {row[0].AsInt(),
            row[1].AsInstant(),
            {row[2].AsInt(), row[3].AsText(), row[4].AsText()},
            {row[5].AsText(), row[6].AsText(), row[7].AsText(), row[8].AsText(), row[9].AsOptionalInt(), nullptr, nullptr},
            row[12].AsText()};
}

Entry ReadEntry(const db::Row& row) {
    Entry entry = ReadValues(row);
    // What somebody has altered may be no JSON any more, and is shown all the same.
    const auto read = [](const std::string& text) { return ParseJson(text).value_or(json::value(text)); };
    entry.change.before = read(row[10].AsText());
    entry.change.after = read(row[11].AsText());
    return entry;
}

/// `text` for LIKE … ESCAPE '\'.
std::string LikePattern(std::string_view text) {
    std::string pattern = "%";
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '\\') pattern += '\\';
        pattern += c;
    }
    return pattern + "%";
}

/// "unit_id IN ($3, $4)"; adds the units to the parameters.
std::string UnitCondition(const std::set<std::int64_t>& units, std::vector<db::Value>& parameters) {
    std::vector<std::string> places;
    for (const std::int64_t unit : units) {
        parameters.emplace_back(unit);
        places.push_back(fmt::format("${}", parameters.size()));
    }
    return places.empty() ? "1 = 0" : "unit_id IN (" + Join(places, ", ") + ")";
}

}  // namespace

Result<void> Append(db::Transaction& transaction, const Actor& actor, const Change& change, Instant now) {
    // Taking the number locks the head's row until the transaction ends: the next writer waits here and then sees our hash.
    OPS_TRY(const db::Row head, transaction.QueryOne("UPDATE audit_head SET sequence = sequence + 1 WHERE id = 1 RETURNING sequence, hash"));
    Entry entry{head[0].AsInt(), now, actor, change, ""};
    const std::string before = json::serialize(change.before);
    const std::string after = json::serialize(change.after);
    entry.hash = HashOf(entry, {before, after}, head[1].AsText());
    OPS_CHECK(transaction.Execute(
        fmt::format("INSERT INTO audit_trail ({}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)", kColumns),
        {entry.sequence, now, actor.user_id, actor.name, actor.address, change.action, change.subject_kind, change.subject_id,
         change.subject_name, change.unit_id, before, after, entry.hash}));
    OPS_CHECK(transaction.Execute("UPDATE audit_head SET hash = $1 WHERE id = 1", {entry.hash}));
    return Ok();
}

Result<std::vector<Entry>> Search(db::Session& session, const Filter& filter) {
    std::string where = "1 = 1";
    std::vector<db::Value> parameters;
    const auto with = [&](std::string_view condition, db::Value value) {
        parameters.push_back(std::move(value));
        where += " AND " + fmt::format(fmt::runtime(condition), parameters.size());
    };
    if (!filter.text.empty()) {
        // The database lowers both sides: which letters have case is for it to say.
        with(R"((lower(action) LIKE lower(${0}) ESCAPE '\' OR lower(subject_name) LIKE lower(${0}) ESCAPE '\')"
             R"( OR lower(subject_id) LIKE lower(${0}) ESCAPE '\' OR lower(user_name) LIKE lower(${0}) ESCAPE '\'))",
             LikePattern(filter.text));
    }
    if (!filter.actor.empty()) with("user_name = ${}", filter.actor);
    if (!filter.subject_kind.empty()) with("subject_kind = ${}", filter.subject_kind);
    if (!filter.subject_id.empty()) with("subject_id = ${}", filter.subject_id);
    if (filter.from) with("at >= ${}", *filter.from);
    if (filter.until) with("at < ${}", *filter.until);
    if (filter.before_sequence > 0) with("sequence < ${}", filter.before_sequence);
    if (filter.units) where += " AND " + UnitCondition(*filter.units, parameters);
    parameters.emplace_back(std::clamp(filter.limit, 1, kMaxLimit));
    OPS_TRY(const db::ResultSet found,
            session.Query(fmt::format("SELECT {} FROM audit_trail WHERE {} ORDER BY sequence DESC LIMIT ${}", kColumns, where,
                                      parameters.size()),
                          std::span<const db::Value>(parameters)));
    std::vector<Entry> entries;
    for (const db::Row& row : found.rows) entries.push_back(ReadEntry(row));
    return entries;
}

Result<std::vector<std::string>> SubjectKinds(db::Session& session) {
    // From one kind to the next by the index: a trail of millions of rows has a dozen kinds.
    OPS_TRY(const db::ResultSet found,
            session.Query("WITH RECURSIVE kinds (kind) AS (SELECT MIN(subject_kind) FROM audit_trail UNION ALL SELECT (SELECT MIN(subject_kind) "
                          "FROM audit_trail WHERE subject_kind > kinds.kind) FROM kinds WHERE kinds.kind IS NOT NULL) "
                          "SELECT kind FROM kinds WHERE kind IS NOT NULL ORDER BY kind"));
    std::vector<std::string> kinds;
    for (const db::Row& row : found.rows) kinds.push_back(row[0].AsText());
    return kinds;
}

Result<std::vector<RowLine>> ReadLines(db::Session& session, std::int64_t first, int limit) {
    OPS_TRY(const db::ResultSet found, session.Query(fmt::format("SELECT {} FROM audit_trail WHERE sequence >= $1 ORDER BY sequence LIMIT $2", kColumns),
                                                     {first - 1, limit + 1}));
    std::vector<RowLine> lines;
    Entry before;
    for (const db::Row& row : found.rows) {
        Entry entry = ReadValues(row);
        const bool is_next = entry.sequence == before.sequence + 1;
        const bool is_asked_for = entry.sequence >= first && lines.size() < static_cast<std::size_t>(limit);
        if (is_asked_for) {
            lines.push_back({entry.sequence, SealedLine(entry, {row[10].AsText(), row[11].AsText()}, is_next ? before.hash : std::string())});
        }
        before = std::move(entry);
    }
    return lines;
}

Result<std::int64_t> CountRows(db::Session& session) {
    OPS_TRY(const db::Row head, session.QueryOne("SELECT sequence FROM audit_head WHERE id = 1"));
    return head[0].AsInt();
}

namespace {

/// Walks the rows in order and holds each against the one before.
class ChainWalk {
  public:
    ChainWalk(std::int64_t head_sequence, std::string head_hash) : head_sequence_(head_sequence), head_hash_(std::move(head_hash)) {}

    /// False when the chain breaks at this row.
    bool Take(const db::Row& row) {
        const Entry entry = ReadValues(row);
        const std::int64_t sequence = entry.sequence;
        const std::int64_t expected = verdict_.rows + 1;
        if (sequence < expected || sequence > head_sequence_) {
            return Break(sequence, fmt::format("第 {} 筆不屬於這條鏈，不是本程式寫入的。", sequence),
                         fmt::format("Row {} does not belong to the chain: this program did not write it.", sequence));
        }
        if (sequence > expected) {
            return Break(expected, fmt::format("第 {} 筆不見了。", expected), fmt::format("Row {} is missing.", expected));
        }
        if (HashOf(entry, {row[10].AsText(), row[11].AsText()}, previous_) != entry.hash) {
            return Break(sequence, fmt::format("第 {} 筆的內容與其雜湊值不符。", sequence), fmt::format("Row {} does not fit its hash.", sequence));
        }
        previous_ = entry.hash;
        verdict_.rows = sequence;
        return true;
    }

    /// After the last row.
    Verdict End() {
        const std::int64_t last = verdict_.rows;
        if (verdict_.broken_at) return verdict_;
        if (last < head_sequence_) {
            Break(last + 1, fmt::format("第 {} 筆起不見了：應有 {} 筆，實有 {} 筆。", last + 1, head_sequence_, last),
                  fmt::format("The rows from {} on are missing: there should be {}, there are {}.", last + 1, head_sequence_, last));
        } else if (previous_ != head_hash_) {
            Break(last, fmt::format("鏈尾的記錄與第 {} 筆不符。", last), fmt::format("The record of the chain's end does not fit row {}.", last));
        } else {
            verdict_.is_intact = true;
        }
        return verdict_;
    }

    std::int64_t rows() const { return verdict_.rows; }

  private:
    bool Break(std::int64_t at, std::string zh, std::string en) {
        verdict_.broken_at = at;
        verdict_.problem = {std::move(zh), std::move(en)};
        return false;
    }

    const std::int64_t head_sequence_;
    const std::string head_hash_;
    std::string previous_;
    Verdict verdict_;
};

}  // namespace

Result<Verdict> Verify(db::Database& database, const std::function<bool(std::int64_t done, std::int64_t all)>& go_on) {
    return database.Read<Verdict>([&go_on](db::Session& session) -> Result<Verdict> {
        OPS_TRY(const db::ResultSet heads, session.Query("SELECT sequence, hash FROM audit_head WHERE id = 1"));
        // Without its head every row of the chain is one too many.
        const db::Row head = heads.empty() ? db::Row{0, ""} : heads.rows.front();
        ChainWalk walk(head[0].AsInt(), head[1].AsText());
        // From below 1, where no row of ours can be.
        std::int64_t last = std::numeric_limits<std::int64_t>::min();
        while (true) {
            OPS_TRY(const db::ResultSet page,
                    session.Query(fmt::format("SELECT {} FROM audit_trail WHERE sequence > $1 ORDER BY sequence LIMIT {}", kColumns, kPage),
                                  {last}));
            for (const db::Row& row : page.rows) {
                if (!walk.Take(row)) return walk.End();
            }
            if (page.rows.size() < static_cast<std::size_t>(kPage)) return walk.End();
            last = walk.rows();
            if (go_on && !go_on(last, head[0].AsInt())) return Error::Hidden(ErrorCode::kCancelled, "verifying the audit trail was stopped");
        }
    });
}

Result<void> RecordVerdict(db::Transaction& transaction, const Verdict& verdict, Instant now) {
    OPS_CHECK(transaction.Execute(
        "INSERT INTO audit_checks (id, checked_at, is_intact, row_count, problem, problem_zh, broken_at) VALUES (1, $1, $2, $3, $4, $5, $6) "
        "ON CONFLICT (id) DO UPDATE SET checked_at = excluded.checked_at, is_intact = excluded.is_intact, row_count = excluded.row_count, "
        "problem = excluded.problem, problem_zh = excluded.problem_zh, broken_at = excluded.broken_at",
        {now, verdict.is_intact, verdict.rows, verdict.problem.en, verdict.problem.zh, verdict.broken_at}));
    return Ok();
}

Result<std::optional<DatedVerdict>> LastVerdict(db::Session& session) {
    OPS_TRY(const db::ResultSet found,
            session.Query("SELECT checked_at, is_intact, row_count, problem_zh, problem, broken_at FROM audit_checks WHERE id = 1"));
    if (found.empty()) return std::optional<DatedVerdict>();
    const db::Row& row = found.rows.front();
    return std::optional(DatedVerdict{
        row[0].AsInstant(), {row[1].AsBool(), row[2].AsInt(), row[5].AsOptionalInt(), {row[3].AsText(), row[4].AsText()}}});
}

}  // namespace opsteward::audit
