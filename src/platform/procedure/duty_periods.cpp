#include "platform/procedure/duty_periods.hpp"

namespace opsteward::procedure {

namespace {

using std::chrono::day;
using std::chrono::days;
using std::chrono::month;
using std::chrono::months;
using std::chrono::seconds;
using std::chrono::sys_days;

/// `length` months that hold `date`, counted from January.
Period Months(Date date, unsigned length) {
    const unsigned first = (static_cast<unsigned>(date.month()) - 1) / length * length + 1;
    const Date start(date.year(), month(first), day(1));
    return {start, StartOfDay(start + months(length)) - seconds(1)};
}

}  // namespace

Period PeriodOf(Cycle cycle, Date date) {
    switch (cycle) {
        case Cycle::kWeekly: {
            const sys_days today(date);
            const sys_days monday = today - (std::chrono::weekday(today) - std::chrono::Monday);
            return {Date(monday), StartOfDay(Date(monday + days(7))) - seconds(1)};
        }
        case Cycle::kMonthly: return Months(date, 1);
        case Cycle::kQuarterly: return Months(date, 3);
        case Cycle::kHalfYearly: return Months(date, 6);
        case Cycle::kYearly:
        case Cycle::kOnce: break;
    }
    return Months(date, 12);
}

Period PeriodAfter(Cycle cycle, const Period& period) { return PeriodOf(cycle, TaipeiDate(period.due + seconds(1))); }

}  // namespace opsteward::procedure
