#include "verifier/segment_contents.hpp"

#include <bit>

#include "verifier/utf8.hpp"

namespace opsteward::verifier {

void SegmentContents::Add(std::size_t number, const HashedBlock& block) {
    const std::uint64_t bit = std::uint64_t{1} << number;
    added_ |= bit;
    index_.Add(number, block.rows);
    for (const SourceAndKind& source : block.sources) sources_[source] |= bit;
}

void SegmentContents::Judge(VaultReport& report) const {
    for (const GramIndex::Fault& fault : index_.Compare(*file_)) {
        Place place{name_, fault.offset};
        if (fault.block) {
            const BlockPlace& block = footer_.blocks[*fault.block];
            place = {name_, fault.offset, *fault.block, block.first, block.first + block.count - 1};
        }
        report.Fail("index", place, fault.why);
    }
    JudgeSources(report);
}

void SegmentContents::JudgeSources(VaultReport& report) const {
    std::map<SourceAndKind, std::uint64_t> wrong = sources_;
    for (const auto& [source, blocks] : footer_.sources) wrong[source] ^= blocks;
    for (const auto& [source, blocks] : wrong) {
        if ((blocks & added_) == 0) continue;
        const auto number = static_cast<std::size_t>(std::countr_zero(blocks & added_));
        const BlockPlace& block = footer_.blocks[number];
        const auto known = sources_.find(source);
        const bool is_hidden = known != sources_.end() && ((known->second >> number) & 1) != 0;
        const Text why = is_hidden ? Say("區塊目錄未列來源 {0}（種類 {1}）在此區塊：以來源搜尋會漏掉其中的紀錄。",
                                         "The footer does not name source {0} of kind {1} for this block: a search by source would miss records in it.",
                                         {Printable(source.source), Printable(source.kind)})
                                   : Say("區塊目錄列有來源 {0}（種類 {1}），此區塊卻沒有它的紀錄。",
                                         "The footer names source {0} of kind {1} for this block, which has no record of it.",
                                         {Printable(source.source), Printable(source.kind)});
        report.Fail("sources", {name_, footer_.offset, number, block.first, block.first + block.count - 1}, why);
    }
}

}  // namespace opsteward::verifier
