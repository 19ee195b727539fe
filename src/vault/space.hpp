// Whether there is room for what is to come: told early, and not by the first record that is refused.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "vault/layout.hpp"
#include "vault/store/segment_set.hpp"

namespace opsteward::vault {

/// Bytes of the file system that a vault lies on.
struct Space {
    std::uint64_t capacity = 0;
    std::uint64_t free = 0;       ///< for this user; the reserve is not in it
    std::uint64_t reserved = 0;   ///< that the reserve takes
    std::uint64_t last_week = 0;  ///< that the vault took for what came in the last seven days
};

enum class SpaceState {
    kEnough,
    kLow,   ///< records are taken in, and it is time to make room
    kFull,  ///< records are refused, or the next large group of them is
};

/// "enough", "low", "full"
std::string_view NameOf(SpaceState state);

/// With less free space is low: with less than a tenth of the file system, than what came in a week, or than a full write-ahead log and its segments (128 MiB).
std::uint64_t LowBelow(const Space& space);
/// Full is where less than the largest group that comes in at once (8 MiB) would be left beside a whole reserve.
SpaceState Judge(const Space& space);

/// `segments` are those of the vault that lies there. What they took for the last week is that of whole segments: a day each.
Result<Space> MeasureSpace(const Layout& layout, const SegmentSet& segments, Instant now);

}  // namespace opsteward::vault
