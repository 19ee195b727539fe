#include "vault/vault_writer.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "base/civil_time.hpp"
#include "base/log.hpp"
#include "vault/compaction.hpp"
#include "vault/last_record.hpp"
#include "vault/store/gone_file.hpp"
#include "vault/earlier_checkpoint.hpp"
#include "vault/tree/proof.hpp"
#include "vault/vault_reader.hpp"

namespace opsteward::vault {

namespace {

/// A segment for each day, and for the records of deletions, or for as many blocks as one holds. After an error some may be there; they are what the next attempt would write.
Result<std::vector<std::filesystem::path>> WriteByDay(const std::vector<BlockBuilder>& blocks, const std::filesystem::path& folder, PackEffort effort) {
    std::vector<std::filesystem::path> paths;
    for (auto block = blocks.begin(); block != blocks.end();) {
        const Date day = TaipeiDate(block->facts().earliest);
        const bool is_kept = block->IsOf(kDeletionRecords);
        OPS_TRY(SegmentWriter segment, SegmentWriter::Create(folder, block->facts().first));
        for (; block != blocks.end() && !segment.is_full() && TaipeiDate(block->facts().earliest) == day && block->IsOf(kDeletionRecords) == is_kept; ++block) {
            OPS_TRY(FinishedBlock finished, block->FinishChecked(effort));
            OPS_CHECK(segment.Add(std::move(finished)));
        }
        OPS_TRY(std::filesystem::path path, segment.Finish());
        paths.push_back(std::move(path));
    }
    return paths;
}

/// Packing may take all of a processor; whoever waits for an acknowledgement comes first. Of the calling thread, for as long as it lives.
void GiveWay() { (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), 10); }

/// A segment that came to no end would keep the room that others miss.
void RemoveUnfinished(const std::filesystem::path& folder) {
    const auto files = ListNumbered(folder, std::string(kSegmentSuffix) + ".new");
    if (!files.ok()) return;
    std::error_code ignored;
    for (const NumberedFile& file : *files) std::filesystem::remove(file.path, ignored);
}

/// So many times VaultOptions::segment_bytes may wait in memory while segments are being written.
constexpr std::uint64_t kMostBehind = 2;

/// What is on one day and can be deleted together: records that say what was deleted stay when those around them go.
bool BelongTogether(const BlockBuilder& block, const RecordView& record) {
    const bool is_kept = record.source == kDeletionRecords.source && record.kind == kDeletionRecords.kind;
    return block.IsOf(kDeletionRecords) == is_kept && TaipeiDate(block.facts().latest) == TaipeiDate(record.received);
}

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
    OPS_CHECK(CheckEvents());
    OPS_CHECK(CheckAgainst(layout_.checkpoint(), kOwnCheckpoint));
    OPS_CHECK(CheckAgainst(layout_.witnessed(), kWitnessedCheckpoint));
    if (!segments_.left_over().empty()) OPS_CHECK(RemoveFiles(segments_.left_over(), layout_.segments()));
    return MakeReserveIfThereIsRoom();
}

Result<void> VaultWriter::MakeReserveIfThereIsRoom() {
    auto made = reserve_.Make();
    return !made.ok() && made.error().code == ErrorCode::kFull ? Ok() : made;
}

/// A step that what is kept already needs. Where the disk is full it has the room of the reserve, which is made anew if enough is left.
Result<void> VaultWriter::WithReserve(const std::function<Result<void>()>& step) {
    auto outcome = step();
    if (outcome.ok() || outcome.error().code != ErrorCode::kFull || !has_reserve()) return outcome;
    // Segments that are being written would take the room that is given up.
    if (writing_) writing_->paths.wait();
    OPS_CHECK(reserve_.GiveUp());
    outcome = step();
    OPS_CHECK(MakeReserveIfThereIsRoom());
    return outcome;
}

