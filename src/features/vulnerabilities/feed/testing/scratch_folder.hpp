// A test with a folder of its own.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "vault/testing/scratch_folder.hpp"

namespace opsteward::vuln::testing {

class ScratchFolder : public ::testing::Test {
  protected:
    /// With the folders that lead to it; gives its path.
    std::filesystem::path Write(const std::string& name, std::string_view bytes) const {
        const std::filesystem::path path = folder_ / name;
        std::filesystem::create_directories(path.parent_path());
        vault::ScratchFolder::Write(path, bytes);
        return path;
    }

  private:
    const vault::ScratchFolder scratch_;

  protected:
    const std::filesystem::path folder_ = scratch_.path();
};

}  // namespace opsteward::vuln::testing
