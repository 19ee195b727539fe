// Which rounds of duties a reader looks at; for the list, the calendar, its feed and the API.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/console/procedure/duties.hpp"

namespace opsteward::console::compliance {

struct DutyFilter {
    std::string state = "open";  ///< "open": overdue or due; "" all; else a key of RoundState
    std::string unit;
    std::string duty;            ///< id
    std::optional<identity::Role> owner;
};
/// From the address; kInvalidInput names the field that can't be read. `default_state` when the address has none.
Result<DutyFilter> ReadDutyFilter(const web::RequestContext& context, std::string_view default_state);

struct ListedRound {
    procedure::DutyRound round;
    const procedure::Duty* duty = nullptr;  ///< of the pack; null: not in it any more
    RoundState state = RoundState::kComing;
};
/// Rounds in the reader's units that fit: all open ones, and those due between `from` and `until`. In the order of their due dates.
Result<std::vector<ListedRound>> FindRounds(const web::RequestContext& context, Surroundings& surroundings, const procedure::Pack& pack,
                                            const DutyFilter& filter, Instant from, Instant until);

}  // namespace opsteward::console::compliance
