// Holds JSON against a JSON Schema (2020-12), as far as the descriptions of the API use it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/web/route.hpp"

namespace opsteward::console::testing {

/// What every refusal of the API looks like.
inline constexpr std::string_view kErrorAnswer =
    R"({"type":"object","required":["error"],"additionalProperties":false,"properties":{
    "error":{"type":"object","required":["code","message"],"additionalProperties":false,"properties":{
        "code":{"type":"string"},"message":{"$ref":"#/components/schemas/Text"}}}}})";

/// Where `text` differs from `schema`, one entry for each place; a keyword that is not known here is a fault too.
std::vector<std::string> SchemaFaults(std::string_view text, std::string_view schema,
                                      std::span<const web::SchemaSpec> schemas);

}  // namespace opsteward::console::testing
