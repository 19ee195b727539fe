// The configurations kept in tests/data/firewall/formats and what they must yield.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "features/firewall/formats/readers.hpp"
#include "features/firewall/model/configuration.hpp"

namespace opsteward::firewall::testing {

/// 2026-11-30T00:53:20Z: when the expected listings were worked out.
inline constexpr std::int64_t kCaseTime = 1'796'000'000;

/// "srx/office.conf". Ends the test program when there is no such file.
std::string ReadCase(const std::string& name);
/// ListConfiguration of `read`, held against NAME.expected; empty: the same, else the first line that differs.
std::string DifferenceFromExpected(const std::string& name, const Result<Configuration>& read);
/// Reads each beginning of a case, `step` bytes longer each time: the first that is neither read nor refused as kInvalidInput, as text; empty: there is none.
std::string MisreadBeginning(const std::string& name, std::size_t step, Result<Configuration> (*read)(std::string_view text, const ReadOptions& options));
/// Whether the text stands anywhere in what was read.
bool Holds(const Configuration& configuration, std::string_view text);

}  // namespace opsteward::firewall::testing
