// Scanner reports of arbitrary bytes: nothing crashes; what is read keeps its bounds and refers only to what is there; and a report compared with itself has
// every open finding in one list, none of them fixed.
#include <algorithm>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "features/vulnerabilities/scan_reports/compare.hpp"
#include "features/vulnerabilities/scan_reports/cve_list.hpp"
#include "features/vulnerabilities/scan_reports/read_report.hpp"
#include "features/vulnerabilities/scan_reports/report_builder.hpp"
#include "features/vulnerabilities/scan_reports/report_json.hpp"
#include "require.hpp"

using namespace opsteward;
using namespace opsteward::scans;

namespace {

/// Bounds count characters, of at most four bytes.
void CheckText(const std::string& text, std::size_t max) {
    Require(text.size() <= 4 * (max + 1));
    Require(IsValidUtf8(text));
}

void CheckReport(const scans::Report& report) {
    Require(!report.check_sets.empty() && !report.port_choices.empty());
    for (const Target& target : report.targets) {
        Require(target.check_set < report.check_sets.size() && target.port_choice < report.port_choices.size());
        CheckText(target.name, kMaxWord);
    }
    for (const CheckSet& checks : report.check_sets) Require(std::ranges::is_sorted(checks.listed) && std::ranges::is_sorted(checks.families));
    std::uint64_t reported = 0;
    for (const Finding& finding : report.findings) {
        Require(finding.target < report.targets.size());
        CheckText(finding.check, kMaxWord);
        CheckText(finding.title, kMaxTitle);
        CheckText(finding.evidence, kMaxEvidence);
        CheckText(finding.solution, kMaxSolution);
        for (const std::string& cve : finding.cves) Require(IsCve(cve));
        Require(!finding.score || (finding.score->value >= 0 && finding.score->value <= 10));
        reported += finding.times_reported;
    }
    Require(reported == report.findings.size() + report.duplicates);
    Require(report.not_understood.size() <= kMaxNotes + 1);
}

void CheckComparison(const scans::Report& report) {
    const Comparison comparison = Compare(report, report);
    const auto open = static_cast<std::size_t>(std::ranges::count(report.findings, State::kOpen, &Finding::state));
    Require(comparison.fixed.empty());
    Require(comparison.still_there.size() + comparison.not_looked_at.size() == open);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const auto report = ReadReport(std::string(reinterpret_cast<const char*>(data), size), 1U << 20);
    if (!report.ok()) {
        Require(!report.error().caller_text.zh.empty() && !report.error().caller_text.en.empty());
        Require(IsValidUtf8(report.error().caller_text.en));
        return 0;
    }
    CheckReport(*report);
    CheckComparison(*report);
    Require(IsValidUtf8(json::serialize(ToJson(*report))));
    return 0;
}
