// How far the organisation is set up, for the first steps on the home page.
#pragma once

#include <optional>

#include "db/database.hpp"

namespace opsteward::console::compliance {

struct SetupFacts {
    std::int64_t units = 0;
    std::int64_t people = 0;  ///< who hold a role
    std::int64_t devices = 0;
    std::optional<std::int64_t> device_without_owner;      ///< the first one
    std::optional<std::int64_t> device_with_unapproved;    ///< with a service open to others that nobody approved
    std::optional<Instant> last_backup_at;
};

/// From the fact views (docs/formats/fact-views.md).
Result<SetupFacts> ReadSetup(db::Session& session);

}  // namespace opsteward::console::compliance
