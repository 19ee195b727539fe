#include "features/inventory/host/release_life.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace opsteward::inventory::host {
namespace {

/// "2028-06-30" → the first instant after that day.
std::optional<Instant> EndOfDay(std::string_view iso) {
    if (iso.size() != 10 || iso[4] != '-' || iso[7] != '-') return std::nullopt;
    const auto year = ParseInt(iso.substr(0, 4));
    const auto month = ParseInt(iso.substr(5, 2));
    const auto day = ParseInt(iso.substr(8, 2));
    if (!year || !month || !day || *month < 1 || *day < 1) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) return std::nullopt;
    return Instant(std::chrono::sys_days(date) + std::chrono::days(1));
}

std::optional<std::size_t> ColumnOf(const std::vector<std::string_view>& header, std::string_view name) {
    const auto found = std::ranges::find(header, name);
    if (found == header.end()) return std::nullopt;
    return static_cast<std::size_t>(found - header.begin());
}

struct BuiltIn {
    std::string_view os_id;
    std::string_view codename;
    std::string_view last_day;
};

constexpr std::array kBuiltIn = {
    BuiltIn{"debian", "stretch", "2022-06-30"},  BuiltIn{"debian", "buster", "2024-06-30"},
    BuiltIn{"debian", "bullseye", "2026-08-31"}, BuiltIn{"debian", "bookworm", "2028-06-30"},
    BuiltIn{"debian", "trixie", "2030-06-30"},   BuiltIn{"ubuntu", "bionic", "2023-05-31"},
    BuiltIn{"ubuntu", "focal", "2025-05-29"},    BuiltIn{"ubuntu", "jammy", "2027-06-01"},
    BuiltIn{"ubuntu", "noble", "2029-05-31"},    BuiltIn{"ubuntu", "plucky", "2026-01-15"},
    BuiltIn{"ubuntu", "questing", "2026-07-09"}, BuiltIn{"ubuntu", "resolute", "2031-05-29"},
};

}  // namespace

std::optional<Instant> EndOfLifeFromTable(std::string_view csv, std::string_view codename) {
    const auto lines = SplitLines(csv);
    if (lines.empty()) return std::nullopt;
    const auto header = Split(Trim(lines.front()), ',');
    const auto series = ColumnOf(header, "series");
    auto end = ColumnOf(header, "eol-lts");
    if (!end) end = ColumnOf(header, "eol");
    if (!series || !end) return std::nullopt;
    for (const std::string_view line : lines) {
        const auto cells = Split(Trim(line), ',');
        if (cells.size() <= std::max(*series, *end) || cells[*series] != codename) continue;
        return EndOfDay(cells[*end]);
    }
    return std::nullopt;
}

std::optional<Instant> EndOfLifeBuiltIn(std::string_view os_id, std::string_view codename) {
    for (const BuiltIn& release : kBuiltIn) {
        if (release.os_id == os_id && release.codename == codename) return EndOfDay(release.last_day);
    }
    return std::nullopt;
}

}  // namespace opsteward::inventory::host
