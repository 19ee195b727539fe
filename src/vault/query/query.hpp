// The query language of the log vault: its meaning as a tree, reading it and writing it. docs/formats/log-query.md describes it
// for the people who type it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "vault/query/address.hpp"
#include "vault/query/number.hpp"

namespace opsteward::vault::query {

constexpr std::size_t kMaxQueryBytes = 4096;  ///< of the text as typed and of its canonical form
constexpr int kMaxDepth = 32;                 ///< of parentheses and NOT within each other
constexpr std::size_t kMaxTerms = 100;
constexpr std::size_t kMaxRegexes = 10;  ///< each may take kRegexMemory (regex.hpp)

/// Names of what every record has; any other field comes from parsing its bytes.
constexpr std::string_view kSourceField = "source";
constexpr std::string_view kKindField = "kind";
/// Refused: the time is a parameter of the search beside the query.
constexpr std::string_view kTimeField = "time";

/// Compared without regard to ASCII case.
struct TextTest {
    enum class Place {
        kAnywhere,  ///< a part of it: only for the bytes of the record
        kWhole,
        kPrefix,
    };
    std::string text;
    Place place = Place::kAnywhere;

    bool operator==(const TextTest&) const = default;
};

/// RE2 syntax over bytes (regex.hpp), found anywhere unless anchored.
struct RegexTest {
    std::string pattern;  ///< as typed: `\/` is not yet `/`
    bool ignores_case = false;

    bool operator==(const RegexTest&) const = default;
};

struct Term {
    std::string field;  ///< in lower case; empty: the bytes of the record
    std::variant<TextTest, RegexTest, NumberRange, Network> test;

    bool operator==(const Term&) const = default;
};

enum class Operator { kEverything, kTerm, kNot, kAnd, kOr };

/// A query or a part of one. The functions below keep the form that ToText and ParseQuery agree on: kNot has one child that is no
/// kNot, kAnd and kOr have two or more and none of their own kind.
struct Query {
    Operator op = Operator::kEverything;
    Term term = {};  ///< of kTerm only
    std::vector<Query> children = {};

    bool operator==(const Query&) const = default;
};

Query MakeTerm(Term term);
Query Not(Query query);
Query And(std::vector<Query> queries);  ///< of none: everything
Query Or(std::vector<Query> queries);   ///< at least one

struct Place {
    std::size_t byte = 0;    ///< from 0
    std::size_t column = 1;  ///< from 1, in code points
};

/// Any text. The empty query is everything. An error is kInvalidInput, or kTooLarge for what passes a limit above; its text says
/// where and what was expected, and `error_place` receives the place for a caller that marks it.
Result<Query> ParseQuery(std::string_view text, Place* error_place = nullptr);

/// ParseQuery(ToText(q)) gives q again for every q that ParseQuery gave.
std::string ToText(const Query& query);

}  // namespace opsteward::vault::query
