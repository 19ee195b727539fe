#include "vault/vault_writer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/civil_time.hpp"
#include "vault/tree/proof.hpp"

namespace opsteward::vault {

namespace {

Error NotAsSigned(std::string zh, std::string en) {
    return Error::Of(ErrorCode::kCorrupt, "記錄庫與已簽署的檢查點不符：" + std::move(zh) + "未寫入任何資料；請以異地複本還原。",
                     "The vault is not what its signed checkpoint says: " + std::move(en) + " Nothing was written; restore the off-site copy.");
}

bool IsOnOneDay(const BlockBuilder& block, const RecordView& record) { return TaipeiDate(block.facts().latest) == TaipeiDate(record.received); }

}  // namespace

Result<std::unique_ptr<VaultWriter>> VaultWriter::Open(const std::filesystem::path& folder, VaultIdentity identity, VaultOptions options) {
    std::unique_ptr<VaultWriter> vault(new VaultWriter(folder, std::move(identity), options));
    for (const std::filesystem::path& part : {folder, vault->layout_.log(), vault->layout_.segments(), vault->layout_.tree()}) {
        OPS_CHECK(db::PrepareDataFolder(part));
    }
    OPS_TRY(vault->lock_, db::DataFolderLock::Acquire(folder));
    OPS_CHECK(vault->Load());
    return vault;
}

Result<void> VaultWriter::Load() {
    OPS_TRY(segments_, SegmentSet::Open(layout_.segments()));
    OPS_TRY(frontier_, Frontier::Load(segments_.end(), Nodes()));
    OPS_CHECK(LoadLog());
    return CheckAgainstCheckpoint();
}

NodeReader VaultWriter::Nodes() const {
    return [this, source = std::make_shared<LeafSource>()](unsigned level, std::uint64_t index) {
        return nodes_.Node(level, index, [&](std::uint64_t first, std::uint64_t count) {
            return source->Read(segments_, {tail_leaves_.size(), [this](std::uint64_t at) { return tail_leaves_[at]; }}, first, count);
        });
    };
}

Result<void> VaultWriter::LoadLog() {
    const std::uint64_t stored = segments_.end();
    const auto take_in = [&](std::uint64_t sequence, std::string_view canonical) -> Result<void> {
        if (sequence != frontier_.size()) return Ok();  // in a segment already, or after a gap
        OPS_TRY(const RecordView record, ParseRecord(canonical));
        TakeIn(canonical, record);
        return Ok();
    };
    OPS_TRY(WriteAheadLog log, WriteAheadLog::Open(layout_.log(), stored, take_in, options_.log));
    if (log.committed() != frontier_.size()) {
        return Error::Of(ErrorCode::kCorrupt, fmt::format("區段檔到第 {} 筆為止，寫入日誌卻接不上；請以異地複本還原。", stored),
                         fmt::format("The segments end before record {}, and the write-ahead log does not go on from there; restore the off-site copy.", stored));
    }
    log_.emplace(std::move(log));
    return Ok();
}

Result<void> VaultWriter::CheckAgainstCheckpoint() const {
    if (!std::filesystem::exists(layout_.checkpoint())) return Ok();
    OPS_TRY(const std::string bytes, ReadFile(layout_.checkpoint()));
    OPS_TRY(const Note note, Note::Parse(bytes));
    OPS_TRY(const Checkpoint sealed, OpenCheckpoint(note, identity_.public_key()));
    if (sealed.size > size()) {
        return NotAsSigned(fmt::format("應至少有 {} 筆，只有 {} 筆。", sealed.size, size()), fmt::format("it should hold {} records, and holds {}.", sealed.size, size()));
    }
    OPS_TRY(const Hash root, RootAt(sealed.size, Nodes()));
    if (root != sealed.root) {
        return NotAsSigned(fmt::format("前 {} 筆的內容被改過。", sealed.size), fmt::format("its first {} records were altered.", sealed.size));
    }
    return Ok();
}

void VaultWriter::TakeIn(std::string_view canonical, const RecordView& record) {
    const Hash leaf = hasher_(canonical);
    if (tail_.empty() || tail_.back().is_full() || !IsOnOneDay(tail_.back(), record)) tail_.emplace_back(frontier_.size());
    tail_.back().Add(record);
    tail_leaves_.push_back(leaf);
    tail_bytes_ += record.message.size();
    frontier_.Append(leaf, [this](unsigned level, std::uint64_t index, const Hash& hash) { nodes_.Put(level, index, hash); });
}

Result<std::uint64_t> VaultWriter::Append(std::span<const RecordView> records) {
    const std::uint64_t first = size();
    std::string canonical;
    std::vector<std::size_t> ends;
    for (const RecordView& record : records) {
        OPS_CHECK(AppendRecord(canonical, record));
        ends.push_back(canonical.size());
    }
    if (canonical.size() + 4 * ends.size() > WriteAheadLog::kMaxGroup) {
        return Error::Of(ErrorCode::kTooLarge, fmt::format("一次寫入的紀錄合計至多 {} 位元組。", WriteAheadLog::kMaxGroup),
                         fmt::format("The records that are written together have at most {} bytes.", WriteAheadLog::kMaxGroup));
    }
    const auto part = [&](std::size_t i) {
        const std::size_t begin = i == 0 ? 0 : ends[i - 1];
        return std::string_view(canonical).substr(begin, ends[i] - begin);
    };
    for (std::size_t i = 0; i < ends.size(); ++i) OPS_CHECK(log_->Append(part(i)));
    OPS_CHECK(log_->Commit());
    for (std::size_t i = 0; i < ends.size(); ++i) TakeIn(part(i), records[i]);
    return first;
}

Result<Checkpoint> VaultWriter::Seal() {
    Checkpoint checkpoint{identity_.origin, size(), frontier_.Root()};
    OPS_CHECK(ReplaceFile(layout_.checkpoint(), SignCheckpoint(checkpoint, identity_.key).ToText()));
    return checkpoint;
}

Result<void> VaultWriter::WriteSegments() {
    OPS_CHECK(nodes_.Write());
    while (!tail_.empty()) {
        const Date day = TaipeiDate(tail_.front().facts().earliest);
        OPS_TRY(SegmentWriter segment, SegmentWriter::Create(layout_.segments(), tail_.front().facts().first));
        auto end = tail_.begin();
        for (; end != tail_.end() && !segment.is_full() && TaipeiDate(end->facts().earliest) == day; ++end) OPS_CHECK(segment.Add(end->Finish(options_.effort)));
        OPS_TRY(const std::filesystem::path path, segment.Finish());
        OPS_CHECK(segments_.Add(path));
        for (auto block = tail_.begin(); block != end; ++block) tail_bytes_ -= block->facts().message_bytes;
        tail_.erase(tail_.begin(), end);
        const std::uint64_t left = size() - segments_.end();
        tail_leaves_.erase(tail_leaves_.begin(), tail_leaves_.end() - static_cast<std::ptrdiff_t>(left));
    }
    return log_->DropBefore(segments_.end());
}

}  // namespace opsteward::vault
