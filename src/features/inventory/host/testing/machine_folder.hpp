// A folder with the files of a machine, for tests: made up file by file, or a copy of one of tests/data/hosts.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace opsteward::inventory::host {

/// Gone when it goes out of scope.
class MachineFolder {
  public:
    MachineFolder();
    /// A copy of tests/data/hosts/NAME; every file and folder was last written at `written_at`.
    MachineFolder(std::string_view name, Instant written_at);
    ~MachineFolder();
    MachineFolder(const MachineFolder&) = delete;
    MachineFolder& operator=(const MachineFolder&) = delete;

    const std::filesystem::path& root() const { return root_; }
    /// `path` as on the machine: "/etc/passwd"; folders are made.
    void Write(std::string_view path, std::string_view text) const;
    void SetWrittenAt(std::string_view path, Instant written_at) const;
    /// Nobody but root may read it, or list it, any more.
    void Forbid(std::string_view path);
    std::filesystem::path OnDisk(std::string_view path) const;

  private:
    std::filesystem::path root_;
    std::vector<std::filesystem::path> forbidden_;
};

/// As long as it lives, a test that root runs has the rights of nobody.
class WithoutRootRights {
  public:
    WithoutRootRights();
    ~WithoutRootRights();
    WithoutRootRights(const WithoutRootRights&) = delete;
    WithoutRootRights& operator=(const WithoutRootRights&) = delete;

  private:
    bool was_root_;
};

}  // namespace opsteward::inventory::host
