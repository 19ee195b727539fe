// What comes with the program: the files of naming/data.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace opsteward::vuln {

/// products.txt, unpacked: see scripts/make_product_dictionary.py.
Result<std::string> BuiltInProducts();
/// rules.toml: see docs/formats/naming-rules.md.
std::string_view BuiltInRules();

}  // namespace opsteward::vuln
