// SARIF 2.1.0 (OASIS standard, sections as in its text): runs of analysers, their rules and results.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "base/text.hpp"
#include "features/vulnerabilities/scan_reports/cve_list.hpp"
#include "features/vulnerabilities/scan_reports/format_readers.hpp"
#include "features/vulnerabilities/scan_reports/scan_time.hpp"
#include "features/vulnerabilities/scan_reports/severity.hpp"

namespace opsteward::scans {
namespace {

/// Puts arguments for "{0}", "{1}" … (3.11.5); "{{" is a brace.
std::string WithArguments(std::string_view text, std::optional<JsonValue> arguments) {
    std::vector<std::string_view> values;
    for (const JsonValue argument : ElementsOf(arguments)) {
        if (values.size() < kMaxParts) values.push_back(StringOf(argument));
    }
    std::string out;
    for (std::size_t at = 0; at < text.size() && out.size() < 4 * kMaxEvidence; ++at) {
        const std::size_t close = text[at] == '{' ? text.find('}', at) : std::string_view::npos;
        const auto number = close == std::string_view::npos ? std::nullopt : ParseInt(text.substr(at + 1, close - at - 1));
        if (number && *number >= 0 && static_cast<std::size_t>(*number) < values.size()) {
            out += FrontOf(values[static_cast<std::size_t>(*number)], kMaxEvidence);
            at = close;
        } else if (text[at] == '{' && at + 1 < text.size() && text[at + 1] == '{') {
            out += text[at++];
        } else {
            out += text[at];
        }
    }
    return out;
}

Severity SeverityOfLevel(std::string_view level) {
    return level == "none" ? Severity::kInfo : SeverityOfWord(level);
}

class SarifReader {
  public:
    explicit SarifReader(ReportBuilder& builder) : builder_(builder) {}

    Result<void> Read(JsonValue root) {
        const std::string_view version = StringOf(root, "version");
        if (version != "2.1.0") {
            const std::string shown = Shorten(version, 20);
            builder_.NoteUnread("version", {fmt::format("SARIF 版本是「{}」，以 2.1.0 的方式讀取。", shown),
                                            fmt::format("The version of SARIF is “{}”; it is read as 2.1.0.", shown)});
        }
        NoteUnknownMembers(root, {"$schema", "version", "runs", "properties"}, "$", builder_);
        std::size_t number = 0;
        for (const JsonValue run : ElementsOf(root, "runs")) {
            if (number >= kMaxParts) return TooManyListed({"執行結果（runs）", "runs"}, kMaxParts);
            run_place_ = fmt::format("runs[{}]", number++);
            OPS_CHECK(ReadRun(run));
        }
        if (number == 0) {
            return Error::Of(ErrorCode::kInvalidInput, "SARIF 檔案中沒有任何 run。", "The SARIF file has no run.");
        }
        return Ok();
    }

  private:
    Result<void> ReadRun(JsonValue run) {
        NoteUnknownMembers(run,
                           {"tool",
                            "invocations",
                            "conversion",
                            "language",
                            "versionControlProvenance",
                            "originalUriBaseIds",
                            "artifacts",
                            "logicalLocations",
                            "graphs",
                            "results",
                            "automationDetails",
                            "runAggregates",
                            "baselineGuid",
                            "redactionTokens",
                            "defaultEncoding",
                            "columnKind",
                            "defaultSourceLanguage",
                            "newlineSequences",
                            "taxonomies",
                            "addresses",
                            "translations",
                            "policies",
                            "externalPropertyFileReferences",
                            "webRequests",
                            "webResponses",
                            "specialLocations",
                            "properties",
                            "threadFlowLocations"},
                           run_place_, builder_);
        run_ = run;
        rules_.clear();
        by_id_.clear();
        failed_.clear();
        interruption_ = {};
        const auto driver = MemberOf(MemberOf(run, "tool"), "driver");
        const std::string tool = Bounded(StringOf(driver, "name"), kMaxWord);
        if (builder_.report().tool.empty()) {
            builder_.report().tool = tool;
            builder_.report().tool_version = Bounded(StringOf(driver, StringOf(driver, "version").empty() ? "semanticVersion" : "version"), kMaxWord);
        } else if (builder_.report().tool != tool) {
            builder_.NoteUnread(run_place_,
                                {"檔案中有不同工具的執行結果；比較時只以第一個工具計。", "The file has runs of different tools; comparisons go by the first."});
        }
        OPS_CHECK(ReadRules(driver));
        for (const JsonValue extension : ElementsOf(MemberOf(run, "tool"), "extensions")) OPS_CHECK(ReadRules(extension));
        CheckSet checks = ReadInvocations();
        root_name_ = RootName();
        check_set_ = builder_.AddCheckSet(std::move(checks));
        if (!root_name_.empty()) OPS_CHECK(TargetOf(root_name_));
        OPS_CHECK(ReadArtifacts());
        NoteWhatIsElsewhere();
        std::size_t number = 0;
        for (const JsonValue result : ElementsOf(run, "results")) {
            place_ = fmt::format("{}.results[{}]", run_place_, number++);
            OPS_CHECK(ReadResult(result));
        }
        return Ok();
    }

