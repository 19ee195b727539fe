// One component of a formatted string, and the three ways of writing a whole name: what the files of this room share.
#pragma once

#include <string>
#include <string_view>

#include "features/vulnerabilities/cpe/name.hpp"

namespace opsteward::cpe {

constexpr std::string_view kFormattedPrefix = "cpe:2.3:";
constexpr std::string_view kUriPrefix = "cpe:/";
constexpr std::string_view kWellFormedPrefix = "wfn:[";

/// What is done with a character that ought to be quoted and is not.
enum class Unquoted : std::uint8_t { kRefused, kTaken };

/// Where the component that begins there ends: at the text's end or at an unquoted colon. npos: it is none (SplitFormattedString says when).
std::size_t EndOfComponent(std::string_view text, std::size_t begin, Unquoted unquoted = Unquoted::kRefused);

/// SplitFormattedString, and the same for what is less strict. Components of the latter are made what they ought to be by AppendCanonical.
std::optional<Components> CutFormattedString(std::string_view text, Unquoted unquoted);

/// What `part` may be: a, o, h, ANY or NA.
constexpr bool IsPart(std::string_view component) { return component.size() == 1 && std::string_view("aohAOH*-").find(component[0]) != std::string_view::npos; }

/// Canonical; characters that ought to be quoted and are not become so.
void AppendCanonical(std::string& out, std::string_view component);

/// In the order of Attribute, as a well-formed name has them (section 5.3.1).
std::string_view AttributeName(Attribute attribute);

Result<Name> ParseUri(std::string_view text);
Result<Name> ParseWellFormedName(std::string_view text);

/// "not a CPE name: … at byte 17 of «…»".
Error NotAName(std::string_view text, std::size_t at, std::string_view zh, std::string_view en);

}  // namespace opsteward::cpe
