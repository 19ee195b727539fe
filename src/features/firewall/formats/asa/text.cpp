#include "features/firewall/formats/asa/text.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace opsteward::firewall {

std::vector<AsaCommand> SplitAsaCommands(std::string_view text) {
    std::vector<AsaCommand> commands;
    std::size_t number = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string_view line = text.substr(at, end - at);
        at = end + 1;
        ++number;
        const std::string_view words = Trim(line);
        if (words.empty() || words.starts_with('!') || words.starts_with(':')) continue;
        const bool is_below = line.starts_with(' ') || line.starts_with('\t');
        if (is_below && !commands.empty()) {
            commands.back().below.push_back({number, words});
        } else {
            commands.push_back({{number, words}, {}});
        }
    }
    return commands;
}

std::vector<std::string_view> AsaWords(std::string_view text) {
    std::vector<std::string_view> words;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t first = text.find_first_not_of(" \t\r", at);
        if (first == std::string_view::npos) break;
        const std::size_t end = std::min(text.find_first_of(" \t\r", first), text.size());
        words.push_back(text.substr(first, end - first));
        at = end;
    }
    return words;
}

}  // namespace opsteward::firewall
