#include "vault/index/gram_set.hpp"

#include "vault/index/grams.hpp"

namespace opsteward::vault {

void GramSet::AddRun(std::string_view run) {
    VisitGrams(run, [this](std::uint32_t gram) {
        const std::uint32_t place = gram >> (32 - kBits);
        bits_[place / 64] |= std::uint64_t{1} << (place % 64);
    });
}

std::uint64_t GramSet::count() const {
    std::uint64_t count = 0;
    for (const std::uint64_t word : bits_) count += static_cast<std::uint64_t>(std::popcount(word));
    return count;
}

}  // namespace opsteward::vault
