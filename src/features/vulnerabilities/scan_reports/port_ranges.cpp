#include "features/vulnerabilities/scan_reports/port_ranges.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "base/text.hpp"
#include "features/vulnerabilities/scan_reports/report_builder.hpp"

namespace opsteward::scans {
namespace {

constexpr std::size_t kMaxRanges = 65'536;

bool ReadRange(std::string_view text, std::string_view protocol, std::vector<PortRange>& ranges) {
    if (text == "-" || text == "all") {
        ranges.push_back({std::string(protocol), 0, 65535});
        return true;
    }
    const std::size_t dash = text.find('-');
    const auto first = ParseInt(text.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : ParseInt(text.substr(dash + 1));
    if (!first || !last || *first < 0 || *last > 65535 || *first > *last) return false;
    ranges.push_back({std::string(protocol), static_cast<std::uint16_t>(*first), static_cast<std::uint16_t>(*last)});
    return true;
}

}  // namespace

bool AddPortRanges(std::string_view list, std::string_view protocol, std::vector<PortRange>& ranges) {
    if (list.size() > kMaxListText) return false;
    std::vector<PortRange> found;
    std::string_view current = protocol;
    for (std::string_view part : Split(list, ',')) {
        part = Trim(part);
        if (part.size() > 1 && part[1] == ':') {
            constexpr std::string_view kMarks = "TUS";
            const std::size_t mark = kMarks.find(part[0]);
            if (mark == std::string_view::npos) return false;
            current = mark == 0 ? "tcp" : mark == 1 ? "udp" : "sctp";
            part = Trim(part.substr(2));
        }
        if (part.empty()) continue;
        if (!ReadRange(part, current, found) || found.size() > kMaxRanges) return false;
    }
    if (found.empty()) return false;
    ranges.insert(ranges.end(), found.begin(), found.end());
    return true;
}

void JoinRanges(std::vector<PortRange>& ranges) {
    std::ranges::sort(ranges, {}, [](const PortRange& range) { return std::tuple(std::string_view(range.protocol), range.first, range.last); });
    std::size_t kept = 0;
    for (std::size_t i = 1; i < ranges.size(); ++i) {
        PortRange& last = ranges[kept];
        if (ranges[i].protocol == last.protocol && ranges[i].first <= last.last + 1) {
            last.last = std::max(last.last, ranges[i].last);
        } else if (++kept != i) {
            ranges[kept] = std::move(ranges[i]);
        }
    }
    if (!ranges.empty()) ranges.resize(kept + 1);
}

bool Contains(const std::vector<PortRange>& ranges, std::string_view protocol, std::uint16_t port) {
    const auto holds = [&](std::string_view name) {
        const auto after = std::ranges::upper_bound(ranges, std::pair(name, port), {},
                                                    [](const PortRange& range) { return std::pair(std::string_view(range.protocol), range.first); });
        return after != ranges.begin() && std::prev(after)->protocol == name && port <= std::prev(after)->last;
    };
    return holds(protocol) || holds("");
}

std::optional<std::uint16_t> ReadPort(std::string_view text) {
    const auto number = ParseInt(Trim(text));
    if (!number || *number < 1 || *number > 65535) return std::nullopt;
    return static_cast<std::uint16_t>(*number);
}

}  // namespace opsteward::scans
