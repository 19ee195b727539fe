// Findings as text, a line each.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/result.hpp"
#include "features/vulnerabilities/match/matcher.hpp"
#include "features/vulnerabilities/record/rating.hpp"

namespace opsteward::cli {

/// Which findings are shown.
struct FindingFilter {
    vuln::Severity least_severity = vuln::Severity::kUnscored;  ///< what nobody scored is always shown
    bool leaves_out_conditional = false;
};

/// Thread-safe. Texts that many findings share are made once for each run of findings.
class FindingLines {
  public:
    FindingLines(const vuln::Snapshot& snapshot, const vuln::Fleet& fleet, FindingFilter filter, bool as_json)
        : snapshot_(snapshot), fleet_(fleet), filter_(filter), as_json_(as_json) {}

    /// The columns, for people; "" for JSON.
    std::string Head() const;
    bool IsShown(const vuln::Finding& finding) const;
    /// One line for each finding that is shown.
    Result<std::string> Write(std::span<const vuln::Finding> findings) const;

  private:
    vuln::Severity SeverityOf(std::uint32_t slot) const;
    void AppendJson(const vuln::Finding& finding, std::string_view criterion, std::string& to) const;
    void AppendText(const vuln::Finding& finding, std::string_view criterion, std::string& to) const;
    std::string_view PackageName(const vuln::Finding& finding) const;
    std::string_view PackageVersion(const vuln::Finding& finding) const;

    const vuln::Snapshot& snapshot_;
    const vuln::Fleet& fleet_;
    FindingFilter filter_;
    bool as_json_;
};

}  // namespace opsteward::cli
