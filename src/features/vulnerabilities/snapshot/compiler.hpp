// Makes a snapshot of what feeds said.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "features/vulnerabilities/snapshot/record_store.hpp"
#include "features/vulnerabilities/snapshot/snapshot.hpp"

namespace opsteward::vuln {

struct CompileOptions {
    std::filesystem::path out;
    json::object meta;         ///< what is told of sources; counts are added
    unsigned threads = 0;      ///< ThreadCount (base/work_together.hpp)
    std::function<bool()> is_cancelled = [] { return false; };  ///< asked now and then: kCancelled, and the file stays as it was
};

struct CompileCounts {
    std::uint64_t records = 0;
    std::uint64_t products = 0;
    std::uint64_t ranges = 0;
    std::uint64_t configurations = 0;  ///< that more than one criterion decides
    std::uint64_t odd_criteria = 0;    ///< whose match string is none: they apply to nothing
};

/// Takes the records out of `store`.
Result<CompileCounts> CompileSnapshot(RecordStore& store, const CompileOptions& options);

struct UpdateCounts {
    CompileCounts whole;
    std::uint64_t new_records = 0;
    std::uint64_t changed_records = 0;
    std::vector<std::string> changed_products;  ///< keys (applicability.hpp), in their order: those whose ranges are others now
};

struct UpdateOptions : CompileOptions {
    /// Origins that `store` holds as a whole: what the base has of them and they no longer say is gone.
    std::vector<Origin> whole_origins;
};

/// The base with what `store` says besides; products that no changed record is about are taken over as they lie.
Result<UpdateCounts> UpdateSnapshot(const Snapshot& base, RecordStore& store, const UpdateOptions& options);

}  // namespace opsteward::vuln
