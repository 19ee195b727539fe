#include "platform/audit/sealed_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "platform/audit/sealed_row.hpp"
#include "platform/audit/sealer.hpp"
#include "vault/scan.hpp"

namespace opsteward::audit {

namespace {

constexpr int kPage = 1000;

/// The rows of the database, one after the other.
class RowCursor {
  public:
    explicit RowCursor(db::Session& session) : session_(session) {}

    /// The row that is next; nothing at the end.
    Result<const RowLine*> Peek() {
        if (page_.empty() && !is_end_) {
            OPS_TRY(auto lines, ReadLines(session_, next_, kPage));
            is_end_ = lines.empty();
            if (!is_end_) next_ = lines.back().sequence + 1;
            page_.assign(std::make_move_iterator(lines.begin()), std::make_move_iterator(lines.end()));
        }
        return page_.empty() ? nullptr : &page_.front();
    }
    void Pop() { page_.pop_front(); }

  private:
    db::Session& session_;
    std::deque<RowLine> page_;
    std::int64_t next_ = 1;
    bool is_end_ = false;
};

struct Difference {
    std::int64_t row = 0;
    Text text;
};

/// Takes the vault's rows in order, and holds each against the database's. Where the vault has deleted records by their age, rows may be missing in it.
class Comparison {
  public:
    Comparison(db::Session& session, const vault::GoneRanges& gone) : rows_(session), gone_(gone) {}

    /// Whether they are the same so far.
    Result<bool> Take(std::uint64_t number, std::string_view line) {
        const auto sequence = SequenceOf(line);
        if (!sequence || *sequence <= last_) {
            return Differ(last_ + 1, fmt::format("記錄庫第 {} 筆不是接續的稽核紀錄。", number),
                          fmt::format("Record {} of the vault is no row of the audit trail that goes on from the one before.", number));
        }
        const bool has_deleted = gone_.Touch(next_number_, number);
        next_number_ = number + 1;
        OPS_TRY(const RowLine* row, rows_.Peek());
        while (has_deleted && row != nullptr && row->sequence < *sequence) {
            rows_.Pop();
            OPS_TRY(row, rows_.Peek());
        }
        if (row != nullptr && row->sequence < *sequence) {
            return Differ(row->sequence, fmt::format("資料庫的第 {} 筆不在記錄庫裡，之後的紀錄卻已封存。", row->sequence),
                          fmt::format("Row {} is in the database and not in the vault, which holds later ones.", row->sequence));
        }
        if (row == nullptr || row->sequence > *sequence) {
            return Differ(*sequence, fmt::format("第 {} 筆已封存於記錄庫（第 {} 筆），資料庫裡卻沒有。", *sequence, number),
                          fmt::format("Row {} is sealed in the vault (record {}), and is not in the database.", *sequence, number));
        }
        if (row->line != line) {
            return Differ(*sequence, fmt::format("第 {} 筆與封存於記錄庫的內容（第 {} 筆）不同。", *sequence, number),
                          fmt::format("Row {} differs from what is sealed of it in the vault (record {}).", *sequence, number));
        }
        rows_.Pop();
        last_ = *sequence;
        ++compared_;
        return true;
    }

    std::int64_t compared() const { return compared_; }
    const std::optional<Difference>& difference() const { return difference_; }

  private:
    bool Differ(std::int64_t row, std::string zh, std::string en) {
        difference_ = Difference{row, {std::move(zh), std::move(en)}};
        return false;
    }

    RowCursor rows_;
    const vault::GoneRanges& gone_;
    std::uint64_t next_number_ = 0;  ///< of the record after the last one taken
    std::int64_t last_ = 0;
    std::int64_t compared_ = 0;
    std::optional<Difference> difference_;
};

Result<void> Compare(const vault::VaultReader& vault, Comparison& comparison) {
    vault::Scan scan;
    scan.threads = 1;
    scan.choose = [](const vault::Segment& segment) -> Result<vault::BlockSet> { return SealedStream().BlocksOf(segment); };
    Result<void> outcome;
    OPS_CHECK(vault::ForEach(vault, scan, [&](std::uint64_t number, const vault::RecordView& record) {
        if (!SealedStream().Holds(record)) return true;
        const auto taken = comparison.Take(number, record.message);
        if (!taken.ok()) outcome = taken.error();
        return taken.ok() && *taken;
    }));
    return outcome;
}

/// The earlier of two places; both texts.
void Add(Verdict& verdict, std::optional<std::int64_t> row, const Text& text) {
    if (row) verdict.broken_at = std::min(*row, verdict.broken_at.value_or(*row));
    verdict.problem.zh += text.zh;
    verdict.problem.en += (verdict.problem.en.empty() ? "" : " ") + text.en;
    verdict.is_intact = false;
}

Result<void> CompareWithVault(db::Database& database, const SealPlace& place, Verdict& verdict) {
    OPS_TRY(const auto log, LogOf(place));
    if (!log) return Ok();
    // In this order, beside a server that seals: what the vault is known to hold, the vault, the rows. Each may have more than the one before.
    OPS_TRY(const auto seal, database.Read<std::optional<Seal>>([&](db::Session& session) { return LastSeal(session, *log); }));
    OPS_TRY(const auto vault, vault::VaultReader::Open(place.vault));
    if (seal) OPS_CHECK(CheckAgainstSeal(vault, *seal));
    return database.ReadWith([&](db::Session& session) -> Result<void> {
        Comparison comparison(session, vault.segments().gone());
        OPS_CHECK(Compare(vault, comparison));
        verdict.sealed = comparison.compared();
        if (comparison.difference()) Add(verdict, comparison.difference()->row, comparison.difference()->text);
        return Ok();
    });
}

}  // namespace

Result<Verdict> VerifyWithVault(db::Database& database, const SealPlace& place, const std::function<bool(std::int64_t done, std::int64_t all)>& go_on) {
    OPS_TRY(Verdict verdict, Verify(database, go_on));
    const auto compared = CompareWithVault(database, place, verdict);
    if (compared.ok()) return verdict;
    const ErrorCode code = compared.error().code;
    if (code != ErrorCode::kCorrupt && code != ErrorCode::kNotFound) return compared.error();
    Add(verdict, std::nullopt, compared.error().caller_text);
    return verdict;
}

}  // namespace opsteward::audit
