// Grype's JSON report (anchore/grype, grype/presenter/models).
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "features/vulnerabilities/scan_reports/cve_list.hpp"
#include "features/vulnerabilities/scan_reports/format_readers.hpp"
#include "features/vulnerabilities/scan_reports/scan_time.hpp"
#include "features/vulnerabilities/scan_reports/severity.hpp"

namespace opsteward::scans {
namespace {

class GrypeReader {
  public:
    explicit GrypeReader(ReportBuilder& builder) : builder_(builder) {}

    Result<void> Read(JsonValue root) {
        NoteUnknownMembers(root, {"matches", "ignoredMatches", "alertsByPackage", "source", "distro", "descriptor"}, "$", builder_);
        const auto descriptor = MemberOf(root, "descriptor");
        Report& report = builder_.report();
        report.tool = StringOf(descriptor, "name").empty() ? "grype" : Bounded(StringOf(descriptor, "name"), kMaxWord);
        report.tool_version = Bounded(StringOf(descriptor, "version"), kMaxWord);
        report.start = ReadScanTime(StringOf(descriptor, "timestamp"), "descriptor.timestamp", builder_);
        OPS_CHECK(ReadSource(MemberOf(root, "source")));
        ReadChecks(MemberOf(descriptor, "configuration"));
        std::size_t number = 0;
        for (const JsonValue match : ElementsOf(root, "matches")) {
            place_ = fmt::format("matches[{}]", number++);
            OPS_CHECK(builder_.Add(ReadMatch(match)));
        }
        for (const JsonValue match : ElementsOf(root, "ignoredMatches")) {
            place_ = "ignoredMatches";
            Finding finding = ReadMatch(match);
            finding.state = State::kSuppressed;
            finding.reason = ReasonOf(match);
            OPS_CHECK(builder_.Add(std::move(finding)));
        }
        return Ok();
    }

  private:
    Result<void> ReadSource(std::optional<JsonValue> source) {
        const bool is_image = StringOf(source, "type") == "image";
        const std::string_view name = is_image ? StringOf(MemberOf(source, "target"), "userInput") : StringOf(source, "target");
        OPS_TRY(target_, builder_.AddTarget(is_image ? TargetKind::kImage : TargetKind::kFiles, name));
        builder_.report().title = Bounded(name, kMaxTitle);
        return Ok();
    }

    /// Every entry of its database is looked for, but some options leave out what was found.
    void ReadChecks(std::optional<JsonValue> configuration) {
        CheckSet checks;
        checks.basis = CheckSet::Basis::kAll;
        checks.evidence = "matches";
        for (const std::string_view option : {"only-fixed", "only-notfixed"}) {
            if (!BoolOf(configuration, option).value_or(false)) continue;
            checks.basis = CheckSet::Basis::kUnknown;
            checks.configuration = option;
            checks.evidence = fmt::format("descriptor.configuration.{}", option);
        }
        builder_.AddCheckSet(std::move(checks));
    }

    Finding ReadMatch(JsonValue match) {
        Finding finding;
        const auto vulnerability = MemberOf(match, "vulnerability");
        const auto artifact = MemberOf(match, "artifact");
        finding.target = target_;
        finding.check = StringOf(vulnerability, "id");
        finding.title = finding.check;
        AddCves(finding.check, finding.cves);
        ReadScores(vulnerability, finding);
        finding.evidence = StringOf(vulnerability, "description");
        for (const JsonValue related : ElementsOf(match, "relatedVulnerabilities")) {
            if (IsCve(StringOf(related, "id"))) AddCves(StringOf(related, "id"), finding.cves);
            if (!finding.score) ReadScores(related, finding);
            if (finding.evidence.empty()) finding.evidence = StringOf(related, "description");
        }
        finding.component.name = StringOf(artifact, "name");
        finding.component.version = StringOf(artifact, "version");
        finding.component.purl = StringOf(artifact, "purl");
        for (const JsonValue cpe : ElementsOf(artifact, "cpes")) {
            finding.component.cpe = StringOf(cpe);
            break;
        }
        for (const JsonValue location : ElementsOf(artifact, "locations")) {
            finding.component.location = StringOf(location, "path");
            break;
        }
        Rate(vulnerability, finding);
        ReadFix(MemberOf(vulnerability, "fix"), finding);
        return finding;
    }

    static void ReadScores(std::optional<JsonValue> vulnerability, Finding& finding) {
        for (const JsonValue cvss : ElementsOf(vulnerability, "cvss")) {
            const auto value = NumberOf(MemberOf(cvss, "metrics"), "baseScore");
            if (!value || !(*value >= 0 && *value <= 10)) continue;
            Consider(finding.score, {*value, fmt::format("CVSS:{}", Bounded(StringOf(cvss, "version"), 8)), Bounded(StringOf(cvss, "vector"), kMaxWord)});
        }
    }

    void Rate(std::optional<JsonValue> vulnerability, Finding& finding) {
        finding.severity_word = StringOf(vulnerability, "severity");
        finding.severity = SeverityOfWord(finding.severity_word);
        if (finding.severity != Severity::kUnknown || IsUnknownWord(finding.severity_word)) return;
        const std::string shown = Shorten(finding.severity_word, 40);
        builder_.NoteUnread(place_, {fmt::format("嚴重程度「{}」未知。", shown), fmt::format("The severity “{}” is not known.", shown)});
    }

    static void ReadFix(std::optional<JsonValue> fix, Finding& finding) {
        std::string versions;
        for (const JsonValue version : ElementsOf(fix, "versions")) versions += (versions.empty() ? "" : ", ") + std::string(StringOf(version));
        const std::string_view state = StringOf(fix, "state");
        if (!versions.empty()) finding.solution = fmt::format("fix.versions: {}", versions);
        if (!state.empty()) finding.solution += fmt::format("{}fix.state: {}", finding.solution.empty() ? "" : "; ", state);
    }

    static std::string ReasonOf(JsonValue match) {
        std::string reason;
        for (const JsonValue rule : ElementsOf(match, "appliedIgnoreRules")) {
            for (const std::string_view key : {"reason", "vulnerability", "fix-state", "vex-status", "vex-justification", "namespace"}) {
                const std::string_view value = StringOf(rule, key);
                if (!value.empty()) reason += fmt::format("{}{}: {}", reason.empty() ? "" : "; ", key, value);
            }
        }
        return reason;
    }

    ReportBuilder& builder_;
    std::size_t target_ = 0;
    std::string place_;
};

}  // namespace

Result<void> ReadGrype(JsonValue root, ReportBuilder& builder) {
    return GrypeReader(builder).Read(root);
}

}  // namespace opsteward::scans
