#include "features/inventory/host/testing/machine_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace opsteward::inventory::host {
namespace {

namespace fs = std::filesystem;

void SetTime(const fs::path& path, Instant written_at) {
    const std::int64_t millis = ToMillis(written_at);
    const timespec time{.tv_sec = millis / 1000, .tv_nsec = (millis % 1000) * 1'000'000};
    const timespec both[2] = {time, time};
    if (::utimensat(AT_FDCWD, path.c_str(), both, AT_SYMLINK_NOFOLLOW) != 0)
        throw std::runtime_error("utimensat: " + path.string());
}

}  // namespace

MachineFolder::MachineFolder() {
    std::string pattern = (fs::temp_directory_path() / "opsteward-machine-XXXXXX").string();
    if (!::mkdtemp(pattern.data())) throw std::runtime_error("mkdtemp: " + pattern);
    root_ = pattern;
    fs::permissions(root_, fs::perms(0755));  // for WithoutRootRights
}

MachineFolder::MachineFolder(std::string_view name, Instant written_at) : MachineFolder() {
    fs::copy(fs::path(OPSTEWARD_SOURCE_DIR) / "tests/data/hosts" / name, root_,
             fs::copy_options::recursive | fs::copy_options::copy_symlinks);
    for (const auto& entry : fs::recursive_directory_iterator(root_)) SetTime(entry.path(), written_at);
}

MachineFolder::~MachineFolder() {
    std::error_code ignored;  // a folder left in /tmp is no reason for a test to fail
    for (const fs::path& path : forbidden_) fs::permissions(path, fs::perms(0700), ignored);
    fs::remove_all(root_, ignored);
}

fs::path MachineFolder::OnDisk(std::string_view path) const {
    return root_ / fs::path(path).relative_path();
}

void MachineFolder::Write(std::string_view path, std::string_view text) const {
    fs::create_directories(OnDisk(path).parent_path());
    std::ofstream file(OnDisk(path), std::ios::binary);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    if (!file.flush()) throw std::runtime_error("write: " + OnDisk(path).string());
}

void MachineFolder::SetWrittenAt(std::string_view path, Instant written_at) const {
    SetTime(OnDisk(path), written_at);
}

void MachineFolder::Forbid(std::string_view path) {
    fs::permissions(OnDisk(path), fs::perms::none);
    forbidden_.push_back(OnDisk(path));
}

WithoutRootRights::WithoutRootRights() : was_root_(::geteuid() == 0) {
    constexpr uid_t kNobody = 65534;
    if (was_root_ && ::seteuid(kNobody) != 0) throw std::runtime_error("seteuid");
}

WithoutRootRights::~WithoutRootRights() {
    if (was_root_ && ::seteuid(0) != 0) std::abort();
}

}  // namespace opsteward::inventory::host
