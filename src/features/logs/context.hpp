// Hits with the records around them, as `grep -C` shows lines: none twice, in order of arrival, and told where some were left out between.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/result.hpp"
#include "features/logs/neighbours.hpp"
#include "features/logs/search.hpp"

namespace opsteward::logs {

struct RecordInContext {
    std::uint64_t sequence = 0;
    vault::RecordView record = {};
    bool is_hit = false;
    bool begins_group = false;  ///< between it and the one handed over before it, records of the scope were left out
};

/// False ends the walk. The views hold during the call.
using OnRecordInContext = std::function<bool(const RecordInContext& record)>;

/// Is told the hits, and hands over these and up to `count` records of the scope before and after each.
class ContextWalker {
  public:
    ContextWalker(const vault::VaultReader& vault, Scope scope, std::uint64_t count, OnRecordInContext on_record)
        : end_(vault.size()), count_(count), on_record_(std::move(on_record)), neighbours_(vault, std::move(scope)) {}

    /// Whether to go on. Precondition: a record of the scope, later than those before.
    Result<bool> TakeHit(std::uint64_t sequence, const vault::RecordView& record);
    /// Hands over what comes after the last hit. Precondition: it went on so far.
    Result<void> Finish();

  private:
    /// Of the last hit, from there to before `end`.
    Result<std::vector<std::uint64_t>> After(std::uint64_t end) { return neighbours_.First(next_, end, has_hit_ ? count_ : 0); }

    std::uint64_t end_;
    std::uint64_t count_;
    OnRecordInContext on_record_;
    Neighbours neighbours_;
    std::uint64_t next_ = 0;  ///< the one after the last hit
    bool has_hit_ = false;
};

struct ContextSize {
    std::uint64_t records = 0;   ///< on each side of a hit
    std::uint64_t max_hits = 0;  ///< ends after so many and the records after the last of them; 0: all
};

/// A search whose scope is its source and kind: neither query nor time decides what is around a hit. What follows the last of `max_hits` was not asked
/// whether it matches, and is no hit.
Result<void> SearchWithContext(const vault::VaultReader& vault, const SearchRequest& request, const ContextSize& size, const OnRecordInContext& on_record);

}  // namespace opsteward::logs
