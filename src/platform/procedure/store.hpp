// The statements of the module.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "db/database.hpp"
#include "platform/procedure/judging.hpp"
#include "platform/procedure/procedure.hpp"

namespace opsteward::procedure::store {

struct Head {
    std::int64_t revision = 0;
    std::optional<Instant> judged_at;
    std::string pack_digest;
};
Result<Head> ReadHead(db::Session& session);
/// `revision` rises when something visible changed.
Result<void> WriteHead(db::Transaction& transaction, bool has_changed, Instant judged_at, std::string_view pack_digest);

struct StateRow {
    std::int64_t id = 0;
    Judgement judgement;
    Instant from;
    std::optional<Instant> until;
};
/// In force at `at`, or now when it is not given.
Result<std::vector<StateRow>> States(db::Session& session, std::optional<Instant> at);
Result<void> OpenState(db::Transaction& transaction, const Judgement& judgement, Instant from);
Result<void> CloseState(db::Transaction& transaction, std::int64_t id, Instant until);
/// The words changed, the state did not.
Result<void> RewordState(db::Transaction& transaction, std::int64_t id, const Text& why);
/// Newest first; units empty: all.
Result<std::vector<StateChange>> StateHistory(db::Session& session, std::string_view clause_id,
                                              const std::set<std::int64_t>& units, int limit);

struct FindingRow {
    std::int64_t id = 0;
    std::string clause_id;
    Finding finding;
};
Result<std::vector<FindingRow>> Findings(db::Session& session, std::optional<Instant> at);
Result<void> OpenFinding(db::Transaction& transaction, const Finding& finding, std::string_view clause_id, Instant now);
Result<void> UpdateFinding(db::Transaction& transaction, std::int64_t id, const Finding& finding);
Result<void> CloseFinding(db::Transaction& transaction, std::int64_t id, Instant now);

struct RefusedCheck {
    std::string check_id;
    Text problem;
    bool operator==(const RefusedCheck&) const = default;
};
Result<std::vector<RefusedCheck>> RefusedChecks(db::Session& session);
Result<void> ReplaceRefusedChecks(db::Transaction& transaction, const std::vector<RefusedCheck>& refused);

// Views of other modules, for judging.
struct Unit {
    std::int64_t id = 0;
    bool is_root = false;
};
Result<std::vector<Unit>> UnitsInUse(db::Session& session);
Result<CoverageMap> ReadCoverage(db::Session& session);
Result<std::map<std::int64_t, std::string>> DeviceNames(db::Session& session);

/// When the latest round of a duty in a unit is due, by duty and unit.
Result<std::map<std::pair<std::string, std::int64_t>, Instant>> LatestDutyRounds(db::Session& session);
/// False when there is one for that period already.
Result<bool> AddDutyRound(db::Transaction& transaction, const DutyRound& round, std::string_view clause_id);
Result<std::vector<DutyRound>> DutyRounds(db::Session& session, Instant due_from, Instant due_until);
Result<std::vector<DutyRound>> OpenDutyRounds(db::Session& session, Instant due_before);
/// Of every duty and unit: undone rounds that are due, the one open at `now`, and the last one done.
Result<std::vector<DutyRound>> DutyRoundsThatMatter(db::Session& session, Instant now);
Result<DutyRound> FindDutyRound(db::Session& session, std::int64_t id);
/// How many were not done before and are now: 0 or 1.
Result<std::int64_t> CompleteDutyRound(db::Transaction& transaction, std::int64_t id, const audit::Actor& actor,
                                       std::string_view note, Instant now);

Result<std::vector<Exemption>> Exemptions(db::Session& session, std::string_view clause_id);
/// Asked for and neither decided nor withdrawn.
Result<bool> HasWaitingExemption(db::Session& session, std::string_view clause_id, std::int64_t unit_id);
Result<Exemption> FindExemption(db::Session& session, std::int64_t id);
Result<std::int64_t> InsertExemption(db::Transaction& transaction, const Exemption& exemption, Instant ends_at);
Result<void> DecideExemption(db::Transaction& transaction, std::int64_t id, const audit::Actor& actor, bool approve, Instant now);
Result<void> WithdrawExemption(db::Transaction& transaction, std::int64_t id);

}  // namespace opsteward::procedure::store
