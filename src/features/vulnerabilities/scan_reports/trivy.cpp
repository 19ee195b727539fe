// Trivy's JSON report (aquasecurity/trivy, pkg/types/report.go): schema 2, and the bare list of results before it.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "features/vulnerabilities/scan_reports/cve_list.hpp"
#include "features/vulnerabilities/scan_reports/format_readers.hpp"
#include "features/vulnerabilities/scan_reports/scan_time.hpp"
#include "features/vulnerabilities/scan_reports/severity.hpp"

namespace opsteward::scans {
namespace {

constexpr std::string_view kVulnerabilities = "vulnerabilities";  ///< class of results in reports that have none

class TrivyReader {
  public:
    explicit TrivyReader(ReportBuilder& builder) : builder_(builder) {}

    Result<void> Read(JsonValue root) {
        Report& report = builder_.report();
        report.tool = "Trivy";
        report.tool_version = Bounded(StringOf(MemberOf(root, "Trivy"), "Version"), kMaxWord);
        report.start = ReadScanTime(StringOf(root, "CreatedAt"), "CreatedAt", builder_);
        std::string_view name = StringOf(root, "ArtifactName");
        if (!root.is_array()) {
            NoteUnknownMembers(root,
                               {"SchemaVersion", "Trivy", "ReportID", "CreatedAt", "ArtifactID", "ArtifactName", "ArtifactType", "Metadata", "Results",
                                "Resources", "ClusterName"},
                               "$", builder_);
        }
        const simdjson::dom::array results = root.is_array() ? ElementsOf(root) : ElementsOf(root, "Results");
        if (root.is_array()) {
            for (const JsonValue first : results) {
                name = StringOf(first, "Target");
                break;
            }
        }
        report.title = Bounded(name, kMaxTitle);
        OPS_TRY(target_, builder_.AddTarget(StringOf(root, "ArtifactType") == "container_image" ? TargetKind::kImage : TargetKind::kFiles, name));
        if (MemberOf(root, "Resources")) {
            builder_.NoteUnread("Resources",
                                {"Kubernetes 叢集報告的 Resources 未讀取。", "The Resources of a report about a Kubernetes cluster are not read."});
        }
        CheckSet checks;
        checks.basis = CheckSet::Basis::kFamilies;
        checks.evidence = "Results[].Class";
        std::size_t number = 0;
        for (const JsonValue result : results) {
            place_ = fmt::format("Results[{}]", number++);
            family_ = StringOf(result, "Class").empty() ? kVulnerabilities : StringOf(result, "Class");
            if (std::ranges::find(checks.families, family_) == checks.families.end()) {
                if (checks.families.size() >= kMaxParts) return TooManyListed({"檢查類別", "classes of checks"}, kMaxParts);
                checks.families.emplace_back(family_);
            }
            OPS_CHECK(ReadResult(result));
        }
        builder_.AddCheckSet(std::move(checks));
        return Ok();
    }

  private:
    Result<void> ReadResult(JsonValue result) {
        NoteUnknownMembers(result,
                           {"Target", "Class", "Type", "Packages", "Vulnerabilities", "MisconfSummary", "Misconfigurations", "Secrets", "Licenses",
                            "CustomResources", "ExperimentalModifiedFindings"},
                           place_, builder_);
        const std::string_view part = StringOf(result, "Target");
        for (const JsonValue node : ElementsOf(result, "Vulnerabilities")) OPS_CHECK(builder_.Add(ReadVulnerability(node, part)));
        for (const JsonValue node : ElementsOf(result, "Misconfigurations")) OPS_CHECK(builder_.Add(ReadMisconfiguration(node, part)));
        for (const JsonValue node : ElementsOf(result, "Secrets")) OPS_CHECK(builder_.Add(ReadSecret(node, part)));
        for (const JsonValue node : ElementsOf(result, "ExperimentalModifiedFindings")) OPS_CHECK(ReadModified(node, part));
        for (const std::string_view unread : {"Licenses", "CustomResources"}) {
            for ([[maybe_unused]] const JsonValue node : ElementsOf(result, unread)) {
                builder_.NoteUnread(place_, {fmt::format("{} 不是弱點，未讀取。", unread), fmt::format("{} are no vulnerabilities and are not read.", unread)});
            }
        }
        return Ok();
    }

    void Rate(JsonValue node, Finding& finding) {
        finding.severity_word = StringOf(node, "Severity");
        finding.severity = SeverityOfWord(finding.severity_word);
        if (finding.severity != Severity::kUnknown || IsUnknownWord(finding.severity_word)) return;
        const std::string shown = Shorten(finding.severity_word, 40);
        builder_.NoteUnread(place_, {fmt::format("嚴重程度「{}」未知。", shown), fmt::format("The severity “{}” is not known.", shown)});
    }

