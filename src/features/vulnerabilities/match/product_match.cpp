#include "features/vulnerabilities/match/product_match.hpp"

#include <algorithm>

namespace opsteward::vuln {

namespace {

bool Covers(std::string_view source, std::string_view target) {
    const cpe::Relation relation = cpe::CompareComponents(source, target);
    return relation == cpe::Relation::kEqual || relation == cpe::Relation::kSuperset;
}

Fit Weaker(Fit a, Fit b) { return std::min(a, b); }

/// An inventory that does not tell the processor is of the one that all but a few have; criteria for several stand side by side.
constexpr std::string_view kUsualHardware = "x64";

/// NISTIR 7696 takes a value against ANY as no match; but an inventory's ANY says that it does not know.
Fit FitOfComponent(std::string_view source, std::string_view target) {
    if (source == "*") return Fit::kYes;
    if (target == "*") return Fit::kPossible;
    return Covers(source, target) ? Fit::kYes : Fit::kNo;
}

Fit FitOfTargetSw(std::string_view source, const Item& item, std::string_view own) {
    if (source == "*" || own != "*" || item.target_sw.empty()) return FitOfComponent(source, own);
    if (std::ranges::any_of(item.target_sw, [source](std::string_view word) { return Covers(source, word); })) return Fit::kYes;
    // Of systems it is known which one it is; of what else may stand there (wordpress, node.js) it is not.
    static constexpr std::array<std::string_view, 12> kSystems{"windows", "linux",  "linux_kernel", "macos",  "mac_os_x", "mac_os",
                                                               "mac",     "android", "iphone_os",   "ipados", "unix",     "solaris"};
    return std::ranges::find(kSystems, source) != kSystems.end() ? Fit::kNo : Fit::kPossible;
}

Fit FitOfAttributes(const std::optional<AttributeSet::Views>& views, const Item& item) {
    if (!views) return Fit::kPossible;
    constexpr std::size_t kTargetSw = 5;
    constexpr std::size_t kTargetHw = 6;
    static_assert(AttributeSet::kAttributes[kTargetSw] == cpe::Attribute::kTargetSw && AttributeSet::kAttributes[kTargetHw] == cpe::Attribute::kTargetHw);
    Fit fit = Fit::kYes;
    for (std::size_t i = 1; i < views->size() && fit != Fit::kNo; ++i) {
        const std::string_view own = item.attributes[i];
        if (i == kTargetHw && own == "*" && (*views)[i] == kUsualHardware) continue;
        const Fit one = i == kTargetSw ? FitOfTargetSw((*views)[i], item, own) : FitOfComponent((*views)[i], own);
        fit = Weaker(fit, one);
    }
    return fit;
}

Fit FitOfVersion(const Range& range, const Item& item, std::uint32_t place, const std::optional<AttributeSet::Views>& views) {
    switch (range.kind()) {
        case RangeKind::kAnyVersion: return Fit::kYes;
        case RangeKind::kNoVersion:
            return item.version == Item::Version::kNone ? Fit::kYes : item.version == Item::Version::kUnknown ? Fit::kPossible : Fit::kNo;
        default: break;
    }
    if (item.version == Item::Version::kNone) return Fit::kNo;
    if (item.version == Item::Version::kUnknown) return Fit::kPossible;
    if (range.kind() == RangeKind::kPattern) return !views ? Fit::kPossible : Covers((*views)[0], item.attributes[0]) ? Fit::kYes : Fit::kNo;
    return range.low <= place && place <= range.high ? Fit::kYes : Fit::kNo;
}

}  // namespace

AttributeTable::AttributeTable(const Snapshot& snapshot) {
    sets_.reserve(snapshot.attribute_sets() + 1);
    for (std::uint32_t i = 0; i < snapshot.attribute_sets(); ++i) sets_.push_back(AttributeSet::Cut(snapshot.Attributes(i)));
    if (sets_.empty()) sets_.push_back(AttributeSet::Cut(""));
}

std::uint8_t ConfidenceOf(RangeKind kind, Item::Version version) {
    if (kind == RangeKind::kAnyVersion) return 80;
    if (version == Item::Version::kUnknown) return 10;
    switch (kind) {
        case RangeKind::kExact:
        case RangeKind::kNoVersion: return 100;
        case RangeKind::kOpenEnded: return 85;
        default: return 90;
    }
}

Fit FitOf(const Range& range, const Item& item, std::uint32_t place, const AttributeTable& attributes) {
    const std::optional<AttributeSet::Views>& views = attributes[range.attributes()];
    Fit fit = FitOfVersion(range, item, place, views);
    if (fit == Fit::kNo) return fit;
    if (range.attributes() != 0) fit = Weaker(fit, FitOfAttributes(views, item));
    return range.is_undetermined() ? Weaker(fit, Fit::kPossible) : fit;
}

Result<void> MatchProduct(const Snapshot& snapshot, const AttributeTable& attributes, std::uint32_t product, const Item& item, std::vector<Hit>& hits) {
    OPS_TRY(const ProductBlock block, snapshot.Block(product));
    const std::uint32_t place = item.version == Item::Version::kKnown ? block.PlaceOf(item.key) : 0;
    const bool has_place = item.version == Item::Version::kKnown;
    std::uint32_t number = 0;
    for (const Range& range : block.ranges()) {
        const std::uint32_t index = number++;
        // Ranges stand in the order of their beginnings; what begins behind the version is not in question any more.
        if (has_place && range.low > place) break;
        if (has_place && range.high < place) continue;
        const Fit fit = FitOf(range, item, place, attributes);
        if (fit == Fit::kNo) continue;
        const std::size_t known = range.has_leaf() ? snapshot.leaves().size() : snapshot.records();
        if (range.target_number() >= known) continue;
        const std::uint8_t confidence = std::min(ConfidenceOf(range.kind(), item.version), item.max_confidence);
        const bool is_possible = fit == Fit::kPossible || (item.is_release_only && range.is_vulnerable());
        hits.push_back({range.target, product, index, confidence, is_possible, range.is_vulnerable() && !item.is_platform});
    }
    return Ok();
}

Result<void> MatchItem(const Snapshot& snapshot, const AttributeTable& attributes, const Item& item, std::vector<Hit>& hits) {
    if (const auto product = snapshot.FindProduct(item.product)) OPS_CHECK(MatchProduct(snapshot, attributes, *product, item, hits));
    if (item.product.starts_with("pkg\n") || snapshot.wild_products().empty()) return Ok();
    const auto own = cpe::CutComponents<3>(item.product);
    if (!own) return Ok();
    for (const std::uint32_t product : snapshot.wild_products()) {
        const std::string_view key = snapshot.ProductKey(product);
        const auto pattern = cpe::CutComponents<3>(key);
        if (!pattern || key == item.product) continue;
        const bool fits = Covers((*pattern)[0], (*own)[0]) && Covers((*pattern)[1], (*own)[1]) && Covers((*pattern)[2], (*own)[2]);
        if (fits) OPS_CHECK(MatchProduct(snapshot, attributes, product, item, hits));
    }
    return Ok();
}

}  // namespace opsteward::vuln
