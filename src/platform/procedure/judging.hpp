// From what checks found, duties done and exemptions approved to the state of every clause in every unit. Pure: no I/O, no clock.
// The rules are those of docs/formats/procedure-pack.md.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "platform/procedure/check_runner.hpp"
#include "platform/procedure/pack.hpp"
#include "platform/procedure/procedure.hpp"

namespace opsteward::procedure {

/// Whether a topic of a device was observed, and if not, why.
struct Coverage {
    bool is_observed = false;
    Text reason;
};
using CoverageMap = std::map<std::pair<std::int64_t, std::string>, Coverage>;  ///< by device id and topic

struct CheckResult {
    const Check* check = nullptr;
    CheckRun run;
    std::optional<Text> refused;  ///< why the check can't be believed now
};

/// The rounds of one duty in one unit that matter now.
struct DutyStanding {
    const Duty* duty = nullptr;
    std::int64_t unit_id = 0;
    std::optional<Instant> overdue_since;  ///< due and not done
    std::optional<Instant> due_at;         ///< of the round that is open now
    bool is_open_round_done = false;
    std::optional<Instant> last_done_at;
};

struct ExemptionInForce {
    std::string reason;
    Date ends;
    std::string approved_by;
};

struct JudgingInput {
    Instant now;
    std::vector<std::int64_t> units;  ///< in use
    std::vector<CheckResult> checks;
    CoverageMap coverage;
    std::vector<DutyStanding> duties;
    std::map<std::pair<std::string, std::int64_t>, ExemptionInForce> exemptions;  ///< by clause and unit
    std::map<std::int64_t, std::string> device_names;
};

struct Judgement {
    std::string clause_id;
    std::int64_t unit_id = 0;
    State state = State::kNotSetUp;
    Text why;

    bool operator==(const Judgement&) const = default;
};

/// One judgement for each clause and unit for which something speaks; the others are not set up. By clause and unit.
std::vector<Judgement> Judge(const JudgingInput& input);

/// What a duty says of its clauses.
Judgement JudgeDuty(const DutyStanding& standing, Instant now);

/// not met > attention > not set up > met > not applicable.
bool IsWorse(State a, State b);

}  // namespace opsteward::procedure
