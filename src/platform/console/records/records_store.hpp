// What the database says about itself.
#pragma once

#include <cstdint>

#include "db/database.hpp"

namespace opsteward::console::records {

/// Bytes the records take, indexes included.
Result<std::int64_t> DatabaseSize(db::Session& session);

}  // namespace opsteward::console::records
