#include "vault/index/grams.hpp"

#include <algorithm>

namespace opsteward::vault {

std::vector<std::uint32_t> GramsOf(std::string_view text) {
    std::vector<std::uint32_t> grams;
    VisitTokens(text, [&](std::string_view run) { VisitGrams(run, [&](std::uint32_t gram) { grams.push_back(gram); }); });
    std::ranges::sort(grams);
    const auto repeated = std::ranges::unique(grams);
    grams.erase(repeated.begin(), repeated.end());
    return grams;
}

}  // namespace opsteward::vault
