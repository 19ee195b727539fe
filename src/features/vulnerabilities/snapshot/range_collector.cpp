#include "features/vulnerabilities/snapshot/range_collector.hpp"

namespace opsteward::vuln {

std::uint32_t TextNumbers::NumberOf(const std::string& text) {
    const auto [place, is_new] = numbers_.try_emplace(text, static_cast<std::uint32_t>(texts_.size()));
    if (is_new) texts_.push_back(text);
    return place->second;
}

std::optional<std::uint32_t> TextNumbers::Find(const std::string& text) const {
    const auto found = numbers_.find(text);
    if (found == numbers_.end()) return std::nullopt;
    return found->second;
}

void RangeCollector::Add(const Vulnerability& record, std::uint32_t slot) {
    const Applicability applicability = ApplicabilityOf(record);
    odd_criteria_ += applicability.odd_criteria;
    const auto first_configuration = static_cast<std::uint32_t>(configurations_.size());
    const auto first_node = static_cast<std::uint32_t>(nodes_.size());
    const auto first_leaf = static_cast<std::uint32_t>(leaves_.size());
    for (ConfigurationEntry configuration : applicability.configurations) {
        configuration.slot = slot;
        configuration.first_node += first_node;
        configurations_.push_back(configuration);
    }
    for (NodeEntry node : applicability.nodes) {
        node.first_leaf += first_leaf;
        nodes_.push_back(node);
    }
    for (LeafEntry leaf : applicability.leaves) {
        leaf.node += first_node;
        leaf.configuration += first_configuration;
        leaves_.push_back(leaf);
    }
    for (const ProductRange& range : applicability.ranges) AddRange(range, slot, first_leaf);
}

void RangeCollector::AddRange(const ProductRange& range, std::uint32_t slot, std::uint32_t first_leaf) {
    Raw raw{};
    raw.product = products_.NumberOf(range.product);
    if (raw.product == schemes_.size()) schemes_.push_back(range.scheme);
    raw.attributes = attributes_.NumberOf(range.attributes);
    raw.target = range.has_leaf ? (range.leaf + first_leaf) | Range::kLeafBit : slot;
    raw.texts = texts_.size();
    std::size_t i = 0;
    for (const std::string* text : {&range.low.key, &range.high.key, &range.low.text, &range.high.text}) {
        texts_ += *text;
        raw.sizes[i++] = static_cast<std::uint16_t>(text->size());  // versions are bounded (applicability.cpp)
    }
    raw.flags = static_cast<std::uint8_t>(static_cast<unsigned>(range.kind) | (range.is_vulnerable ? Range::kVulnerableBit : 0U) |
                                          (range.is_undetermined ? Range::kUndeterminedBit : 0U));
    raw.has_low = range.low.is_given;
    raw.has_high = range.high.is_given;
    raw.excludes_low = range.low.is_excluded;
    raw.excludes_high = range.high.is_excluded;
    ranges_.push_back(raw);
}

KeyedRange RangeCollector::Keyed(std::size_t range, std::uint32_t first_leaf, const std::vector<std::uint32_t>& attribute_numbers) const {
    const Raw& raw = ranges_[range];
    KeyedRange keyed;
    keyed.has_low = raw.has_low;
    keyed.has_high = raw.has_high;
    keyed.excludes_low = raw.excludes_low;
    keyed.excludes_high = raw.excludes_high;
    std::string_view rest = std::string_view(texts_).substr(raw.texts);
    std::size_t i = 0;
    for (std::string_view* text : {&keyed.low, &keyed.high, &keyed.low_text, &keyed.high_text}) {
        *text = rest.substr(0, raw.sizes[i]);
        rest.remove_prefix(raw.sizes[i++]);
    }
    keyed.target = (raw.target & Range::kLeafBit) != 0 ? raw.target + first_leaf : raw.target;
    keyed.traits = attribute_numbers[raw.attributes] << 8 | raw.flags;
    return keyed;
}

}  // namespace opsteward::vuln
