// When the rounds of a duty begin and are due: calendar weeks, months, quarters, half-years and years in Taipei.
#pragma once

#include "base/civil_time.hpp"
#include "platform/procedure/pack.hpp"

namespace opsteward::procedure {

struct Period {
    Date start;
    Instant due;  ///< its last second
};

/// The period that holds `date`. A duty that is done once has one period, the year in which it was first planned.
Period PeriodOf(Cycle cycle, Date date);
/// The one after it.
Period PeriodAfter(Cycle cycle, const Period& period);

}  // namespace opsteward::procedure
