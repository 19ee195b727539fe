// States, roles and times in the words and tones of the console.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/civil_time.hpp"
#include "html/markup.hpp"
#include "platform/procedure/procedure.hpp"
#include "platform/web/tone.hpp"

namespace opsteward::console::compliance {

inline constexpr procedure::State kAllStates[] = {procedure::State::kNotMet, procedure::State::kAttention, procedure::State::kNotSetUp,
                                                  procedure::State::kMet, procedure::State::kNotApplicable};

web::Tone ToneOf(procedure::State state);
std::optional<procedure::State> ParseState(std::string_view key);
/// As the pack calls it, else as the program does.
std::string_view RoleName(const procedure::Pack& pack, identity::Role role, Language language);
const procedure::Duty* FindDuty(const procedure::Pack& pack, std::string_view id);
/// "/clauses/6.9.5"
std::string ClausePath(std::string_view id);
std::string DutyPath(std::int64_t id);
/// Smaller, below or beside what matters.
html::Markup Muted(std::string_view text);
/// 114.8.5, not broken in tables; a machine reads the exact day.
html::Markup Day(Date date, Language language);
/// A parameter of a check as people read it.
std::string ParameterText(const procedure::Parameter& value);
/// Lower-case ASCII and everything else as it is: `part` occurs in `text`.
bool ContainsText(std::string_view text, std::string_view part);

/// A time in the past that a reader asks for: "114.8.5", "114.8.5 14:03", "2025-08-05", "2025-08-05 14:03" or RFC 3339. A day alone
/// means its end in Taipei, or now when that has not come. kInvalidInput names the parameter as_of; so does a time to come.
Result<std::optional<Instant>> ParseAsOf(std::string_view text, Instant now);

}  // namespace opsteward::console::compliance
