// The records of one source, of one kind, of both, or all.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "vault/store/segment.hpp"

namespace opsteward::logs {

struct Scope {
    std::optional<std::string> source = {};  ///< exactly
    std::optional<std::string> kind = {};    ///< exactly

    bool IsAll() const { return !source && !kind; }
    bool Has(std::string_view of_source, std::string_view of_kind) const {
        return (!source || of_source == *source) && (!kind || of_kind == *kind);
    }
};

/// Blocks of a segment, as its footer has them.
struct ScopeBlocks {
    vault::BlockSet with = 0;     ///< hold records of the scope
    vault::BlockSet without = 0;  ///< hold records that are not of it
};

ScopeBlocks BlocksOf(const Scope& scope, const vault::Segment& segment);

}  // namespace opsteward::logs
