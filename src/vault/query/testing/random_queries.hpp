// Queries drawn at random from words that fit the records they are asked of.
#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "vault/query/query.hpp"

namespace opsteward::vault::query::testing {

/// What queries are made of. None of the lists is empty.
struct QueryWords {
    std::vector<std::string> texts = {};           ///< looked for in the bytes of a record
    std::vector<std::string> patterns = {};        ///< likewise, and in fields
    std::vector<std::string> fields = {};          ///< asked for a value, a prefix or a pattern
    std::vector<std::string> values = {};
    std::vector<std::string> number_fields = {};   ///< asked for a range
    std::vector<std::string> numbers = {};         ///< as ParseNumber reads them
    std::vector<std::string> address_fields = {};  ///< asked for a network
    std::vector<std::string> addresses = {};       ///< IPv4
};

class RandomQueries {
  public:
    RandomQueries(unsigned seed, QueryWords words) : random_(seed), words_(std::move(words)) {}

    unsigned Below(std::size_t limit) { return static_cast<unsigned>(random_() % limit); }
    template <typename List>
    const auto& Pick(const List& choices) {
        return choices[Below(std::size(choices))];
    }

    Query Next(int depth) {
        if (depth == 0 || Below(3) == 0) return Below(30) == 0 ? Query{} : MakeTerm(AnyTerm());
        if (Below(3) == 0) return Not(Next(depth - 1));
        std::vector<Query> children;
        for (unsigned count = 2 + Below(2); count > 0; --count) children.push_back(Next(depth - 1));
        return Below(2) == 0 ? And(std::move(children)) : Or(std::move(children));
    }

  private:
    Term AnyTerm() {
        const unsigned kind = Below(10);
        if (kind < 4) return {"", TextTest{Pick(words_.texts), TextTest::Place::kAnywhere}};
        if (kind == 4) return {"", AnyRegex()};
        if (kind == 5) return {Pick(words_.fields), AnyRegex()};
        if (kind == 6) return {Pick(words_.number_fields), AnyRange()};
        if (kind == 7) return {Pick(words_.address_fields), *MakeNetwork(Pick(words_.addresses), static_cast<int>(Below(33)))};
        const auto place = Below(2) == 0 ? TextTest::Place::kWhole : TextTest::Place::kPrefix;
        return {Pick(words_.fields), TextTest{Pick(words_.values), place}};
    }

    RegexTest AnyRegex() { return {Pick(words_.patterns), Below(2) == 0}; }

    NumberRange AnyRange() {
        const auto bound = [this](bool is_inclusive) {
            const std::string& text = Pick(words_.numbers);
            return Bound{*ParseNumber(text), is_inclusive, text};
        };
        NumberRange range;
        if (Below(3) == 0) {
            range.lower = bound(true);
            range.upper = bound(true);
            if (range.lower->value > range.upper->value) std::swap(range.lower, range.upper);
        } else {
            (Below(2) == 0 ? range.lower : range.upper) = bound(Below(2) == 0);
        }
        return range;
    }

    std::mt19937 random_;
    QueryWords words_;
};

}  // namespace opsteward::vault::query::testing
