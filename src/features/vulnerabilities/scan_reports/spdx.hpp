// What SPDX's JSON and tag-value have in common (SPDX 2.3, clause 7.21 and annex F.2). SPDX 2 has no vulnerabilities of its own: a package names, as external
// references of category SECURITY, its CPEs and the advisories about it.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "features/vulnerabilities/scan_reports/report_builder.hpp"

namespace opsteward::scans {

struct SpdxReference {
    std::string category;
    std::string type;
    std::string locator;
    std::string comment;
};

struct SpdxPackage {
    std::string name;
    std::string version;
    std::vector<SpdxReference> references;
    std::string place;
    bool is_cut = false;  ///< it has more references than are read

    void AddReference(SpdxReference reference) {
        is_cut = is_cut || references.size() >= kMaxParts;
        if (!is_cut) references.push_back(std::move(reference));
    }
};

class SpdxBuilder {
  public:
    explicit SpdxBuilder(ReportBuilder& builder) : builder_(builder) {}

    /// `created` is RFC 3339. A document does not say that vulnerabilities were looked for: its check set is unknown.
    Result<void> Begin(std::string_view document_name, std::string_view created);
    /// "Tool: syft-1.50.0"; people and organisations are left aside.
    void AddCreator(std::string_view creator);
    /// Every advisory is a finding of unknown severity, and so is a url that names a vulnerability; a fix is the solution of the advisory with the same name.
    Result<void> Add(const SpdxPackage& package);

  private:
    ReportBuilder& builder_;
    std::size_t target_ = 0;
};

/// The vulnerability's name in a locator: "CVE-2024-10001", "GHSA-jfh8-c2jp-5v3q"; "" when there is none.
std::string VulnerabilityNameIn(std::string_view text);

}  // namespace opsteward::scans
