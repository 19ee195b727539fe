// The words and numbers by which scanners say how serious a finding is, on one scale.
#pragma once

#include <optional>
#include <string_view>

#include "features/vulnerabilities/scan_reports/report.hpp"

namespace opsteward::scans {

/// "Critical", "HIGH", "moderate", "Negligible", "note" …, in any case; kUnknown for a word that none of the formats has.
Severity SeverityOfWord(std::string_view word);
/// Whether the word is one by which a tool says that it does not know: "unknown", "unassigned", "untriaged" or no word at all.
bool IsUnknownWord(std::string_view word);

/// The bands of CVSS v3.1 section 5 and v4.0 section 6: 0 none, below 4 low, below 7 medium, below 9 high, else critical; kUnknown outside 0 to 10.
/// The same for a score of CVSS v2, which has no words of its own.
Severity SeverityOfScore(double score);

/// A number from 0 to 10; nothing for any other text.
std::optional<double> ReadScore(std::string_view text);

/// "CVSS:3.1" of a vector "CVSS:3.1/AV:…", "CVSS:2.0" of one without a prefix that begins with AV: (or Nessus's "CVSS2#AV:"); else "CVSS".
std::string_view ScoreSystemOf(std::string_view vector);

/// Whether `one` says more than `other`: the later version of CVSS, within one version the higher value.
bool IsBetterScore(const Score& one, const Score& other);
/// Keeps the one that says more.
void Consider(std::optional<Score>& kept, Score score);

}  // namespace opsteward::scans
