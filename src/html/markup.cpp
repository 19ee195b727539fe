#include "html/markup.hpp"

#include <charconv>

#include "html/escape.hpp"

namespace opsteward::html {

namespace {

using detail::Argument;

template <typename T>
void AppendNumber(std::string& out, T value) {
    char buffer[32];
    const auto end = std::to_chars(buffer, buffer + sizeof(buffer), value).ptr;
    out.append(buffer, end);
}

void AppendLiteral(std::string& out, std::string_view literal, bool has_doubled_braces) {
    if (!has_doubled_braces) {
        out += literal;
        return;
    }
    for (std::size_t i = 0; i < literal.size(); ++i) {
        out += literal[i];
        if (literal[i] == '{' || literal[i] == '}') ++i;
    }
}

/// A string, number or bool; the parser has made sure that nothing else comes to an attribute.
void AppendAttributeValue(std::string& out, const Argument& argument) {
    std::visit(
        [&out](const auto& value) {
            using T = std::decay_t<decltype(value)>;
            if constexpr (std::same_as<T, std::string_view>) {
                AppendEscapedAttribute(out, value);
            } else if constexpr (std::same_as<T, bool>) {
                out += value ? "true" : "false";
            } else if constexpr (detail::IsNumber<T>) {
                AppendNumber(out, value);
            }
        },
        argument);
}

void AppendUrl(std::string& out, const Argument& argument, bool allow_image_data) {
    const auto* text = std::get_if<std::string_view>(&argument);
    if (text != nullptr && !IsAllowedUrl(*text, allow_image_data)) {
        out += '#';
    } else {
        AppendAttributeValue(out, argument);
    }
}

void AppendText(std::string& out, const Argument& argument) {
    std::visit(
        [&out](const auto& value) {
            using T = std::decay_t<decltype(value)>;
            if constexpr (std::same_as<T, std::string_view>) {
                AppendEscapedText(out, value);
            } else if constexpr (detail::IsNumber<T>) {
                AppendNumber(out, value);
            } else if constexpr (std::same_as<T, const Markup*>) {
                out += value->text();
            } else if constexpr (std::same_as<T, std::span<const Markup>>) {
                for (const Markup& markup : value) out += markup.text();
            }
        },
        argument);
}

void AppendOptionalAttribute(std::string& out, std::string_view text, const Slot& slot, const Argument& argument) {
    if (std::holds_alternative<std::monostate>(argument)) return;
    const auto* is_present = std::get_if<bool>(&argument);
    if (is_present != nullptr && !*is_present) return;
    out += ' ';
    out += text.substr(slot.begin + 1, slot.name_size);
    if (is_present != nullptr) return;
    out += "=\"";
    if (slot.place == Place::kOptionalAttribute) {
        AppendAttributeValue(out, argument);
    } else {
        AppendUrl(out, argument, slot.place == Place::kOptionalImageUrl);
    }
    out += '"';
}

void AppendArgument(std::string& out, std::string_view text, const Slot& slot, const Argument& argument) {
    switch (slot.place) {
        case Place::kText:
        case Place::kFirstText: return AppendText(out, argument);
        case Place::kAttribute: return AppendAttributeValue(out, argument);
        case Place::kUrl: return AppendUrl(out, argument, false);
        case Place::kImageUrl: return AppendUrl(out, argument, true);
        case Place::kOptionalAttribute:
        case Place::kOptionalUrl:
        case Place::kOptionalImageUrl: return AppendOptionalAttribute(out, text, slot, argument);
    }
}

std::size_t SizeHint(const Argument& argument) {
    if (const auto* text = std::get_if<std::string_view>(&argument)) return text->size();
    if (const auto* markup = std::get_if<const Markup*>(&argument)) return (*markup)->text().size();
    std::size_t size = 0;
    if (const auto* list = std::get_if<std::span<const Markup>>(&argument)) {
        for (const Markup& markup : *list) size += markup.text().size();
    }
    return size;
}

}  // namespace

Markup detail::Render(std::string_view text, bool has_doubled_braces, std::span<const Slot> slots,
                      std::span<const Argument> arguments) {
    constexpr std::size_t kRoomForEscapes = 32;
    std::size_t size = text.size() + kRoomForEscapes;
    for (const Argument& argument : arguments) size += SizeHint(argument);
    std::string out;
    out.reserve(size);
    std::size_t position = 0;
    std::size_t content_begin = std::string::npos;  // of the <pre> or <textarea> that is being filled
    for (std::size_t i = 0; i < slots.size(); ++i) {
        const Slot& slot = slots[i];
        AppendLiteral(out, text.substr(position, slot.begin - position), has_doubled_braces);
        const std::size_t begin = out.size();
        AppendArgument(out, text, slot, arguments[i]);
        if (slot.place == Place::kFirstText) {
            if (slot.begin != position || i == 0) content_begin = begin;
            if (begin == content_begin && begin < out.size() && out[begin] == '\n') out.insert(begin, 1, '\n');
        }
        position = slot.end;
    }
    AppendLiteral(out, text.substr(position), has_doubled_braces);
    return Markup::Trusted(std::move(out));
}

Markup Escape(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    AppendEscapedText(out, text);
    return Markup::Trusted(std::move(out));
}

}  // namespace opsteward::html
