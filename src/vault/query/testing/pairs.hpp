// Fields and evidence for tests: a record's fields are the `name=value` words of its bytes.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "vault/query/field_source.hpp"
#include "vault/query/needles.hpp"
#include "vault/query/number.hpp"
#include "vault/store/record.hpp"

namespace opsteward::vault::query::testing {

class PairFields final : public FieldSource {
  public:
    explicit PairFields(std::string_view bytes) {
        for (const std::string_view word : Split(bytes, ' ')) {
            const auto equals = word.find('=');
            if (equals == std::string_view::npos) continue;
            pairs_.emplace_back(ToLowerAscii(word.substr(0, equals)), word.substr(equals + 1));
        }
    }

    bool AnyValue(std::string_view name, const ValueTest& test) const override {
        return std::any_of(pairs_.begin(), pairs_.end(), [&](const auto& pair) { return pair.first == name && test(pair.second); });
    }

  private:
    std::vector<std::pair<std::string, std::string>> pairs_;
};

/// All there is to know about one record, a group by itself: what is not there is certainly not there.
class RecordEvidence final : public Evidence {
  public:
    /// Keeps references to both.
    RecordEvidence(const RecordView& record, const FieldSource& fields) : record_(record), fields_(fields) {}

    Groups all() const override { return 1; }

    Result<Groups> WithLiteral(std::string_view literal) const override {
        return Groups{ToLowerAscii(record_.message).find(literal) != std::string::npos};
    }

    Result<Groups> WithNumber(std::string_view field, double lower, double upper) const override {
        return Groups{fields_.AnyValue(field, [&](std::string_view value) {
            const auto number = ParseNumber(value);
            return number && static_cast<double>(*number) >= lower && static_cast<double>(*number) <= upper;
        })};
    }

    Result<Groups> WithSource(std::string_view text, bool is_prefix) const override { return Groups{Is(record_.source, text, is_prefix)}; }
    Result<Groups> WithKind(std::string_view text, bool is_prefix) const override { return Groups{Is(record_.kind, text, is_prefix)}; }

  private:
    static bool Is(std::string_view own, std::string_view text, bool is_prefix) {
        const std::string folded = ToLowerAscii(own);
        return is_prefix ? folded.starts_with(text) : folded == text;
    }

    const RecordView& record_;
    const FieldSource& fields_;
};

}  // namespace opsteward::vault::query::testing