    Result<void> ReadRules(std::optional<JsonValue> component) {
        std::vector<JsonValue> list;
        for (const JsonValue rule : ElementsOf(component, "rules")) {
            if (++rule_count_ > kMaxListed) return TooManyListed({"規則", "rules"});
            list.push_back(rule);
            by_id_.try_emplace(StringOf(rule, "id"), rule);
        }
        if (++rule_count_ > kMaxListed) return TooManyListed({"規則", "rules"});
        rules_.push_back(std::move(list));
        return Ok();
    }

    /// Which rules ran: those that the run lists, but for what its configuration switches off; or all that the same command line runs.
    CheckSet ReadInvocations() {
        CheckSet checks;
        checks.basis = CheckSet::Basis::kListed;
        checks.evidence = run_place_ + ".tool.driver.rules";
        std::vector<std::string> off;
        Report& report = builder_.report();
        for (const JsonValue invocation : ElementsOf(run_, "invocations")) {
            const auto start = ReadScanTime(StringOf(invocation, "startTimeUtc"), "startTimeUtc", builder_);
            const auto end = ReadScanTime(StringOf(invocation, "endTimeUtc"), "endTimeUtc", builder_);
            if (start && (!report.start || *start < *report.start)) report.start = start;
            if (end && (!report.end || *end > *report.end)) report.end = end;
            if (!BoolOf(invocation, "executionSuccessful").value_or(true)) {
                interruption_ = {"執行未成功（executionSuccessful 為 false）。", "The run did not succeed (executionSuccessful is false)."};
            }
            if (const auto command = StringOf(invocation, "commandLine"); !command.empty()) {
                checks.configuration = fmt::format("{} {} {}", report.tool, report.tool_version, Bounded(command, kMaxEvidence));
            }
            ReadNotifications(invocation);
            for (const JsonValue change : ElementsOf(invocation, "ruleConfigurationOverrides")) {
                if (!BoolOf(MemberOf(change, "configuration"), "enabled").value_or(true)) off.emplace_back(StringOf(MemberOf(change, "descriptor"), "id"));
            }
        }
        for (const auto& list : rules_) {
            for (const JsonValue rule : list) {
                const std::string id(StringOf(rule, "id"));
                const bool is_off = !BoolOf(MemberOf(rule, "defaultConfiguration"), "enabled").value_or(true) || std::ranges::find(off, id) != off.end();
                if (!is_off) checks.listed.push_back(id);
            }
        }
        return checks;
    }

    /// A rule that ended in an error looked at nothing (3.20.21).
    void ReadNotifications(JsonValue invocation) {
        for (const JsonValue notification : ElementsOf(invocation, "toolExecutionNotifications")) {
            if (StringOf(notification, "level") != "error") continue;
            const std::string_view rule = StringOf(MemberOf(notification, "associatedRule"), "id");
            const std::string message = Shorten(StringOf(MemberOf(notification, "message"), "text"), 200);
            builder_.NoteUnread(run_place_ + ".invocations",
                                {fmt::format("工具報告的錯誤：{}", message), fmt::format("An error that the tool reports: {}", message)});
            if (!rule.empty()) failed_.emplace_back(Bounded(rule, kMaxWord));
        }
    }

    /// What names the tree of files: its repository, the machine's folder, or the series of runs (3.17.3: up to the last slash).
    std::string RootName() {
        for (const JsonValue source : ElementsOf(run_, "versionControlProvenance")) {
            if (const auto uri = StringOf(source, "repositoryUri"); !uri.empty()) return Bounded(uri, kMaxWord);
        }
        const std::string_view id = StringOf(MemberOf(run_, "automationDetails"), "id");
        if (const std::size_t slash = id.rfind('/'); slash != std::string_view::npos && slash > 0) return Bounded(id.substr(0, slash), kMaxWord);
        return {};
    }

    Result<void> TargetOf(std::string_view name) {
        OPS_TRY(target_, builder_.AddTarget(TargetKind::kFiles, name));
        Target& target = builder_.report().targets[target_];
        target.check_set = check_set_;
        target.interruption = interruption_;
        target.failed_checks = failed_;
        return Ok();
    }

