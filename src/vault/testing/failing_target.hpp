// A copy on a disk or at the end of a line that fails when a test says so.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>

#include "vault/copy/folder_target.hpp"

namespace opsteward::vault::testing {

class FailingTarget final : public CopyTarget {
  public:
    explicit FailingTarget(const std::filesystem::path& folder) : folder_(folder) {}

    std::optional<std::size_t> calls_left;   ///< then the line is cut: in the middle of a write or a renaming, before anything else
    std::optional<std::size_t> space_left;   ///< in bytes; then the disk is full
    bool is_forgetful = false;               ///< the last byte of a write comes out otherwise

    const std::string& address() const override { return folder_.address(); }
    Result<void> MakeFolder(std::string_view folder) override { return IsCut() ? Cut() : folder_.MakeFolder(folder); }
    Result<std::vector<Entry>> List(std::string_view folder) override {
        if (IsCut()) return Cut();
        return folder_.List(folder);
    }
    Result<std::string> Read(std::string_view name, std::uint64_t offset, std::size_t length) override {
        if (IsCut()) return Cut();
        return folder_.Read(name, offset, length);
    }
    Result<void> Write(std::string_view name, std::uint64_t offset, std::string_view bytes) override {
        if (IsCut()) {
            (void)folder_.Write(name, offset, bytes.substr(0, bytes.size() / 2));
            return Cut();
        }
        if (space_left && *space_left < bytes.size()) {
            (void)folder_.Write(name, offset, bytes.substr(0, *space_left));
            *space_left = 0;
            return Error::Hidden(ErrorCode::kFull, "no space");
        }
        if (space_left) *space_left -= bytes.size();
        std::string written(bytes);
        if (is_forgetful && !written.empty()) written.back() = static_cast<char>(written.back() ^ 1);
        return folder_.Write(name, offset, written);
    }
    Result<void> Sync(std::string_view name) override { return IsCut() ? Cut() : folder_.Sync(name); }
    Result<void> Rename(std::string_view from, std::string_view to) override {
        if (!IsCut()) return folder_.Rename(from, to);
        (void)folder_.Remove(to);  // some can't replace a file in one step
        return Cut();
    }
    Result<void> Remove(std::string_view name) override { return IsCut() ? Cut() : folder_.Remove(name); }

  private:
    bool IsCut() {
        if (!calls_left) return false;
        if (*calls_left == 0) return true;
        --*calls_left;
        return false;
    }
    static Error Cut() { return Error::Hidden(ErrorCode::kUnavailable, "the line is cut"); }

    FolderTarget folder_;
};

}  // namespace opsteward::vault::testing
