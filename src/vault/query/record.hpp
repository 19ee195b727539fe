// What a query is asked about: a record of the vault and the fields that parsing finds in it.
#pragma once

#include <functional>
#include <string_view>

#include "base/clock.hpp"

namespace opsteward::vault::query {

/// Views into what the caller keeps alive.
struct RecordView {
    std::string_view bytes;   ///< as they came, any bytes
    std::string_view source;
    std::string_view kind;
    Instant received;         ///< for a FieldSource (the year of a time without one); no term asks for it
};

using ValueTest = std::function<bool(std::string_view value)>;

/// The fields of one record. A record is parsed when the first field is asked for, and only then: terms about its bytes are decided
/// before. An instance serves one thread at a time.
class FieldSource {
  public:
    virtual ~FieldSource() = default;

    /// Calls `test` with each value that the record has for the field `name` (in lower case) until it returns true; returns
    /// whether it did. For a record without that field: false. The same name gives the same values every time.
    virtual bool AnyValue(std::string_view name, const ValueTest& test) const = 0;
};

}  // namespace opsteward::vault::query
