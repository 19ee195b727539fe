#include <string>

#include "features/vulnerabilities/match/matcher.hpp"
#include "features/vulnerabilities/record/criterion_text.hpp"

namespace opsteward::vuln {

namespace {

std::string EndsOf(const KeyedRange& range) { return RangeText(range.low_text, range.excludes_low, range.high_text, range.excludes_high); }

std::string PackageText(std::string_view key, RangeKind kind, const KeyedRange& range) {
    std::string text(key.substr(key.find('\n') + 1));
    text[text.find('\n')] = ' ';
    if (kind == RangeKind::kExact) return text + " = " + std::string(range.low_text);
    return text + EndsOf(range);
}

std::string MatchString(const Snapshot& snapshot, std::string_view key, const Range& range, const KeyedRange& keyed) {
    const auto attributes = AttributeSet::Cut(snapshot.Attributes(range.attributes())).value_or(*AttributeSet::Cut(""));
    std::string text = "cpe:2.3:" + std::string(key);
    std::size_t first = 0;
    if (range.kind() == RangeKind::kExact) {
        text += ":" + std::string(keyed.low_text);
        first = 2;
    } else if (range.kind() == RangeKind::kNoVersion) {
        text += ":-";
        first = 1;
    }
    for (std::size_t i = first; i < attributes.size(); ++i) text += ":" + std::string(attributes[i]);
    return range.kind() == RangeKind::kExact ? text : text + EndsOf(keyed);
}

}  // namespace

Result<std::string> CriterionText(const Snapshot& snapshot, std::uint32_t product, std::uint32_t range) {
    OPS_TRY(const ProductBlock block, snapshot.Block(product));
    const auto keyed = range < block.ranges().size() ? block.Keyed(range) : std::nullopt;
    if (!keyed) return Error::Hidden(ErrorCode::kCorrupt, "a product's block does not hold the ends of its ranges");
    const std::string_view key = snapshot.ProductKey(product);
    const Range& found = block.ranges()[range];
    return key.starts_with("pkg\n") ? PackageText(key, found.kind(), *keyed) : MatchString(snapshot, key, found, *keyed);
}

}  // namespace opsteward::vuln
