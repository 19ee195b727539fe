// One file on its way into a target: begun where it was cut, read back before it gets its name.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "vault/copy/copy_target.hpp"
#include "vault/store/segment.hpp"

namespace opsteward::vault {

/// The bytes that a file has or is to have.
struct ByteSource {
    std::uint64_t bytes = 0;
    /// As many as there are, up to `length`.
    std::function<Result<std::string>(std::uint64_t offset, std::size_t length)> read = {};

    static ByteSource OfText(std::string text);
    /// A file in a target, which is `bytes` long.
    static ByteSource OfTarget(CopyTarget& target, std::string name, std::uint64_t bytes);
    /// The file of a segment that was opened. kConflict when another lies in its place by now: it was merged.
    static Result<ByteSource> OfSegment(const Segment& segment);
};

/// Told after each piece how many bytes of it were sent (0 when it was compared alone); false ends it with kCancelled.
using OnPiece = std::function<bool(std::uint64_t sent)>;

/// Whether the target has the file, with just these bytes.
Result<bool> IsSame(const ByteSource& source, CopyTarget& target, std::string_view name, const OnPiece& on_piece);

/// Writes the file beside its place (NAME.new), goes on behind what an earlier transfer left there if that fits, reads back what it wrote, and only then gives the
/// file its name. kCorrupt when it reads back otherwise, or when the source ends too early; then nothing got the name.
Result<void> Transfer(const ByteSource& source, CopyTarget& target, std::string_view name, const OnPiece& on_piece);

}  // namespace opsteward::vault
