// What the characters of a name may do (NISTIR 7695 sections 5.3.2 and 6.2.1).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace opsteward::cpe {

enum class Kind : std::uint8_t {
    kNone,      ///< stands in no name: blanks, control characters, what is not ASCII
    kPlain,     ///< letters, digits and "_": never quoted
    kBare,      ///< "." and "-": quoted in a well-formed name, not in a formatted string, in which quoting them says the same
    kWildcard,  ///< "*" and "?": quoted when they stand for themselves
    kColon,     ///< quoted, or between two components
    kQuote,     ///< the backslash itself
    kQuoted,    ///< other printable characters: always quoted
};

constexpr std::array<Kind, 256> MakeKinds() {
    std::array<Kind, 256> kinds{};
    for (unsigned c = 0x21; c < 0x7F; ++c) {
        const bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        kinds[c] = is_plain ? Kind::kPlain : Kind::kQuoted;
    }
    kinds['.'] = kinds['-'] = Kind::kBare;
    kinds['*'] = kinds['?'] = Kind::kWildcard;
    kinds[':'] = Kind::kColon;
    kinds['\\'] = Kind::kQuote;
    return kinds;
}
inline constexpr std::array<Kind, 256> kKinds = MakeKinds();

constexpr Kind KindOf(char c) { return kKinds[static_cast<unsigned char>(c)]; }
/// Whether a backslash may stand before it.
constexpr bool MayBeQuoted(char c) { return KindOf(c) != Kind::kNone && KindOf(c) != Kind::kPlain; }

constexpr char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

constexpr std::string_view kAny = "*";
constexpr std::string_view kNa = "-";
constexpr std::string_view kLiteralHyphen = "\\-";  ///< the only value whose "-" keeps its quoting

}  // namespace opsteward::cpe
