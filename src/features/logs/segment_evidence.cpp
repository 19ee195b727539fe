#include "features/logs/segment_evidence.hpp"

#include "base/folding.hpp"
#include "vault/index/grams.hpp"

namespace opsteward::logs {

using vault::query::Groups;

namespace {

bool Is(std::string_view own, std::string_view folded, bool is_prefix) {
    return is_prefix ? StartsWithFolded(own, folded) : EqualsFolded(own, folded);
}

}  // namespace

Result<Groups> SegmentEvidence::WithLiteral(std::string_view literal) const { return segment_.BlocksWith(vault::GramsOf(literal)); }

Result<Groups> SegmentEvidence::WithNumber(std::string_view /*field*/, double /*lower*/, double /*upper*/) const { return all(); }

Result<Groups> SegmentEvidence::WithSource(std::string_view text, bool is_prefix) const {
    Groups groups = 0;
    for (const auto& [stream, blocks] : segment_.sources()) groups |= Is(stream.source, text, is_prefix) ? blocks : 0;
    return groups;
}

Result<Groups> SegmentEvidence::WithKind(std::string_view text, bool is_prefix) const {
    Groups groups = 0;
    for (const auto& [stream, blocks] : segment_.sources()) groups |= Is(stream.kind, text, is_prefix) ? blocks : 0;
    return groups;
}

}  // namespace opsteward::logs
