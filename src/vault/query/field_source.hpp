// The fields that parsing finds in a record, as a query asks for them.
#pragma once

#include <functional>
#include <string_view>

namespace opsteward::vault::query {

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
