#include "vault/query/number.hpp"

#include <charconv>
#include <cstdint>

namespace opsteward::vault::query {

std::optional<Number> ParseNumber(std::string_view text) {
    const char* const end = text.data() + text.size();
    std::int64_t whole = 0;
    if (const auto read = std::from_chars(text.data(), end, whole); read.ec == std::errc{} && read.ptr == end) return Number(whole);

    // Without this, from_chars would accept "inf" and "nan".
    const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
    if (digits.empty() || digits.find_first_not_of("0123456789.eE+-") != std::string_view::npos) return std::nullopt;
    Number number = 0;
    const auto read = std::from_chars(text.data(), end, number);
    if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
    return number;
}

bool NumberRange::Contains(Number value) const {
    if (lower && (lower->is_inclusive ? value < lower->value : value <= lower->value)) return false;
    return !upper || (upper->is_inclusive ? value <= upper->value : value < upper->value);
}

}  // namespace opsteward::vault::query
