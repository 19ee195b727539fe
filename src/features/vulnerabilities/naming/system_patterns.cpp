#include "features/vulnerabilities/naming/system_patterns.hpp"

#include <array>

namespace opsteward::vuln {

std::optional<SystemPatterns::Hit> SystemPatterns::Find(const std::string& text) const {
    Hit hit{};
    const RE2::Arg first(&hit.first);
    const RE2::Arg second(&hit.second);
    const std::array<const RE2::Arg*, 2> groups{&first, &second};
    for (; hit.index < patterns_.size(); ++hit.index) {
        const RE2& pattern = *patterns_[hit.index];
        if (RE2::PartialMatchN(text, pattern, groups.data(), pattern.NumberOfCapturingGroups())) return hit;
    }
    return std::nullopt;
}

}  // namespace opsteward::vuln
