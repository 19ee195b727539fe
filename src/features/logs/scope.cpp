#include "features/logs/scope.hpp"

namespace opsteward::logs {

ScopeBlocks BlocksOf(const Scope& scope, const vault::Segment& segment) {
    if (scope.IsAll()) return {.with = segment.all_blocks()};
    ScopeBlocks blocks;
    for (const auto& [stream, in_blocks] : segment.sources()) (scope.Has(stream.source, stream.kind) ? blocks.with : blocks.without) |= in_blocks;
    return blocks;
}

}  // namespace opsteward::logs
