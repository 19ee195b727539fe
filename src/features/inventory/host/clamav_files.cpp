#include "features/inventory/host/clamav_files.hpp"

#include "base/text.hpp"
#include "features/inventory/host/words.hpp"

namespace opsteward::inventory::host {

std::optional<ClamavDatabase> ParseClamavHeader(std::string_view head) {
    if (!head.starts_with("ClamAV-VDB:")) return std::nullopt;
    const auto fields = Split(head.substr(0, 512), ':');
    if (fields.size() < 3) return std::nullopt;
    const auto version = ParseInt(Trim(fields[2]));
    if (!version || *version < 0) return std::nullopt;
    ClamavDatabase database{.version = std::to_string(*version), .made_at = std::nullopt};
    constexpr std::int64_t kYear9999 = 253'402'300'800;
    const auto seconds = fields.size() > 8 ? ParseInt(Trim(fields[8])) : std::nullopt;
    if (seconds && *seconds > 0 && *seconds < kYear9999) database.made_at = FromMillis(*seconds * 1000);
    return database;
}

bool ConfiguresOnAccess(std::string_view clamd_conf) {
    for (const std::string_view line : SplitLines(clamd_conf)) {
        const auto words = SplitWords(line);
        if (words.size() >= 2 && (words[0] == "OnAccessIncludePath" || words[0] == "OnAccessMountPath")) return true;
    }
    return false;
}

}  // namespace opsteward::inventory::host
