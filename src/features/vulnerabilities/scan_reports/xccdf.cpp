// XCCDF test results (NISTIR 7275 r4 section 6.6; the same elements in 1.1), alone, in their benchmark, or in the ARF that OpenSCAP writes (NISTIR 7694).
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "base/text.hpp"
#include "features/vulnerabilities/scan_reports/cve_list.hpp"
#include "features/vulnerabilities/scan_reports/format_readers.hpp"
#include "features/vulnerabilities/scan_reports/host_identity.hpp"
#include "features/vulnerabilities/scan_reports/scan_time.hpp"
#include "features/vulnerabilities/scan_reports/severity.hpp"

namespace opsteward::scans {
namespace {

struct Outcome {
    std::string_view word;
    State state;
    bool has_run;
};

// NISTIR 7275 r4 table 26. "notselected" is no finding at all: nobody wanted that rule to be looked at.
constexpr auto kOutcomes = std::to_array<Outcome>({
    {"pass", State::kPassed, true},
    {"fixed", State::kPassed, true},
    {"fail", State::kOpen, true},
    {"informational", State::kOpen, true},
    {"notapplicable", State::kNotApplicable, true},
    {"notchecked", State::kNoAnswer, false},
    {"error", State::kNoAnswer, false},
    {"unknown", State::kNoAnswer, false},
});

class XccdfReader {
  public:
    explicit XccdfReader(ReportBuilder& builder) : builder_(builder) {}

    Result<void> Read(pugi::xml_node root) {
        CollectFrom(root);
        if (results_.empty()) {
            return Error::Of(ErrorCode::kInvalidInput, "XCCDF 檔案中沒有 TestResult：這是檢測基準，不是檢測結果。",
                             "The XCCDF file has no TestResult: it is a benchmark, not the result of a scan.");
        }
        for (const pugi::xml_node result : results_) OPS_CHECK(ReadTestResult(result));
        return Ok();
    }

  private:
    void CollectFrom(pugi::xml_node node) {
        const std::string_view name = LocalName(node);
        if (name == "TestResult") {
            results_.push_back(node);
            return;
        }
        if (name == "Rule") rules_.try_emplace(AttributeOf(node, "id"), node);
        for (const pugi::xml_node child : node.children()) {
            if (child.type() == pugi::node_element) CollectFrom(child);
        }
    }

    Result<void> ReadTestResult(pugi::xml_node result) {
        OPS_TRY(target_, builder_.AddTarget(TargetKind::kHost, PlainText(result, "target")));
        ReadFrame(result);
        CheckSet checks;
        checks.basis = CheckSet::Basis::kListed;
        checks.evidence = "rule-result";
        for (const pugi::xml_node child : result.children()) {
            if (LocalName(child) == "rule-result") OPS_CHECK(ReadRule(child, checks));
        }
        builder_.report().targets[target_].check_set = builder_.AddCheckSet(std::move(checks));
        return Ok();
    }

    /// Who was looked at, when, and by what.
    void ReadFrame(pugi::xml_node result) {
        Report& report = builder_.report();
        Target& target = report.targets[target_];
        for (const pugi::xml_node child : result.children()) {
            const std::string_view name = LocalName(child);
            if (name == "target" || name == "target-address") AddHostIdentity(target, child.child_value());
        }
        for (const pugi::xml_node fact : ChildOf(result, "target-facts").children()) ReadFact(fact, target);
        if (report.tool.empty()) ReadToolOf(AttributeOf(result, "test-system"));
        report.title = Bounded(AttributeOf(ChildOf(result, "profile"), "idref"), kMaxTitle);
        target.start = ReadScanTime(AttributeOf(result, "start-time"), "TestResult/start-time", builder_);
        target.end = ReadScanTime(AttributeOf(result, "end-time"), "TestResult/end-time", builder_);
        if (!target.end) target.interruption = {"檢測結果沒有結束時間。", "The test result has no end time."};
        if (target.start && (!report.start || *target.start < *report.start)) report.start = target.start;
        if (target.end && (!report.end || *target.end > *report.end)) report.end = target.end;
    }