NodeReader VaultWriter::Nodes() const {
    return [this, source = std::make_shared<LeafSource>()](unsigned level, std::uint64_t index) {
        return nodes_.Node(level, index, [&](std::uint64_t first, std::uint64_t count) {
            return source->Read(segments_, {tail_leaves_.size(), [this](std::uint64_t at) { return tail_leaves_[at]; }}, first, count);
        }, segments_.gone());
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

Result<void> VaultWriter::CheckAgainst(const std::filesystem::path& file, Phrase which) const {
    OPS_TRY(const auto earlier, ReadCheckpoint(file, identity_.public_key()));
    if (!earlier) return Ok();
    return CheckGoesOn(*earlier, which, size(), [this](std::uint64_t count) { return RootAt(count, Nodes()); });
}

void VaultWriter::TakeIn(std::string_view canonical, const RecordView& record) {
    const Hash leaf = hasher_(canonical);
    if (tail_.empty() || tail_.back().is_full() || !BelongTogether(tail_.back(), record)) tail_.emplace_back(frontier_.size());
    tail_.back().Add(record);
    tail_leaves_.push_back(leaf);
    tail_bytes_ += record.message.size();
    frontier_.Append(leaf, [this](unsigned level, std::uint64_t index, const Hash& hash) { nodes_.Put(level, index, hash); });
}

Result<std::uint64_t> VaultWriter::Append(std::span<const RecordView> records) {
    OPS_CHECK(reserve_.Make());
    return Keep(records);
}

Result<std::uint64_t> VaultWriter::Keep(std::span<const RecordView> records) {
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
    if (tail_bytes_ >= due_bytes_) WriteSegmentsBeside();
    return first;
}

Result<Checkpoint> VaultWriter::Seal() {
    Checkpoint checkpoint{identity_.origin, size(), frontier_.Root()};
    const std::string text = SignCheckpoint(checkpoint, identity_.key).ToText();
    OPS_CHECK(WithReserve([&] { return ReplaceFile(layout_.checkpoint(), text); }));
    OPS_CHECK(MakeReserveIfThereIsRoom());
    return checkpoint;
}

Result<void> VaultWriter::WriteSegments() {
    OPS_CHECK(FinishSegments());
    OPS_CHECK(BeginSegments());
    OPS_CHECK(FinishSegments());
    return log_->FinishDropping();
}

void VaultWriter::WriteSegmentsBeside() {
    // Whoever appends does not wait for the packing of what was there before, unless it falls far behind.
    const bool is_busy = writing_ && writing_->paths.wait_for(std::chrono::seconds(0)) != std::future_status::ready;
    if (is_busy && tail_bytes_ < kMostBehind * options_.segment_bytes) return;
    auto outcome = FinishSegments();
    if (outcome.ok()) outcome = BeginSegments();
    due_bytes_ = options_.segment_bytes;
    if (outcome.ok()) return;
    // What was to be moved is safe in the log. It is tried again, but not at each record.
    log::error("segments could not be written, the records stay in the write-ahead log: {}", outcome.error().operator_text);
    due_bytes_ += tail_bytes_;
}

Result<void> VaultWriter::BeginSegments() {
    OPS_CHECK(WithReserve([this] { return nodes_.Write(); }));
    if (tail_.empty()) return Ok();
    // Segments may take all the room there is, so what is kept is sealed before. More is not kept until there is a reserve again.
    if (!has_reserve()) OPS_CHECK(Seal());
    const auto blocks = std::make_shared<const std::vector<BlockBuilder>>(std::move(tail_));
    tail_.clear();
    tail_bytes_ = 0;
    writing_ = Writing{blocks, std::async(std::launch::async, [blocks, folder = layout_.segments(), effort = options_.effort] {
                           GiveWay();
                           auto paths = WriteByDay(*blocks, folder, effort);
                           if (!paths.ok()) RemoveUnfinished(folder);
                           return paths;
                       })};
    return Ok();
}

Result<void> VaultWriter::FinishSegments() {
    if (!writing_) return Ok();
    const auto blocks = std::move(writing_->blocks);
    const auto paths = writing_->paths.get();
    writing_.reset();
    auto taken = paths.ok() ? TakeInSegments(*paths) : Result<void>(paths.error());
    tail_leaves_.erase(tail_leaves_.begin(), tail_leaves_.end() - static_cast<std::ptrdiff_t>(size() - segments_.end()));
    if (taken.ok()) return WithReserve([this] { return log_->DropBefore(segments_.end()); });
    PutBack(*blocks);
    return taken;
}

Result<void> VaultWriter::Compact(const CompactionOptions& options) {
    // Also for what comes next: a segment that was said to be deleted is looked for as it was.
    OPS_CHECK(FinishDeletion());
    std::vector<SegmentMeasure> measures;
    std::ranges::transform(segments_.segments(), std::back_inserter(measures), MeasureOf);
    const std::vector<SegmentRange> plan = PlanCompaction(measures);
    std::uint64_t all = 0;
    for (const SegmentRange& range : plan) all += segments_.segments()[range.end - 1].end() - segments_.segments()[range.begin].first();
    std::uint64_t done = 0;
    std::size_t gone = 0;  // of the places in the plan
    for (const SegmentRange& range : plan) {
        const std::size_t begin = range.begin - gone;
        const std::size_t end = range.end - gone;
        const auto old = std::span(segments_.segments()).subspan(begin, end - begin);
        std::vector<std::filesystem::path> replaced;
        for (const Segment& segment : old.subspan(1)) replaced.push_back(segment.path());
        const auto goes_on = [&](std::uint64_t records) { return !options.goes_on || options.goes_on(done + records, all); };
        OPS_TRY(const std::filesystem::path merged, MergeSegments(old, layout_.segments(), options.effort, goes_on));
        OPS_CHECK(segments_.Replace(begin, end, merged));
        OPS_CHECK(RemoveFiles(replaced, layout_.segments()));
        done += segments_.segments()[begin].end() - segments_.segments()[begin].first();
        gone += end - begin - 1;
    }
    return Ok();
}

Result<void> VaultWriter::CheckEvents() const {
    for (const GoneRange& range : segments_.gone().ranges()) {
        if (range.event < size() && segments_.gone().Find(range.event) == nullptr) continue;
        return Error::Of(ErrorCode::kCorrupt,
                         fmt::format("第 {} 至 {} 筆標示為已刪除，但沒有說明此事的第 {} 筆；請以異地複本還原。", range.first, range.end() - 1, range.event),
                         fmt::format("Records {} to {} are said to be deleted, and there is no record {} that should say so; restore the off-site copy.", range.first,
                                     range.end() - 1, range.event));
    }
    return Ok();
}

Result<GoneRange> VaultWriter::DeleteSegment(std::uint64_t first, const RetentionRules& rules, Instant now) {
    OPS_CHECK(FinishDeletion());
    const auto& segments = segments_.segments();
    const auto segment = std::ranges::find(segments, first, &Segment::first);
    if (segment == segments.end()) {
        return Error::Of(ErrorCode::kNotFound, fmt::format("沒有從第 {} 筆起的區段檔。", first), fmt::format("No segment begins with record {}.", first));
    }
    OPS_TRY(const auto sealed, ReadCheckpoint(layout_.checkpoint(), identity_.public_key()));
    if (!sealed || segment->end() > sealed->size || segment->sources().contains(kDeletionRecords)) {
        return Error::Of(ErrorCode::kConflict, fmt::format("從第 {} 筆起的區段尚未簽署，或記載了刪除事件，不能刪除。", first),
                         fmt::format("The segment that begins with record {} is not sealed yet, or says what was deleted; it can't be deleted.", first));
    }
    OPS_TRY(Deletion deletion, DescribeDeletion(*segment));
    OPS_CHECK(CheckHashes(deletion.range, size(), frontier_.Root(), Nodes()));
    const std::string message = DeletionMessage(deletion, rules);
    const RecordView event{now, Transport::kInternal, kDeletionRecords.source, kDeletionRecords.kind, "", message};
    const auto place = static_cast<std::size_t>(segment - segments.begin());
    may_have_unfinished_deletion_ = true;
    // It makes room, so it goes on where there is none.
    OPS_CHECK(WithReserve([&]() -> Result<void> {
        OPS_TRY(deletion.range.event, Keep(std::span(&event, 1)));
        return Ok();
    }));
    OPS_CHECK(Seal());
    OPS_CHECK(CarryOut(place, deletion.range));
    return deletion.range;
}

Result<void> VaultWriter::FinishDeletion() {
    OPS_CHECK(FinishSegments());
    if (!may_have_unfinished_deletion_) return Ok();
    OPS_TRY(const VaultReader vault, VaultReader::Open(layout_.folder));
    for (const std::filesystem::path& path : segments_.deleted()) OPS_CHECK(CheckClaim(vault, *segments_.gone().Find(*NumberOf(path, kSegmentSuffix))));
    if (!segments_.deleted().empty()) OPS_CHECK(RemoveFiles(segments_.deleted(), layout_.segments()));

    // One segment is deleted after the other, so that no record but the last can wait for its deletion.
    OPS_TRY(const auto last, LastRecord(vault, {kDeletionRecords.source, kDeletionRecords.kind, Transport::kInternal}));
    GoneRange claimed;
    if (last) {
        OPS_TRY(claimed, ClaimedRange(last->message));
    }
    const auto& segments = segments_.segments();
    const auto segment = std::ranges::find_if(segments, [&](const Segment& one) { return one.first() == claimed.first && one.end() == claimed.end(); });
    if (segment == segments.end()) {
        may_have_unfinished_deletion_ = false;
        return Ok();
    }
    OPS_TRY(Deletion deletion, DescribeDeletion(*segment));
    deletion.range.event = last->sequence;
    OPS_CHECK(CheckClaim(vault, deletion.range));
    OPS_CHECK(Seal());
    return CarryOut(static_cast<std::size_t>(segment - segments.begin()), std::move(deletion.range));
}

Result<void> VaultWriter::CarryOut(std::size_t place, GoneRange range) {
    const std::filesystem::path segment = segments_.segments()[place].path();
    std::filesystem::path gone = segment;
    gone.replace_extension(kGoneSuffix);
    const std::string bytes = GoneFileBytes(range);
    OPS_CHECK(WithReserve([&] { return ReplaceFile(gone, bytes); }));
    segments_.TakeAway(place, std::move(range));
    OPS_CHECK(RemoveFiles(std::span(&segment, 1), layout_.segments()));
    may_have_unfinished_deletion_ = false;
    return MakeReserveIfThereIsRoom();
}

Result<void> VaultWriter::TakeInSegments(const std::vector<std::filesystem::path>& paths) {
    for (const std::filesystem::path& path : paths) OPS_CHECK(segments_.Add(path));
    return Ok();
}

void VaultWriter::PutBack(const std::vector<BlockBuilder>& blocks) {
    const auto left = std::ranges::find_if(blocks, [&](const BlockBuilder& block) { return block.facts().first >= segments_.end(); });
    tail_.insert(tail_.begin(), left, blocks.end());
    std::for_each(left, blocks.end(), [&](const BlockBuilder& block) { tail_bytes_ += block.facts().message_bytes; });
}

}  // namespace opsteward::vault