    /// Without a name for the whole, each file is a target: those with the role of an analysis target (3.24.6), or any where no roles are given.
    Result<void> ReadArtifacts() {
        artifacts_.clear();
        for (const JsonValue artifact : ElementsOf(run_, "artifacts")) {
            if (++artifact_count_ > kMaxListed) return TooManyListed({"檔案", "files"});
            artifacts_.push_back(StringOf(MemberOf(artifact, "location"), "uri"));
            if (!root_name_.empty()) continue;
            const auto roles = MemberOf(artifact, "roles");
            bool is_looked_at = !roles;
            for (const JsonValue role : ElementsOf(roles)) is_looked_at = is_looked_at || StringOf(role) == "analysisTarget" || StringOf(role) == "resultFile";
            if (is_looked_at && !artifacts_.back().empty()) OPS_CHECK(TargetOf(artifacts_.back()));
        }
        return Ok();
    }

    void NoteWhatIsElsewhere() {
        for (const auto reference : MembersOf(run_, "externalPropertyFileReferences")) {
            const std::string key = Shorten(reference.key, 40);
            builder_.NoteUnread(run_place_ + ".externalPropertyFileReferences",
                                {fmt::format("{} 在另一個檔案中，未讀取。", key), fmt::format("{} is in another file and is not read.", key)});
            if (reference.key == "results") interruption_ = {"部分結果在另一個檔案中。", "Part of the results is in another file."};
        }
    }

    /// The rule of a result (3.27.5 to 3.27.7).
    std::optional<JsonValue> RuleOf(JsonValue result) const {
        const auto reference = MemberOf(result, "rule");
        std::size_t component = 0;
        if (const auto index = CountOf(MemberOf(reference, "toolComponent"), "index")) component = std::size_t{*index} + 1;
        auto index = CountOf(result, "ruleIndex");
        if (!index) index = CountOf(reference, "index");
        if (index && component < rules_.size() && *index < rules_[component].size()) return rules_[component][*index];
        std::string_view id = StringOf(result, "ruleId").empty() ? StringOf(reference, "id") : StringOf(result, "ruleId");
        while (!id.empty()) {
            if (const auto found = by_id_.find(id); found != by_id_.end()) return found->second;
            // A part of a rule: "CA1000/1".
            const std::size_t slash = id.rfind('/');
            id = slash == std::string_view::npos ? std::string_view() : id.substr(0, slash);
        }
        return std::nullopt;
    }

    Result<void> ReadResult(JsonValue result) {
        Finding finding;
        const auto rule = RuleOf(result);
        finding.check = StringOf(rule, "id").empty() ? StringOf(result, "ruleId") : StringOf(rule, "id");
        if (finding.check.empty()) builder_.NoteUnread(place_, {"有結果沒有 ruleId。", "A result has no ruleId."});
        finding.title = StringOf(MemberOf(rule, "shortDescription"), "text");
        if (finding.title.empty()) finding.title = StringOf(rule, "name");
        if (finding.title.empty()) finding.title = finding.check;
        AddCves(finding.check, finding.cves);
        for (const JsonValue tag : ElementsOf(MemberOf(rule, "properties"), "tags")) {
            if (IsCve(StringOf(tag))) AddCves(StringOf(tag), finding.cves);
        }
        finding.evidence = MessageOf(result, rule);
        finding.solution = StringOf(MemberOf(rule, "help"), "text");
        for (const std::string_view key : {"fingerprints", "partialFingerprints"}) {
            for (const auto fingerprint : MembersOf(result, key)) {
                if (finding.fingerprint.empty()) finding.fingerprint = fmt::format("{}={}", fingerprint.key, StringOf(fingerprint.value));
            }
        }
        ReadLocation(result, finding);
        ReadKind(result, finding);
        Rate(result, rule, finding);
        ReadSuppressions(result, finding);
        if (root_name_.empty()) {
            OPS_CHECK(TargetOf(finding.component.location));
        }
        finding.target = target_;
        return builder_.Add(std::move(finding));
    }

    static std::string MessageOf(JsonValue result, std::optional<JsonValue> rule) {
        const auto message = MemberOf(result, "message");
        std::string_view text = StringOf(message, "text");
        if (text.empty()) text = StringOf(MemberOf(MemberOf(rule, "messageStrings"), StringOf(message, "id")), "text");
        return WithArguments(text, MemberOf(message, "arguments"));
    }

