// Values that go into and come out of the records database.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.hpp"

namespace opsteward::db {

using Blob = std::vector<std::uint8_t>;

/// SQL NULL, integer (64 bits), real, text (UTF-8, may hold any byte but NUL), or bytes.
class Value {
  public:
    Value() = default;
    Value(std::nullptr_t) {}                                                     // NOLINT(google-explicit-constructor)
    Value(std::int64_t v) : state_(v) {}                                         // NOLINT(google-explicit-constructor)
    Value(int v) : state_(static_cast<std::int64_t>(v)) {}                       // NOLINT(google-explicit-constructor)
    Value(bool v) : state_(static_cast<std::int64_t>(v ? 1 : 0)) {}              // NOLINT(google-explicit-constructor)
    Value(double v) : state_(v) {}                                               // NOLINT(google-explicit-constructor)
    Value(std::string v) : state_(std::move(v)) {}                               // NOLINT(google-explicit-constructor)
    Value(std::string_view v) : state_(std::string(v)) {}                        // NOLINT(google-explicit-constructor)
    Value(const char* v) : state_(std::string(v)) {}                             // NOLINT(google-explicit-constructor)
    Value(Blob v) : state_(std::move(v)) {}                                      // NOLINT(google-explicit-constructor)
    Value(Instant v) : state_(static_cast<std::int64_t>(ToMillis(v))) {}         // NOLINT(google-explicit-constructor)
    template <typename T>
    Value(const std::optional<T>& v) {                                           // NOLINT(google-explicit-constructor)
        if (v) *this = Value(*v);
    }

    bool is_null() const { return std::holds_alternative<std::monostate>(state_); }
    /// The conversions SQLite and PostgreSQL results need: an integer read as real, a real that is whole read as
    /// integer. Anything else that does not fit gives 0, "" or an empty blob; NULL too. Use the optional forms to tell.
    std::int64_t AsInt() const;
    double AsReal() const;
    bool AsBool() const { return AsInt() != 0; }
    const std::string& AsText() const;  ///< "" unless it is text
    const Blob& AsBlob() const;
    Instant AsInstant() const { return FromMillis(AsInt()); }
    std::optional<std::int64_t> AsOptionalInt() const;
    std::optional<std::string> AsOptionalText() const;
    std::optional<Instant> AsOptionalInstant() const;
    /// Any value as text for display: integers and reals printed, NULL and blobs as "".
    std::string ToDisplay() const;

    bool operator==(const Value&) const = default;

    using State = std::variant<std::monostate, std::int64_t, double, std::string, Blob>;
    const State& state() const { return state_; }

  private:
    State state_;
};

using Row = std::vector<Value>;

struct ResultSet {
    std::vector<std::string> columns;
    std::vector<Row> rows;
    std::int64_t affected = 0;  ///< rows inserted, updated or deleted

    bool empty() const { return rows.empty(); }
    /// Index of a column by its name; nothing when the statement returned no such column.
    std::optional<std::size_t> ColumnIndex(std::string_view name) const;
};

}  // namespace opsteward::db
