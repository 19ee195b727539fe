// LZ4 frames, after the published "LZ4 Frame Format Description" 1.6 and "LZ4 Block Format Description".
#pragma once

#include <string>

#include "features/inventory/host/unpacker.hpp"

namespace opsteward::inventory::host {

/// One or more frames after one another; skippable frames are skipped; frames that need a dictionary are refused (kCorrupt).
/// Checksums are stepped over, not verified: APT verified the file when it stored it.
class Lz4Unpacker final : public Unpacker {
  public:
    explicit Lz4Unpacker(Take take) : take_(std::move(take)) {}
    Result<void> Feed(std::string_view packed) override;
    Result<void> Finish() override;

  private:
    enum class Need { kMore, kNext };

    Result<Need> Step();
    Result<Need> ReadFrameHeader();
    Result<Need> ReadBlock();
    Result<void> Decode(std::string_view block);
    void Emit();

    Take take_;
    std::string packed_;       ///< not yet used
    std::size_t used_ = 0;     ///< of packed_
    std::string window_;       ///< the last 64 KiB that were unpacked, then the block at hand
    std::size_t emitted_ = 0;  ///< of window_
    std::uint64_t skip_ = 0;   ///< bytes of a skippable frame still to pass
    std::size_t max_block_ = 0;
    bool in_frame_ = false;
    bool has_block_checksums_ = false;
    bool has_content_checksum_ = false;
    bool blocks_are_independent_ = false;
};

}  // namespace opsteward::inventory::host
