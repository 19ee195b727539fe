#include "verifier/block_grams.hpp"

#include <algorithm>

namespace opsteward::verifier {

void BlockGrams::Begin(std::uint32_t rows) {
    rows_ = GramRows(rows);
    seen_.Clear();
    has_escape_ = false;
    has_ascii_escape_ = false;
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

void BlockGrams::AddEscapesOf(std::string_view message) {
    if (rows_.rows() == 0) return;
    for (std::size_t at = message.find('\\'); at != std::string_view::npos && !has_ascii_escape_; at = message.find('\\', at + 1)) {
        const std::string_view rest = message.substr(at + 1);
        if (!rest.starts_with('u') && !rest.starts_with('U')) continue;
        if (!std::exchange(has_escape_, true)) rows_.AddRun(R"(\u\u\u\u)");
        if (!rest.substr(1).starts_with("00")) continue;
        has_ascii_escape_ = true;
        rows_.AddRun(R"(\u00\u00)");
    }
}

}  // namespace opsteward::verifier
