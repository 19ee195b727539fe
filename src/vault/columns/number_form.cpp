#include "vault/columns/number_form.hpp"

#include <algorithm>

namespace opsteward::vault {

namespace {

constexpr std::size_t kMaxDigits = 18;  // below 2^63 whatever the digits are

std::optional<std::uint64_t> ReadDigits(std::string_view text) {
    if (text.empty() || text.size() > kMaxDigits + 1) return std::nullopt;
    std::uint64_t value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return value < (std::uint64_t{1} << 63) ? std::optional(value) : std::nullopt;
}

std::optional<std::uint64_t> ReadCanonical(std::string_view text) {
    if (text.size() > 1 && text[0] == '0') return std::nullopt;
    return ReadDigits(text);
}

std::optional<std::uint64_t> ReadAddress(std::string_view token) {
    std::uint64_t address = 0;
    for (int part = 0; part < 4; ++part) {
        const std::size_t point = part < 3 ? token.find('.') : token.size();
        if (point == std::string_view::npos || point > 3) return std::nullopt;
        const auto value = ReadCanonical(token.substr(0, point));
        if (!value || *value > 255) return std::nullopt;
        address = address << 8 | *value;
        token.remove_prefix(std::min(point + 1, token.size()));
    }
    return address;
}

std::optional<std::uint64_t> ReadFraction(std::string_view token, std::size_t digits) {
    if (token.size() < digits + 2 || token.size() > kMaxDigits + 1 || token[token.size() - digits - 1] != '.') return std::nullopt;
    const auto whole = ReadCanonical(token.substr(0, token.size() - digits - 1));
    const auto fraction = ReadDigits(token.substr(token.size() - digits));
    if (!whole || !fraction) return std::nullopt;
    std::uint64_t number = *whole;
    for (std::size_t i = 0; i < digits; ++i) number *= 10;
    return number + *fraction;
}

void AppendFraction(ByteSink& out, std::uint64_t number, std::size_t digits) {
    std::uint64_t scale = 1;
    for (std::size_t i = 0; i < digits; ++i) scale *= 10;
    out.AppendDecimal(number / scale);
    out.Append('.');
    out.AppendDecimal(number % scale, digits);
}

}  // namespace

NumberForm LikelyForm(std::string_view token) {
    const std::size_t point = token.find('.');
    if (point == std::string_view::npos) return kDecimal;
    if (token.find('.', point + 1) != std::string_view::npos) return kAddress;
    const std::size_t digits = token.size() - point - 1;
    return digits >= 1 && digits < kMaxForm ? static_cast<NumberForm>(1 + digits) : kDecimal;
}

std::optional<std::uint64_t> ReadForm(std::string_view token, NumberForm form) {
    if (form == kDecimal) return ReadCanonical(token);
    if (form == kAddress) return ReadAddress(token);
    return ReadFraction(token, form - 1U);
}

void AppendForm(ByteSink& out, std::uint64_t number, NumberForm form) {
    if (form == kDecimal) return out.AppendDecimal(number);
    if (form == kAddress) return out.AppendAddress(number);
    AppendFraction(out, number, form - 1U);
}

}  // namespace opsteward::vault
