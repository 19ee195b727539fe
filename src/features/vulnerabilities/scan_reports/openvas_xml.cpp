// OpenVAS/GVM reports in XML, as the Greenbone Management Protocol gives them (GMP, get_reports) and as they are exported.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "features/vulnerabilities/scan_reports/cve_list.hpp"
#include "features/vulnerabilities/scan_reports/format_readers.hpp"
#include "features/vulnerabilities/scan_reports/host_identity.hpp"
#include "features/vulnerabilities/scan_reports/openvas.hpp"
#include "features/vulnerabilities/scan_reports/scan_time.hpp"
#include "features/vulnerabilities/scan_reports/severity.hpp"

namespace opsteward::scans {
namespace {

/// The report within the frames of the protocol and of the export.
pugi::xml_node InnerReport(pugi::xml_node root) {
    pugi::xml_node report = root;
    while (!ChildOf(report, "results") && ChildOf(report, "report")) report = ChildOf(report, "report");
    return report;
}

/// "key=value" of the list that older releases write into <tags>; "" when it is not there.
std::string_view TagOf(std::string_view tags, std::string_view key) {
    for (const std::string_view tag : Split(FrontOf(tags, kMaxListText), '|')) {
        if (tag.starts_with(key) && tag.substr(key.size()).starts_with('=')) return Trim(tag.substr(key.size() + 1));
    }
    return {};
}

std::string_view TermOf(std::string_view filter, std::string_view key) {
    for (const std::string_view term : Split(FrontOf(filter, kMaxListText), ' ')) {
        if (term.starts_with(key) && term.substr(key.size()).starts_with('=')) return term.substr(key.size() + 1);
    }
    return {};
}

class OpenVasReader {
  public:
    explicit OpenVasReader(ReportBuilder& builder) : builder_(builder) {}

    Result<void> Read(pugi::xml_node root) {
        const pugi::xml_node report = InnerReport(root);
        const pugi::xml_node results = ChildOf(report, "results");
        if (!results) {
            return Error::Of(ErrorCode::kInvalidInput, "OpenVAS/GVM 報告中沒有 results 元素。", "The OpenVAS/GVM report has no results element.");
        }
        Report& model = builder_.report();
        model.tool = "OpenVAS";
        model.tool_version = Bounded(PlainText(ChildOf(report, "gmp"), "version"), kMaxWord);
        if (!model.tool_version.empty()) model.tool_version = "GMP " + model.tool_version;
        model.title = Bounded(PlainText(ChildOf(report, "task"), "name"), kMaxTitle);
        model.start = ReadScanTime(PlainText(report, "scan_start"), "scan_start", builder_);
        model.end = ReadScanTime(PlainText(report, "scan_end"), "scan_end", builder_);
        ReadStatus(report);
        ReadChecks(report, results);
        OPS_CHECK(ReadHosts(report));
        for (const pugi::xml_node result : results.children()) {
            if (LocalName(result) == "result") OPS_CHECK(ReadResult(result));
        }
        return ReadErrors(ChildOf(report, "errors"));
    }

  private:
    void ReadStatus(pugi::xml_node report) {
        const std::string_view status = PlainText(report, "scan_run_status");
        if (status == "Done" || status.empty()) {
            if (!status.empty() || builder_.report().end) return;
            builder_.report().interruption = {"報告沒有掃描狀態，也沒有結束時間。", "The report has neither a scan status nor an end time."};
            return;
        }
        const std::string shown = Shorten(status, 40);
        builder_.report().interruption = {fmt::format("掃描狀態是「{}」，不是完成（Done）。", shown), fmt::format("The scan status is “{}”, not Done.", shown)};
    }

