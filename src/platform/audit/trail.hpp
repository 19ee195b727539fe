// The audit trail: who changed what, when, from where, written in the transaction that made the change.
//
// Rows form a chain: each holds SHA-256 over its own canonical text and the hash before it, so that a row altered, removed
// or put in later is found by Verify(). The program has no statement that updates or deletes a row.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "db/database.hpp"
#include "db/migration.hpp"
#include "db/view.hpp"

namespace opsteward::audit {

/// Who does something. The program itself acts as user 0, "system".
struct Actor {
    std::int64_t user_id = 0;
    std::string name = "system";
    std::string address;  ///< IP address of the client, "" for the program itself and its command line
};

struct Change {
    std::string action;        ///< "account.disable", "unit.rename": object.verb
    std::string subject_kind;  ///< "account", "unit", "device" …
    std::string subject_id;
    std::string subject_name;  ///< as people know it
    std::optional<std::int64_t> unit_id;
    json::value before;        ///< null when it did not exist; never holds a secret
    json::value after;         ///< null when it is gone
};

/// Adds one row at the end of the chain. The chain's head row is locked until `transaction` ends, so that chains never fork.
Result<void> Append(db::Transaction& transaction, const Actor& actor, const Change& change, Instant now);

struct Entry {
    std::int64_t sequence = 0;  ///< 1, 2, 3 … without a gap
    Instant at;
    Actor actor;
    Change change;
    std::string hash;  ///< hex
};

struct Filter {
    std::string text;  ///< in action, subject name or id, actor; case-insensitive; "" for all
    std::string actor;
    std::string subject_kind;
    std::string subject_id;
    std::optional<Instant> from;
    std::optional<Instant> until;  ///< exclusive
    std::optional<std::set<std::int64_t>> units;  ///< rows that belong to one of these; without it every row
    std::int64_t before_sequence = 0;  ///< 0: from the newest
    int limit = 50;                    ///< at most 1000
};
/// Newest first.
Result<std::vector<Entry>> Search(db::Session& session, const Filter& filter);
/// The kinds of subjects that occur, sorted.
Result<std::vector<std::string>> SubjectKinds(db::Session& session);
/// How many rows the chain has, by its head.
Result<std::int64_t> CountRows(db::Session& session);

struct Verdict {
    bool is_intact = false;
    std::int64_t rows = 0;
    std::optional<std::int64_t> broken_at;  ///< the first sequence that does not fit
    Text problem;                           ///< empty when intact
    std::optional<std::int64_t> sealed = {};  ///< so many of them were compared with a log vault (VerifyWithVault); not kept by RecordVerdict
};
/// Walks the whole chain in pages and recomputes every hash. After each page `go_on` is told how many rows of how many are done; when
/// it says no, the walk ends with kCancelled.
Result<Verdict> Verify(db::Database& database, const std::function<bool(std::int64_t done, std::int64_t all)>& go_on = {});
/// Keeps the outcome for LastVerdict and the fact view `audit_chain`.
Result<void> RecordVerdict(db::Transaction& transaction, const Verdict& verdict, Instant now);

struct DatedVerdict {
    Instant at;
    Verdict verdict;
};
/// The outcome kept last; nothing when the chain was never verified.
Result<std::optional<DatedVerdict>> LastVerdict(db::Session& session);

std::span<const db::Migration> Migrations();
std::span<const db::ViewSpec> Views();

}  // namespace opsteward::audit
