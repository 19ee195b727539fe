// What CycloneDX's JSON and XML have in common (ECMA-424; before 1.4 the extension http://cyclonedx.org/schema/ext/vulnerability/1.0).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "features/vulnerabilities/scan_reports/report_builder.hpp"

namespace opsteward::scans {

struct CycloneDxRating {
    std::string_view severity;
    std::optional<double> score;
    std::string_view method;  ///< "CVSSv2", "CVSSv3", "CVSSv31", "CVSSv4", "OWASP", "SSVC", "other"
    std::string_view vector;
};

struct CycloneDxAffected {
    std::string_view ref;
    bool is_unaffected = false;  ///< every version that is named is unaffected
};

/// Views into the document.
struct CycloneDxVulnerability {
    std::string_view id;
    std::string_view description;
    std::string_view detail;
    std::string recommendation;
    std::vector<CycloneDxRating> ratings;
    std::vector<std::string_view> aliases;  ///< references to the same vulnerability
    std::vector<CycloneDxAffected> affected;
    std::string_view analysis_state;
    std::string_view justification;
    std::string_view analysis_detail;
    std::string place;
    bool is_cut = false;  ///< it has more ratings or references than are read

    /// Whether a list of so many may take another one.
    bool HasRoom(std::size_t count) {
        is_cut = is_cut || count >= kMaxParts;
        return count < kMaxParts;
    }
};

class CycloneDxBuilder {
  public:
    explicit CycloneDxBuilder(ReportBuilder& builder) : builder_(builder) {}

    /// The subject of the document, or its serial number where it names none; with `has_list` it has a list of vulnerabilities, be it empty.
    Result<void> Begin(TargetKind kind, std::string_view subject, std::string_view serial_number, bool has_list);
    Result<void> AddComponent(std::string_view ref, Component component);
    Result<void> Add(const CycloneDxVulnerability& vulnerability);

  private:
    void Rate(const CycloneDxVulnerability& vulnerability, Finding& finding);
    void ReadAnalysis(const CycloneDxVulnerability& vulnerability, Finding& finding);

    ReportBuilder& builder_;
    std::unordered_map<std::string_view, Component> components_;
    std::size_t target_ = 0;
};

/// "container" is an image, "file" and "application" are files, any other kind a document.
TargetKind TargetKindOfComponent(std::string_view type);

}  // namespace opsteward::scans
