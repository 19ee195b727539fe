#include "platform/procedure/duration.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace opsteward::procedure {

std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text) {
    constexpr std::size_t kMaxDigits = 9;
    if (text.size() < 2 || text.size() > kMaxDigits + 1) return std::nullopt;
    const char unit = text.back();
    const std::string_view digits = text.substr(0, text.size() - 1);
    if (digits.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
    const std::int64_t count = *ParseInt(digits);
    switch (unit) {
        case 's': return std::chrono::seconds(count);
        case 'm': return std::chrono::minutes(count);
        case 'h': return std::chrono::hours(count);
        case 'd': return std::chrono::days(count);
        default: return std::nullopt;
    }
}

std::string FormatDuration(std::chrono::milliseconds duration) {
    const std::int64_t seconds = std::chrono::duration_cast<std::chrono::seconds>(duration).count();
    if (seconds == 0 || seconds % 60 != 0) return fmt::format("{}s", seconds);
    if (seconds % 3600 != 0) return fmt::format("{}m", seconds / 60);
    if (seconds % 86400 != 0) return fmt::format("{}h", seconds / 3600);
    return fmt::format("{}d", seconds / 86400);
}

}  // namespace opsteward::procedure
