// Searching the vault by reading it: complete by construction, for no record is passed over but by what its block is known to hold.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "vault/query/query.hpp"
#include "vault/vault_reader.hpp"

namespace opsteward::logs {

struct SearchRequest {
    vault::query::Query query = {};
    std::optional<Instant> from = {};        ///< received at or after
    std::optional<Instant> to = {};          ///< received before
    std::optional<std::string> source = {};  ///< exactly
    std::optional<std::string> kind = {};    ///< exactly
};

/// False ends the search.
using OnHit = std::function<bool(std::uint64_t sequence, const vault::RecordView& record)>;

/// Hits in order of arrival.
Result<void> Search(const vault::VaultReader& vault, const SearchRequest& request, const OnHit& on_hit);

}  // namespace opsteward::logs
