// Strings that were put together, some of them compressed. Format: docs/formats/vault.md, "Pack".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "verifier/bytes.hpp"
#include "verifier/unpacker.hpp"

namespace opsteward::verifier {

/// Gives the strings of one pack after the other; keeps its buffers. Not for use from two threads at a time.
class Pack {
  public:
    /// Everything in a pack, unpacked. The columns of the fullest block take less: for a token and its delimiter, 2 bytes of 12 MiB, there are at
    /// most 8 bytes of a number, or of a step to it, and 3 that say which.
    static constexpr std::uint64_t kMaxUnpacked = 128U << 20;

    /// Begins with another pack. Malformed when its sizes do not fit it or each other, or are above kMaxUnpacked; only then is memory taken.
    void Open(std::string_view bytes);
    /// The next string, until the next Open; kStep bytes behind it may be read. Malformed when there is none, or it can't be unpacked.
    std::string_view Next();
    bool is_at_end() const { return left_ == 0; }

  private:
    std::string_view TakePacked(std::string& buffer, std::uint64_t size, std::uint64_t packed_size);
    std::uint64_t CheckSizes(Cursor sizes, std::uint64_t joint_size) const;

    Unpacker unpacker_;
    std::string size_buffer_;
    std::string joint_buffer_;
    std::string long_buffer_;  ///< the long strings that were asked for, one after the other
    std::size_t long_end_ = 0;
    std::uint64_t left_ = 0;   ///< strings not asked for
    Cursor sizes_{{}};
    Cursor joint_{{}};
    Cursor packed_{{}};
};

}  // namespace opsteward::verifier
