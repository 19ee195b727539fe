#include "cli/scan/scan_commands.hpp"

#include <filesystem>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "cli/logs/whole_input.hpp"
#include "cli/scan/scan_text.hpp"
#include "features/vulnerabilities/scan_reports/compare.hpp"
#include "features/vulnerabilities/scan_reports/read_report.hpp"
#include "features/vulnerabilities/scan_reports/report_json.hpp"

namespace opsteward::cli {

namespace {

struct Options {
    std::filesystem::path file;
    std::filesystem::path earlier;
    std::filesystem::path later;
};

Result<scans::Report> ReadScan(const std::filesystem::path& path, Language language) {
    OPS_TRY(std::string bytes, ReadWholeInput(path, scans::kMaxReportBytes, language));
    auto report = scans::ReadReport(std::move(bytes));
    if (!report.ok()) return InFile(path, std::move(report).error());
    return report;
}

/// What a report holds beyond memory is a refusal, not a defect.
Error NoMemory() {
    return Error::Of(ErrorCode::kTooLarge, "記憶體不足以讀取這份報告；請分成較小的報告。",
                     "There is not enough memory for this report; export it in smaller parts.");
}

ExitCode ImportScan(const std::filesystem::path& path, const Report& report) try {
    const auto scan = ReadScan(path, report.language);
    if (!scan.ok()) return report.Fail(scan.error());
    report.Say(report.as_json ? std::string() : ScanReportText(*scan, report.language), report.as_json ? scans::ToJson(*scan) : json::value());
    return kExitOk;
} catch (const std::bad_alloc&) {
    return report.Fail(NoMemory());
}

ExitCode CompareScans(const Options& options, const Report& report) try {
    const auto earlier = ReadScan(options.earlier, report.language);
    if (!earlier.ok()) return report.Fail(earlier.error());
    const auto later = ReadScan(options.later, report.language);
    if (!later.ok()) return report.Fail(later.error());
    const scans::Comparison comparison = scans::Compare(*earlier, *later);
    report.Say(report.as_json ? std::string() : ScanComparisonText(comparison, *earlier, *later, report.language),
               report.as_json ? scans::ToJson(comparison, *earlier, *later) : json::value());
    return kExitOk;
} catch (const std::bad_alloc&) {
    return report.Fail(NoMemory());
}

}  // namespace

void AddScanCommands(CLI::App& app, const Report& report, std::function<ExitCode()>& run) {
    CLI::App* scan = app.add_subcommand("scan", "reports of vulnerability scanners")->require_subcommand(1);
    const auto options = std::make_shared<Options>();
    CLI::App* import = scan->add_subcommand("import", "read a report, and say what is in it and what was not understood");
    import
        ->add_option("FILE", options->file,
                     "Nessus, OpenVAS/GVM, nmap, SARIF, CycloneDX, SPDX, Trivy, Grype or XCCDF; plain, gzip, xz or zstd; - is standard input")
        ->required();
    import->callback([options, &report, &run] { run = [options, &report] { return ImportScan(options->file, report); }; });
    CLI::App* compare =
        scan->add_subcommand("compare", "say which findings of a report are fixed in a later one, still there, or were not looked at, and which are new");
    compare->add_option("OLD", options->earlier, "the earlier report")->required();
    compare->add_option("NEW", options->later, "the later report")->required();
    compare->callback([options, &report, &run] { run = [options, &report] { return CompareScans(*options, report); }; });
}

}  // namespace opsteward::cli
