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

std::optional<AttributeSet::Views> AttributeSet::Cut(std::string_view text) {
    if (!text.empty()) return cpe::CutComponents<kAttributes.size()>(text);
    Views any;
    any.fill("*");
    return any;
}

}  // namespace opsteward::vuln
