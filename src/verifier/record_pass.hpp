// One pass over all records, in their order: out of the segments, then what the write-ahead log alone holds.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "verifier/block_workers.hpp"
#include "verifier/folder.hpp"
#include "verifier/places.hpp"
#include "verifier/report.hpp"
#include "verifier/segment.hpp"
#include "verifier/segment_contents.hpp"
#include "verifier/tree.hpp"
#include "verifier/write_ahead_log.hpp"

namespace opsteward::verifier {

struct Progress {
    std::uint64_t bytes = 0;  ///< of segments
    std::uint64_t all_bytes = 0;
    std::uint64_t records = 0;
};

/// Called after each block. What it throws ends the check.
using OnProgress = std::function<void(const Progress&)>;

class RecordPass {
  public:
    /// `gone` outlives it, as the rest does.
    RecordPass(const VaultFolder& folder, const WriteAheadLog& log, Tree& tree, VaultReport& report, const std::vector<GoneRange>& gone,
               const WantedClaims& wanted, unsigned threads, OnProgress on_progress);

    void ReadSegments(const std::vector<NumberedFile>& files);
    /// After ReadSegments.
    void ReadTail();

    const Places& places() const { return places_; }
    /// In segments.
    const Claims& claims() const { return claims_; }
    /// Number of the record after the last one in segments.
    std::uint64_t segments_end() const { return segments_end_; }

  private:
    struct Flight {
        std::string file;
        BlockPlace place;
        std::uint64_t number = 0;
        bool is_last = false;                       ///< of its segment
        std::shared_ptr<SegmentContents> contents;  ///< of a segment whose footer is sound
        std::future<HashedBlock> hashed;
    };

    /// Those that begin up to `first`.
    void CrossGoneUpTo(std::uint64_t first);
    void CrossGone(const GoneRange& range);
    void JudgeOverlap(const NumberedFile& segment);
    void Begin(const NumberedFile& segment, const std::shared_ptr<const File>& file);
    void FinishOldest();
    void Take(const Flight& flight, const HashedBlock& block);
    void CompareWithLog(const HashedBlock& block);
    /// Goes on to `end` with what the log holds of the records, and returns how many are unknown.
    std::uint64_t Fill(std::uint64_t end);
    /// As Fill, for records that no segment holds.
    void CrossGap(std::uint64_t end);

    const VaultFolder& folder_;
    const WriteAheadLog& log_;
    Tree& tree_;
    VaultReport& report_;
    std::span<const GoneRange> gone_;  ///< that are still to come
    const std::vector<GoneRange>& all_gone_;
    Claims claims_;
    unsigned threads_;
    OnProgress on_progress_;
    Progress progress_;
    Places places_;
    std::uint64_t segments_end_ = 0;
    /// Where the blocks of a damaged segment end that can still be found.
    std::optional<Place> lost_track_;
    std::deque<Flight> flights_;
    BlockWorkers workers_;
};

}  // namespace opsteward::verifier
