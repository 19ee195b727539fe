#include "base/count_text.hpp"

#include <fmt/format.h>

namespace opsteward {

std::string ChooseByCount(std::string_view text, std::int64_t count) {
    std::string chosen;
    while (true) {
        const std::size_t open = text.find('[');
        const std::size_t bar = text.find('|', open);
        const std::size_t close = text.find(']', bar);
        if (open == std::string_view::npos || bar == std::string_view::npos || close == std::string_view::npos) return chosen.append(text);
        chosen.append(text.substr(0, open));
        chosen.append(count == 1 ? text.substr(open + 1, bar - open - 1) : text.substr(bar + 1, close - bar - 1));
        text.remove_prefix(close + 1);
    }
}

std::string CountText(std::string_view text, std::int64_t count) {
    return fmt::format(fmt::runtime(ChooseByCount(text, count)), count);
}

}  // namespace opsteward
