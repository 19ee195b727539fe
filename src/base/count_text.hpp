// Sentences that hold a number: English says one thing of one and another of many.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace opsteward {

/// `text` with each "[one|many]" replaced by the half that goes with `count`; the rest stands as it is, placeholders too.
/// Chinese needs no such choice, so its half of a pair has no brackets.
std::string ChooseByCount(std::string_view text, std::int64_t count);

/// ChooseByCount, with `count` put in for "{}": "{} [unit|units]" becomes "1 unit" or "2 units".
std::string CountText(std::string_view text, std::int64_t count);

}  // namespace opsteward
