// What makes a search by field complete: of no value that a line was read to may the query for it rule out the line's bytes.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "features/logs/parsed_line.hpp"
#include "vault/query/matcher.hpp"
#include "vault/query/needles.hpp"
#include "vault/query/testing/pairs.hpp"

namespace opsteward::logs::testing {

class FieldsOf final : public vault::query::FieldSource {
  public:
    /// Keeps a reference to it.
    explicit FieldsOf(const ParsedLine& line) : line_(line) {}

    bool AnyValue(std::string_view name, const vault::query::ValueTest& test) const override {
        return std::ranges::any_of(line_.fields, [&](const Field& field) { return field.IsCalled(name) && test(field.value); });
    }

  private:
    const ParsedLine& line_;
};

/// The queries that are asked: for the value, for its beginning, and for each run of ASCII bytes in it, of which more may be required than of the
/// whole. Returns the first field that would be missed, as "name = value"; empty when there is none.
inline std::string FieldThatWouldBeMissed(const ParsedLine& line, std::string_view bytes) {
    using vault::query::TextTest;
    const vault::RecordView record{.source = {}, .kind = {}, .peer = {}, .message = bytes};
    const FieldsOf fields(line);
    const vault::query::testing::RecordEvidence evidence(record, fields);
    const auto is_found = [&](const Field& field, std::string_view text, TextTest::Place place) {
        const auto query = vault::query::MakeTerm({ToLowerAscii(field.FullName()), TextTest{std::string(text), place}});
        return vault::query::MayMatch(vault::query::RequirementOf(query, IsVerbatim), evidence).value() != 0;
    };
    const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
    for (const Field& field : line.fields) {
        bool is_safe = is_found(field, field.value, TextTest::Place::kWhole) &&
                       is_found(field, field.value.substr(0, field.value.size() / 2), TextTest::Place::kPrefix);
        for (const char* at = field.value.begin(); is_safe && at != field.value.end();) {
            const char* const begin = std::find_if(at, field.value.end(), is_ascii);
            at = std::find_if_not(begin, field.value.end(), is_ascii);
            is_safe = is_found(field, {begin, at}, TextTest::Place::kAnywhere);
        }
        if (!is_safe) return field.FullName().append(" = ").append(field.value);
    }
    return {};
}

}  // namespace opsteward::logs::testing
