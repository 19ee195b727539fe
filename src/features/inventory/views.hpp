// The fact views of the inventory: docs/formats/fact-views.md from `devices` on, and `backup_copies`.
#pragma once

#include <span>

#include "db/view.hpp"

namespace opsteward::inventory {

/// After the views of identity, which `devices` reads.
std::span<const db::ViewSpec> Views();

}  // namespace opsteward::inventory
