#include "platform/audit/seal_proof.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "platform/audit/sealed_row.hpp"
#include "platform/audit/seals.hpp"
#include "vault/scan.hpp"

namespace opsteward::audit {

namespace {

/// Numbers of records of the vault: from `first`, without `end`.
struct Span {
    std::uint64_t first = 0;
    std::uint64_t end = 0;
};

/// Nothing when none of the records in `span` is the row.
Result<std::optional<std::uint64_t>> FindRecord(const vault::VaultReader& vault, const Span& span, std::int64_t sequence) {
    vault::Scan scan;
    scan.choose = [&](const vault::Segment& segment) -> Result<vault::BlockSet> {
        vault::BlockSet chosen = SealedStream().BlocksOf(segment);
        for (std::size_t i = 0; i < segment.blocks().size(); ++i) {
            const vault::BlockFacts& facts = segment.blocks()[i].facts;
            if (facts.first >= span.end || facts.first + facts.count <= span.first) chosen &= ~(vault::BlockSet{1} << i);
        }
        return chosen;
    };
    scan.find = [&](std::span<const vault::RecordView> records) {
        std::vector<std::uint32_t> places;
        for (std::uint32_t i = 0; i < records.size(); ++i) {
            if (SealedStream().Holds(records[i]) && SequenceOf(records[i].message) == sequence) places.push_back(i);
        }
        return places;
    };
    std::optional<std::uint64_t> found;
    OPS_CHECK(vault::ForEach(vault, scan, [&](std::uint64_t number, const vault::RecordView&) {
        if (number >= span.first && number < span.end) found = number;
        return !found;
    }));
    return found;
}

}  // namespace

Result<vault::ProofFile> ProveRow(db::Database& database, const SealPlace& place, std::int64_t sequence) {
    OPS_TRY(const auto log, LogOf(place));
    SealsAround seals;
    if (log) {
        OPS_TRY(seals, database.Read<SealsAround>([&](db::Session& session) { return FindSeals(session, *log, sequence); }));
    }
    if (!seals.holding) {
        return Error::Of(ErrorCode::kConflict, fmt::format("稽核紀錄第 {} 筆尚未封存，請稍後再取證明。", sequence),
                         fmt::format("Row {} of the audit trail is not sealed yet; ask for its proof a little later.", sequence));
    }
    // What a seal holds was put into the vault after the seal before it.
    const Span span{seals.before ? static_cast<std::uint64_t>(seals.before->tree_size) : 0, static_cast<std::uint64_t>(seals.holding->tree_size)};
    OPS_TRY(const auto vault, vault::VaultReader::Open(place.vault));
    OPS_TRY(const auto number, FindRecord(vault, span, sequence));
    if (!number && vault.segments().gone().Touch(span.first, span.end)) {
        return Error::Of(ErrorCode::kNotFound, fmt::format("稽核紀錄第 {} 筆的封存已依保存期限自記錄庫刪除。", sequence),
                         fmt::format("What was sealed of row {} was deleted from the vault when its time of keeping was over.", sequence));
    }
    if (!number) {
        return Error::Of(ErrorCode::kCorrupt, fmt::format("稽核紀錄第 {} 筆已封存，記錄庫裡卻找不到。", sequence),
                         fmt::format("Row {} of the audit trail was sealed, and is not in the vault.", sequence));
    }
    return vault.Prove(*number);
}

}  // namespace opsteward::audit
