#include "features/vulnerabilities/scan_reports/cyclonedx.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "features/vulnerabilities/scan_reports/cve_list.hpp"
#include "features/vulnerabilities/scan_reports/severity.hpp"

namespace opsteward::scans {
namespace {

struct Analysis {
    std::string_view word;
    State state;
};

// ECMA-424, impact analysis state.
constexpr auto kAnalyses = std::to_array<Analysis>({
    {"resolved", State::kPassed},
    {"resolved_with_pedigree", State::kPassed},
    {"exploitable", State::kOpen},
    {"in_triage", State::kOpen},
    {"false_positive", State::kSuppressed},
    {"not_affected", State::kNotApplicable},
});

std::string_view SystemOf(const CycloneDxRating& rating) {
    const std::string_view of_vector = ScoreSystemOf(rating.vector);
    if (of_vector != "CVSS") return of_vector;
    if (rating.method == "CVSSv2") return "CVSS:2.0";
    if (rating.method == "CVSSv3") return "CVSS:3.0";
    if (rating.method == "CVSSv31") return "CVSS:3.1";
    if (rating.method == "CVSSv4") return "CVSS:4.0";
    return rating.method.starts_with("CVSS") || !rating.vector.empty() ? "CVSS" : "";
}

}  // namespace

TargetKind TargetKindOfComponent(std::string_view type) {
    if (type == "container") return TargetKind::kImage;
    if (type == "file" || type == "application" || type == "library" || type == "framework") return TargetKind::kFiles;
    return TargetKind::kDocument;
}

Result<void> CycloneDxBuilder::Begin(TargetKind kind, std::string_view subject, std::string_view serial_number, bool has_list) {
    const bool is_named = !subject.empty();
    OPS_TRY(target_, builder_.AddTarget(is_named ? kind : TargetKind::kDocument, is_named ? subject : serial_number));
    CheckSet checks;
    checks.basis = has_list ? CheckSet::Basis::kAll : CheckSet::Basis::kUnknown;
    checks.evidence = has_list ? "vulnerabilities" : "";
    builder_.AddCheckSet(std::move(checks));
    if (!has_list) {
        builder_.NoteUnread("vulnerabilities", {"文件沒有 vulnerabilities：這份清單沒有說明是否檢查過弱點。",
                                                "The document has no vulnerabilities: the list does not say whether anybody looked for them."});
    }
    return Ok();
}

Result<void> CycloneDxBuilder::AddComponent(std::string_view ref, Component component) {
    if (components_.size() >= kMaxListed) return TooManyListed({"元件", "components"});
    components_.try_emplace(ref, std::move(component));
    return Ok();
}

void CycloneDxBuilder::Rate(const CycloneDxVulnerability& vulnerability, Finding& finding) {
    for (const CycloneDxRating& rating : vulnerability.ratings) {
        Severity severity = SeverityOfWord(rating.severity);
        const std::string_view system = SystemOf(rating);
        const bool is_score = rating.score && *rating.score >= 0 && *rating.score <= 10 && !system.empty();
        if (is_score) Consider(finding.score, {*rating.score, std::string(system), Bounded(rating.vector, kMaxWord)});
        if (severity == Severity::kUnknown && !IsUnknownWord(rating.severity)) {
            const std::string shown = Shorten(rating.severity, 40);
            builder_.NoteUnread(vulnerability.place, {fmt::format("嚴重程度「{}」未知。", shown), fmt::format("The severity “{}” is not known.", shown)});
        }
        if (severity == Severity::kUnknown && is_score) severity = SeverityOfScore(*rating.score);
        if (severity <= finding.severity) continue;
        finding.severity = severity;
        finding.severity_word = rating.severity.empty() ? fmt::format("{}", *rating.score) : std::string(rating.severity);
    }
}

void CycloneDxBuilder::ReadAnalysis(const CycloneDxVulnerability& vulnerability, Finding& finding) {
    if (vulnerability.analysis_state.empty()) return;
    const auto* const analysis = std::ranges::find(kAnalyses, vulnerability.analysis_state, &Analysis::word);
    if (analysis == kAnalyses.end()) {
        const std::string shown = Shorten(vulnerability.analysis_state, 40);
        builder_.NoteUnread(vulnerability.place, {fmt::format("analysis.state「{}」未知，視為未處理。", shown),
                                                  fmt::format("The analysis.state “{}” is not known and taken for open.", shown)});
        return;
    }
    finding.state = analysis->state;
    if (finding.state == State::kOpen) return;
    finding.reason = vulnerability.analysis_state;
    for (const std::string_view part : {vulnerability.justification, vulnerability.analysis_detail}) {
        if (!part.empty()) finding.reason += fmt::format("; {}", part);
    }
}

Result<void> CycloneDxBuilder::Add(const CycloneDxVulnerability& vulnerability) {
    Finding finding;
    finding.target = target_;
    finding.check = vulnerability.id;
    finding.title = vulnerability.id;
    AddCves(vulnerability.id, finding.cves);
    for (const std::string_view alias : vulnerability.aliases) {
        if (IsCve(alias)) AddCves(alias, finding.cves);
    }
    finding.evidence = vulnerability.description.empty() ? vulnerability.detail : vulnerability.description;
    finding.solution = vulnerability.recommendation;
    Rate(vulnerability, finding);
    ReadAnalysis(vulnerability, finding);
    if (vulnerability.is_cut)
        builder_.NoteUnread(vulnerability.place, {"評分或參照過多，未全部讀取。", "There are too many ratings or references; not all are read."});
    if (vulnerability.id.empty()) builder_.NoteUnread(vulnerability.place, {"有弱點沒有 id。", "A vulnerability has no id."});
    if (vulnerability.affected.empty()) return builder_.Add(std::move(finding));
    for (const CycloneDxAffected& affected : vulnerability.affected) {
        Finding one = finding;
        if (const auto component = components_.find(affected.ref); component != components_.end()) {
            one.component = component->second;
        } else {
            one.component.name = affected.ref;
            builder_.NoteUnread(vulnerability.place, {"affects 所指的元件不在文件中。", "A component that affects refers to is not in the document."});
        }
        if (affected.is_unaffected && one.state == State::kOpen) {
            one.state = State::kNotApplicable;
            one.reason = "unaffected";
        }
        OPS_CHECK(builder_.Add(std::move(one)));
    }
    return Ok();
}

}  // namespace opsteward::scans
