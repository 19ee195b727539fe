// Room on the disk that is taken beforehand, so that a full disk can't keep what was acknowledged from being sealed.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/result.hpp"

namespace opsteward::vault {

/// A file of zeros that is removed when its room is needed. Not for use from two threads at a time.
class Reserve {
  public:
    /// Sealing takes a checkpoint beside the one that is there, a block each; before segments come the upper hashes, 32 bytes and a little for 256 records.
    /// Some 256 MiB of messages may wait for segments (twice what is due, and as many being written), so this holds the hashes of messages of 10 bytes and more on
    /// average. What does not fit is made from the records when it is needed.
    static constexpr std::uint64_t kBytes = 4U << 20;

    explicit Reserve(std::filesystem::path path) : path_(std::move(path)) {}

    /// Takes the room, unless it is held: a file that is there is made whole. kFull when there is too little; then none is taken.
    Result<void> Make();
    /// Gives it back; once this returns it is free.
    Result<void> GiveUp();
    bool is_held() const { return is_held_; }

    /// What the file at `path` takes of the disk, whoever holds it.
    static std::uint64_t BytesAt(const std::filesystem::path& path);

  private:
    Result<void> Take() const;

    std::filesystem::path path_;
    bool is_held_ = false;
};

}  // namespace opsteward::vault
