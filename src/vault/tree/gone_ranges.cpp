#include "vault/tree/gone_ranges.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

namespace opsteward::vault {

std::vector<Subtree> SubtreesOf(std::uint64_t first, std::uint64_t count) {
    std::vector<Subtree> subtrees;
    for (std::uint64_t left = count; left > 0;) {
        const auto fits = static_cast<unsigned>(std::bit_width(left) - 1);
        const unsigned level = first == 0 ? fits : std::min(fits, static_cast<unsigned>(std::countr_zero(first)));
        subtrees.push_back({level, first >> level});
        first += std::uint64_t{1} << level;
        left -= std::uint64_t{1} << level;
    }
    return subtrees;
}

void GoneRanges::Add(GoneRange range) {
    const auto place = EndingAfter(range.first);
    ranges_.insert(place, std::move(range));
}

std::uint64_t GoneRanges::records() const {
    return std::accumulate(ranges_.begin(), ranges_.end(), std::uint64_t{0}, [](std::uint64_t sum, const GoneRange& range) { return sum + range.count; });
}

std::vector<GoneRange>::const_iterator GoneRanges::EndingAfter(std::uint64_t sequence) const {
    return std::ranges::upper_bound(ranges_, sequence, {}, &GoneRange::end);
}

const GoneRange* GoneRanges::Find(std::uint64_t sequence) const {
    const auto range = EndingAfter(sequence);
    return range != ranges_.end() && range->first <= sequence ? &*range : nullptr;
}

bool GoneRanges::Touch(std::uint64_t first, std::uint64_t end) const {
    const auto range = EndingAfter(first);
    return range != ranges_.end() && range->first < end;
}

std::optional<Hash> GoneRanges::Kept(const Subtree& subtree) const {
    const GoneRange* range = Find(subtree.first());
    if (range == nullptr) return std::nullopt;
    const std::vector<Subtree> subtrees = SubtreesOf(range->first, range->count);
    const auto found = std::ranges::find(subtrees, subtree);
    if (found == subtrees.end()) return std::nullopt;
    return range->hashes[static_cast<std::size_t>(found - subtrees.begin())];
}

}  // namespace opsteward::vault
