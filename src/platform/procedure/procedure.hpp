// The procedure as it is carried out: judging clauses, their history, duties and exemptions. No HTTP here.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "db/database.hpp"
#include "db/migration.hpp"
#include "db/view.hpp"
#include "platform/audit/trail.hpp"
#include "platform/jobs/scheduler.hpp"
#include "platform/procedure/pack.hpp"

namespace opsteward::procedure {

enum class State { kMet, kAttention, kNotMet, kNotSetUp, kNotApplicable };
std::string_view StateKey(State state);  ///< "met", "attention", "not_met", "not_set_up", "not_applicable"
Phrase StateTitle(State state);          ///< 符合, 注意, 不符合, 尚未設定, 不適用

struct Finding {
    std::string check_id;
    std::int64_t unit_id = 0;
    std::optional<std::int64_t> device_id;
    std::string subject;
    State severity = State::kNotMet;  ///< kNotMet or kAttention
    Text reason;
    Instant since;
    std::string evidence;
};

struct UnitState {
    std::int64_t unit_id = 0;
    State state = State::kNotSetUp;
    Text why;
    Instant since;
};

struct ClauseState {
    const Clause* clause = nullptr;  ///< lives as long as the Board
    State state = State::kNotSetUp;
    Text why;                        ///< one sentence: the worst finding, what is missing, or what was looked at
    Instant since;
    Instant judged_at;
    std::vector<UnitState> units;    ///< of the units asked for
    std::vector<Finding> findings;   ///< not_met first, oldest first
};

/// The states of all clauses for some units at one time.
struct Board {
    std::shared_ptr<const Pack> pack;
    Instant as_of;
    std::vector<ClauseState> clauses;  ///< in the order of the pack
    std::vector<Text> refused_checks;  ///< checks that failed, were slow or tried to write
};

struct StateChange {
    std::int64_t unit_id = 0;
    State from = State::kNotSetUp;
    State to = State::kNotSetUp;
    Text why;
    Instant at;
};

struct DutyRound {
    std::int64_t id = 0;
    std::string duty_id;
    const Duty* duty = nullptr;  ///< null: not in the pack any more
    std::int64_t unit_id = 0;
    Date period_start;
    Instant due_at;
    std::optional<Instant> done_at;
    std::string done_by;
    std::string note;
};

struct Exemption {
    std::int64_t id = 0;
    std::string clause_id;
    std::int64_t unit_id = 0;
    std::string reason;
    Date ends;
    std::int64_t requested_by = 0;
    std::string requested_by_name;
    Instant requested_at;
    std::string decided_by_name;  ///< "" while waiting
    std::optional<Instant> decided_at;
    bool is_approved = false;
    bool is_withdrawn = false;
};

class Procedure {
  public:
    /// `folder` holds the pack in use; kInvalidInput lists its faults.
    static Result<std::unique_ptr<Procedure>> Open(db::Database& database, const Clock& clock, std::filesystem::path folder);
    ~Procedure();

    std::shared_ptr<const Pack> pack() const;
    /// Reads the pack again if its files changed; with faults the pack in use stays, and they are given.
    Result<std::vector<PackFault>> Reload();
    std::vector<PackFault> faults() const;  ///< of the files as they are now; empty: the pack in use is the one on disk

    /// Runs every check, keeps what changed (job "procedure.evaluate"). The effect writes findings and history.
    Result<jobs::Effect> Evaluate(jobs::JobContext& context);
    /// Makes the rounds of duties for the current and the next period (job "procedure.plan_duties").
    Result<jobs::Effect> PlanDuties(jobs::JobContext& context);

    /// Units empty: all. Served from memory; `as_of` in the past is read from the history.
    Result<std::shared_ptr<const Board>> BoardFor(const std::set<std::int64_t>& units, std::optional<Instant> as_of) const;
    Result<std::vector<StateChange>> History(std::string_view clause_id, const std::set<std::int64_t>& units, int limit) const;

    Result<std::vector<DutyRound>> Duties(Instant from, Instant until, const std::set<std::int64_t>& units) const;
    Result<DutyRound> FindDuty(std::int64_t id) const;
    Result<void> CompleteDuty(const audit::Actor& actor, std::int64_t id, std::string_view note);

    Result<std::vector<Exemption>> Exemptions(std::string_view clause_id = {}) const;
    Result<std::int64_t> RequestExemption(const audit::Actor& actor, std::string_view clause_id, std::int64_t unit_id, std::string_view reason, Date ends);
    /// By another person than the one who asked.
    Result<void> DecideExemption(const audit::Actor& actor, std::int64_t id, bool approve);
    Result<void> WithdrawExemption(const audit::Actor& actor, std::int64_t id);

  private:
    class Impl;
    explicit Procedure(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

/// Facts changed: judge soon. Queued in the caller's transaction; several within a second become one.
Result<void> RequestEvaluation(db::Transaction& transaction, Instant now);

std::span<const db::Migration> Migrations();
/// duties
std::span<const db::ViewSpec> Views();

}  // namespace opsteward::procedure
