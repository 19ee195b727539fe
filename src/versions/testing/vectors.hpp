// The files of tests/data/vulnerabilities/versions/.
#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

namespace opsteward::versions::testing {

struct Vector {
    std::string a;
    std::string b;
    int order = 0;  ///< -1, 0 or 1: how a stands to b
};
/// Empty when the file is not there or a line is no vector.
std::vector<Vector> ReadVectors(std::string_view file);

/// -1, 0 or 1.
inline int Sign(std::strong_ordering order) { return order < 0 ? -1 : order > 0 ? 1 : 0; }

}  // namespace opsteward::versions::testing
