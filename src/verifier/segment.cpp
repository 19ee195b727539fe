#include "verifier/segment.hpp"

namespace opsteward::verifier {

namespace {

std::vector<BlockPlace> WalkBlocks(const File& file, std::uint64_t first) {
    std::vector<BlockPlace> blocks;
    std::uint64_t offset = kSegmentHeader.size();
    while (offset < file.size()) {
        const auto header = BlockHeader::Parse(file.ReadAt(offset, BlockHeader::kBytes));
        if (!header || header->first != first || header->block_bytes() > file.size() - offset) break;
        blocks.push_back({offset, header->block_bytes(), first, header->count, std::nullopt});
        offset += header->block_bytes();
        first += header->count;
    }
    return blocks;
}

}  // namespace

SegmentLayout ReadSegmentLayout(const File& file, std::uint64_t first) {
    SegmentLayout layout;
    if (file.ReadAt(0, kSegmentHeader.size()) != kSegmentHeader) layout.faults.emplace_back(Say("檔頭損壞。", "the header is damaged."));
    try {
        layout.footer = ReadFooter(file, first);
        layout.blocks = layout.footer->blocks;
    } catch (const Malformed& fault) {
        layout.faults.push_back(fault);
        layout.blocks = WalkBlocks(file, first);
    }
    return layout;
}

}  // namespace opsteward::verifier
