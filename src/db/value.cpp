#include "db/value.hpp"

#include <fmt/format.h>

#include <cmath>

namespace opsteward::db {

std::int64_t Value::AsInt() const { return AsOptionalInt().value_or(0); }

double Value::AsReal() const {
    if (const auto* real = std::get_if<double>(&state_)) return *real;
    if (const auto* integer = std::get_if<std::int64_t>(&state_)) return static_cast<double>(*integer);
    return 0;
}

const std::string& Value::AsText() const {
    static const std::string kEmpty;
    const auto* text = std::get_if<std::string>(&state_);
    return text != nullptr ? *text : kEmpty;
}

const Blob& Value::AsBlob() const {
    static const Blob kEmpty;
    const auto* blob = std::get_if<Blob>(&state_);
    return blob != nullptr ? *blob : kEmpty;
}

std::optional<std::int64_t> Value::AsOptionalInt() const {
    if (const auto* integer = std::get_if<std::int64_t>(&state_)) return *integer;
    if (const auto* real = std::get_if<double>(&state_)) {
        constexpr double kTwoTo63 = 9223372036854775808.0;
        if (std::trunc(*real) == *real && *real >= -kTwoTo63 && *real < kTwoTo63) return static_cast<std::int64_t>(*real);
    }
    return std::nullopt;
}

std::optional<std::string> Value::AsOptionalText() const {
    if (const auto* text = std::get_if<std::string>(&state_)) return *text;
    return std::nullopt;
}

std::optional<Instant> Value::AsOptionalInstant() const {
    if (const auto millis = AsOptionalInt()) return FromMillis(*millis);
    return std::nullopt;
}

std::string Value::ToDisplay() const {
    if (const auto* integer = std::get_if<std::int64_t>(&state_)) return fmt::format("{}", *integer);
    if (const auto* real = std::get_if<double>(&state_)) return fmt::format("{}", *real);
    return AsText();
}

std::optional<std::size_t> ResultSet::ColumnIndex(std::string_view name) const {
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (columns[i] == name) return i;
    }
    return std::nullopt;
}

}  // namespace opsteward::db
