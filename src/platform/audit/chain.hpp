// The chain's arithmetic, apart from where its rows are kept (docs/formats/audit-chain.md).
#pragma once

#include <string>
#include <string_view>

#include "platform/audit/trail.hpp"

namespace opsteward::audit {

/// The text that is hashed: a JSON array of the previous hash and the row's values in a fixed order.
std::string CanonicalText(const Entry& entry, std::string_view previous_hash);

/// SHA-256 of CanonicalText, lower-case hex.
std::string HashOf(const Entry& entry, std::string_view previous_hash);

}  // namespace opsteward::audit
