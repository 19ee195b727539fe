// What changed between the two states that a row of the audit trail keeps.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace opsteward::console::records {

struct FieldChange {
    std::string field;                  ///< "name", of nested objects "limits.cpu"; "" when the state is no object
    std::optional<json::value> before;  ///< nothing: the field was not there
    std::optional<json::value> after;   ///< nothing: the field is gone

    bool operator==(const FieldChange&) const = default;
};

/// Only fields that differ, in the order of `after`, then those that are gone. A null state has no fields; arrays are
/// compared whole.
std::vector<FieldChange> ChangedFields(const json::value& before, const json::value& after);

}  // namespace opsteward::console::records
