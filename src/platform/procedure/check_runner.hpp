// Runs the statements of one check against a database and reads what they give.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "db/database.hpp"
#include "platform/procedure/pack.hpp"
#include "platform/procedure/procedure.hpp"

namespace opsteward::procedure {

/// What a check looks at.
struct Subject {
    std::int64_t unit_id = 0;
    std::optional<std::int64_t> device_id;
    std::string name;
};

/// A finding as its check gives it.
struct Found {
    Finding finding;             ///< `since` is the time of the evaluation where the check leaves it open
    bool has_own_since = false;  ///< the check says since when
};

struct CheckRun {
    std::vector<Subject> population;
    std::vector<Found> findings;
};

/// Errors are for the author of the pack: a statement that fails, is too slow, gives too much, or other columns than wanted.
/// kUnavailable says nothing of the check: the database is away.
Result<CheckRun> RunCheck(db::Database& database, const Check& check, Instant now);

/// Holds every check of a pack against the fact views, on an empty database of its own.
Result<std::vector<PackFault>> ValidateChecks(const Pack& pack, std::span<const db::Migration> migrations,
                                              std::span<const db::ViewSpec> views, const Clock& clock);

}  // namespace opsteward::procedure
