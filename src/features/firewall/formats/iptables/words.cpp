#include "features/firewall/formats/iptables/words.hpp"

namespace opsteward::firewall {

bool SplitWords(std::string_view line, std::vector<std::string>& words) {
    words.clear();
    std::size_t i = 0;
    while (true) {
        while (i < line.size() && (line[i] == ' ' || line[i] == '\t')) ++i;
        if (i == line.size()) return true;
        std::string& word = words.emplace_back();
        bool is_quoted = false;
        for (; i < line.size() && (is_quoted || (line[i] != ' ' && line[i] != '\t')); ++i) {
            if (line[i] == '"') {
                is_quoted = !is_quoted;
            } else {
                if (is_quoted && line[i] == '\\' && i + 1 < line.size()) ++i;
                word += line[i];
            }
        }
        if (is_quoted) return false;
    }
}

}  // namespace opsteward::firewall
