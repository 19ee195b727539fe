// Regular expressions of a query: RE2 (linear time, no backtracking), over bytes, with bounded memory.
//
// RE2 reads both sides as Latin-1, so that each byte of a record is one character and no encoding makes a record unmatchable. A
// character beyond ASCII in the pattern stands for its UTF-8 bytes and is grouped, so that `登?` means the whole character.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "vault/query/query.hpp"

namespace re2 {
class RE2;
}

namespace opsteward::vault::query {

constexpr std::int64_t kRegexMemory = std::int64_t{4} << 20;  ///< bytes for the program and the states of one expression

/// Thread-safe for const use. The error says what is wrong with the expression; `error_byte` receives where in the pattern.
Result<std::shared_ptr<const re2::RE2>> CompileRegex(const RegexTest& test, std::size_t* error_byte = nullptr);

/// Is the expression somewhere in `bytes`?
bool FindsIn(const re2::RE2& regex, std::string_view bytes);

/// What bytes that contain the expression must contain, in conjunctive form: of each group at least one string, in lower case, as a
/// substring of the bytes in lower case. Empty when nothing is provable. Strings have at least kMinLiteral bytes.
std::vector<std::vector<std::string>> RequiredLiterals(const RegexTest& test);
constexpr int kMinLiteral = 3;

}  // namespace opsteward::vault::query
