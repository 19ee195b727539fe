// Tables of tests/data/vulnerabilities/naming: cells between tabs, "#" begins a line that is none.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/text.hpp"

namespace opsteward::vuln::testing {

inline std::vector<std::vector<std::string>> ReadTable(std::string_view name) {
    std::ifstream file(std::filesystem::path(OPSTEWARD_SOURCE_DIR) / "tests/data/vulnerabilities/naming" / name);
    EXPECT_TRUE(file.is_open()) << name;
    std::vector<std::vector<std::string>> rows;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line.starts_with('#')) continue;
        std::vector<std::string> row;
        for (const std::string_view cell : Split(line, '\t')) row.emplace_back(cell);
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace opsteward::vuln::testing
