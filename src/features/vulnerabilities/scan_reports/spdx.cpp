#include "features/vulnerabilities/scan_reports/spdx.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "features/vulnerabilities/scan_reports/cve_list.hpp"
#include "features/vulnerabilities/scan_reports/scan_time.hpp"

namespace opsteward::scans {
namespace {

bool IsSecurity(std::string_view category) {
    return category == "SECURITY" || category == "security";
}
bool IsCpe(std::string_view type) {
    return type == "cpe22Type" || type == "cpe23Type";
}

/// GHSA-xxxx-xxxx-xxxx of letters and digits (GitHub's advisory database).
std::string GhsaIn(std::string_view text) {
    constexpr std::size_t kLength = 19;
    for (std::size_t at = text.find("GHSA-"); at != std::string_view::npos; at = text.find("GHSA-", at + 1)) {
        if (text.size() - at < kLength) return {};
        bool is_name = true;
        for (std::size_t i = 5; i < kLength; ++i) {
            const char c = text[at + i];
            const bool is_word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
            is_name = is_name && (i == 9 || i == 14 ? c == '-' : is_word);
        }
        if (is_name) return std::string(text.substr(at, kLength));
    }
    return {};
}

Component ComponentOf(const SpdxPackage& package) {
    Component component;
    component.name = package.name;
    component.version = package.version;
    for (const SpdxReference& reference : package.references) {
        if (reference.type == "purl" && component.purl.empty()) component.purl = reference.locator;
        // The newer form of the name, where there are both.
        if (IsCpe(reference.type) && (component.cpe.empty() || (reference.type == "cpe23Type" && !component.cpe.starts_with("cpe:2.3:"))))
            component.cpe = reference.locator;
    }
    return component;
}

}  // namespace

std::string VulnerabilityNameIn(std::string_view text) {
    std::vector<std::string> cves;
    AddCves(text, cves);
    return cves.empty() ? GhsaIn(text) : cves.front();
}

Result<void> SpdxBuilder::Begin(std::string_view document_name, std::string_view created) {
    OPS_TRY(target_, builder_.AddTarget(TargetKind::kDocument, document_name));
    builder_.AddCheckSet({});
    builder_.report().title = Bounded(document_name, kMaxTitle);
    builder_.report().start = ReadScanTime(created, "creationInfo.created", builder_);
    return Ok();
}

void SpdxBuilder::AddCreator(std::string_view creator) {
    constexpr std::string_view kTool = "Tool:";
    if (!creator.starts_with(kTool) || !builder_.report().tool.empty()) return;
    const std::string_view tool = Trim(creator.substr(kTool.size()));
    std::size_t dash = tool.rfind('-');
    if (dash == std::string_view::npos || dash + 1 >= tool.size() || tool[dash + 1] < '0' || tool[dash + 1] > '9') dash = tool.size();
    builder_.report().tool = Bounded(tool.substr(0, dash), kMaxWord);
    if (dash < tool.size()) builder_.report().tool_version = Bounded(tool.substr(dash + 1), kMaxWord);
}

Result<void> SpdxBuilder::Add(const SpdxPackage& package) {
    if (package.is_cut) builder_.NoteUnread(package.place, {"外部參照過多，未全部讀取。", "There are too many external references; not all are read."});
    const Component component = ComponentOf(package);
    std::vector<Finding> findings;
    std::vector<std::pair<std::string, const SpdxReference*>> fixes;
    for (const SpdxReference& reference : package.references) {
        if (!IsSecurity(reference.category) || IsCpe(reference.type) || reference.type == "swid") continue;
        const std::string name = VulnerabilityNameIn(reference.locator + ' ' + reference.comment);
        if (reference.type == "fix") {
            fixes.emplace_back(name, &reference);
        } else if (reference.type == "advisory" || (reference.type == "url" && !name.empty())) {
            Finding finding;
            finding.target = target_;
            finding.check = name.empty() ? reference.locator : name;
            finding.title = finding.check;
            AddCves(name, finding.cves);
            finding.component = component;
            finding.evidence = reference.comment.empty() ? reference.locator : fmt::format("{}\n{}", reference.locator, reference.comment);
            findings.push_back(std::move(finding));
        } else if (reference.type == "url") {
            builder_.NoteUnread(package.place,
                                {"SECURITY 類的 url 沒有弱點編號，不列為發現。", "A url of category SECURITY names no vulnerability and is no finding."});
        } else {
            const std::string shown = Shorten(reference.type, 40);
            builder_.NoteUnread(package.place, {fmt::format("SECURITY 類的參照種類「{}」未讀取。", shown),
                                                fmt::format("A SECURITY reference of type “{}” is not read.", shown)});
        }
    }
    for (const auto& [name, fix] : fixes) {
        const auto found = name.empty() ? findings.end() : std::ranges::find(findings, name, &Finding::check);
        if (found == findings.end()) {
            builder_.NoteUnread(package.place,
                                {"fix 參照沒有對應的 advisory，不列為發現。", "A fix reference has no advisory of the same name and is no finding."});
            continue;
        }
        found->solution = fix->comment.empty() ? fix->locator : fmt::format("{} ({})", fix->locator, fix->comment);
    }
    for (Finding& finding : findings) OPS_CHECK(builder_.Add(std::move(finding)));
    return Ok();
}

}  // namespace opsteward::scans
