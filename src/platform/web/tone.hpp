// The tones in which the console speaks of a state. Each has a colour, an icon and, for the five clause states, a word,
// so that colour never carries a meaning alone.
#pragma once

#include <array>
#include <string_view>

#include "base/language.hpp"

namespace opsteward::web {

enum class Tone { kMet, kAttention, kNotMet, kNotSetUp, kNotApplicable, kNeutral, kInfo };

/// In the order in which charts and legends show them.
inline constexpr std::array<Tone, 5> kStateTones = {Tone::kNotMet, Tone::kAttention, Tone::kNotSetUp, Tone::kMet,
                                                    Tone::kNotApplicable};

/// "ops-tone-not-met": the class that gives an element the colours of the tone.
std::string_view ToneClass(Tone tone);
/// 符合, 注意, 不符合, 尚未設定, 不適用; 一般 and 資訊 for the other two.
Phrase ToneTitle(Tone tone);
/// Name of an icon of its own shape.
std::string_view ToneIcon(Tone tone);

}  // namespace opsteward::web
