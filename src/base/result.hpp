// Result<T>: the value of a call that can be expected to fail, or the Error that says why.
#pragma once

#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/error.hpp"

namespace opsteward {

/// Either a T or an Error. Ignoring one is a compile-time warning, which the build treats as an error.
template <typename T>
class [[nodiscard]] Result {
    static_assert(!std::is_reference_v<T> && !std::is_same_v<std::remove_cv_t<T>, Error>);

  public:
    using value_type = T;

    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(google-explicit-constructor)
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

    bool ok() const { return state_.index() == 0; }
    explicit operator bool() const { return ok(); }

    // Precondition of value(): ok(). Precondition of error(): !ok(). Breaking either is a programming error and ends
    // in std::bad_variant_access, never in an undefined read.
    T& value() & { return std::get<0>(state_); }
    const T& value() const& { return std::get<0>(state_); }
    T&& value() && { return std::get<0>(std::move(state_)); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    Error& error() & { return std::get<1>(state_); }
    const Error& error() const& { return std::get<1>(state_); }
    Error&& error() && { return std::get<1>(std::move(state_)); }

    T value_or(T fallback) const& { return ok() ? value() : std::move(fallback); }

  private:
    std::variant<T, Error> state_;
};

/// Success without a value, or an Error. `return Ok();` is the success.
template <>
class [[nodiscard]] Result<void> {
  public:
    using value_type = void;

    Result() = default;
    Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

    bool ok() const { return !error_.has_value(); }
    explicit operator bool() const { return ok(); }

    Error& error() & { return error_.value(); }
    const Error& error() const& { return error_.value(); }
    Error&& error() && { return std::move(error_).value(); }

  private:
    std::optional<Error> error_;
};

inline Result<void> Ok() { return {}; }

}  // namespace opsteward

#define OPS_CONCAT_INNER(a, b) a##b
#define OPS_CONCAT(a, b) OPS_CONCAT_INNER(a, b)

/// OPS_TRY(auto rows, connection.Query(sql)): declares `rows`, or returns the Error from the enclosing function.
#define OPS_TRY(declaration, expression) OPS_TRY_WITH(OPS_CONCAT(ops_result_, __LINE__), declaration, expression)
#define OPS_TRY_WITH(temporary, declaration, expression)          \
    auto temporary = (expression);                                \
    if (!temporary.ok()) return std::move(temporary).error();     \
    declaration = std::move(temporary).value()

/// OPS_CHECK(DoIt()): for Result<void>, or a Result whose value is not needed.
#define OPS_CHECK(expression) OPS_CHECK_WITH(OPS_CONCAT(ops_result_, __LINE__), expression)
#define OPS_CHECK_WITH(temporary, expression)                          \
    do {                                                               \
        auto temporary = (expression);                                 \
        if (!temporary.ok()) return std::move(temporary).error();      \
    } while (false)
