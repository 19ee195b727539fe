#include "features/vulnerabilities/scan_reports/csv_rows.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace opsteward::scans {

Result<std::string> CsvRows::Field() {
    if (at_ >= text_.size() || text_[at_] != '"') {
        const std::size_t end = std::min(text_.find_first_of(",\r\n", at_), text_.size());
        std::string field(text_.substr(at_, end - at_));
        at_ = end;
        return field;
    }
    const std::size_t first_line = line_;
    std::string field;
    ++at_;
    while (at_ < text_.size()) {
        const std::size_t quote = std::min(text_.find('"', at_), text_.size());
        const std::string_view part = text_.substr(at_, quote - at_);
        line_ += static_cast<std::size_t>(std::ranges::count(part, '\n'));
        field += part;
        at_ = quote;
        if (at_ >= text_.size()) break;
        ++at_;
        if (at_ >= text_.size() || text_[at_] != '"') return field;
        field += '"';
        ++at_;
    }
    return Error::Of(ErrorCode::kInvalidInput, fmt::format("CSV 第 {} 行的引號沒有結束；檔案不完整。", first_line),
                     fmt::format("A quoted field that begins on line {} of the CSV does not end: the file is incomplete.", first_line));
}

Result<std::optional<std::vector<std::string>>> CsvRows::Next() {
    while (at_ < text_.size() && (text_[at_] == '\r' || text_[at_] == '\n')) line_ += text_[at_++] == '\n' ? 1 : 0;
    if (at_ >= text_.size()) return std::optional<std::vector<std::string>>();
    row_line_ = line_;
    std::vector<std::string> row;
    while (true) {
        OPS_TRY(std::string field, Field());
        row.push_back(std::move(field));
        if (at_ >= text_.size() || text_[at_] == '\r' || text_[at_] == '\n') return std::optional(std::move(row));
        if (text_[at_] != ',' || row.size() >= kMaxFields) {
            return Error::Of(ErrorCode::kInvalidInput, fmt::format("CSV 第 {} 行不正確：引號後應為逗號或行尾，且至多 {} 欄。", line_, kMaxFields),
                             fmt::format("Line {} of the CSV is not valid: a comma or the line's end must follow a quote, and there are at most {} fields.",
                                         line_, kMaxFields));
        }
        ++at_;
    }
}

}  // namespace opsteward::scans
