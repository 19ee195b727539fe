#include "features/vulnerabilities/scan_reports/severity.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/text.hpp"

namespace opsteward::scans {
namespace {

struct Word {
    std::string_view word;
    Severity severity;
};

// Of OpenVAS: log, debug, alarm; of SARIF: error, warning, note; of Debian and Ubuntu, as Grype gives them: negligible; of GitHub: moderate.
constexpr auto kWords = std::to_array<Word>({
    {"critical", Severity::kCritical},
    {"high", Severity::kHigh},
    {"important", Severity::kHigh},
    {"error", Severity::kHigh},
    {"alarm", Severity::kHigh},
    {"medium", Severity::kMedium},
    {"moderate", Severity::kMedium},
    {"warning", Severity::kMedium},
    {"low", Severity::kLow},
    {"note", Severity::kLow},
    {"minor", Severity::kLow},
    {"negligible", Severity::kInfo},
    {"info", Severity::kInfo},
    {"informational", Severity::kInfo},
    {"information", Severity::kInfo},
    {"log", Severity::kInfo},
    {"debug", Severity::kInfo},
    {"none", Severity::kNone},
});

}  // namespace

Severity SeverityOfWord(std::string_view word) {
    const std::string lower = ToLowerAscii(Trim(word));
    const auto* found = std::ranges::find(kWords, lower, &Word::word);
    return found == kWords.end() ? Severity::kUnknown : found->severity;
}

bool IsUnknownWord(std::string_view word) {
    const std::string lower = ToLowerAscii(Trim(word));
    return lower.empty() || lower == "unknown" || lower == "unassigned" || lower == "untriaged" || lower == "undefined";
}

Severity SeverityOfScore(double score) {
    if (!(score >= 0 && score <= 10)) return Severity::kUnknown;
    if (score == 0) return Severity::kNone;
    if (score < 4) return Severity::kLow;
    if (score < 7) return Severity::kMedium;
    return score < 9 ? Severity::kHigh : Severity::kCritical;
}

std::optional<double> ReadScore(std::string_view text) {
    const auto number = ParseDouble(Trim(text));
    if (!number || !(*number >= 0 && *number <= 10)) return std::nullopt;
    return *number;
}

std::string_view ScoreSystemOf(std::string_view vector) {
    for (const std::string_view system : {"CVSS:4.0", "CVSS:3.1", "CVSS:3.0"}) {
        if (vector.starts_with(system)) return system;
    }
    if (vector.starts_with("CVSS2#")) return "CVSS:2.0";
    // "Au:" is version 2's alone; version 3 without its prefix is written by some tools.
    if (vector.starts_with("AV:") && vector.find("/Au:") != std::string_view::npos) return "CVSS:2.0";
    return "CVSS";
}

bool IsBetterScore(const Score& one, const Score& other) {
    return std::pair(std::string_view(one.system), one.value) > std::pair(std::string_view(other.system), other.value);
}

void Consider(std::optional<Score>& kept, Score score) {
    if (!kept || IsBetterScore(score, *kept)) kept = std::move(score);
}

}  // namespace opsteward::scans
