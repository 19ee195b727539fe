#include "platform/audit/chain.hpp"

#include "crypto/crypto.hpp"

namespace opsteward::audit {

std::string CanonicalText(const Entry& entry, const KeptTexts& kept, std::string_view previous_hash) {
    const Change& change = entry.change;
    // Before and after are texts inside the array, so that no rule is needed for how to write JSON.
    const json::array values = {
        previous_hash,
        entry.sequence,
        ToMillis(entry.at),
        entry.actor.user_id,
        entry.actor.name,
        entry.actor.address,
        change.action,
        change.subject_kind,
        change.subject_id,
        change.subject_name,
        change.unit_id ? json::value(*change.unit_id) : json::value(nullptr),
        kept.before,
        kept.after,
    };
    return json::serialize(values);
}

std::string HashOf(const Entry& entry, const KeptTexts& kept, std::string_view previous_hash) {
    return crypto::Sha256Hex(CanonicalText(entry, kept, previous_hash));
}

}  // namespace opsteward::audit
