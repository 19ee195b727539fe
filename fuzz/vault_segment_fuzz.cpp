// A segment of any bytes, as it is or (an odd first byte) with its checksums mended: nothing crashes, blocks follow one another without a gap, and
// neither the index nor the footer names a block that is not there.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "require.hpp"
#include "vault/index/grams.hpp"
#include "vault/store/crc32c.hpp"
#include "vault/store/little_endian.hpp"
#include "vault/store/segment.hpp"

using namespace opsteward::vault;

namespace {

constexpr std::size_t kTrailer = 24;
constexpr std::size_t kPage = 4096;

/// A folder in memory, of this process.
class Folder {
  public:
    Folder() : path_("/dev/shm/vault_segment_fuzz." + std::to_string(::getpid())) { std::filesystem::create_directory(path_); }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::filesystem::path segment() const { return path_ / "00000000000000000007.seg"; }

  private:
    std::filesystem::path path_;
};

void MendBlock(std::string& file, std::size_t at, std::size_t length) {
    if (length < 36 || at > file.size() || length > file.size() - at) return;
    const std::string_view block = std::string_view(file).substr(at, length);
    PutNumber(file, at + 32, Crc32c(block.substr(36), Crc32c(block.substr(0, 32))));
}

/// Of the blocks that the footer names, of all that may be pages of the index, and of the footer.
void MendChecksums(std::string& file) {
    if (file.size() < kTrailer) return;
    const std::size_t trailer = file.size() - kTrailer;
    const auto footer_at = NumberAt<std::uint64_t>(file, trailer);
    const std::size_t footer_bytes = NumberAt<std::uint32_t>(file, trailer + 8);
    if (footer_at > trailer || footer_bytes != trailer - footer_at || footer_bytes < 8) return;
    std::size_t blocks_end = 8;
    const std::size_t blocks = std::min<std::size_t>(NumberAt<std::uint32_t>(file, footer_at), (footer_bytes - 8) / 44);
    for (std::size_t i = 0; i < blocks; ++i) {
        const auto at = NumberAt<std::uint64_t>(file, footer_at + 8 + 44 * i);
        const std::size_t length = NumberAt<std::uint32_t>(file, footer_at + 16 + 44 * i);
        MendBlock(file, at, length);
        blocks_end = at + length;
    }
    for (std::size_t page = blocks_end; page < footer_at && kPage <= footer_at - page; page += kPage) {
        PutNumber(file, page + kPage - 4, Crc32c(std::string_view(file).substr(page, kPage - 4)));
    }
    const std::string_view whole = file;
    PutNumber(file, trailer + 12, Crc32c(whole.substr(trailer, 12), Crc32c(whole.substr(footer_at, footer_bytes))));
}

void CheckSegment(const Segment& segment) {
    std::uint64_t next = 7;
    for (const BlockEntry& entry : segment.blocks()) {
        Require(entry.facts.first == next && entry.facts.count > 0);
        next += entry.facts.count;
        const auto block = segment.Read(entry);
        if (block.ok()) Require(block->facts() == entry.facts && block->records().size() == entry.facts.count);
    }
    Require(segment.first() == 7 && segment.end() == next);
    for (const auto& [stream, blocks] : segment.sources()) Require(blocks != 0 && (blocks & ~segment.all_blocks()) == 0);
    const auto all = segment.BlocksWith({});
    Require(all.ok() && *all == segment.all_blocks());
    for (const std::string_view text : {"deny", "10.1.2.3", "password for root"}) {
        const auto blocks = segment.BlocksWith(GramsOf(text));
        if (blocks.ok()) Require((*blocks & ~segment.all_blocks()) == 0);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    static const Folder folder;
    if (size == 0) return 0;
    std::string file(reinterpret_cast<const char*>(data) + 1, size - 1);
    if ((data[0] & 1) != 0) MendChecksums(file);
    std::ofstream(folder.segment(), std::ios::binary | std::ios::trunc) << file;
    const auto segment = Segment::Open(folder.segment());
    if (segment.ok()) CheckSegment(*segment);
    return 0;
}
