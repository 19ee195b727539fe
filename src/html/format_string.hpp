// FormatString: a template that was found well formed, and fitting its arguments, while the program was compiled.
#pragma once

#include <array>
#include <cstddef>
#include <concepts>
#include <optional>
#include <string_view>
#include <type_traits>
#include <vector>

#include "html/template_parser.hpp"

namespace opsteward::html {

class Markup;

namespace detail {

template <typename T>
struct OptionalValue {};
template <typename T>
struct OptionalValue<std::optional<T>> {
    using type = T;
};
template <typename T>
concept IsOptional = requires { typename OptionalValue<T>::type; };

/// Characters are no numbers: whether a `char` means a letter or a count can't be told.
template <typename T>
concept IsNumber = std::is_arithmetic_v<T> && !std::same_as<T, bool> && !std::same_as<T, char> &&
                   !std::same_as<T, wchar_t> && !std::same_as<T, char8_t> && !std::same_as<T, char16_t> &&
                   !std::same_as<T, char32_t>;

template <typename T>
constexpr ArgumentKind KindOf() {
    if constexpr (std::same_as<T, bool>) {
        return ArgumentKind::kBool;
    } else if constexpr (IsNumber<T>) {
        return ArgumentKind::kNumber;
    } else if constexpr (std::same_as<T, Markup> || std::same_as<T, std::vector<Markup>>) {
        return ArgumentKind::kMarkup;
    } else if constexpr (IsOptional<T>) {
        switch (KindOf<std::remove_cv_t<typename OptionalValue<T>::type>>()) {
            case ArgumentKind::kText: return ArgumentKind::kOptionalText;
            case ArgumentKind::kNumber: return ArgumentKind::kOptionalNumber;
            case ArgumentKind::kMarkup: return ArgumentKind::kOptionalMarkup;
            default: return ArgumentKind::kUnsupported;
        }
    } else if constexpr (std::convertible_to<const T&, std::string_view> && !std::same_as<T, std::nullptr_t>) {
        return ArgumentKind::kText;
    } else {
        return ArgumentKind::kUnsupported;
    }
}

}  // namespace detail

template <typename... A>
class FormatString {
  public:
    template <std::size_t kSize>
    consteval FormatString(const char (&text)[kSize])  // NOLINT(google-explicit-constructor)
        : text_(text, kSize - 1) {
        constexpr std::array<ArgumentKind, sizeof...(A) + 1> kKinds = {detail::KindOf<A>()...,
                                                                       ArgumentKind::kUnsupported};
        TemplateParser parser(text_, kKinds.data(), sizeof...(A), slots_.data());
        parser.Parse();
        has_doubled_braces_ = parser.has_doubled_braces();
    }

    std::string_view text() const { return text_; }
    const Slot* slots() const { return slots_.data(); }
    bool has_doubled_braces() const { return has_doubled_braces_; }

  private:
    std::string_view text_;
    std::array<Slot, sizeof...(A)> slots_ = {};
    bool has_doubled_braces_ = false;
};

}  // namespace opsteward::html
