#include "verifier/record_pass.hpp"

#include <algorithm>
#include <utility>

namespace opsteward::verifier {

namespace {

/// Blocks that are read ahead of the one whose turn it is: each thread has one in hand and one in store.
constexpr std::size_t kAhead = 2;

}  // namespace

RecordPass::RecordPass(const VaultFolder& folder, const WriteAheadLog& log, Tree& tree, VaultReport& report, const std::vector<GoneRange>& gone,
                       const WantedClaims& wanted, unsigned threads, OnProgress on_progress)
    : folder_(folder),
      log_(log),
      tree_(tree),
      report_(report),
      gone_(gone),
      all_gone_(gone),
      threads_(threads),
      on_progress_(std::move(on_progress)),
      workers_(threads, wanted) {}

void RecordPass::ReadSegments(const std::vector<NumberedFile>& files) {
    for (const NumberedFile& segment : files) progress_.all_bytes += File(folder_.PathOf(segment.name)).size();
    for (const NumberedFile& segment : files) {
        ++report_.segments;
        CrossGoneUpTo(segment.first);
        if (segment.first < segments_end_) {
            JudgeOverlap(segment);
        } else if (segment.first - segments_end_ > WriteAheadLog::kFarthest) {
            report_.Fail("segment-missing", {SegmentName(segments_end_), {}, {}, segments_end_, segment.first - 1},
                         Say("{0} 之前缺少區段檔；相距過遠，未予檢查。", "Segments before {0} are missing; it lies too far off and was not checked.", {segment.name}));
        } else {
            Begin(segment, std::make_shared<const File>(folder_.PathOf(segment.name)));
        }
    }
    CrossGoneUpTo(UINT64_MAX);
    while (!flights_.empty()) FinishOldest();
}

void RecordPass::CrossGoneUpTo(std::uint64_t first) {
    for (; !gone_.empty() && gone_.front().first <= first; gone_ = gone_.subspan(1)) CrossGone(gone_.front());
}

void RecordPass::CrossGone(const GoneRange& range) {
    while (!flights_.empty()) FinishOldest();
    const Place place{range.file, {}, {}, range.first, range.end() - 1};
    if (range.first < segments_end_) {
        report_.Fail("deletion-overlap", place, Say("標示為已刪除的紀錄仍在前一個區段檔內。", "Records that are said to be deleted are in the segment before it."));
        return;
    }
    if (range.first - segments_end_ > WriteAheadLog::kFarthest) {
        report_.Fail("segment-missing", {SegmentName(segments_end_), {}, {}, segments_end_, range.first - 1},
                     Say("{0} 之前缺少區段檔；相距過遠，未予檢查。", "Segments before {0} are missing; it lies too far off and was not checked.", {range.file}));
        return;
    }
    CrossGap(range.first);
    const std::vector<Subtree> subtrees = SubtreesOf(range.first, range.count);
    for (std::size_t i = 0; i < subtrees.size(); ++i) tree_.AddGone(range.hashes[i], subtrees[i].level);
    segments_end_ = range.end();
    report_.deleted += range.count;
}

/// A merge that was stopped leaves segments all of whose records the one before them has: a server passes over them and removes them.
void RecordPass::JudgeOverlap(const NumberedFile& segment) {
    const SegmentLayout layout = ReadSegmentLayout(File(folder_.PathOf(segment.name)), segment.first);
    const auto gone = std::ranges::find(all_gone_, segment.first, &GoneRange::first);
    if (gone != all_gone_.end() && layout.faults.empty() && layout.end(segment.first) == gone->end()) {
        report_.Note("left-over-segment", {segment.name, {}, {}, gone->first, gone->end() - 1},
                     Say("已刪除而檔案尚未移除；未予檢查，下次執行刪除時會移除。", "Deleted, and its file not removed yet; not checked, and removed at the next run of retention."));
    } else if (layout.faults.empty() && layout.end(segment.first) <= segments_end_) {
        report_.Note("left-over-segment", {segment.name, {}, {}, segment.first, layout.end(segment.first) - 1},
                     Say("併入前一個區段檔而尚未移除；未予檢查，下次啟動時會移除。", "Merged into the segment before it and not removed yet; not checked, and removed at the next start."));
    } else {
        report_.Fail("segment-overlap", {segment.name, {}, {}, segment.first},
                     Say("此區段檔的紀錄已在前一個區段檔內；未予檢查。", "Its records are in the segment before it already; it was not checked further."));
    }
}

void RecordPass::Begin(const NumberedFile& segment, const std::shared_ptr<const File>& file) {
    const SegmentLayout layout = ReadSegmentLayout(*file, segment.first);
    for (const Malformed& fault : layout.faults) report_.Fail("segment-malformed", {segment.name, fault.offset}, fault.why);
    places_.AddSegment(segment.name);
    const auto contents = layout.footer ? std::make_shared<SegmentContents>(segment.name, file, *layout.footer) : nullptr;
    const std::uint32_t index_rows = contents ? contents->index_rows() : 0;
    std::uint64_t number = 0;
    for (const BlockPlace& place : layout.blocks) {
        places_.AddBlock(place.first, place.count, number, place.offset);
        const bool is_last = number + 1 == layout.blocks.size();
        flights_.push_back({segment.name, place, number, is_last, contents, workers_.Hash(file, place.offset, place.length, index_rows)});
        ++number;
        if (flights_.size() > threads_ * kAhead) FinishOldest();
    }
    segments_end_ = layout.end(segment.first);
    if (layout.footer) return;
    const std::uint64_t lost_at = layout.blocks.empty() ? 0 : layout.blocks.back().offset + layout.blocks.back().length;
    lost_track_ = Place{segment.name, lost_at, number, segments_end_};
}

void RecordPass::FinishOldest() {
    Flight flight = std::move(flights_.front());
    flights_.pop_front();
    CrossGap(flight.place.first);
    const std::uint64_t end = flight.place.first + flight.place.count;
    try {
        Take(flight, flight.hashed.get());
    } catch (const Malformed& fault) {
        Text why = fault.why;
        if (Fill(end) > 0) {
            why.zh += "這些紀錄無法檢查。";
            why.en += " These records could not be checked.";
        }
        report_.Fail("block-malformed", {flight.file, flight.place.offset, flight.number, flight.place.first, end - 1}, why);
    }
    if (flight.is_last && flight.contents) flight.contents->Judge(report_);
    progress_.bytes += flight.place.length;
    progress_.records = tree_.size();
    if (on_progress_) on_progress_(progress_);
}

void RecordPass::Take(const Flight& flight, const HashedBlock& block) {
    if (block.facts.first != flight.place.first || block.facts.count != flight.place.count || (flight.place.facts && *flight.place.facts != block.facts)) {
        throw Malformed(Say("區塊與區段檔的區塊目錄所載不同。", "The block is not what the segment's footer says of it."));
    }
    if (flight.contents) flight.contents->Add(flight.number, block);
    CompareWithLog(block);
    claims_.insert(block.claims.begin(), block.claims.end());
    const std::uint64_t end = block.facts.first + block.facts.count;
    const std::uint64_t first_group = GroupAfter(block.facts.first);
    while (tree_.size() < end) {
        const std::uint64_t at = tree_.size();
        if (end - at >= kGroup && tree_.can_add_group()) {
            tree_.AddGroup(Node::Of(block.groups[at / kGroup - first_group]));
        } else {
            tree_.AddLeaf(Node::Of(block.leaves[at - block.facts.first]));
        }
    }
}

void RecordPass::CompareWithLog(const HashedBlock& block) {
    const std::uint64_t end = block.facts.first + block.facts.count;
    if (!log_.Overlaps(block.facts.first, end)) return;
    for (std::uint64_t record = block.facts.first; record < end; ++record) {
        const Hash* const logged = log_.Leaf(record);
        if (logged == nullptr || *logged == block.leaves[record - block.facts.first]) continue;
        report_.Fail("log-differs", {log_.FileOf(record), {}, {}, record},
                     Say("寫入日誌的這一筆與區段檔 {0} 內的不同。", "The record in the write-ahead log is another than that in {0}.", {places_.Find(record).file}));
    }
}

std::uint64_t RecordPass::Fill(std::uint64_t end) {
    std::uint64_t unknown = 0;
    while (tree_.size() < end) {
        const std::uint64_t at = tree_.size();
        if (end - at >= kGroup && tree_.can_add_group() && !log_.Overlaps(at, at + kGroup)) {
            tree_.AddGroup(Node());
            unknown += kGroup;
        } else if (const Hash* const leaf = log_.Leaf(at)) {
            tree_.AddLeaf(Node::Of(*leaf));
        } else {
            tree_.AddLeaf(Node());
            ++unknown;
        }
    }
    report_.unreadable += unknown;
    return unknown;
}

void RecordPass::CrossGap(std::uint64_t end) {
    const std::uint64_t from = tree_.size();
    if (end <= from) return;
    Fill(end);
    if (lost_track_ && lost_track_->record == from) {
        lost_track_->last_record = end - 1;
        report_.Fail("records-unreadable", *lost_track_,
                     Say("區段檔損壞，其後的區塊無從尋得；這些紀錄無法檢查。", "The segment is damaged and its further blocks can't be found; these records could not be checked."));
    } else {
        report_.Fail("segment-missing", {SegmentName(from), {}, {}, from, end - 1}, Say("缺少區段檔。", "The segment is missing."));
    }
}

void RecordPass::ReadTail() {
    if (!log_.has_files()) return;
    if (log_.first() > tree_.size() && log_.first() - tree_.size() > WriteAheadLog::kFarthest) {
        report_.Fail("segment-missing", {SegmentName(tree_.size()), {}, {}, tree_.size(), log_.first() - 1},
                     Say("寫入日誌之前缺少區段檔；相距過遠，未予檢查。", "Segments before the write-ahead log are missing; it lies too far off and was not checked."));
        return;
    }
    CrossGap(log_.first());
    Fill(log_.end());  // what is damaged in the log was named when it was read
}

}  // namespace opsteward::verifier
