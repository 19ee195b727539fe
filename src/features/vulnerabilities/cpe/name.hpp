// CPE 2.3 names (NISTIR 7695) and how they are matched (NISTIR 7696).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace opsteward::cpe {

/// In the order of the formatted string (NISTIR 7695 section 6.2).
enum class Attribute : std::uint8_t {
    kPart, kVendor, kProduct, kVersion, kUpdate, kEdition, kLanguage, kSwEdition, kTargetSw, kTargetHw, kOther,
};
inline constexpr std::size_t kAttributes = 11;

/// The eleven components of a formatted string behind "cpe:2.3:", as they are written there: "*" is ANY, "-" is NA, else a value in which what is not
/// a letter, a digit, "_", "-" or "." is quoted with a backslash, but for "*" and "?" at its ends, which stand for any characters.
using Components = std::array<std::string_view, kAttributes>;

/// What is longer is no name: the longest of NVD and of a million others has 273 bytes.
inline constexpr std::size_t kMaxNameLength = 4096;

/// Cuts a formatted string at its unquoted colons; nothing when it is none (section 6.2.1): another prefix or number of components, an empty component, a
/// character that had to be quoted or need not exist (a backslash before a letter), a part other than a, o, h, * and -, "*" or "?" inside of a value, two
/// different ones side by side. Capital letters are taken, as NVD writes some (windows_server_2008_R2). No memory is taken: the views are of `text`.
std::optional<Components> SplitFormattedString(std::string_view text);

/// Cuts a part of a formatted string, which has so many components, at its unquoted colons. What stands between them is not looked at.
template <std::size_t kCount>
std::optional<std::array<std::string_view, kCount>> CutComponents(std::string_view text) {
    std::array<std::string_view, kCount> parts;
    std::size_t number = 0;
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        if (i < text.size() && text[i] == '\\') {
            ++i;
            continue;
        }
        if (i < text.size() && text[i] != ':') continue;
        if (number == kCount) return std::nullopt;
        parts[number++] = text.substr(begin, i - begin);
        begin = i + 1;
    }
    if (number != kCount) return std::nullopt;
    return parts;
}

/// A component in its canonical form: small letters, and "." and "-" without quoting, but for the value "\-", which is a hyphen and not NA.
std::string Canonical(std::string_view component);

/// A well-formed name: the components of its formatted string in canonical form (lower case, nothing quoted that need not be), so that two names are of the
/// same value when they are equal.
class Name {
  public:
    /// All ANY.
    Name();

    /// A formatted string ("cpe:2.3:a:…"), a URI ("cpe:/a:…", section 6.1) or a well-formed name ("wfn:[part=\"a\",…]", section 5). kInvalidInput says what
    /// is wrong, and where; kTooLarge is for more than kMaxNameLength. Less strict than SplitFormattedString: other characters than ":", "*", "?" and the
    /// backslash stand for themselves when they are not quoted, as the unbinding of section 6.2.3.2 has it, because scanners write "1.17-3+deb10u3".
    static Result<Name> Parse(std::string_view text);

    const std::string& operator[](Attribute attribute) const { return values_[static_cast<std::size_t>(attribute)]; }
    /// A value as people write it: everything but letters, digits and "_" is quoted, blanks become "_", letters small; an empty text is ANY. A name has
    /// printable ASCII alone: each other character becomes "_", so that a value is never taken for ANY because nothing is left of it.
    void SetLiteral(Attribute attribute, std::string_view text);
    /// A component of a formatted string; its canonical form is kept. Precondition: it is one, of SplitFormattedString say.
    void SetComponent(Attribute attribute, std::string_view component);

    std::string FormattedString() const;
    /// Section 6.1.2, trailing colons left out. The value "\-", which the specification would write as NA, becomes "%2d" and is read back as such.
    std::string Uri() const;
    /// Attributes that are ANY are left out; "wfn:[]" has none else.
    std::string WellFormedName() const;

    bool operator==(const Name&) const = default;

  private:
    std::array<std::string, kAttributes> values_;
};

/// Whether an unquoted "*" or "?" stands at one of its ends: ANY is "*" alone.
bool HasWildcard(std::string_view component);

/// A value of a formatted string without its quoting: what a person would read.
std::string Unquote(std::string_view component);

/// How a source stands to a target (NISTIR 7696 table 6-2).
enum class Relation : std::uint8_t { kDisjoint, kEqual, kSubset, kSuperset, kUndefined };
/// Of two canonical components. A target with an unquoted "*" or "?" is undefined.
Relation CompareComponents(std::string_view source, std::string_view target);
/// Of two names by their attributes (NISTIR 7696 table 6-4): disjoint when one attribute is; else undefined when one is, or when one is a subset and another a
/// superset.
Relation CompareNames(const Name& source, const Name& target);
/// Whether the source, a match string, takes in the target: equal or superset in each attribute.
bool IsMatch(const Name& source, const Name& target);

}  // namespace opsteward::cpe
