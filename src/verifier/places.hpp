// Where in the vault a record lies.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "verifier/report.hpp"

namespace opsteward::verifier {

class Places {
  public:
    /// Blocks come by the numbers of their records.
    void AddSegment(std::string file) { files_.push_back(std::move(file)); }
    void AddBlock(std::uint64_t first, std::uint32_t count, std::uint64_t block, std::uint64_t offset) {
        blocks_.push_back({first, first + count, files_.size() - 1, block, offset});
    }

    /// The block that holds the record; without a file if none does.
    Place Find(std::uint64_t record) const {
        const auto after = std::ranges::upper_bound(blocks_, record, {}, &Block::first);
        if (after == blocks_.begin() || record >= (after - 1)->end) return {};
        const Block& block = *(after - 1);
        return {files_[block.file], block.offset, block.number, record};
    }

  private:
    struct Block {
        std::uint64_t first = 0;
        std::uint64_t end = 0;
        std::size_t file = 0;
        std::uint64_t number = 0;
        std::uint64_t offset = 0;
    };
    std::vector<std::string> files_;
    std::vector<Block> blocks_;
};

}  // namespace opsteward::verifier
