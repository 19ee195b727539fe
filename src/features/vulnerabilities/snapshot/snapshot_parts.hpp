// What compiling a snapshot and updating one have in common.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "features/vulnerabilities/snapshot/compiler.hpp"
#include "features/vulnerabilities/snapshot/image.hpp"
#include "features/vulnerabilities/snapshot/range_collector.hpp"

namespace opsteward::vuln {

/// Range::traits has 24 bits for their number.
inline constexpr std::size_t kMaxAttributeSets = 1U << 24;

Error Cancelled();
/// Renumbered to stand behind what the image has.
void AddConfigurations(const RangeCollector& collector, SnapshotImage& image);
/// make(0), make(1) … made by several threads.
std::vector<std::string> MakeBlocks(std::size_t count, unsigned threads, const std::function<std::string(std::size_t)>& make);
CompileCounts FinishMeta(json::object meta, std::uint64_t ranges, std::uint64_t odd_criteria, SnapshotImage& image);

}  // namespace opsteward::vuln
