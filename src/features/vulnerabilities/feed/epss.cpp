// FIRST's exploit prediction scores: https://www.first.org/epss/data_stats
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/text.hpp"
#include "features/vulnerabilities/feed/feed.hpp"
#include "features/vulnerabilities/feed/json_parts.hpp"
#include "features/vulnerabilities/feed/record_parts.hpp"

namespace opsteward::vuln {

namespace {

constexpr std::size_t kMaxColumns = 32;

struct Columns {
    std::size_t cve = kMaxColumns;
    std::size_t probability = kMaxColumns;
    std::size_t percentile = kMaxColumns;

    bool are_found() const { return cve < kMaxColumns && probability < kMaxColumns && percentile < kMaxColumns; }
};

struct Cells {
    std::array<std::string_view, kMaxColumns> values;
    std::size_t count = 0;

    std::string_view operator[](std::size_t column) const { return column < count ? values[column] : std::string_view(); }
};

Cells CutLine(std::string_view line) {
    Cells cells;
    while (cells.count < kMaxColumns) {
        const std::size_t comma = line.find(',');
        cells.values[cells.count++] = Trim(line.substr(0, comma));
        if (comma == std::string_view::npos) break;
        line.remove_prefix(comma + 1);
    }
    return cells;
}

Columns FindColumns(const Cells& header) {
    Columns columns;
    for (std::size_t i = 0; i < header.count; ++i) {
        if (header[i] == "cve") columns.cve = i;
        if (header[i] == "epss") columns.probability = i;
        if (header[i] == "percentile") columns.percentile = i;
    }
    return columns;
}

/// A number from 0 to 1, in millionths.
std::optional<std::uint32_t> Millionths(std::string_view text) {
    double value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool is_share = problem == std::errc() && end == text.data() + text.size() && value >= 0 && value <= 1;
    if (!is_share) return std::nullopt;
    return static_cast<std::uint32_t>(std::lround(value * 1'000'000));
}

Error BadLine(std::uint64_t line, std::string_view zh, std::string_view en) {
    return Error::Of(ErrorCode::kInvalidInput, fmt::format("EPSS 第 {} 行：{}。", line, zh), fmt::format("EPSS, line {}: {}.", line, en));
}

}  // namespace

Result<FeedCount> ReadEpss(std::string& text, const RecordSink& sink) {
    FeedCount count;
    std::string_view rest = text;
    if (rest.starts_with("\xef\xbb\xbf")) rest.remove_prefix(3);
    std::optional<Columns> columns;
    for (std::uint64_t number = 1; !rest.empty(); ++number) {
        const std::size_t size = rest.find('\n');
        if (size == std::string_view::npos) return BadLine(number, "最後一行沒有換行，檔案可能不完整", "the last line has no end: the file may be cut short");
        const std::string_view line = Trim(rest.substr(0, size));
        rest.remove_prefix(size + 1);
        if (line.empty() || line.starts_with('#')) continue;
        const Cells cells = CutLine(line);
        if (!columns) {
            columns = FindColumns(cells);
            if (!columns->are_found()) return BadLine(number, "沒有 cve、epss、percentile 欄", "it has no columns cve, epss, percentile");
            continue;
        }
        const std::string_view id = cells[columns->cve];
        if (!IsCveId(id)) return BadLine(number, "沒有 CVE 編號", "it has no CVE number");
        const auto probability = Millionths(cells[columns->probability]);
        const auto percentile = Millionths(cells[columns->percentile]);
        if (!probability || !percentile) {
            ++count.odd_parts;
            continue;
        }
        Vulnerability record;
        record.id = id;
        record.status_origin = Origin::kEpss;
        record.modified_origin = Origin::kEpss;
        record.exploit_prediction = ExploitPrediction{*probability, *percentile};
        ++count.records;
        sink(std::move(record));
    }
    if (!columns) return Error::Of(ErrorCode::kInvalidInput, "EPSS：沒有內容。", "EPSS: it is empty.");
    return count;
}

}  // namespace opsteward::vuln
