// Holds a JSON value against the part of JSON Schema 2020-12 that the API's descriptions use. A keyword it does not know is a
// fault, so that nothing goes unchecked.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "platform/web/route.hpp"

namespace opsteward::inventory {

/// What does not fit, each with the place where: "/items/0/id: no integer". `schemas`: by name, for "#/components/schemas/Name".
std::vector<std::string> SchemaFaults(const json::value& schema, const json::value& value, const json::object& schemas);

}  // namespace opsteward::inventory
