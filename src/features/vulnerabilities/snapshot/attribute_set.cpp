#include "features/vulnerabilities/snapshot/attribute_set.hpp"

#include <algorithm>

namespace opsteward::vuln {

std::string AttributeSet::Text() const {
    if (std::ranges::all_of(components, [](const std::string& component) { return component == "*"; })) return {};
    std::string text;
    for (const std::string& component : components) {
        if (!text.empty()) text += ':';
        text += component;
    }
    return text;
}

std::optional<AttributeSet> AttributeSet::Parse(std::string_view text) {
    AttributeSet set;
    if (text.empty()) return set;
    // The same rules as for a name: it is one without its first three components.
    const std::string name = "cpe:2.3:*:*:*:" + std::string(text);
    const auto components = cpe::SplitFormattedString(name);
    if (!components) return std::nullopt;
    for (std::size_t i = 0; i < kAttributes.size(); ++i) set.components[i] = (*components)[static_cast<std::size_t>(kAttributes[i])];
    return set;
}

}  // namespace opsteward::vuln
