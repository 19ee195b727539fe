#include "vault/query/values.hpp"

#include <fmt/format.h>

#include "base/folding.hpp"
#include "base/text.hpp"

namespace opsteward::vault::query {
namespace {

using Outcome = std::variant<Term, Refusal>;

bool IsHexDigit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool IsEthernetAddress(std::string_view word) {
    if (word.size() != 17) return false;
    for (std::size_t i = 0; i < word.size(); ++i) {
        if (i % 3 == 2 ? word[i] != ':' : !IsHexDigit(word[i])) return false;
    }
    return true;
}

bool IsIpv6Address(std::string_view word) {
    return word.find(':') != std::string_view::npos && word.find('%') == std::string_view::npos && ParseAddress(word).has_value();
}

bool IsDrivePath(std::string_view word) {
    return word.size() > 2 && FoldByte(word[0]) >= 'a' && FoldByte(word[0]) <= 'z' && word[1] == ':' && word[2] == '\\';
}

Refusal NumberExpected(std::size_t byte, std::string_view found) {
    return {byte, Phrase{found.empty() ? "應為數字（例如 >1000、400..499）" : "應為數字（例如 >1000、400..499）；若要找含 > < .. 的文字請加引號",
                         found.empty() ? "expected a number (like >1000 or 400..499)"
                                       : "expected a number (like >1000 or 400..499); put text with > < .. in quotes"}
                      .ToText()};
}

Bound MakeBound(Number value, bool is_inclusive, std::string_view text) { return {value, is_inclusive, std::string(text)}; }

Outcome ReadComparison(std::string_view field, std::string_view value) {
    const bool is_lower = value.front() == '>';
    const bool is_inclusive = value.substr(1).starts_with('=');
    const std::size_t begin = is_inclusive ? 2 : 1;
    const std::string_view digits = value.substr(begin);
    const auto number = ParseNumber(digits);
    if (!number) return NumberExpected(begin, digits);
    NumberRange range;
    (is_lower ? range.lower : range.upper) = MakeBound(*number, is_inclusive, digits);
    return Term{std::string(field), range};
}

Outcome ReadRange(std::string_view field, std::string_view value, std::size_t dots) {
    const std::string_view left = value.substr(0, dots);
    const std::string_view right = value.substr(dots + 2);
    NumberRange range;
    if (!left.empty()) {
        const auto number = ParseNumber(left);
        if (!number) return NumberExpected(0, left);
        range.lower = MakeBound(*number, true, left);
    }
    if (!right.empty() || left.empty()) {
        const auto number = ParseNumber(right);
        if (!number) return NumberExpected(dots + 2, right);
        range.upper = MakeBound(*number, true, right);
    }
    if (range.lower && range.upper && range.lower->value > range.upper->value) {
        return Refusal{dots + 2, {"範圍的上限小於下限", "the range ends below its beginning"}};
    }
    return Term{std::string(field), range};
}

/// Nothing when it is no network at all, like `text/html`.
std::optional<Outcome> ReadNetwork(std::string_view field, std::string_view value) {
    if (IsIpv6Address(value)) return Term{std::string(field), *MakeNetwork(value, 128)};
    const auto slash = value.rfind('/');
    if (slash == std::string_view::npos || value.find('%') != std::string_view::npos) return std::nullopt;
    const std::string_view address = value.substr(0, slash);
    if (!ParseAddress(address)) return std::nullopt;
    const std::string_view digits = value.substr(slash + 1);
    const bool is_number =
        digits.size() <= 3 && !digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos;
    const auto network = is_number ? MakeNetwork(address, static_cast<int>(*ParseInt(digits))) : std::nullopt;
    if (network) return Term{std::string(field), *network};
    const int most = address.find(':') == std::string_view::npos ? 32 : 128;
    return Refusal{slash + 1, {fmt::format("應為前綴長度 0–{}", most), fmt::format("expected a prefix length from 0 to {}", most)}};
}

}  // namespace

bool IsWordWithColon(std::string_view word) { return IsEthernetAddress(word) || IsIpv6Address(word) || IsDrivePath(word); }

std::variant<Term, Refusal> ReadBareValue(std::string_view field, std::string_view value) {
    if (value.front() == '>' || value.front() == '<') return ReadComparison(field, value);
    if (const auto dots = value.find(".."); dots != std::string_view::npos) return ReadRange(field, value, dots);
    if (auto network = ReadNetwork(field, value)) return *std::move(network);
    const auto star = value.find('*');
    if (star == std::string_view::npos) return Term{std::string(field), TextTest{std::string(value), TextTest::Place::kWhole}};
    if (star + 1 == value.size()) {
        return Term{std::string(field), TextTest{std::string(value.substr(0, star)), TextTest::Place::kPrefix}};
    }
    return Refusal{star,
                   {"* 只能在值的結尾；其他位置請用 /正規表示式/，星號本身請加引號",
                    "* stands only at the end of a value; elsewhere use /a regular expression/, or quotes for the star itself"}};
}

}  // namespace opsteward::vault::query
