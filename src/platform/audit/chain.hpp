// The chain's arithmetic, apart from where its rows are kept (docs/formats/audit-chain.md).
#pragma once

#include <string>
#include <string_view>

#include "platform/audit/trail.hpp"

namespace opsteward::audit {

/// What a row holds of before and after: the JSON texts as they are kept, byte by byte.
struct KeptTexts {
    std::string_view before;
    std::string_view after;
};

/// The text that is hashed: a JSON array of the previous hash and the row's values in a fixed order. Of `entry`, its change's `before`
/// and `after` are not looked at: reading JSON and writing it again need not give the same bytes.
std::string CanonicalText(const Entry& entry, const KeptTexts& kept, std::string_view previous_hash);

/// SHA-256 of CanonicalText, lower-case hex.
std::string HashOf(const Entry& entry, const KeptTexts& kept, std::string_view previous_hash);

}  // namespace opsteward::audit