    void ReadFact(pugi::xml_node fact, Target& target) {
        const std::string_view name = AttributeOf(fact, "name");
        const std::string_view value = Trim(fact.child_value());
        if (name == "urn:xccdf:fact:scanner:name") {
            builder_.report().tool = Bounded(value, kMaxWord);
        } else if (name == "urn:xccdf:fact:scanner:version") {
            builder_.report().tool_version = Bounded(value, kMaxWord);
        } else if (name == "urn:xccdf:fact:asset:identifier:fqdn" || name == "urn:xccdf:fact:asset:identifier:host_name" ||
                   name == "urn:xccdf:fact:asset:identifier:ipv4" || name == "urn:xccdf:fact:asset:identifier:ipv6") {
            AddHostIdentity(target, value);
        }
    }

    /// "cpe:/a:redhat:openscap:1.3.7"
    void ReadToolOf(std::string_view cpe) {
        const auto parts = Split(FrontOf(cpe, kMaxWord), ':');
        builder_.report().tool = parts.size() > 3 ? Bounded(parts[3], kMaxWord) : "XCCDF";
        if (parts.size() > 4) builder_.report().tool_version = Bounded(parts[4], kMaxWord);
    }

    Result<void> ReadRule(pugi::xml_node result, CheckSet& checks) {
        const std::string_view id = AttributeOf(result, "idref");
        const std::string_view word = PlainText(result, "result");
        if (word == "notselected") return Ok();
        Finding finding;
        finding.target = target_;
        finding.check = id;
        const auto* const outcome = std::ranges::find(kOutcomes, word, &Outcome::word);
        if (outcome == kOutcomes.end()) {
            const std::string shown = Shorten(word, 40);
            builder_.NoteUnread(PlaceOf(result), {fmt::format("檢測結果「{}」未知。", shown), fmt::format("The result “{}” is not known.", shown)});
            finding.state = State::kNoAnswer;
        } else {
            finding.state = outcome->state;
            if (outcome->has_run) checks.listed.emplace_back(id);
        }
        if (finding.state != State::kOpen) finding.reason = word;
        ReadRuleTexts(result, finding);
        return builder_.Add(std::move(finding));
    }

    void ReadRuleTexts(pugi::xml_node result, Finding& finding) {
        const auto rule = rules_.find(finding.check);
        if (rule != rules_.end()) {
            finding.title = TextOf(ChildOf(rule->second, "title"));
            finding.solution = TextOf(ChildOf(rule->second, "fixtext"));
            ReadIdents(rule->second, finding);
        }
        ReadIdents(result, finding);
        finding.severity_word = AttributeOf(result, "severity");
        if (finding.severity_word.empty() && rule != rules_.end()) finding.severity_word = AttributeOf(rule->second, "severity");
        finding.severity = SeverityOfWord(finding.severity_word);
        if (PlainText(result, "result") == "informational") finding.severity = Severity::kInfo;
        for (const pugi::xml_node child : result.children()) {
            const std::string_view name = LocalName(child);
            if (name == "message") {
                if (!finding.evidence.empty()) finding.evidence += '\n';
                finding.evidence += TextOf(child);
            } else if (name == "override") {
                finding.reason += fmt::format("{}override {} -> {}: {}", finding.reason.empty() ? "" : "; ", PlainText(child, "old-result"),
                                              PlainText(child, "new-result"), PlainText(child, "remark"));
            }
        }
    }

    static void ReadIdents(pugi::xml_node node, Finding& finding) {
        for (const pugi::xml_node ident : node.children()) {
            if (LocalName(ident) == "ident") AddCves(ident.child_value(), finding.cves);
        }
    }

    ReportBuilder& builder_;
    std::vector<pugi::xml_node> results_;
    std::unordered_map<std::string_view, pugi::xml_node> rules_;
    std::size_t target_ = 0;
};

}  // namespace

Result<void> ReadXccdf(pugi::xml_node root, ReportBuilder& builder) {
    return XccdfReader(builder).Read(root);
}

}  // namespace opsteward::scans
