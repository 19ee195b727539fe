#include "cli/more_line.hpp"

#include <fmt/format.h>

namespace opsteward::cli {

std::string MoreLine(std::size_t count, std::size_t shown, Language language) {
    if (count <= shown) return {};
    return fmt::format(fmt::runtime(Phrase{"  …另有 {} 項，見 --json\n", "  … and {} more; see --json\n"}.In(language)), count - shown);
}

}  // namespace opsteward::cli
