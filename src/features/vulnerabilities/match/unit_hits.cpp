#include "features/vulnerabilities/match/unit_hits.hpp"

#include <algorithm>
#include <tuple>

namespace opsteward::vuln {

namespace {

void SortByTarget(std::vector<Hit>& hits) {
    std::ranges::sort(hits, [](const Hit& a, const Hit& b) { return a.target != b.target ? a.target < b.target : IsSurer(a, b); });
}

bool IsNegated(const Snapshot& snapshot, const LeafEntry& leaf) {
    const std::uint32_t flags = snapshot.nodes()[leaf.node].flags | snapshot.configurations()[leaf.configuration].flags;
    return (flags & ConfigurationEntry::kNegated) != 0;
}

std::vector<LeafHit> ByLeaf(const Snapshot& snapshot, std::vector<Hit>& hits) {
    SortByTarget(hits);
    std::vector<LeafHit> leaves;
    for (const Hit& hit : hits) {
        if (leaves.empty() || leaves.back().hit.target != hit.target) {
            const LeafEntry& leaf = snapshot.leaves()[hit.target];
            leaves.push_back({hit, leaf.configuration, false});
            if (IsNegated(snapshot, leaf)) leaves.back().hit.is_vulnerable = false;
        }
        leaves.back().is_fulfilled = leaves.back().is_fulfilled || !hit.is_possible;
    }
    leaves.shrink_to_fit();
    return leaves;
}

}  // namespace

bool IsSurer(const Hit& a, const Hit& b) {
    const auto rank = [](const Hit& hit) { return std::tuple(!hit.is_vulnerable, hit.is_possible, -int{hit.confidence}, hit.product, hit.range); };
    return rank(a) < rank(b);
}

Result<UnitHits> HitsOfUnit(const Snapshot& snapshot, const AttributeTable& attributes, std::span<const Item> items) {
    std::vector<Hit> all;
    for (const Item& item : items) OPS_CHECK(MatchItem(snapshot, attributes, item, all));
    UnitHits unit;
    std::vector<Hit> of_leaves;
    for (Hit hit : all) {
        const bool has_leaf = (hit.target & Range::kLeafBit) != 0;
        hit.target &= ~Range::kLeafBit;
        if (has_leaf) {
            of_leaves.push_back(hit);
        } else if (hit.is_vulnerable) {
            unit.plain.push_back(hit);
        }
    }
    SortByTarget(unit.plain);
    const auto rest = std::ranges::unique(unit.plain, {}, &Hit::target);
    unit.plain.erase(rest.begin(), rest.end());
    unit.plain.shrink_to_fit();
    unit.leaves = ByLeaf(snapshot, of_leaves);
    return unit;
}

}  // namespace opsteward::vuln
