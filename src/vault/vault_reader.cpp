#include "vault/vault_reader.hpp"

#include <fmt/format.h>

#include <memory>
#include <numeric>

#include "base/civil_time.hpp"
#include "vault/store/write_ahead_log.hpp"
#include "vault/tree/proof.hpp"

namespace opsteward::vault {

Result<VaultReader> VaultReader::Open(const std::filesystem::path& folder) {
    VaultReader vault(folder);
    if (!std::filesystem::is_directory(vault.layout_.segments())) {
        return Error::Of(ErrorCode::kNotFound, fmt::format("{} 沒有記錄庫。", folder.string()), fmt::format("There is no vault in {}.", folder.string()));
    }
    // In this order nothing is missed: what was sealed before is in the log or in segments, and what leaves the log is in segments before it does.
    if (std::filesystem::exists(vault.layout_.checkpoint())) {
        OPS_TRY(vault.sealed_, ReadFile(vault.layout_.checkpoint()));
    }
    std::vector<std::pair<std::uint64_t, std::string_view>> logged;
    OPS_TRY(vault.log_files_, ReadLog(vault.layout_.log(), [&](std::uint64_t sequence, std::string_view canonical) -> Result<void> {
        logged.emplace_back(sequence, canonical);
        return Ok();
    }));
    OPS_TRY(vault.segments_, SegmentSet::Open(vault.layout_.segments()));
    for (const auto& [sequence, canonical] : logged) {
        if (sequence != vault.size()) continue;
        OPS_CHECK(ParseRecord(canonical));
        vault.tail_.push_back(canonical);
    }
    return vault;
}

std::uint64_t VaultReader::message_bytes() const {
    std::uint64_t bytes = 0;
    for (const Segment& segment : segments_.segments()) {
        for (const BlockEntry& block : segment.blocks()) bytes += block.facts.message_bytes;
    }
    for (const std::string_view canonical : tail_) bytes += ParseRecord(canonical).value().message.size();
    return bytes;
}

std::uint64_t VaultReader::stored_bytes() const {
    return std::accumulate(log_files_.begin(), log_files_.end(), segments_.stored_bytes(),
                           [](std::uint64_t sum, const std::string& file) { return sum + file.size(); });
}

NodeReader VaultReader::Nodes() const {
    return [this, source = std::make_shared<LeafSource>()](unsigned level, std::uint64_t index) {
        return nodes_.Node(level, index, [&](std::uint64_t first, std::uint64_t count) {
            return source->Read(segments_, {tail_.size(), [this](std::uint64_t at) { return LeafHasher()(tail_[at]); }}, first, count);
        }, segments_.gone());
    };
}

Result<Hash> VaultReader::Root(std::uint64_t count) const {
    if (count > size()) {
        return Error::Of(ErrorCode::kInvalidInput, fmt::format("記錄庫只有 {} 筆，沒有前 {} 筆的樹根。", size(), count),
                         fmt::format("The vault holds {} records; there is no root of the first {}.", size(), count));
    }
    return RootAt(count, Nodes());
}

Error VaultReader::Deleted(std::uint64_t sequence, const GoneRange& range) const {
    const bool has_event = range.event < size() && segments_.gone().Find(range.event) == nullptr;
    const Result<std::string> event = has_event ? Canonical(range.event) : Error::Hidden(ErrorCode::kNotFound, "no event");
    if (!event.ok()) {
        return Error::Of(ErrorCode::kCorrupt, fmt::format("第 {} 筆標示為已刪除，但記錄庫中沒有說明此事的第 {} 筆。", sequence, range.event),
                         fmt::format("Record {} is said to be deleted, and record {}, which should say so, is not in the vault.", sequence, range.event));
    }
    const Date day = TaipeiDate(ParseRecord(*event).value().received);
    return Error::Of(ErrorCode::kNotFound,
                     fmt::format("第 {} 筆已於{}依保存規定刪除（見第 {} 筆）。", sequence, FormatDate(day, Language::kZhHant), range.event),
                     fmt::format("Record {} was deleted under retention on {}; record {} says so.", sequence, FormatDate(day, Language::kEnglish), range.event));
}

Result<std::string> VaultReader::Canonical(std::uint64_t sequence) const {
    if (const GoneRange* gone = segments_.gone().Find(sequence)) return Deleted(sequence, *gone);
    if (sequence >= segments_.end()) return std::string(tail_.at(sequence - segments_.end()));
    const auto [segment, entry] = segments_.Find(sequence);
    const std::size_t row = sequence - entry->facts.first;
    OPS_TRY(const Block block, segment->Read(*entry, [row](const MessageColumns& messages) { return RowSet::Range(messages.count(), row, row + 1); }));
    std::string canonical;
    OPS_CHECK(AppendRecord(canonical, block.records().front()));
    return canonical;
}

Result<ProofFile> VaultReader::Prove(std::uint64_t sequence) const {
    if (sequence >= size()) {
        return Error::Of(ErrorCode::kNotFound, fmt::format("沒有第 {} 筆；目前共 {} 筆，從 0 起算。", sequence, size()),
                         fmt::format("There is no record {}; there are {}, counted from 0.", sequence, size()));
    }
    Checkpoint checkpoint;
    if (sealed_) {
        OPS_TRY(const Note note, Note::Parse(*sealed_));
        OPS_TRY(checkpoint, Checkpoint::Parse(note.text));
    }
    if (sequence >= checkpoint.size) {
        return Error::Of(ErrorCode::kConflict, fmt::format("第 {} 筆尚未簽署；最近的檢查點到第 {} 筆為止。", sequence, checkpoint.size),
                         fmt::format("Record {} is not sealed yet; the last checkpoint ends before record {}.", sequence, checkpoint.size));
    }
    if (checkpoint.size > size()) {
        return Error::Of(ErrorCode::kCorrupt, fmt::format("檢查點應有 {} 筆，記錄庫只有 {} 筆。", checkpoint.size, size()),
                         fmt::format("The checkpoint is of {} records, the vault has {}.", checkpoint.size, size()));
    }
    ProofFile proof;
    proof.index = sequence;
    OPS_TRY(const std::string canonical, Canonical(sequence));
    proof.extra = {canonical.begin(), canonical.end()};
    OPS_TRY(proof.hashes, InclusionProof(sequence, checkpoint.size, Nodes()));
    proof.checkpoint = *sealed_;
    return proof;
}

Result<std::vector<Hash>> VaultReader::ProveConsistency(std::uint64_t first, std::uint64_t second) const {
    OPS_CHECK(Root(second));
    return ConsistencyProof(first, second, Nodes());
}

}  // namespace opsteward::vault
