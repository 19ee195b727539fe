#include "vault/space.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "vault/store/numbered_file.hpp"
#include "vault/store/reserve.hpp"
#include "vault/store/write_ahead_log.hpp"

namespace opsteward::vault {

namespace {

constexpr std::uint64_t kLogAndSegments = 128U << 20;
constexpr std::uint64_t kLargestGroup = 8U << 20;
constexpr std::chrono::days kWeek{7};

bool IsSince(const Segment& segment, Instant since) {
    return std::ranges::any_of(segment.blocks(), [&](const BlockEntry& block) { return block.facts.latest >= since; });
}

}  // namespace

std::string_view NameOf(SpaceState state) {
    switch (state) {
        case SpaceState::kEnough: break;
        case SpaceState::kLow: return "low";
        case SpaceState::kFull: return "full";
    }
    return "enough";
}

std::uint64_t LowBelow(const Space& space) { return std::max({space.capacity / 10, space.last_week, kLogAndSegments}); }

SpaceState Judge(const Space& space) {
    if (space.free + space.reserved < Reserve::kBytes + kLargestGroup) return SpaceState::kFull;
    return space.free < LowBelow(space) ? SpaceState::kLow : SpaceState::kEnough;
}

Result<Space> MeasureSpace(const Layout& layout, const SegmentSet& segments, Instant now) {
    std::error_code problem;
    const auto disk = std::filesystem::space(layout.folder, problem);
    if (problem) return Error::System("measure the space of " + layout.folder.string(), problem.value());
    Space space{disk.capacity, disk.available, Reserve::BytesAt(layout.reserve()), 0};
    for (const Segment& segment : segments.segments()) {
        if (IsSince(segment, now - kWeek)) space.last_week += segment.stored_bytes();
    }
    OPS_TRY(const auto log, ListNumbered(layout.log(), kLogSuffix));
    for (const NumberedFile& file : log) {
        const std::uintmax_t bytes = std::filesystem::file_size(file.path, problem);
        if (!problem) space.last_week += bytes;  // else its records were moved into segments just now
    }
    return space;
}

}  // namespace opsteward::vault
