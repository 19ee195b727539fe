#include "features/inventory/host/journal_files.hpp"

#include <charconv>

#include "base/text.hpp"
#include "features/inventory/host/unit_file.hpp"

namespace opsteward::inventory::host {
namespace {

/// 0 stands for "no entry yet"; times beyond the year 9999 are damage.
std::optional<Instant> FromMicroseconds(std::uint64_t microseconds) {
    constexpr std::uint64_t kYear9999 = 253'402'300'800'000'000;
    if (microseconds == 0 || microseconds >= kYear9999) return std::nullopt;
    return FromMillis(static_cast<std::int64_t>(microseconds / 1000));
}

}  // namespace

std::string ParseJournaldStorage(std::string_view text) {
    return ToLowerAscii(LastSetting(ParseUnitFile(text), "Journal", "Storage"));
}

std::optional<Instant> FirstEntryFromName(std::string_view file_name) {
    constexpr std::string_view kEnd = ".journal";
    if (!file_name.ends_with(kEnd) || file_name.find('@') == std::string_view::npos) return std::nullopt;
    file_name.remove_suffix(kEnd.size());
    const std::string_view hex = file_name.substr(file_name.rfind('-') + 1);
    std::uint64_t microseconds = 0;
    const auto [end, code] = std::from_chars(hex.data(), hex.data() + hex.size(), microseconds, 16);
    if (hex.size() != 16 || code != std::errc{} || end != hex.data() + hex.size()) return std::nullopt;
    return FromMicroseconds(microseconds);
}

std::optional<Instant> FirstEntryFromHead(std::string_view head) {
    constexpr std::size_t kHeadEntryRealtime = 184;
    if (head.size() < kHeadEntryRealtime + 8 || !head.starts_with("LPKSHHRH")) return std::nullopt;
    std::uint64_t microseconds = 0;
    for (std::size_t i = 8; i-- > 0;) microseconds = microseconds << 8 | static_cast<unsigned char>(head[kHeadEntryRealtime + i]);
    return FromMicroseconds(microseconds);
}

}  // namespace opsteward::inventory::host
