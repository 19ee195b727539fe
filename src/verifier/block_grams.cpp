#include "verifier/block_grams.hpp"

#include <algorithm>

namespace opsteward::verifier {

void BlockGrams::Begin(std::uint32_t rows) {
    rows_ = GramRows(rows);
    seen_.Clear();
}

void BlockGrams::AddTokensOf(std::string_view message) {
    if (rows_.rows() == 0) return;
    for (const char* at = message.begin(); at != message.end();) {
        const char* const begin = std::find_if(at, message.end(), IsTokenByte);
        at = std::find_if_not(begin, message.end(), IsTokenByte);
        const auto size = static_cast<std::size_t>(at - begin);
        if (size >= GramRows::kShortestGram) AddFrequent({begin, size});
    }
}

}  // namespace opsteward::verifier
