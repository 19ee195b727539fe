// A folder of a test's own, gone with it.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace opsteward::vault {

class ScratchFolder {
  public:
    ScratchFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "opsteward-vault-XXXXXX").string();
        EXPECT_NE(::mkdtemp(name.data()), nullptr);
        path_ = name;
    }
    ~ScratchFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }
    /// Its files by name.
    std::vector<std::filesystem::path> Files() const {
        std::vector<std::filesystem::path> files;
        for (const auto& entry : std::filesystem::directory_iterator(path_)) files.push_back(entry.path());
        std::ranges::sort(files);
        return files;
    }
    static void Write(const std::filesystem::path& path, std::string_view bytes) {
        std::ofstream file(path, std::ios::binary | std::ios::trunc);
        file << bytes;
        ASSERT_TRUE(file.good());
    }

  private:
    std::filesystem::path path_;
};

}  // namespace opsteward::vault
