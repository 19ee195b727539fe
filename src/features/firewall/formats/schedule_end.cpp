#include "features/firewall/formats/schedule_end.hpp"

#include <chrono>

#include "features/firewall/formats/net_names.hpp"

namespace opsteward::firewall {

bool IsOverEverywhere(std::string_view moment, std::string_view form, std::int64_t now) {
    static constexpr std::int64_t kFurthestZone = 12 * 3600;  // no clock on earth is behind UTC by more
    if (moment.size() != form.size()) return false;
    for (const std::size_t at : {4U, 7U, 10U, 13U}) {
        if (moment[at] != form[at]) return false;
    }
    const auto year = NumberUpTo(moment.substr(0, 4), 9999);
    const auto month = NumberUpTo(moment.substr(5, 2), 12);
    const auto day = NumberUpTo(moment.substr(8, 2), 31);
    const auto hour = NumberUpTo(moment.substr(11, 2), 24);
    const auto minute = NumberUpTo(moment.substr(14, 2), 59);
    if (!year || !month || !day || !hour || !minute) return false;
    const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)), std::chrono::month(*month), std::chrono::day(*day)};
    if (!date.ok()) return false;
    return std::chrono::sys_days(date).time_since_epoch().count() * std::int64_t{86'400} + *hour * 3600 + *minute * 60 + kFurthestZone < now;
}

}  // namespace opsteward::firewall
