#include "features/vulnerabilities/scan_reports/openvas.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "features/vulnerabilities/scan_reports/port_ranges.hpp"
#include "features/vulnerabilities/scan_reports/severity.hpp"

namespace opsteward::scans {

void ReadOpenVasPort(std::string_view port, Finding& finding) {
    std::string_view text = Trim(port);
    if (const std::size_t open = text.find('('); open != std::string_view::npos) {
        finding.service = Trim(text.substr(0, open));
        text = text.substr(open + 1, text.find(')') - open - 1);
    }
    const std::size_t slash = text.find('/');
    finding.port = ReadPort(text.substr(0, slash)).value_or(0);
    finding.protocol = slash == std::string_view::npos ? "" : ToLowerAscii(Trim(text.substr(slash + 1)));
}

void RateOpenVas(std::string_view threat, std::string_view score, std::string_view place, Finding& finding, ReportBuilder& builder) {
    finding.severity_word = threat.empty() ? score : threat;
    const auto value = ReadScore(score);
    if (threat == "False Positive" || score.starts_with("-1")) {
        finding.state = State::kSuppressed;
        finding.reason = "False Positive";
        return;
    }
    finding.severity = SeverityOfWord(threat);
    if (value && *value > 0) finding.severity = std::max(finding.severity, SeverityOfScore(*value));
    if (finding.severity == Severity::kUnknown && value) finding.severity = SeverityOfScore(*value);
    if (finding.severity == Severity::kUnknown) {
        const std::string shown = Shorten(finding.severity_word, 40);
        builder.NoteUnread(place, {fmt::format("嚴重程度「{}」未知。", shown), fmt::format("The severity “{}” is not known.", shown)});
    }
}

bool IsAuthenticatedQod(std::string_view type) {
    return type.starts_with("package") || type.starts_with("registry") || type.starts_with("executable_version");
}

}  // namespace opsteward::scans
