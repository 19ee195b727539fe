// A folder of a test's own, gone with it.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <vector>

#include "db/testing/test_databases.hpp"

namespace opsteward::vault {

class ScratchFolder {
  public:
    const std::filesystem::path& path() const { return folder_.path(); }
    /// Its files by name.
    std::vector<std::filesystem::path> Files() const {
        std::vector<std::filesystem::path> files;
        for (const auto& entry : std::filesystem::directory_iterator(path())) files.push_back(entry.path());
        std::ranges::sort(files);
        return files;
    }
    static void Write(const std::filesystem::path& path, std::string_view bytes) {
        std::ofstream file(path, std::ios::binary | std::ios::trunc);
        file << bytes;
        ASSERT_TRUE(file.good());
    }

  private:
    db::testing::TemporaryFolder folder_;
};

}  // namespace opsteward::vault
