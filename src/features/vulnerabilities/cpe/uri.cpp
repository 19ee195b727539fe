// The URI binding (NISTIR 7695 section 6.1), which CPE 2.2 had alone.
#include <fmt/format.h>

#include "features/vulnerabilities/cpe/characters.hpp"
#include "features/vulnerabilities/cpe/component.hpp"

namespace opsteward::cpe {
namespace {

constexpr std::array kSimple = {Attribute::kPart,   Attribute::kVendor,  Attribute::kProduct, Attribute::kVersion,
                                Attribute::kUpdate, Attribute::kEdition, Attribute::kLanguage};
constexpr std::array kPacked = {Attribute::kEdition, Attribute::kSwEdition, Attribute::kTargetSw, Attribute::kTargetHw, Attribute::kOther};

/// bind_value_for_URI and transform_for_uri of section 6.1.2.3.
void AppendForUri(std::string& uri, std::string_view value) {
    if (value == kAny) return;
    if (value == kLiteralHyphen) {
        uri += "%2d";
        return;
    }
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] == '\\') {
            fmt::format_to(std::back_inserter(uri), "%{:02x}", static_cast<unsigned char>(value[++i]));
        } else if (value[i] == '?') {
            uri += "%01";
        } else if (value[i] == '*') {
            uri += "%02";
        } else {
            uri += value[i];
        }
    }
}

int HexDigit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    const char lower = Lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// `decode` of section 6.1.3.2: the component of a formatted string for that of a URI. Nothing for what cannot be decoded. As there, "*" and "?" that are not
/// percent-encoded are wildcards (the names compared in NISTIR 7696 have some); other characters that ought to be stand for themselves.
std::optional<std::string> Decode(std::string_view text) {
    if (text.empty()) return std::string(kAny);
    if (text == kNa) return std::string(kNa);
    std::string value;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            if (i + 2 >= text.size()) return std::nullopt;
            const int high = HexDigit(text[i + 1]);
            const int low = HexDigit(text[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            c = static_cast<char>(high * 16 + low);
            i += 2;
            if (c == 1 || c == 2) {
                value += c == 1 ? '?' : '*';
                continue;
            }
            if (!MayBeQuoted(c)) return std::nullopt;
            value += '\\';
        } else if (KindOf(c) == Kind::kNone) {
            return std::nullopt;
        } else if (KindOf(c) != Kind::kPlain && KindOf(c) != Kind::kBare && KindOf(c) != Kind::kWildcard) {
            value += '\\';
        }
        value += c;
    }
    // A lone wildcard is no value, and where wildcards may stand is said in one place.
    if (value == kAny || EndOfComponent(value, 0) != value.size()) return std::nullopt;
    return value;
}

/// Cut at `separator`; nothing when there are more pieces than `pieces` has room for. Missing ones are empty.
template <std::size_t kCount>
std::optional<std::array<std::string_view, kCount>> Cut(std::string_view text, char separator) {
    std::array<std::string_view, kCount> pieces{};
    for (std::size_t i = 0; i < kCount; ++i) {
        const std::size_t end = text.find(separator);
        pieces[i] = text.substr(0, end);
        if (end == std::string_view::npos) return pieces;
        text.remove_prefix(end + 1);
    }
    return std::nullopt;
}

Result<void> SetDecoded(Name& name, Attribute attribute, std::string_view piece, std::string_view uri) {
    const auto value = Decode(piece);
    if (!value || (attribute == Attribute::kPart && !IsPart(*value))) {
        const auto at = static_cast<std::size_t>(piece.data() - uri.data());
        const std::string_view what = AttributeName(attribute);
        return NotAName(uri, piece.empty() ? 0 : at, fmt::format("{} 無法解讀", what), fmt::format("the {} cannot be decoded", what));
    }
    name.SetComponent(attribute, *value);
    return Ok();
}

}  // namespace

std::string Name::Uri() const {
    const Name& name = *this;
    std::string packed;
    for (const Attribute attribute : kPacked) {
        packed += '~';
        AppendForUri(packed, name[attribute]);
    }
    std::string uri(kUriPrefix);
    for (const Attribute attribute : kSimple) {
        if (attribute != Attribute::kPart) uri += ':';
        const bool is_packed = attribute == Attribute::kEdition && packed.find('~', 1) + 4 != packed.size();
        if (is_packed) {
            uri += packed;
        } else {
            AppendForUri(uri, name[attribute]);
        }
    }
    while (uri.ends_with(':')) uri.pop_back();
    return uri;
}

Result<Name> ParseUri(std::string_view text) {
    const auto pieces = Cut<kSimple.size()>(text.substr(kUriPrefix.size()), ':');
    if (!pieces) return NotAName(text, 0, "URI 的元件多於七個", "a URI has at most seven components");
    Name name;
    for (std::size_t i = 0; i < kSimple.size(); ++i) {
        const std::string_view piece = (*pieces)[i];
        if (kSimple[i] != Attribute::kEdition || !piece.starts_with('~')) {
            OPS_CHECK(SetDecoded(name, kSimple[i], piece, text));
            continue;
        }
        const auto packed = Cut<kPacked.size()>(piece.substr(1), '~');
        if (!packed)
            return NotAName(text, static_cast<std::size_t>(piece.data() - text.data()), "edition 內的元件多於五個", "more than five components in the edition");
        for (std::size_t k = 0; k < kPacked.size(); ++k) OPS_CHECK(SetDecoded(name, kPacked[k], (*packed)[k], text));
    }
    return name;
}

}  // namespace opsteward::cpe
