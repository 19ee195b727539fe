// Zstandard frames (RFC 8878), unpacked to sizes that are known beforehand.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include <zstd.h>

namespace opsteward::verifier {

/// Keeps its context, which is large. Not for use from two threads at a time.
class Unpacker {
  public:
    Unpacker();

    /// Fills `out`. Malformed unless `packed` is one frame, nothing around it, of exactly so many bytes.
    void Unpack(std::string_view packed, std::span<char> out);

  private:
    struct Free {
        void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
    };
    std::unique_ptr<ZSTD_DCtx, Free> context_;
};

}  // namespace opsteward::verifier
