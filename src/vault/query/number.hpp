// Numbers as fields hold them and as a query names them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace opsteward::vault::query {

/// Holds every 64-bit integer exactly (64 bits of mantissa on x86-64, 113 on 64-bit ARM), so that counters compare exactly.
using Number = long double;

/// The whole text as a decimal number: `-12`, `0.5`, `1e6`. No leading '+', no hexadecimal, no infinity, no white space; nothing
/// when it is not one or does not fit.
std::optional<Number> ParseNumber(std::string_view text);

/// One end of a range, with the number as it was written.
struct Bound {
    Number value = 0;
    bool is_inclusive = true;
    std::string text = {};

    bool operator==(const Bound&) const = default;
};

struct NumberRange {
    std::optional<Bound> lower;
    std::optional<Bound> upper;

    bool Contains(Number value) const;
    bool operator==(const NumberRange&) const = default;
};

}  // namespace opsteward::vault::query
