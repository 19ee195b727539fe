// The configurations kept in tests/data/firewall/formats and what they must yield.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "features/firewall/model/configuration.hpp"

namespace opsteward::firewall::testing {

/// 2026-11-30T00:53:20Z: when the expected listings were worked out.
inline constexpr std::int64_t kCaseTime = 1'796'000'000;

/// "srx/office.conf". Ends the test program when there is no such file.
std::string ReadCase(const std::string& name);
/// ListConfiguration of `read`, held against NAME.expected; empty: the same, else the first line that differs.
std::string DifferenceFromExpected(const std::string& name, const Result<Configuration>& read);
/// Whether the text stands anywhere in what was read.
bool Holds(const Configuration& configuration, std::string_view text);

}  // namespace opsteward::firewall::testing
