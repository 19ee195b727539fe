// The procedure as it is carried out: judging clauses, their history, duties and exemptions. No HTTP here.
#pragma once

#include <cstddef>
#include <filesystem>
#include <iterator>
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

/// Findings that live in the Board they are part of. Reads like a list of them: for (const Finding& finding : list).
class FindingList {
  public:
    class Iterator {
      public:
        using value_type = Finding;
        using difference_type = std::ptrdiff_t;
        using reference = const Finding&;
        using pointer = const Finding*;
        using iterator_category = std::forward_iterator_tag;

        Iterator() = default;
        explicit Iterator(const Finding* const* at) : at_(at) {}
        reference operator*() const { return **at_; }
        pointer operator->() const { return *at_; }
        Iterator& operator++() {
            ++at_;
            return *this;
        }
        Iterator operator++(int) { return Iterator(at_++); }
        bool operator==(const Iterator&) const = default;

      private:
        const Finding* const* at_ = nullptr;
    };

    Iterator begin() const { return Iterator(findings_.data()); }
    Iterator end() const { return Iterator(findings_.data() + findings_.size()); }
    std::size_t size() const { return findings_.size(); }
    bool empty() const { return findings_.empty(); }
    const Finding& front() const { return *findings_.front(); }
    const Finding& operator[](std::size_t index) const { return *findings_[index]; }
    void Add(const Finding& finding) { findings_.push_back(&finding); }

  private:
    std::vector<const Finding*> findings_;
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
    Text why;  ///< one sentence: the worst finding, what is missing, or what was looked at
    Instant since;
    Instant judged_at;             ///< the board's
    std::vector<UnitState> units;  ///< of the units asked for
    FindingList findings;          ///< of the units asked for; not_met first, oldest first
};

/// The states of all clauses for some units at one time.
struct Board {
    std::shared_ptr<const Pack> pack;
    Instant as_of;
    Instant judged_at;                    ///< 1970 while nothing has been judged
    std::int64_t revision = 0;            ///< higher when a state, a finding or the pack has changed since
    std::vector<ClauseState> clauses;     ///< in the order of the pack
    std::vector<Text> refused_checks;     ///< checks that failed, were slow or tried to write
    std::shared_ptr<const void> records;  ///< what `findings` point into
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
    std::shared_ptr<const Duty> duty;  ///< as the pack in use has it; null: not in the pack any more
    std::int64_t unit_id = 0;
    Date period_start;  ///< 民國 1 year 1 January for a duty that is done once
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

/// The schema that checks are held against when a pack is read.
struct FactSchema {
    std::vector<db::Migration> migrations;
    std::vector<db::ViewSpec> views;
};

class Procedure {
  public:
    /// `folder` holds the pack in use; kInvalidInput lists its faults. A check whose SQL is faulty is refused alone, and shown.
    static Result<std::unique_ptr<Procedure>> Open(db::Database& database, const Clock& clock, std::filesystem::path folder,
                                                   FactSchema schema);
    ~Procedure();

    std::shared_ptr<const Pack> pack() const;
    /// Reads the pack again if its files changed; with faults the pack in use stays, and they are given.
    Result<std::vector<PackFault>> Reload();
    std::vector<PackFault> faults() const;  ///< of the files as they are now; empty: the pack in use is the one on disk

    /// Reads the pack again if its files changed, runs every check, keeps what changed (job "procedure.evaluate").
    Result<jobs::Effect> Evaluate(jobs::JobContext& context);
    /// Makes the rounds of duties for the current and the next period (job "procedure.plan_duties").
    Result<jobs::Effect> PlanDuties(jobs::JobContext& context);

    /// Units empty: all. Served from memory; `as_of` in the past is read from the history.
    Result<std::shared_ptr<const Board>> BoardFor(const std::set<std::int64_t>& units, std::optional<Instant> as_of) const;
    /// Newest first. A unit for which nothing speaks any more changes to kNotSetUp.
    Result<std::vector<StateChange>> History(std::string_view clause_id, const std::set<std::int64_t>& units, int limit) const;

    /// Rounds due in [from, until), by due time.
    Result<std::vector<DutyRound>> Duties(Instant from, Instant until, const std::set<std::int64_t>& units) const;
    /// Rounds not done that are due before `due_before`, however long ago; oldest first.
    Result<std::vector<DutyRound>> OpenDuties(Instant due_before, const std::set<std::int64_t>& units) const;
    Result<DutyRound> FindDuty(std::int64_t id) const;
    /// kConflict when it is done already or its period has not begun.
    Result<void> CompleteDuty(const audit::Actor& actor, std::int64_t id, std::string_view note);

    Result<std::vector<Exemption>> Exemptions(std::string_view clause_id = {}) const;
    /// `ends` is the last day on which it holds. kConflict while a request for the same clause and unit waits.
    Result<std::int64_t> RequestExemption(const audit::Actor& actor, std::string_view clause_id, std::int64_t unit_id,
                                          std::string_view reason, Date ends);
    /// By another person than the one who asked (kConflict). What is past its end can't be approved any more.
    Result<void> DecideExemption(const audit::Actor& actor, std::int64_t id, bool approve);
    /// Takes back a request, or ends an exemption early. kConflict when it was rejected or withdrawn.
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
