// Packs texts as feeds are packed, for tests.
#pragma once

#include <string>
#include <string_view>

namespace opsteward::vuln::testing {

std::string Gzip(std::string_view text);
std::string Xz(std::string_view text);
std::string Zstd(std::string_view text);

}  // namespace opsteward::vuln::testing
