#include "platform/console/procedure/duty_query.hpp"

#include <algorithm>
#include <tuple>

#include "platform/console/procedure/words.hpp"

namespace opsteward::console::compliance {

namespace {

bool FitsState(std::string_view wanted, RoundState state) {
    if (wanted.empty()) return true;
    if (wanted == "open") return state == RoundState::kOverdue || state == RoundState::kDue;
    return wanted == RoundStateKey(state);
}

Error UnknownValue(std::string_view name) {
    return Error::Of(ErrorCode::kInvalidInput, "參數 " + std::string(name) + " 的值不認得。",
                     "The value of the parameter " + std::string(name) + " is not known.");
}

}  // namespace

Result<DutyFilter> ReadDutyFilter(const web::RequestContext& context, std::string_view default_state) {
    const net::FormFields& query = context.request.query;
    DutyFilter filter;
    filter.state = query.Has("state") ? query.Get("state") : default_state;
    const bool is_known = filter.state.empty() || filter.state == "open" ||
                          std::ranges::any_of(kAllRoundStates, [&](RoundState state) { return RoundStateKey(state) == filter.state; });
    if (!is_known) return UnknownValue("state");
    filter.unit = query.Get("unit");
    filter.duty = query.Get("duty");
    if (const auto owner = query.Get("owner"); !owner.empty()) {
        filter.owner = identity::ParseRole(owner);
        if (!filter.owner) return UnknownValue("owner");
    }
    return filter;
}

Result<std::vector<ListedRound>> FindRounds(const web::RequestContext& context, Surroundings& surroundings, const procedure::Pack& pack,
                                            const DutyFilter& filter, Instant from, Instant until) {
    OPS_TRY(const auto units, ChosenUnits(context, surroundings.units, kMayReadDuties, filter.unit));
    std::vector<procedure::DutyRound> rounds;
    if (filter.state == "open" || filter.state == RoundStateKey(RoundState::kOverdue) || filter.state == RoundStateKey(RoundState::kDue)) {
        OPS_TRY(rounds, surroundings.procedure().OpenDuties(until, units));
    } else {
        OPS_TRY(rounds, surroundings.procedure().Duties(from, until, units));
        // What is overdue for longer than that is still to be done.
        OPS_TRY(const auto open, surroundings.procedure().OpenDuties(from, units));
        rounds.insert(rounds.end(), open.begin(), open.end());
    }
    std::vector<ListedRound> listed;
    for (auto& round : rounds) {
        if (!filter.duty.empty() && round.duty_id != filter.duty) continue;
        const auto* duty = FindDuty(pack, round.duty_id);
        if (filter.owner && (duty == nullptr || duty->owner != *filter.owner)) continue;
        const RoundState state = StateOf(round, duty, context.now);
        if (FitsState(filter.state, state)) listed.push_back({std::move(round), duty, state});
    }
    std::ranges::stable_sort(listed, {}, [](const ListedRound& one) { return std::tie(one.round.due_at, one.round.duty_id); });
    return listed;
}

}  // namespace opsteward::console::compliance
