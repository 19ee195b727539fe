// What an index may use of a query: a condition that every matching record fulfils. Where the condition is false, no record can
// match and nothing need be read; where it is true, the matcher decides.
//
//   part of the query         what is required
//   word, phrase              its literal in the bytes
//   /regex/                   the literals that RE2 proves (RequiredLiterals in regex.hpp), often none
//   field:value, val*         what stands in the bytes for the literal, only for a verbatim field; and the number, when the whole value is one
//   field:/regex/             what stands there for the literals of /regex/, only for a verbatim field
//   field:>1, field:1..2      a number in these bounds
//   source:, kind:            the text or prefix
//   AND, OR                   all or any of what their parts require; OR with a part that requires nothing requires nothing
//   NOT                       moved inwards to the terms; a negated term requires nothing: an index knows what may be there, not what
//                             every record has
//   field:network             nothing: the bytes may write an address in other ways
//
// A field is verbatim when its values are parts of the record's bytes, but for escapes in them of two sorts:
//   a byte of kEscapable, for which other bytes may stand (JSON \n, CEF \=, CSV ""). The runs between such bytes are in the bytes unchanged;
//   any character, for which its number may stand after kNumberEscape, which for one of ASCII is kAsciiEscape (JSON \u005c).
// So a literal of a value requires its runs, or an escape by number. A field is not verbatim where a parser maps (level 4 to "warning"), joins or
// computes. Only who knows the parsers can say it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "vault/query/query.hpp"

namespace opsteward::vault::query {

struct Requirement {
    enum class Kind {
        kNothing,  ///< always true
        kAll,      ///< every child holds
        kAny,      ///< one child holds
        kLiteral,  ///< `text` is a substring of the bytes in lower case (ASCII)
        kNumber,   ///< a value of `field` is a number from `lower` to `upper`
        kSource,   ///< the source in lower case is `text`, or begins with it when `is_prefix`
        kKind,     ///< the kind, likewise
    };

    Kind kind = Kind::kNothing;
    std::string text = {};  ///< in lower case
    bool is_prefix = false;
    std::string field = {};
    double lower = 0;  ///< both inclusive and rounded outwards; infinite when open
    double upper = 0;
    std::vector<Requirement> children = {};  ///< two or more, none of the parent's own kind

    bool operator==(const Requirement&) const = default;
};

inline constexpr std::string_view kEscapable = "\"\\]|=/\b\t\n\f\r";
inline constexpr std::string_view kNumberEscape = "\\u";
inline constexpr std::string_view kAsciiEscape = "\\u00";

using FieldIsVerbatim = std::function<bool(std::string_view field)>;

/// Without `is_verbatim` no field is.
Requirement RequirementOf(const Query& query, const FieldIsVerbatim& is_verbatim = {});

/// Groups of records (blocks, say), up to 64, a bit for each.
using Groups = std::uint64_t;

/// What is known about groups of records. A group is left out of an answer only when the answer is certain for each of its records. An error when
/// what is known can't be read: then nothing is certain.
class Evidence {
  public:
    virtual ~Evidence() = default;

    virtual Groups all() const = 0;
    /// In which may a record's bytes in lower case contain `literal`?
    virtual Result<Groups> WithLiteral(std::string_view literal) const = 0;
    /// In which may a record have a value of `field` that ParseNumber reads as a number in these bounds? Whoever keeps the numbers may
    /// keep them exact or rounded to the nearest double.
    virtual Result<Groups> WithNumber(std::string_view field, double lower, double upper) const = 0;
    virtual Result<Groups> WithSource(std::string_view text, bool is_prefix) const = 0;
    virtual Result<Groups> WithKind(std::string_view text, bool is_prefix) const = 0;
};

/// The groups that may hold a match. No record of the others matches the query that the requirement was derived from.
Result<Groups> MayMatch(const Requirement& requirement, const Evidence& evidence);

}  // namespace opsteward::vault::query