    void ReadLocation(JsonValue result, Finding& finding) const {
        for (const JsonValue location : ElementsOf(result, "locations")) {
            const auto physical = MemberOf(location, "physicalLocation");
            const auto artifact = MemberOf(physical, "artifactLocation");
            finding.component.location = StringOf(artifact, "uri");
            if (finding.component.location.empty()) {
                const auto index = CountOf(artifact, "index");
                if (index && *index < artifacts_.size()) finding.component.location = artifacts_[*index];
            }
            finding.line = CountOf(MemberOf(physical, "region"), "startLine").value_or(0);
            const std::string_view snippet = StringOf(MemberOf(MemberOf(physical, "region"), "snippet"), "text");
            if (!snippet.empty()) finding.evidence += fmt::format("\n{}", snippet);
            break;
        }
    }

    /// Kind (3.27.9) and what a comparison by the tool itself says (3.27.24).
    void ReadKind(JsonValue result, Finding& finding) {
        const std::string_view kind = StringOf(result, "kind");
        const std::string_view baseline = StringOf(result, "baselineState");
        if (kind == "pass" || baseline == "absent") {
            finding.state = State::kPassed;
        } else if (kind == "notApplicable") {
            finding.state = State::kNotApplicable;
        } else if (kind == "open") {
            finding.state = State::kNoAnswer;
        }
        if (finding.state != State::kOpen) finding.reason = baseline == "absent" ? baseline : kind;
        NoteUnknown(kind, {"", "fail", "pass", "open", "review", "informational", "notApplicable"}, "kind");
        NoteUnknown(baseline, {"", "new", "unchanged", "updated", "absent"}, "baselineState");
    }

    void NoteUnknown(std::string_view word, std::initializer_list<std::string_view> known, std::string_view property) {
        if (std::ranges::find(known, word) != known.end()) return;
        const std::string shown = Shorten(word, 40);
        builder_.NoteUnread(place_, {fmt::format("{}「{}」未知。", property, shown), fmt::format("The {} “{}” is not known.", property, shown)});
    }

    /// GitHub's "security-severity" of the rule is a CVSS score; else the level (3.27.10), which a rule may set, and is "warning" by itself.
    void Rate(JsonValue result, std::optional<JsonValue> rule, Finding& finding) {
        const std::string_view security = StringOf(MemberOf(rule, "properties"), "security-severity");
        std::string_view level = StringOf(result, "level");
        const std::string_view kind = StringOf(result, "kind");
        const bool is_failure = kind.empty() || kind == "fail";
        if (level.empty()) level = StringOf(MemberOf(rule, "defaultConfiguration"), "level");
        if (level.empty()) level = "warning";
        if (!is_failure && StringOf(result, "level").empty()) level = "none";
        NoteUnknown(level, {"none", "note", "warning", "error"}, "level");
        finding.severity = SeverityOfLevel(level);
        finding.severity_word = level;
        if (const auto score = ReadScore(security); score && is_failure) {
            finding.score = Score{*score, "CVSS", ""};
            finding.severity = SeverityOfScore(*score);
            finding.severity_word = security;
        }
    }

    /// Suppressed when there is a suppression and none of them is under review or rejected (3.27.23).
    void ReadSuppressions(JsonValue result, Finding& finding) {
        std::string reason;
        bool is_suppressed = false;
        bool is_in_doubt = false;
        for (const JsonValue suppression : ElementsOf(result, "suppressions")) {
            // Drafts of the standard called it "state".
            const std::string_view status = StringOf(suppression, StringOf(suppression, "status").empty() ? "state" : "status");
            NoteUnknown(status, {"", "accepted", "underReview", "rejected"}, "suppressions.status");
            is_suppressed = true;
            is_in_doubt = is_in_doubt || (!status.empty() && status != "accepted");
            reason += fmt::format("{}{}{}{}", reason.empty() ? "" : "; ", StringOf(suppression, "kind"),
                                  StringOf(suppression, "justification").empty() ? "" : ": ", StringOf(suppression, "justification"));
        }
        if (!is_suppressed || is_in_doubt || finding.state != State::kOpen) return;
        finding.state = State::kSuppressed;
        finding.reason = reason;
    }

    ReportBuilder& builder_;
    JsonValue run_;
    std::string run_place_;
    std::string place_;
    std::vector<std::vector<JsonValue>> rules_;  ///< of the driver, then of each extension
    std::unordered_map<std::string_view, JsonValue> by_id_;
    std::vector<std::string_view> artifacts_;  ///< their URIs
    std::vector<std::string> failed_;
    Text interruption_;
    std::string root_name_;
    std::size_t rule_count_ = 0;      ///< of all runs, with the components that hold them
    std::size_t artifact_count_ = 0;  ///< of all runs
    std::size_t check_set_ = 0;
    std::size_t target_ = 0;
};

}  // namespace

Result<void> ReadSarif(JsonValue root, ReportBuilder& builder) {
    return SarifReader(builder).Read(root);
}

}  // namespace opsteward::scans
