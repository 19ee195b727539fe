// Requests that a clause does not apply to a unit: how they stand, and what people do with them.
#pragma once

#include <string_view>

#include "platform/console/procedure/surroundings.hpp"
#include "platform/web/request_context.hpp"

namespace opsteward::console::compliance {

enum class ExemptionState { kWaiting, kInForce, kEnded, kRejected, kWithdrawn };

ExemptionState StateOf(const procedure::Exemption& exemption, Instant now);
std::string_view ExemptionStateKey(ExemptionState state);  ///< "waiting", "in_force", "ended", "rejected", "withdrawn"
Phrase ExemptionStateTitle(ExemptionState state);
web::Tone ToneOf(ExemptionState state);

/// Those of units that the reader may see, newest first. `clause_id` "": of every clause.
Result<std::vector<procedure::Exemption>> VisibleExemptions(const web::RequestContext& context, const Surroundings& surroundings,
                                                            std::string_view clause_id);
/// The one the path names, if the reader may see it.
Result<procedure::Exemption> ExemptionOf(const web::RequestContext& context, const Surroundings& surroundings);

/// Waits, and was asked for by somebody else than the reader, who may decide in that unit.
bool MayDecide(const web::RequestContext& context, const procedure::Exemption& exemption);
/// Waits or is in force, and the reader asked for it; what is in force also by those who may decide in that unit.
bool MayWithdraw(const web::RequestContext& context, const procedure::Exemption& exemption);

struct ExemptionWish {
    std::string_view clause_id;
    std::int64_t unit_id = 0;
    std::string_view reason;
    std::string_view ends;  ///< a date as ParseDate reads it
};
/// Gives its id. kConflict when one waits or is in force for that clause and unit.
Result<std::int64_t> RequestExemption(const web::RequestContext& context, Surroundings& surroundings, const ExemptionWish& wish);
Result<void> DecideExemption(const web::RequestContext& context, Surroundings& surroundings, const procedure::Exemption& exemption, bool approve);
Result<void> WithdrawExemption(const web::RequestContext& context, Surroundings& surroundings, const procedure::Exemption& exemption);

}  // namespace opsteward::console::compliance