    Finding ReadVulnerability(JsonValue node, std::string_view part) {
        Finding finding;
        finding.target = target_;
        finding.family = family_;
        finding.check = StringOf(node, "VulnerabilityID");
        finding.title = StringOf(node, "Title").empty() ? finding.check : StringOf(node, "Title");
        AddCves(finding.check, finding.cves);
        for (const JsonValue id : ElementsOf(node, "VendorIDs")) {
            if (IsCve(StringOf(id))) AddCves(StringOf(id), finding.cves);
        }
        finding.component.name = StringOf(node, "PkgName");
        finding.component.version = StringOf(node, "InstalledVersion");
        finding.component.purl = StringOf(MemberOf(node, "PkgIdentifier"), "PURL");
        // The target of packages of the system names the system; of a program's packages it is a file, or the language.
        finding.component.location = StringOf(node, "PkgPath");
        if (finding.component.location.empty() && family_ != "os-pkgs") finding.component.location = part;
        finding.evidence = StringOf(node, "Description");
        if (const auto fixed = StringOf(node, "FixedVersion"); !fixed.empty()) finding.solution = fmt::format("FixedVersion: {}", fixed);
        Rate(node, finding);
        ReadScores(node, finding);
        if (StringOf(node, "Status") == "not_affected") {
            finding.state = State::kNotApplicable;
            finding.reason = "not_affected";
        }
        return finding;
    }

    /// Of the source that the severity is of; where that has none, the best of all.
    static void ReadScores(JsonValue node, Finding& finding) {
        const auto all = MemberOf(node, "CVSS");
        ReadScoresOf(MemberOf(all, StringOf(node, "SeveritySource")), finding);
        if (finding.score) return;
        for (const auto source : MembersOf(node, "CVSS")) ReadScoresOf(source.value, finding);
    }

    static void ReadScoresOf(std::optional<JsonValue> source, Finding& finding) {
        struct Version {
            std::string_view score;
            std::string_view vector;
            std::string_view system;
        };
        for (const Version& version :
             {Version{"V2Score", "V2Vector", "CVSS:2.0"}, Version{"V3Score", "V3Vector", "CVSS:3.0"}, Version{"V40Score", "V40Vector", "CVSS:4.0"}}) {
            const auto value = NumberOf(source, version.score);
            if (!value || !(*value >= 0 && *value <= 10)) continue;
            const std::string_view vector = StringOf(source, version.vector);
            const std::string_view system = ScoreSystemOf(vector);
            Consider(finding.score, {*value, std::string(system == "CVSS" ? version.system : system), Bounded(vector, kMaxWord)});
        }
    }

    Finding ReadMisconfiguration(JsonValue node, std::string_view part) {
        Finding finding;
        finding.target = target_;
        finding.family = family_;
        finding.check = StringOf(node, "AVDID").empty() ? StringOf(node, "ID") : StringOf(node, "AVDID");
        finding.title = StringOf(node, "Title");
        finding.evidence = StringOf(node, "Message").empty() ? StringOf(node, "Description") : StringOf(node, "Message");
        finding.solution = StringOf(node, "Resolution");
        finding.component.location = part;
        finding.line = CountOf(MemberOf(node, "CauseMetadata"), "StartLine").value_or(0);
        Rate(node, finding);
        const std::string_view status = StringOf(node, "Status");
        if (status == "PASS") {
            finding.state = State::kPassed;
        } else if (status == "EXCEPTION") {
            finding.state = State::kSuppressed;
        }
        if (finding.state != State::kOpen) finding.reason = status;
        return finding;
    }

    /// What matched is given by Trivy with the secret itself made unreadable.
    Finding ReadSecret(JsonValue node, std::string_view part) {
        Finding finding;
        finding.target = target_;
        finding.family = family_;
        finding.check = StringOf(node, "RuleID");
        finding.title = StringOf(node, "Title");
        finding.evidence = StringOf(node, "Match");
        finding.component.location = part;
        finding.line = CountOf(node, "StartLine").value_or(0);
        Rate(node, finding);
        return finding;
    }

    /// Findings that an ignore file or a VEX document took away.
    Result<void> ReadModified(JsonValue node, std::string_view part) {
        const auto inner = MemberOf(node, "Finding");
        const std::string_view type = StringOf(node, "Type");
        if (!inner) return Ok();
        Finding finding = type == "misconfiguration" ? ReadMisconfiguration(*inner, part)
                          : type == "secret"         ? ReadSecret(*inner, part)
                                                     : ReadVulnerability(*inner, part);
        const std::string_view status = StringOf(node, "Status");
        finding.state = status == "not_affected" ? State::kNotApplicable : status == "fixed" ? State::kPassed : State::kSuppressed;
        finding.reason = fmt::format("{}; {} ({})", status, StringOf(node, "Statement"), StringOf(node, "Source"));
        return builder_.Add(std::move(finding));
    }

    ReportBuilder& builder_;
    std::size_t target_ = 0;
    std::string place_;
    std::string_view family_;
};

}  // namespace

Result<void> ReadTrivy(JsonValue root, ReportBuilder& builder) {
    return TrivyReader(builder).Read(root);
}

}  // namespace opsteward::scans