    /// The report does not name the NVTs that ran; the task does it, together with the filter that decides what of its results is shown.
    void ReadChecks(pugi::xml_node report, pugi::xml_node results) {
        CheckSet checks;
        const std::string_view task = AttributeOf(ChildOf(report, "task"), "id");
        const std::string_view filter = PlainText(ChildOf(report, "filters"), "term");
        if (!task.empty()) {
            checks.configuration =
                fmt::format("task {} levels={} min_qod={}", Bounded(task, 80), Bounded(TermOf(filter, "levels"), 20), Bounded(TermOf(filter, "min_qod"), 20));
            checks.evidence = "task id, filters/term";
        }
        builder_.AddCheckSet(std::move(checks));
        const auto rows = ParseInt(TermOf(filter, "rows"));
        const auto shown = std::ranges::distance(results.children());
        const auto first = ParseInt(TermOf(filter, "first"));
        const bool is_a_page = (rows && *rows > 0 && shown >= *rows) || (first && *first > 1);
        if (is_a_page && builder_.report().interruption.empty()) {
            builder_.report().interruption = {"報告的篩選條件（rows、first）只列出部分結果。",
                                              "The report's filter (rows, first) lists only a part of the results."};
        }
    }

    Result<void> ReadHosts(pugi::xml_node report) {
        for (const pugi::xml_node host : report.children()) {
            if (LocalName(host) != "host") continue;
            const std::string_view address = PlainText(host, "ip");
            if (address.empty()) continue;
            OPS_TRY(Target * target, TargetOf(address, {}));
            target->start = ReadScanTime(PlainText(host, "start"), "host/start", builder_);
            target->end = ReadScanTime(PlainText(host, "end"), "host/end", builder_);
            if (!target->end) {
                target->interruption = {"報告中沒有這台主機的結束時間：掃描尚未完成或已中斷。",
                                        "The report has no end time for this host: its scan was not finished, or was stopped."};
            }
            for (const pugi::xml_node detail : host.children()) {
                if (LocalName(detail) == "detail") ReadDetail(detail, *target);
            }
        }
        return Ok();
    }

    static void ReadDetail(pugi::xml_node detail, Target& target) {
        const std::string_view name = PlainText(detail, "name");
        if (name == "hostname") {
            AddHostIdentity(target, PlainText(detail, "value"));
        } else if (name.starts_with("Auth-") && name.ends_with("-Success")) {
            target.has_login = true;
        } else if (name.starts_with("Auth-") && name.ends_with("-Failure") && !target.has_login) {
            target.has_login = false;
        }
    }

    Result<Target*> TargetOf(std::string_view address, std::string_view host_name) {
        OPS_TRY(const std::size_t index, builder_.AddTarget(TargetKind::kHost, address));
        Target& target = builder_.report().targets[index];
        AddHostIdentity(target, address);
        AddHostIdentity(target, host_name);
        target_ = index;
        return &target;
    }

    Result<void> ReadResult(pugi::xml_node result) {
        const pugi::xml_node host = ChildOf(result, "host");
        const pugi::xml_node nvt = ChildOf(result, "nvt");
        OPS_CHECK(TargetOf(Trim(host.child_value()), PlainText(host, "hostname")));
        Finding finding;
        finding.target = target_;
        finding.check = AttributeOf(nvt, "oid");
        finding.family = PlainText(nvt, "family");
        finding.title = PlainText(result, "name").empty() ? PlainText(nvt, "name") : PlainText(result, "name");
        ReadOpenVasPort(ChildOf(result, "port").child_value(), finding);
        finding.evidence = TextOf(ChildOf(result, "description"));
        const pugi::xml_node tags = ChildOf(nvt, "tags");
        const std::string tag_text = TextOf(tags);
        finding.solution = ChildOf(nvt, "solution") ? TextOf(ChildOf(nvt, "solution")) : std::string(TagOf(tag_text, "solution"));
        if (finding.evidence.empty()) finding.evidence = TagOf(tag_text, "summary");
        finding.needs_login = IsAuthenticatedQod(PlainText(ChildOf(result, "qod"), "type")) || IsAuthenticatedQod(TagOf(tag_text, "qodType"));
        ReadCves(nvt, finding);
        ReadScores(nvt, tag_text, finding);
        ReadDetection(result, finding);
        RateOpenVas(PlainText(result, "threat"), PlainText(result, "severity"), PlaceOf(result), finding, builder_);
        NoteChangedSeverity(result, finding);
        if (finding.check.empty()) {
            builder_.NoteUnread(PlaceOf(result), {"有結果沒有 NVT 的 OID。", "A result has no OID of an NVT."});
        }
        return builder_.Add(std::move(finding));
    }

