#include "features/vulnerabilities/cpe/name.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "features/vulnerabilities/cpe/characters.hpp"
#include "features/vulnerabilities/cpe/component.hpp"

namespace opsteward::cpe {
namespace {

constexpr std::array<std::string_view, kAttributes> kAttributeNames = {
    "part", "vendor", "product", "version", "update", "edition", "language", "sw_edition", "target_sw", "target_hw", "other"};

struct Fault {
    std::size_t at;
    std::string_view zh;
    std::string_view en;
};

/// Why CutFormattedString refused `text`, which begins as a formatted string.
Fault FindFault(std::string_view text) {
    std::size_t begin = kFormattedPrefix.size();
    for (std::size_t i = 0; i < kAttributes; ++i) {
        const std::size_t end = EndOfComponent(text, begin, Unquoted::kTaken);
        if (end == std::string_view::npos) {
            return {begin, "此元件沒有內容、有不得出現的字元，或萬用字元位於中間", "this component is empty, has a character that no name may have, or a wildcard inside"};
        }
        if (i == 0 && !IsPart(text.substr(begin, end - begin))) return {begin, "part 應為 a、o、h、* 或 -", "the part must be a, o, h, * or -"};
        const bool is_last = i + 1 == kAttributes;
        if (end == text.size() && !is_last) return {end, "元件不足十一個", "fewer than eleven components"};
        if (end != text.size() && is_last) return {end, "元件多於十一個", "more than eleven components"};
        begin = end + 1;
    }
    return {begin, "不是格式化字串", "no formatted string"};
}

Result<Name> ParseFormattedString(std::string_view text) {
    const auto components = CutFormattedString(text, Unquoted::kTaken);
    if (!components) {
        const Fault fault = FindFault(text);
        return NotAName(text, fault.at, fault.zh, fault.en);
    }
    Name name;
    for (std::size_t i = 0; i < kAttributes; ++i) name.SetComponent(static_cast<Attribute>(i), (*components)[i]);
    return name;
}

}  // namespace

std::string_view AttributeName(Attribute attribute) { return kAttributeNames[static_cast<std::size_t>(attribute)]; }

Error NotAName(std::string_view text, std::size_t at, std::string_view zh, std::string_view en) {
    const std::string shown = Shorten(ReplaceInvalidUtf8(text), 200);
    return Error::Of(ErrorCode::kInvalidInput, fmt::format("「{}」不是 CPE 名稱：第 {} 個位元組起，{}", shown, at + 1, zh),
                     fmt::format("\"{}\" is no CPE name: at byte {}: {}", shown, at + 1, en));
}

Name::Name() { values_.fill(std::string(kAny)); }

Result<Name> Name::Parse(std::string_view text) {
    if (text.size() > kMaxNameLength) {
        return Error::Of(ErrorCode::kTooLarge, fmt::format("CPE 名稱長 {} 位元組，上限為 {}", text.size(), kMaxNameLength),
                         fmt::format("a CPE name of {} bytes; at most {} are read", text.size(), kMaxNameLength));
    }
    if (text.starts_with(kFormattedPrefix)) return ParseFormattedString(text);
    if (text.starts_with(kUriPrefix)) return ParseUri(text);
    if (text.starts_with(kWellFormedPrefix)) return ParseWellFormedName(text);
    return NotAName(text, 0, "應以 cpe:2.3:、cpe:/ 或 wfn:[ 開頭", "it must begin with cpe:2.3:, cpe:/ or wfn:[");
}

void Name::SetLiteral(Attribute attribute, std::string_view text) {
    std::string& value = values_[static_cast<std::size_t>(attribute)];
    value.clear();
    for (const char c : text) {
        const bool continues = (static_cast<unsigned char>(c) & 0xC0) == 0x80;  // of a character whose first byte became "_"
        const Kind kind = KindOf(c);
        if (kind == Kind::kNone) {
            if (!continues) value += '_';
            continue;
        }
        if (kind != Kind::kPlain && kind != Kind::kBare) value += '\\';
        value += Lower(c);
    }
    if (value == kNa) value = kLiteralHyphen;
    if (value.empty()) value = text.empty() ? kAny : "_";
}

void Name::SetComponent(Attribute attribute, std::string_view component) {
    std::string& value = values_[static_cast<std::size_t>(attribute)];
    value.clear();
    AppendCanonical(value, component);
}

std::string Name::FormattedString() const {
    std::string text = "cpe:2.3";
    for (const std::string& value : values_) {
        text += ':';
        text += value;
    }
    return text;
}

}  // namespace opsteward::cpe
