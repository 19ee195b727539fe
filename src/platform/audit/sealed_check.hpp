// The trail held against what was sealed of it: whoever rewrites rows and computes the whole chain anew is found here.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "db/database.hpp"
#include "platform/audit/seal_place.hpp"
#include "platform/audit/trail.hpp"

namespace opsteward::audit {

/// Walks the chain (Verify) and then compares the rows with this machine's vault. With a vault the verdict tells how many rows it holds; without one
/// it is the chain's alone. A vault that is damaged, or shorter than it was, is a problem of the verdict.
Result<Verdict> VerifyWithVault(db::Database& database, const SealPlace& place, const std::function<bool(std::int64_t done, std::int64_t all)>& go_on = {});

}  // namespace opsteward::audit
