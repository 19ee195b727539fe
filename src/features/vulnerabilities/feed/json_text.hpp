// A feed's JSON text, cut into its records, each of which is then read whole (simdjson: its On-Demand parser for the cut, its DOM for the record). So memory
// is needed for one record at a time, and everything between the first byte and the last is held against the grammar.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "features/vulnerabilities/feed/feed.hpp"

namespace opsteward::vuln {

/// Levels of arrays and objects; the deepest feed (CVE JSON 5) has 15.
inline constexpr std::size_t kMaxJsonDepth = 64;
inline constexpr std::size_t kMaxRecordBytes = std::size_t{64} << 20;
inline constexpr std::size_t kMaxKeyBytes = 200;  ///< of a member of the whole text

/// One part of a text: an element of the list, or a member beside it.
struct JsonPart {
    std::string_view feed;  ///< for errors: "NVD"
    std::string_view key;   ///< of the member, or of the list that it is an element of; "" in a text that is an array, or has a record a line
    bool is_element = false;
    std::uint64_t number = 0;  ///< from 1 on; of elements alone
    std::uint64_t byte = 0;    ///< where it begins
    std::uint64_t size = 0;    ///< in bytes
    simdjson::dom::element value;
};

/// What is read of `value` holds until it returns.
using JsonVisitor = std::function<Result<void>(const JsonPart&)>;

/// kInvalidInput, with the place of the part before the sentence: "NVD, record 12 (byte 3456): …".
Error BadPart(const JsonPart& part, std::string_view zh, std::string_view en);

/// Visits the parts of a text that is one object: the elements of its member `list`, which is an array (else the text is refused), and each other member.
/// Gives whether there is such a list. `text` may be given more capacity, and is not changed otherwise; a byte order mark before it is passed over.
/// kInvalidInput: no such text, cut short, something behind its end, not UTF-8, too deep; kTooLarge: a part is.
Result<bool> VisitObject(std::string& text, std::string_view feed, std::string_view list, const JsonVisitor& visit);

/// Visits the records of a text that is one object, or an array of objects, or has an object a line. Errors as above, counted from `before` on.
Result<void> VisitRecords(std::string& text, std::string_view feed, TextPlace before, const JsonVisitor& visit);

}  // namespace opsteward::vuln
