// A copy in a folder of this machine: a second disk, a share that is mounted.
#pragma once

#include <filesystem>

#include "vault/copy/copy_target.hpp"

namespace opsteward::vault {

class FolderTarget final : public CopyTarget {
  public:
    explicit FolderTarget(const std::filesystem::path& folder);

    const std::string& address() const override { return address_; }
    Result<void> MakeFolder(std::string_view folder) override;
    Result<std::vector<Entry>> List(std::string_view folder) override;
    Result<std::string> Read(std::string_view name, std::uint64_t offset, std::size_t length) override;
    Result<void> Write(std::string_view name, std::uint64_t offset, std::string_view bytes) override;
    Result<void> Sync(std::string_view name) override;
    Result<void> Rename(std::string_view from, std::string_view to) override;
    Result<void> Remove(std::string_view name) override;

  private:
    std::filesystem::path PathOf(std::string_view name) const { return name.empty() ? folder_ : folder_ / name; }

    std::filesystem::path folder_;
    std::string address_;
};

}  // namespace opsteward::vault
