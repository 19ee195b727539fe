// Whether a schedule that ends at a written moment is over.
#pragma once

#include <cstdint>
#include <string_view>

namespace opsteward::firewall {

/// `moment` is written as `form` says, such as "yyyy/mm/dd@hh:mm", by the clock of a device whose time zone is not known: true where `now` (seconds since
/// 1970-01-01T00:00:00Z) lies behind it in every one. False for a text of another form and for a date that there is none of.
bool IsOverEverywhere(std::string_view moment, std::string_view form, std::int64_t now);

}  // namespace opsteward::firewall
