#include "features/vulnerabilities/snapshot/product_block.hpp"

#include <algorithm>
#include <tuple>

namespace opsteward::vuln {

namespace {

constexpr std::uint32_t kNoEnd = UINT32_MAX;

/// In their order, each once.
class SortedTexts {
  public:
    void Add(std::string_view text) { texts_.push_back(text); }
    void Sort() {
        std::ranges::sort(texts_);
        texts_.erase(std::unique(texts_.begin(), texts_.end()), texts_.end());
    }
    std::uint32_t IndexOf(std::string_view text) const { return static_cast<std::uint32_t>(std::ranges::lower_bound(texts_, text) - texts_.begin()); }
    std::uint32_t size() const { return static_cast<std::uint32_t>(texts_.size()); }

    void AppendOffsets(std::string& bytes) const {
        std::uint32_t offset = 0;
        for (const std::string_view text : texts_) {
            bytes += BytesOf(offset);
            offset += static_cast<std::uint32_t>(text.size());
        }
        bytes += BytesOf(offset);
    }
    void AppendTexts(std::string& bytes) const {
        for (const std::string_view text : texts_) bytes += text;
    }

  private:
    std::vector<std::string_view> texts_;
};

Range Place(const KeyedRange& keyed, const SortedTexts& bounds) {
    Range range{0, kNoEnd, keyed.target, keyed.traits};
    if (keyed.has_low) range.low = 2 * bounds.IndexOf(keyed.low) + (keyed.excludes_low ? 2U : 1U);
    if (keyed.has_high) range.high = 2 * bounds.IndexOf(keyed.high) + (keyed.excludes_high ? 0U : 1U);
    return range;
}

}  // namespace

std::string WriteProductBlock(versions::Scheme scheme, std::vector<KeyedRange>& ranges) {
    SortedTexts bounds;
    SortedTexts texts;
    for (const KeyedRange& range : ranges) {
        if (range.has_low) bounds.Add(range.low);
        if (range.has_high) bounds.Add(range.high);
        if (!range.low_text.empty()) texts.Add(range.low_text);
        if (!range.high_text.empty()) texts.Add(range.high_text);
    }
    bounds.Sort();
    texts.Sort();

    std::vector<std::pair<Range, RangeTexts>> placed;
    placed.reserve(ranges.size());
    const auto text_number = [&texts](std::string_view text) { return text.empty() ? RangeTexts::kNone : texts.IndexOf(text); };
    for (const KeyedRange& range : ranges) placed.emplace_back(Place(range, bounds), RangeTexts{text_number(range.low_text), text_number(range.high_text)});
    std::ranges::sort(placed, {}, [](const auto& pair) {
        const auto& [range, range_texts] = pair;
        return std::tuple(range.low, range.high, range.target, range.traits, range_texts.low, range_texts.high);
    });

    std::string bytes(BytesOf(BlockHeader{static_cast<std::uint32_t>(placed.size()), bounds.size(), texts.size(), static_cast<std::uint32_t>(scheme)}));
    for (const auto& [range, range_texts] : placed) bytes += BytesOf(range);
    for (const auto& [range, range_texts] : placed) bytes += BytesOf(range_texts);
    bounds.AppendOffsets(bytes);
    texts.AppendOffsets(bytes);
    bounds.AppendTexts(bytes);
    texts.AppendTexts(bytes);
    return bytes;
}

std::optional<ProductBlock> ProductBlock::Read(std::string_view bytes) {
    if (bytes.size() < sizeof(BlockHeader)) return std::nullopt;
    const auto& header = *reinterpret_cast<const BlockHeader*>(bytes.data());
    const std::uint64_t fixed = sizeof(BlockHeader) + std::uint64_t{header.ranges} * (sizeof(Range) + sizeof(RangeTexts)) +
                                (std::uint64_t{header.bounds} + header.texts + 2) * sizeof(std::uint32_t);
    if (fixed > bytes.size() || header.scheme > static_cast<std::uint32_t>(versions::Scheme::kWindowsBuild)) return std::nullopt;
    ProductBlock block;
    block.scheme_ = static_cast<versions::Scheme>(header.scheme);
    const char* at = bytes.data() + sizeof(BlockHeader);
    block.ranges_ = {reinterpret_cast<const Range*>(at), header.ranges};
    at += header.ranges * sizeof(Range);
    block.range_texts_ = {reinterpret_cast<const RangeTexts*>(at), header.ranges};
    at += header.ranges * sizeof(RangeTexts);
    block.bounds_.offsets = {reinterpret_cast<const std::uint32_t*>(at), std::size_t{header.bounds} + 1};
    at += (std::size_t{header.bounds} + 1) * sizeof(std::uint32_t);
    block.texts_.offsets = {reinterpret_cast<const std::uint32_t*>(at), std::size_t{header.texts} + 1};
    const std::string_view variable = bytes.substr(fixed);
    block.bounds_.bytes = variable.substr(0, block.bounds_.offsets.back());
    block.texts_.bytes = variable.substr(std::min<std::size_t>(block.bounds_.offsets.back(), variable.size()));
    return block;
}

std::string_view ProductBlock::Texts::operator[](std::size_t index) const {
    const std::size_t begin = std::min<std::size_t>(offsets[index], bytes.size());
    const std::size_t end = std::clamp<std::size_t>(offsets[index + 1], begin, bytes.size());
    return bytes.substr(begin, end - begin);
}

std::uint32_t ProductBlock::PlaceOf(std::string_view key) const {
    std::size_t low = 0;
    std::size_t high = bounds_.size();
    while (low < high) {
        const std::size_t middle = (low + high) / 2;
        if (bounds_[middle] < key) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const bool is_bound = low < bounds_.size() && bounds_[low] == key;
    return static_cast<std::uint32_t>(2 * low + (is_bound ? 1 : 0));
}

std::optional<KeyedRange> ProductBlock::Keyed(std::size_t index) const {
    const Range& range = ranges_[index];
    KeyedRange keyed;
    keyed.target = range.target;
    keyed.traits = range.traits;
    if (range.low != 0) {
        // 2 i + 1 from bound i on, 2 i + 2 behind it.
        const std::size_t bound = (range.low - 1) / 2;
        if (bound >= bounds_.size()) return std::nullopt;
        keyed.has_low = true;
        keyed.excludes_low = range.low % 2 == 0;
        keyed.low = bounds_[bound];
    }
    if (range.high != kNoEnd) {
        const std::size_t bound = range.high / 2;
        if (bound >= bounds_.size()) return std::nullopt;
        keyed.has_high = true;
        keyed.excludes_high = range.high % 2 == 0;
        keyed.high = bounds_[bound];
    }
    const RangeTexts& range_texts = range_texts_[index];
    if (range_texts.low < texts_.size()) keyed.low_text = texts_[range_texts.low];
    if (range_texts.high < texts_.size()) keyed.high_text = texts_[range_texts.high];
    return keyed;
}

}  // namespace opsteward::vuln
