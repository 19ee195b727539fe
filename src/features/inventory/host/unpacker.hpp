// Unpacks the forms in which APT keeps its package lists, piece by piece and in bounded memory.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "base/result.hpp"

namespace opsteward::inventory::host {

class Unpacker {
  public:
    using Take = std::function<void(std::string_view)>;

    virtual ~Unpacker() = default;
    virtual Result<void> Feed(std::string_view packed) = 0;
    /// kCorrupt when the packed data ended too early.
    virtual Result<void> Finish() = 0;
};

/// Chosen by the end of the file name: ".gz" (RFC 1952), ".lz4" (LZ4 frame format 1.6), none for a plain file. nullptr for a
/// form that is not read here (.xz, .bz2, .zst). Refuses more than `max_bytes` of unpacked data (kTooLarge).
std::unique_ptr<Unpacker> MakeUnpacker(std::string_view file_name, std::uint64_t max_bytes, Unpacker::Take take);

}  // namespace opsteward::inventory::host
