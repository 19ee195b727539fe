// Searching the vault. Complete by construction: the blocks that are passed over are those of which it is proved that they hold no match, and in the
// others every record is asked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "vault/query/query.hpp"
#include "vault/scan.hpp"

namespace opsteward::logs {

struct SearchRequest {
    vault::query::Query query = {};
    std::optional<Instant> from = {};        ///< received at or after
    std::optional<Instant> to = {};          ///< received before
    std::optional<std::string> source = {};  ///< exactly
    std::optional<std::string> kind = {};    ///< exactly
};

/// Hits in order of arrival. Reads with all processors; hands over on the calling thread.
Result<void> Search(const vault::VaultReader& vault, const SearchRequest& request, const vault::OnRecord& on_hit);

/// How many hits there are. Words and phrases alone are counted without putting a record together.
Result<std::uint64_t> Count(const vault::VaultReader& vault, const SearchRequest& request);

}  // namespace opsteward::logs