    static void ReadCves(pugi::xml_node nvt, Finding& finding) {
        AddCves(AttributeOf(nvt, "oid"), finding.cves);
        AddCves(PlainText(nvt, "cve"), finding.cves);
        for (const pugi::xml_node ref : ChildOf(nvt, "refs").children()) {
            if (AttributeOf(ref, "type") == "cve") AddCves(AttributeOf(ref, "id"), finding.cves);
        }
    }

    static void ReadScores(pugi::xml_node nvt, std::string_view tags, Finding& finding) {
        for (const pugi::xml_node severity : ChildOf(nvt, "severities").children()) {
            const std::string_view vector = PlainText(severity, "value");
            // Before GMP 22 the score was multiplied by ten here.
            auto value = ParseDouble(PlainText(severity, "score"));
            if (value && *value > 10 && *value <= 100) value = *value / 10;
            if (value && *value >= 0 && *value <= 10) Consider(finding.score, {*value, std::string(ScoreSystemOf(vector)), Bounded(vector, kMaxWord)});
        }
        if (finding.score) return;
        const std::string_view vector = TagOf(tags, "cvss_base_vector");
        if (const auto value = ReadScore(PlainText(nvt, "cvss_base")))
            finding.score = Score{*value, std::string(ScoreSystemOf(vector)), Bounded(vector, kMaxWord)};
    }

    /// The product that another NVT found, and where.
    static void ReadDetection(pugi::xml_node result, Finding& finding) {
        for (const pugi::xml_node detail : ChildOf(ChildOf(ChildOf(result, "detection"), "result"), "details").children()) {
            const std::string_view name = PlainText(detail, "name");
            if (name == "product") finding.component.cpe = PlainText(detail, "value");
            if (name == "location") finding.component.location = PlainText(detail, "value");
        }
    }

    static void NoteChangedSeverity(pugi::xml_node result, Finding& finding) {
        const std::string_view now = PlainText(result, "threat");
        const std::string_view before = PlainText(result, "original_threat");
        if (before.empty() || before == now) return;
        const std::string change = fmt::format("override: {} -> {}", before, now);
        finding.reason = finding.reason.empty() ? change : finding.reason + "; " + change;
        const std::string_view text = PlainText(ChildOf(ChildOf(result, "overrides"), "override"), "text");
        if (!text.empty()) finding.reason += fmt::format(": {}", text);
    }

    /// An NVT that ended in an error on a host looked at nothing there.
    Result<void> ReadErrors(pugi::xml_node errors) {
        for (const pugi::xml_node error : errors.children()) {
            if (LocalName(error) != "error") continue;
            const pugi::xml_node host = ChildOf(error, "host");
            const std::string_view address = Trim(host.child_value());
            const std::string_view oid = AttributeOf(ChildOf(error, "nvt"), "oid");
            const std::string what = Shorten(PlainText(error, "description"), 200);
            builder_.NoteUnread(PlaceOf(error), {fmt::format("掃描器報告的錯誤：{}", what), fmt::format("An error that the scanner reports: {}", what)});
            if (address.empty()) continue;
            OPS_TRY(Target * target, TargetOf(address, PlainText(host, "hostname")));
            if (!oid.empty() && oid != "0") {
                target->failed_checks.push_back(Bounded(oid, kMaxWord));
            } else if (target->interruption.empty()) {
                target->interruption = {fmt::format("掃描器報告這台主機發生錯誤：{}", what),
                                        fmt::format("The scanner reports an error for this host: {}", what)};
            }
        }
        return Ok();
    }

    ReportBuilder& builder_;
    std::size_t target_ = 0;
};

}  // namespace

Result<void> ReadOpenVasXml(pugi::xml_node root, ReportBuilder& builder) {
    return OpenVasReader(builder).Read(root);
}

}  // namespace opsteward::scans
