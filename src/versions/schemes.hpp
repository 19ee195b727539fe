// The key of each scheme, as version.cpp puts them together.
#pragma once

#include <string>
#include <string_view>

#include "versions/version.hpp"

namespace opsteward::versions {

std::string DpkgKey(std::string_view version);
std::string RpmKey(std::string_view version);
std::string WindowsBuildKey(std::string_view version);
std::string GenericKey(std::string_view version, std::string_view update);
KeyRange GenericKeys(std::string_view version);

}  // namespace opsteward::versions
