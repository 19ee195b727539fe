// Markup: HTML that is known to be well formed and escaped. Templates are checked while the program is compiled.
//
//   Markup row = Format(R"(<tr class="{}"><td><a href="{}">{}</a></td></tr>)", tone, url, name);
//
// Checked at compile time (a mistake is a compile error that names it): every element is closed and properly nested;
// elements and attribute names are known; attributes quoted with " and not repeated; void elements have no end tag; no
// style= and no on…= attribute, no <style>, no <script> with contents (the content security policy forbids them);
// content rules (li in ul/ol/menu, tr in table parts, td/th in tr, dt/dd in dl, option in select/datalist, no block
// in p, no nested a/button/form …); attributes that must be there (alt of img, type of button and input, lang of html
// …); a placeholder stands only in text or inside a quoted attribute value; as many arguments as placeholders, each
// of a type that fits its place. The vocabulary is in elements.hpp, the refusals in template_parser.hpp.
//
// Placeholders:
//   {}   in text: a string or number (escaped), Markup (as it is), std::vector<Markup>, std::optional of these. Only
//        Markup directly inside table, tr, ul, dl, select, svg …; no Markup inside title, textarea and option
//   {}   in an attribute value: a string or number (escaped), in aria-… and data-… also bool (true or false); in
//        href, src, action, formaction and cite: a URL whose scheme is none (relative), http, https, mailto or
//        (src of img only) data:image/… — anything else becomes "#"
//   "{?}" as a whole attribute value: bool (present without value, or absent) or std::optional of a string or number
//        (present with the value, or absent): <input type="checkbox" checked="{?}">
//   {{ and }} stand for braces.
//
// What comes out is valid UTF-8 whatever goes in: each ill-formed sequence, and NUL, becomes U+FFFD.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "html/format_string.hpp"

namespace opsteward::html {

class Markup {
  public:
    Markup() = default;

    /// For text that is known to be good HTML for another reason than Format: rarely right.
    static Markup Trusted(std::string text) {
        Markup markup;
        markup.text_ = std::move(text);
        return markup;
    }

    Markup& operator+=(const Markup& other) {
        text_ += other.text_;
        return *this;
    }
    friend Markup operator+(Markup first, const Markup& second) {
        first += second;
        return first;
    }
    bool empty() const { return text_.empty(); }
    const std::string& text() const& { return text_; }
    std::string text() && { return std::move(text_); }
    bool operator==(const Markup&) const = default;

  private:
    std::string text_;
};

namespace detail {

/// std::monostate: an optional without a value.
using Argument = std::variant<std::monostate, std::string_view, std::int64_t, std::uint64_t, double, bool, const Markup*,
                              std::span<const Markup>>;

template <typename T>
Argument MakeArgument(const T& value) {
    if constexpr (std::same_as<T, bool>) {
        return value;
    } else if constexpr (std::floating_point<T>) {
        return static_cast<double>(value);
    } else if constexpr (std::signed_integral<T>) {
        return static_cast<std::int64_t>(value);
    } else if constexpr (std::unsigned_integral<T>) {
        return static_cast<std::uint64_t>(value);
    } else if constexpr (std::same_as<T, Markup>) {
        return &value;
    } else if constexpr (std::same_as<T, std::vector<Markup>>) {
        return std::span<const Markup>(value);
    } else if constexpr (IsOptional<T>) {
        return value ? MakeArgument(*value) : Argument();
    } else {
        return std::string_view(value);
    }
}

Markup Render(std::string_view text, bool has_doubled_braces, std::span<const Slot> slots,
              std::span<const Argument> arguments);

}  // namespace detail

template <typename... A>
Markup Format(FormatString<std::type_identity_t<A>...> text, const A&... arguments) {
    const std::array<detail::Argument, sizeof...(A)> list = {detail::MakeArgument(arguments)...};
    return detail::Render(text.text(), text.has_doubled_braces(), {text.slots(), sizeof...(A)}, list);
}

/// `text` as it is, for a place in text.
Markup Escape(std::string_view text);

/// What `fn` makes of each element, one after the other.
template <typename Range, typename Fn>
Markup Join(const Range& range, Fn&& fn) {
    Markup all;
    for (const auto& element : range) all += fn(element);
    return all;
}

template <typename Range, typename Fn>
Markup Join(const Range& range, Fn&& fn, const Markup& separator) {
    Markup all;
    bool is_first = true;
    for (const auto& element : range) {
        if (!is_first) all += separator;
        is_first = false;
        all += fn(element);
    }
    return all;
}

template <typename Range, typename Fn>
Markup Join(const Range& range, Fn&& fn, std::string_view separator) {
    return Join(range, std::forward<Fn>(fn), Escape(separator));
}

}  // namespace opsteward::html
