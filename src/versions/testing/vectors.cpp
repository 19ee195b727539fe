#include "versions/testing/vectors.hpp"

#include <filesystem>
#include <fstream>

#include "base/text.hpp"

namespace opsteward::versions::testing {

std::vector<Vector> ReadVectors(std::string_view file) {
    std::ifstream in(std::filesystem::path(OPSTEWARD_SOURCE_DIR) / "tests/data/vulnerabilities/versions" / file);
    std::vector<Vector> vectors;
    for (std::string line; std::getline(in, line);) {
        const auto cells = Split(line, '\t');
        const auto order = cells.size() == 3 ? ParseInt(cells[2]) : std::nullopt;
        if (!order) return {};
        vectors.push_back({std::string(cells[0]), std::string(cells[1]), static_cast<int>(*order)});
    }
    return vectors;
}

}  // namespace opsteward::versions::testing
