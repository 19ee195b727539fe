// A change in one line of words.
#pragma once

#include <string>

#include "base/language.hpp"
#include "features/inventory/fact_store.hpp"

namespace opsteward::inventory {

/// "版本 1.2 → 1.3；已啟用 是 → 否": what differs, or what the row was.
std::string ChangeText(const StoredChange& stored, Language language);

}  // namespace opsteward::inventory
