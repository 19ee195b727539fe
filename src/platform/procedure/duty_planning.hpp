// The rounds of duties: which are to be made, and how each duty stands in each unit.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "platform/jobs/scheduler.hpp"
#include "platform/procedure/duty_periods.hpp"
#include "platform/procedure/judging.hpp"
#include "platform/procedure/pack.hpp"
#include "platform/procedure/store.hpp"

namespace opsteward::procedure {

/// How every duty of the pack stands in every unit that has it, rounds made or not. Pure.
std::vector<DutyStanding> StandingsOf(const Pack& pack, const std::vector<DutyRound>& rounds,
                                      const std::vector<store::Unit>& units, Instant now);

/// The periods for which a duty needs a round now: the current one, the next, and those passed over since `latest_due` while
/// nobody planned. A duty never planned before starts with the current period; one that is done once has that alone.
std::vector<Period> PeriodsToPlan(Cycle cycle, std::optional<Instant> latest_due, Instant now);

/// Gives the effect that makes the rounds of every duty.
Result<jobs::Effect> PlanAllDuties(std::shared_ptr<const Pack> pack, Instant now);

}  // namespace opsteward::procedure
