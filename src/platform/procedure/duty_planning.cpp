#include "platform/procedure/duty_planning.hpp"

#include "base/civil_time.hpp"

namespace opsteward::procedure {

namespace {

/// Done once means one round for good, whatever year it is looked at.
constexpr Date kOnceStart{std::chrono::year(1912), std::chrono::January, std::chrono::day(1)};

bool HasDuty(const Duty& duty, const store::Unit& unit) { return duty.is_per_unit || unit.is_root; }

void Count(const DutyRound& round, Instant now, DutyStanding& standing) {
    if (round.done_at) {
        standing.last_done_at = std::max(standing.last_done_at.value_or(*round.done_at), *round.done_at);
        standing.is_open_round_done = standing.is_open_round_done || round.due_at > now;
    } else if (round.due_at <= now) {
        standing.overdue_since = std::min(standing.overdue_since.value_or(round.due_at), round.due_at);
    } else {
        standing.due_at = std::min(standing.due_at.value_or(round.due_at), round.due_at);
    }
}

}  // namespace

std::vector<DutyStanding> StandingsOf(const Pack& pack, const std::vector<DutyRound>& rounds,
                                      const std::vector<store::Unit>& units, Instant now) {
    std::map<std::pair<std::string_view, std::int64_t>, DutyStanding> standings;
    for (const auto& duty : pack.duties) {
        for (const auto& unit : units) {
            if (!HasDuty(duty, unit)) continue;
            DutyStanding& standing = standings[{duty.id, unit.id}];
            standing.duty = &duty;
            standing.unit_id = unit.id;
        }
    }
    for (const auto& round : rounds) {
        const auto found = standings.find({round.duty_id, round.unit_id});
        if (found != standings.end()) Count(round, now, found->second);
    }
    std::vector<DutyStanding> list;
    list.reserve(standings.size());
    for (auto& [key, standing] : standings) list.push_back(standing);
    return list;
}

std::vector<Period> PeriodsToPlan(Cycle cycle, std::optional<Instant> latest_due, Instant now) {
    const Period current = PeriodOf(cycle, TaipeiDate(now));
    if (cycle == Cycle::kOnce) {
        if (latest_due) return {};
        return {{kOnceStart, current.due}};
    }
    std::vector<Period> periods;
    if (latest_due && *latest_due < current.due) {
        for (Period period = PeriodAfter(cycle, PeriodOf(cycle, TaipeiDate(*latest_due))); period.due < current.due;
             period = PeriodAfter(cycle, period)) {
            periods.push_back(period);
        }
    }
    periods.push_back(current);
    periods.push_back(PeriodAfter(cycle, current));
    return periods;
}

Result<jobs::Effect> PlanAllDuties(std::shared_ptr<const Pack> pack, Instant now) {
    return jobs::Effect([pack, now](db::Transaction& transaction) -> Result<void> {
        OPS_TRY(const auto units, store::UnitsInUse(transaction));
        OPS_TRY(const auto latest, store::LatestDutyRounds(transaction));
        bool any_added = false;
        for (const auto& duty : pack->duties) {
            for (const auto& unit : units) {
                if (!HasDuty(duty, unit)) continue;
                const auto known = latest.find({duty.id, unit.id});
                const auto latest_due = known == latest.end() ? std::nullopt : std::optional<Instant>(known->second);
                for (const auto& period : PeriodsToPlan(duty.cycle, latest_due, now)) {
                    DutyRound round;
                    round.duty_id = duty.id;
                    round.unit_id = unit.id;
                    round.period_start = period.start;
                    round.due_at = period.due;
                    OPS_TRY(const bool added, store::AddDutyRound(transaction, round, duty.clause_ids.front()));
                    any_added = any_added || added;
                }
            }
        }
        if (any_added) OPS_CHECK(RequestEvaluation(transaction, now));
        return Ok();
    });
}

}  // namespace opsteward::procedure
