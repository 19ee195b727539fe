// A segment of arbitrary bytes, and one whose footer's checksum is mended: nothing crashes, blocks that are found lie in the file one after the other
// with numbers to match, and so does the index.
#include <sys/mman.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <string_view>

#include "require.hpp"
#include "verifier/bytes.hpp"
#include "verifier/crc32c.hpp"
#include "verifier/segment.hpp"
#include "verifier/segment_contents.hpp"

using namespace opsteward::verifier;

namespace {

/// So that what is in the footer is reached.
std::string WithMendedChecksum(std::string bytes) {
    constexpr std::size_t kTrailer = 24;
    if (bytes.size() < kTrailer) return bytes;
    const std::size_t trailer_at = bytes.size() - kTrailer;
    const auto footer_at = Number<std::uint64_t>(bytes, trailer_at);
    if (footer_at > trailer_at) return bytes;
    const std::uint32_t checksum = Crc32c(std::string_view(bytes).substr(footer_at, trailer_at + 12 - footer_at));
    for (std::size_t i = 0; i < 4; ++i) bytes[trailer_at + 12 + i] = static_cast<char>(checksum >> (8 * i));
    return bytes;
}

void CheckSegment(std::string_view bytes) {
    const int descriptor = ::memfd_create("segment", 0);
    Require(descriptor >= 0 && ::write(descriptor, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
    const auto file = std::make_shared<const File>(descriptor, "segment");
    const SegmentLayout layout = ReadSegmentLayout(*file, 7);
    std::shared_ptr<SegmentContents> contents;
    if (layout.footer) contents = std::make_shared<SegmentContents>("segment", file, *layout.footer);
    std::uint64_t offset = 8;
    std::uint64_t record = 7;
    static BlockHasher hasher;
    for (std::size_t i = 0; i < layout.blocks.size(); ++i) {
        const BlockPlace& place = layout.blocks[i];
        Require(place.offset == offset && place.first == record && place.count > 0 && place.offset + place.length <= bytes.size());
        offset += place.length;
        record += place.count;
        try {
            const HashedBlock block = hasher(file->ReadAt(place.offset, place.length), contents ? contents->index_rows() : 0);
            Require(block.leaves.size() == block.facts.count);
            if (contents) contents->Add(i, block);
        } catch (const Malformed&) {
        }
    }
    Require(layout.end(7) == record);
    if (!contents) return;
    Require(layout.footer->index.offset == offset && offset + layout.footer->index.bytes() == layout.footer->offset);
    VaultReport report;
    contents->Judge(report);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    CheckSegment(bytes);
    CheckSegment(WithMendedChecksum(bytes));
    return 0;
}
