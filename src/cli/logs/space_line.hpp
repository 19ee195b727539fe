// How much room there is for the log vault, in one line.
#pragma once

#include <string>

#include "base/language.hpp"
#include "vault/space.hpp"

namespace opsteward::cli {

/// What is free, whether that is little and what then happens, and what is set aside for sealing. Ends its line itself.
std::string SpaceLine(const vault::Space& space, Language language);

}  // namespace opsteward::cli
