// GVM's report format "CSV Results": a header, then a row for every result. The columns are found by their names. It says neither which checks ran nor whether
// the scan came to its end, so that its check set stays unknown.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "features/vulnerabilities/scan_reports/csv_rows.hpp"
#include "features/vulnerabilities/scan_reports/cve_list.hpp"
#include "features/vulnerabilities/scan_reports/format_readers.hpp"
#include "features/vulnerabilities/scan_reports/host_identity.hpp"
#include "features/vulnerabilities/scan_reports/openvas.hpp"
#include "features/vulnerabilities/scan_reports/port_ranges.hpp"
#include "features/vulnerabilities/scan_reports/scan_time.hpp"
#include "features/vulnerabilities/scan_reports/severity.hpp"

namespace opsteward::scans {
namespace {

using Row = std::vector<std::string>;

class OpenVasCsvReader {
  public:
    OpenVasCsvReader(Row header, ReportBuilder& builder) : header_(std::move(header)), builder_(builder) {
        for (std::string& name : header_) name = Trim(name);
    }

    Result<void> ReadRow(const Row& row, std::size_t line) {
        if (row.size() != header_.size()) {
            return Error::Of(
                ErrorCode::kInvalidInput, fmt::format("CSV 第 {} 行有 {} 欄，表頭有 {} 欄；檔案不完整或已更動。", line, row.size(), header_.size()),
                fmt::format("Line {} of the CSV has {} fields, its header {}: the file is incomplete or was changed.", line, row.size(), header_.size()));
        }
        row_ = &row;
        place_ = fmt::format("line {}", line);
        OPS_TRY(const std::size_t index, builder_.AddTarget(TargetKind::kHost, Get("IP").empty() ? Get("Hostname") : Get("IP")));
        Target& target = builder_.report().targets[index];
        AddHostIdentity(target, Get("IP"));
        AddHostIdentity(target, Get("Hostname"));
        if (builder_.report().title.empty()) builder_.report().title = Bounded(Get("Task Name"), kMaxTitle);
        ReadTime();
        return builder_.Add(ReadFinding(index));
    }

  private:
    std::string_view Get(std::string_view column) const {
        const auto found = std::ranges::find(header_, column);
        return found == header_.end() ? std::string_view() : Trim((*row_)[static_cast<std::size_t>(found - header_.begin())]);
    }

    Finding ReadFinding(std::size_t target) {
        Finding finding;
        finding.target = target;
        finding.check = Get("NVT OID");
        finding.title = Get("NVT Name");
        finding.port = ReadPort(Get("Port")).value_or(0);
        finding.protocol = ToLowerAscii(Get("Port Protocol"));
        finding.evidence = Get("Specific Result").empty() ? Get("Summary") : Get("Specific Result");
        finding.solution = Get("Solution");
        AddCves(Get("CVEs"), finding.cves);
        if (const auto value = ReadScore(Get("CVSS")); value && *value > 0) finding.score = Score{*value, "CVSS", ""};
        RateOpenVas(Get("Severity"), Get("CVSS"), place_, finding, builder_);
        if (finding.check.empty()) builder_.NoteUnread(place_, {"有結果沒有 NVT 的 OID。", "A result has no OID of an NVT."});
        return finding;
    }

    /// The only times are those of the results.
    void ReadTime() {
        const auto time = ReadScanTime(Get("Timestamp"), place_, builder_);
        Report& report = builder_.report();
        if (time && (!report.start || *time < *report.start)) report.start = time;
        if (time && (!report.end || *time > *report.end)) report.end = time;
    }

    Row header_;
    ReportBuilder& builder_;
    const Row* row_ = nullptr;
    std::string place_;
};

}  // namespace

Result<void> ReadOpenVasCsv(std::string_view text, ReportBuilder& builder) {
    builder.report().tool = "OpenVAS";
    CsvRows rows(text);
    OPS_TRY(auto header, rows.Next());
    if (!header) return Error::Of(ErrorCode::kInvalidInput, "CSV 沒有任何內容。", "The CSV is empty.");
    OpenVasCsvReader reader(std::move(*header), builder);
    while (true) {
        OPS_TRY(const auto row, rows.Next());
        if (!row) break;
        OPS_CHECK(reader.ReadRow(*row, rows.line()));
    }
    return Ok();
}

}  // namespace opsteward::scans
