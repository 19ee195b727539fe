#include "cli/vulnerabilities/finding_lines.hpp"

#include <fmt/format.h>

#include <iterator>
#include <unordered_map>

#include "base/text.hpp"
#include "cli/logs/one_line.hpp"

namespace opsteward::cli {

namespace {

/// RFC 8259 section 7. The text is UTF-8.
void AppendJsonText(std::string_view text, std::string& to) {
    to += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            to += '\\';
            to += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            fmt::format_to(std::back_inserter(to), "\\u{:04x}", static_cast<unsigned>(c));
        } else {
            to += c;
        }
    }
    to += '"';
}

/// Tenths as "9.8".
void AppendScore(std::uint8_t tenths, std::string& to) { fmt::format_to(std::back_inserter(to), "{}.{}", tenths / 10, tenths % 10); }

/// Tabs part the columns, so no value holds one.
void AppendCell(std::string_view text, std::string& to) {
    to += OnOneLine(text);
    to += '\t';
}

}  // namespace

std::string FindingLines::Head() const {
    return as_json_ ? std::string() : "host\tcve\tpackage\tversion\tseverity\tscore\tscore_source\tkev\tepss\tconfidence\tconditional\tcriteria\n";
}

vuln::Severity FindingLines::SeverityOf(std::uint32_t slot) const {
    const vuln::RecordEntry& record = snapshot_.Record(slot);
    return vuln::RateSeverity(record.score_tenths, record.score_version, record.is_known_exploited != 0);
}

bool FindingLines::IsShown(const vuln::Finding& finding) const {
    if (filter_.leaves_out_conditional && finding.is_conditional) return false;
    const vuln::Severity severity = SeverityOf(finding.slot);
    return severity == vuln::Severity::kUnscored || severity >= filter_.least_severity;
}

std::string_view FindingLines::PackageName(const vuln::Finding& finding) const {
    if (finding.package == vuln::Finding::kSystem) return fleet_.systems()[fleet_.SystemOf(finding.host)];
    const vuln::Package& package = fleet_.packages()[finding.package];
    return !package.name.empty() ? package.name : !package.cpe.empty() ? package.cpe : package.purl;
}

std::string_view FindingLines::PackageVersion(const vuln::Finding& finding) const {
    return finding.package == vuln::Finding::kSystem ? std::string_view() : fleet_.packages()[finding.package].version;
}

Result<std::string> FindingLines::Write(std::span<const vuln::Finding> findings) const {
    std::unordered_map<std::uint64_t, std::string> criteria;
    std::string lines;
    for (const vuln::Finding& finding : findings) {
        if (!IsShown(finding)) continue;
        std::string& criterion = criteria[std::uint64_t{finding.product} << 32 | finding.range];
        if (criterion.empty()) {
            OPS_TRY(criterion, vuln::CriterionText(snapshot_, finding.product, finding.range));
        }
        if (as_json_) {
            AppendJson(finding, criterion, lines);
        } else {
            AppendText(finding, criterion, lines);
        }
    }
    return lines;
}

void FindingLines::AppendJson(const vuln::Finding& finding, std::string_view criterion, std::string& to) const {
    const vuln::RecordEntry& record = snapshot_.Record(finding.slot);
    to += R"({"host":)";
    AppendJsonText(fleet_.HostName(finding.host), to);
    to += R"(,"cve":)";
    AppendJsonText(snapshot_.Id(finding.slot), to);
    to += R"(,"package":)";
    AppendJsonText(PackageName(finding), to);
    to += R"(,"version":)";
    AppendJsonText(PackageVersion(finding), to);
    to += R"(,"severity":")";
    to += vuln::SeverityName(SeverityOf(finding.slot));
    to += R"(","score":)";
    if (record.score_tenths == vuln::Metric::kUnscored) {
        to += R"(null,"score_source":null,"score_version":null)";
    } else {
        AppendScore(record.score_tenths, to);
        to += R"(,"score_source":)";
        AppendJsonText(snapshot_.Scorer(finding.slot), to);
        to += R"(,"score_version":")";
        AppendScore(record.score_version, to);
        to += '"';
    }
    to += record.is_known_exploited != 0 ? R"(,"kev":true,"epss":)" : R"(,"kev":false,"epss":)";
    if (record.probability == vuln::kUnpredicted) {
        to += "null";
    } else {
        fmt::format_to(std::back_inserter(to), "{:.5f}", record.probability / 1e6);
    }
    fmt::format_to(std::back_inserter(to), R"(,"confidence":{},"criteria":)", finding.confidence);
    AppendJsonText(criterion, to);
    to += finding.is_conditional ? ",\"conditional\":true}\n" : ",\"conditional\":false}\n";
}

void FindingLines::AppendText(const vuln::Finding& finding, std::string_view criterion, std::string& to) const {
    const vuln::RecordEntry& record = snapshot_.Record(finding.slot);
    AppendCell(fleet_.HostName(finding.host), to);
    AppendCell(snapshot_.Id(finding.slot), to);
    AppendCell(PackageName(finding), to);
    AppendCell(PackageVersion(finding), to);
    AppendCell(vuln::SeverityName(SeverityOf(finding.slot)), to);
    if (record.score_tenths == vuln::Metric::kUnscored) {
        to += '-';
    } else {
        AppendScore(record.score_tenths, to);
    }
    to += '\t';
    AppendCell(snapshot_.Scorer(finding.slot).empty() ? "-" : snapshot_.Scorer(finding.slot), to);
    to += record.is_known_exploited != 0 ? "kev\t" : "-\t";
    if (record.probability == vuln::kUnpredicted) {
        to += '-';
    } else {
        fmt::format_to(std::back_inserter(to), "{:.5f}", record.probability / 1e6);
    }
    fmt::format_to(std::back_inserter(to), "\t{}\t{}\t", finding.confidence, finding.is_conditional ? "conditional" : "-");
    to += OnOneLine(criterion);
    to += '\n';
}

}  // namespace opsteward::cli
