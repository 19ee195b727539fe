#include "features/vulnerabilities/scan_reports/testing/report_text.hpp"

#include <fmt/format.h>

#include "base/civil_time.hpp"
#include "base/text.hpp"

namespace opsteward::scans::testing {
namespace {

std::string Short(const std::string& text) {
    std::string line = Shorten(text, 60);
    for (char& c : line) {
        if (c == '\n' || c == '\r' || c == '\t') c = ' ';
    }
    return line;
}

std::string Time(const std::optional<Instant>& time) {
    return time ? FormatRfc3339(*time) : "-";
}

void Add(std::string& out, std::string_view name, const std::string& value) {
    if (!value.empty()) out += fmt::format("  {}: {}\n", name, value);
}

std::string Ranges(const std::vector<PortRange>& ranges) {
    std::string text;
    for (std::size_t i = 0; i < ranges.size() && i < 5; ++i)
        text += fmt::format("{}{}:{}-{}", i == 0 ? "" : " ", ranges[i].protocol, ranges[i].first, ranges[i].last);
    return fmt::format("{} ({})", text, ranges.size());
}

void DescribeTarget(const Target& target, std::string& out) {
    out += fmt::format("target: {} {}\n", NameOf(target.kind), target.name);
    Add(out, "addresses", Join(target.addresses, " "));
    Add(out, "names", Join(target.host_names, " "));
    Add(out, "time", Time(target.start) + " " + Time(target.end));
    Add(out, "interrupted", target.interruption.en);
    if (target.has_login) Add(out, "login", *target.has_login ? "yes" : "no");
    Add(out, "failed", Join(target.failed_checks, " "));
    if (!target.unanswered.empty()) Add(out, "unanswered", Ranges(target.unanswered));
}

void DescribeChecks(const CheckSet& checks, std::string& out) {
    out += fmt::format("checks: {} listed, {} families, {} off, by {}\n", checks.listed.size(), checks.families.size(), checks.switched_off.size(),
                       checks.basis == CheckSet::Basis::kUnknown ? "nothing" : checks.evidence);
    Add(out, "configuration", Short(checks.configuration));
}

void DescribeFinding(const Finding& finding, std::string& out) {
    out += fmt::format("finding: {} {} {}\n", finding.check, NameOf(finding.severity), NameOf(finding.state));
    Add(out, "target", fmt::format("{}", finding.target));
    Add(out, "title", Short(finding.title));
    Add(out, "family", finding.family);
    if (!finding.cves.empty()) Add(out, "cves", fmt::format("{} … {} ({})", finding.cves.front(), finding.cves.back(), finding.cves.size()));
    if (finding.port != 0 || !finding.protocol.empty()) Add(out, "port", fmt::format("{}/{} {}", finding.port, finding.protocol, finding.service));
    const Component& component = finding.component;
    Add(out, "component", Join({component.name, component.version, component.purl, component.cpe, component.location}, "|"));
    if (finding.line != 0) Add(out, "line", fmt::format("{}", finding.line));
    Add(out, "fingerprint", Short(finding.fingerprint));
    Add(out, "word", finding.severity_word);
    if (finding.score) Add(out, "score", fmt::format("{} {} {}", finding.score->value, finding.score->system, finding.score->vector));
    Add(out, "evidence", Short(finding.evidence));
    Add(out, "solution", Short(finding.solution));
    Add(out, "reason", Short(finding.reason));
    if (finding.needs_login) Add(out, "needs", "login");
    if (finding.times_reported > 1) Add(out, "reported", fmt::format("{}", finding.times_reported));
}

}  // namespace

std::string Describe(const Report& report) {
    std::string out = fmt::format("report: {} by {} {}\n", NameOf(report.format), report.tool, report.tool_version);
    Add(out, "title", Short(report.title));
    Add(out, "time", Time(report.start) + " " + Time(report.end));
    Add(out, "interrupted", report.interruption.en);
    Add(out, "duplicates", fmt::format("{}", report.duplicates));
    for (const CheckSet& checks : report.check_sets) DescribeChecks(checks, out);
    for (const PortChoice& ports : report.port_choices) {
        if (ports.is_limited) out += fmt::format("ports: {}: {}\n", Short(ports.choice), Ranges(ports.ranges));
    }
    for (const Target& target : report.targets) DescribeTarget(target, out);
    for (const Finding& finding : report.findings) DescribeFinding(finding, out);
    for (const Note& note : report.not_understood) out += fmt::format("note: {} × {} @ {}\n", note.count, note.what.en, note.place);
    return out;
}

}  // namespace opsteward::scans::testing
