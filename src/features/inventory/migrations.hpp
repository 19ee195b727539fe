// The tables of the inventory.
#pragma once

#include <span>

#include "db/migration.hpp"

namespace opsteward::inventory {

std::span<const db::Migration> Migrations();

}  // namespace opsteward::inventory
