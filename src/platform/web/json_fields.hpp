// The fields that the body of an API request may have.
#pragma once

#include <initializer_list>
#include <string_view>

#include "base/json.hpp"
#include "base/result.hpp"

namespace opsteward::web {

/// kInvalidInput names the first field that is none of `known`: one that is misspelt would be left out without a word.
Result<void> OnlyFields(const json::object& body, std::initializer_list<std::string_view> known);

}  // namespace opsteward::web
