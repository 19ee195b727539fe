#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "platform/audit/chain.hpp"
#include "platform/audit/trail.hpp"

namespace opsteward::audit {

namespace {

constexpr int kMaxLimit = 1000;
constexpr int kPage = 5000;
constexpr std::string_view kColumns =
    "sequence, at, user_id, user_name, address, action, subject_kind, subject_id, subject_name, unit_id, before_json, after_json, hash";

Result<Entry> ReadEntry(const db::Row& row) {
    OPS_TRY(json::value before, ParseJson(row[10].AsText()));
    OPS_TRY(json::value after, ParseJson(row[11].AsText()));
    return Entry{row[0].AsInt(),
                 row[1].AsInstant(),
                 {row[2].AsInt(), row[3].AsText(), row[4].AsText()},
                 {row[5].AsText(), row[6].AsText(), row[7].AsText(), row[8].AsText(), row[9].AsOptionalInt(), std::move(before),
                  std::move(after)},
                 row[12].AsText()};
}

/// `text` for LIKE … ESCAPE '\'.
std::string LikePattern(std::string_view text) {
    std::string pattern = "%";
    for (const char c : ToLowerAscii(text)) {
        if (c == '%' || c == '_' || c == '\\') pattern += '\\';
        pattern += c;
    }
    return pattern + "%";
}

}  // namespace

Result<void> Append(db::Transaction& transaction, const Actor& actor, const Change& change, Instant now) {
    // Taking the number locks the head's row until the transaction ends: the next writer waits here and then sees our hash.
    OPS_TRY(const db::Row head, transaction.QueryOne("UPDATE audit_head SET sequence = sequence + 1 WHERE id = 1 RETURNING sequence, hash"));
    Entry entry{head[0].AsInt(), now, actor, change, ""};
    entry.hash = HashOf(entry, head[1].AsText());
    OPS_CHECK(transaction.Execute(
        fmt::format("INSERT INTO audit_trail ({}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)", kColumns),
        {entry.sequence, now, actor.user_id, actor.name, actor.address, change.action, change.subject_kind, change.subject_id,
         change.subject_name, change.unit_id, json::serialize(change.before), json::serialize(change.after), entry.hash}));
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
        with(R"((lower(action) LIKE ${0} ESCAPE '\' OR lower(subject_name) LIKE ${0} ESCAPE '\' OR lower(subject_id) LIKE ${0} ESCAPE '\')"
             R"( OR lower(user_name) LIKE ${0} ESCAPE '\'))",
             LikePattern(filter.text));
    }
    if (!filter.actor.empty()) with("user_name = ${}", filter.actor);
    if (!filter.subject_kind.empty()) with("subject_kind = ${}", filter.subject_kind);
    if (!filter.subject_id.empty()) with("subject_id = ${}", filter.subject_id);
    if (filter.from) with("at >= ${}", *filter.from);
    if (filter.until) with("at < ${}", *filter.until);
    if (filter.before_sequence > 0) with("sequence < ${}", filter.before_sequence);
    parameters.emplace_back(std::clamp(filter.limit, 1, kMaxLimit));
    OPS_TRY(const db::ResultSet found,
            session.Query(fmt::format("SELECT {} FROM audit_trail WHERE {} ORDER BY sequence DESC LIMIT ${}", kColumns, where,
                                      parameters.size()),
                          std::span<const db::Value>(parameters)));
    std::vector<Entry> entries;
    for (const db::Row& row : found.rows) {
        OPS_TRY(Entry entry, ReadEntry(row));
        entries.push_back(std::move(entry));
    }
    return entries;
}

Result<Verdict> Verify(db::Database& database) {
    return database.Read<Verdict>([](db::Session& session) -> Result<Verdict> {
        Verdict verdict;
        const auto broken = [&](std::int64_t sequence, std::string zh, std::string en) {
            verdict.broken_at = sequence;
            verdict.problem = {std::move(zh), std::move(en)};
            return verdict;
        };
        OPS_TRY(const db::Row head, session.QueryOne("SELECT sequence, hash FROM audit_head WHERE id = 1"));
        std::string previous;
        std::int64_t last = 0;
        while (true) {
            OPS_TRY(const db::ResultSet page,
                    session.Query(fmt::format("SELECT {} FROM audit_trail WHERE sequence > $1 ORDER BY sequence LIMIT {}", kColumns, kPage),
                                  {last}));
            for (const db::Row& row : page.rows) {
                const std::int64_t sequence = row[0].AsInt();
                if (sequence != last + 1) {
                    return broken(last + 1, fmt::format("第 {} 筆不見了。", last + 1), fmt::format("Row {} is missing.", last + 1));
                }
                const auto entry = ReadEntry(row);
                // The kept bytes must be what the program itself writes, so that the hash covers them exactly.
                const bool is_as_written = entry.ok() && json::serialize(entry->change.before) == row[10].AsText() &&
                                           json::serialize(entry->change.after) == row[11].AsText();
                if (!is_as_written || HashOf(*entry, previous) != entry->hash) {
                    return broken(sequence, fmt::format("第 {} 筆的內容與其雜湊值不符。", sequence),
                                  fmt::format("Row {} does not fit its hash.", sequence));
                }
                previous = entry->hash;
                last = sequence;
                ++verdict.rows;
            }
            if (page.rows.size() < static_cast<std::size_t>(kPage)) break;
        }
        if (head[0].AsInt() != last || head[1].AsText() != previous) {
            return broken(last + 1, fmt::format("最後幾筆不見了：應有 {} 筆，實有 {} 筆。", head[0].AsInt(), last),
                          fmt::format("The last rows are missing: there should be {}, there are {}.", head[0].AsInt(), last));
        }
        verdict.is_intact = true;
        return verdict;
    });
}

Result<void> RecordVerdict(db::Transaction& transaction, const Verdict& verdict, Instant now) {
    OPS_CHECK(transaction.Execute("INSERT INTO audit_checks (id, checked_at, is_intact, row_count, problem) VALUES (1, $1, $2, $3, $4) "
                                  "ON CONFLICT (id) DO UPDATE SET checked_at = excluded.checked_at, is_intact = excluded.is_intact, "
                                  "row_count = excluded.row_count, problem = excluded.problem",
                                  {now, verdict.is_intact, verdict.rows, verdict.problem.en}));
    return Ok();
}

}  // namespace opsteward::audit
