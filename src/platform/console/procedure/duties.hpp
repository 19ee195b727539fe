// Rounds of duties as people meet them: how they stand, who may do them, and doing them.
#pragma once

#include <string>
#include <string_view>

#include "platform/console/procedure/surroundings.hpp"
#include "platform/web/request_context.hpp"

namespace opsteward::console::compliance {

enum class RoundState { kOverdue, kDue, kComing, kDone };
inline constexpr RoundState kAllRoundStates[] = {RoundState::kOverdue, RoundState::kDue, RoundState::kComing, RoundState::kDone};

/// `duty` may be null: not in the pack any more; then there is no lead time.
RoundState StateOf(const procedure::DutyRound& round, const procedure::Duty* duty, Instant now);
std::string_view RoundStateKey(RoundState state);  ///< "overdue", "due", "coming", "done"
Phrase RoundStateTitle(RoundState state);
web::Tone ToneOf(RoundState state);

/// The title from the pack, else the id.
std::string DutyTitle(const procedure::Duty* duty, const procedure::DutyRound& round, Language language);

/// A duty of somebody who looks at what others did: nobody stands in for them, and it is not one of those others.
bool IsIndependent(identity::Role role);
/// Holds the role of the owner in the unit, or is the administrator and the duty is not an independent one.
bool MayComplete(const identity::Principal& principal, const procedure::Duty& duty, std::int64_t unit_id);
/// The round, if `permission` holds in its unit.
Result<procedure::DutyRound> RoundOf(const web::RequestContext& context, const Surroundings& surroundings, std::string_view permission);
/// kForbidden for somebody else than the owner, kConflict before the period has begun, when it is done, or when the same person did the
/// part that is checked here (or the checking of it).
Result<void> CompleteDuty(const web::RequestContext& context, Surroundings& surroundings, const procedure::DutyRound& round,
                          std::string_view note);

}  // namespace opsteward::console::compliance
