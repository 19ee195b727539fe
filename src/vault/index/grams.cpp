#include "vault/index/grams.hpp"

#include <algorithm>

namespace opsteward::vault {

std::vector<std::uint32_t> GramsOf(std::string_view text) {
    std::vector<std::uint32_t> grams;
    const auto add = [&](std::string_view run) { VisitGrams(run, [&](std::uint32_t gram) { grams.push_back(gram); }); };
    VisitTokens(text, add);
    VisitEscapeRuns(text, add);
    std::ranges::sort(grams);
    const auto repeated = std::ranges::unique(grams);
    grams.erase(repeated.begin(), repeated.end());
    return grams;
}

}  // namespace opsteward::vault
