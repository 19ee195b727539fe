// Putting statements together whose conditions depend on what is asked: every value still goes as a parameter.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/text.hpp"
#include "db/value.hpp"

namespace opsteward::inventory {

class SqlParameters {
  public:
    /// Gives its place: "$3".
    std::string Add(db::Value value) {
        values_.push_back(std::move(value));
        return fmt::format("${}", values_.size());
    }
    /// "($1, $2, …)". Precondition: not empty.
    std::string AddList(const std::set<std::int64_t>& list) {
        std::string text;
        for (const std::int64_t value : list) text += (text.empty() ? "(" : ", ") + Add(value);
        return text + ")";
    }
    const std::vector<db::Value>& values() const { return values_; }

  private:
    std::vector<db::Value> values_;
};

/// For LOWER(…) LIKE … ESCAPE '\': holds `text` anywhere, without regard to ASCII case.
inline std::string LikePattern(std::string_view text) {
    std::string pattern = "%";
    for (const char c : ToLowerAscii(text)) {
        if (c == '%' || c == '_' || c == '\\') pattern += '\\';
        pattern += c;
    }
    return pattern + "%";
}

}  // namespace opsteward::inventory
