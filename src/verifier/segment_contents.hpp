// What the blocks of a segment hold, gathered as they are read, to be held against what its index and footer say of them: who alters those hides
// records from searches and leaves every record as it was signed.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "verifier/block_hasher.hpp"
#include "verifier/footer.hpp"
#include "verifier/gram_index.hpp"
#include "verifier/report.hpp"

namespace opsteward::verifier {

class SegmentContents {
  public:
    SegmentContents(std::string name, std::shared_ptr<const File> file, SegmentFooter footer)
        : name_(std::move(name)), file_(std::move(file)), footer_(std::move(footer)), index_(footer_.index) {}

    std::uint32_t index_rows() const { return footer_.index.rows; }
    /// Blocks that can't be read are left out, and not judged.
    void Add(std::size_t number, const HashedBlock& block);
    void Judge(VaultReport& report) const;

  private:
    void JudgeSources(VaultReport& report) const;

    std::string name_;
    std::shared_ptr<const File> file_;
    SegmentFooter footer_;
    GramIndex index_;
    std::map<SourceAndKind, std::uint64_t> sources_;
    std::uint64_t added_ = 0;  ///< blocks, the lowest bit for the first
};

}  // namespace opsteward::verifier
