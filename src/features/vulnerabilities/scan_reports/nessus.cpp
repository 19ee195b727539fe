// Nessus export v2 (Tenable, "Nessus v2 File Format"): policy, then one ReportHost per host with a ReportItem per plugin and port.
#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "base/text.hpp"
#include "features/vulnerabilities/scan_reports/cve_list.hpp"
#include "features/vulnerabilities/scan_reports/format_readers.hpp"
#include "features/vulnerabilities/scan_reports/host_identity.hpp"
#include "features/vulnerabilities/scan_reports/port_ranges.hpp"
#include "features/vulnerabilities/scan_reports/scan_time.hpp"
#include "features/vulnerabilities/scan_reports/severity.hpp"

namespace opsteward::scans {
namespace {

constexpr std::string_view kScanInformation = "19506";  // plugin "Nessus Scan Information"
constexpr std::string_view kPing = "10180";             // plugin "Ping the remote host"

enum class Item {
    kIgnored,
    kCve,
    kOutput,
    kSolution,
    kSynopsis,
    kCpe,
    kType,
    kRisk,
    kScore2,
    kScore3,
    kScore4,
    kVector2,
    kVector3,
    kVector4,
    kComplianceName,
    kComplianceId,
    kComplianceResult,
    kComplianceActual,
    kComplianceSolution,
};

/// What says when the plugin was written, where more is to be read, or how others judge the vulnerability.
constexpr std::string_view kIgnored =
    "age_of_vuln agent agent_inventory alas almalinux always_run apple-sa asset_categories asset_inventory asset_inventory_category attachment "
    "bid canvas_package cea-id cert cert-cc cisa-known-exploited cisa-known-exploited-vulnerability cisa-ncas cisco-bug-id cisco-sa ciscobug-id "
    "compliance compliance-audit-file compliance-benchmark-name compliance-benchmark-profile compliance-benchmark-version compliance-control-id "
    "compliance-error compliance-full-id compliance-functional-id compliance-info compliance-informational-id compliance-policy-value "
    "compliance-reference compliance-see-also compliance-source compliance-uname core_impact cvss3_impact_score cvss3_temporal_score "
    "cvss3_temporal_vector cvss4_threat_score cvss4_threat_vector cvssV3_impactScore cvss_score_rationale cvss_score_source cvss_temporal_score "
    "cvss_temporal_vector cwe d2_elliot_name default_account dependency description dsa edb-id elsa enable_cgi_scanning epss_score "
    "exploit_available exploit_code_maturity exploit_framework_canvas exploit_framework_core exploit_framework_d2_elliot "
    "exploit_framework_exploithub exploit_framework_metasploit exploitability_ease exploited_by_malware exploited_by_nessus exploithub_sku "
    "fedora fname freebsd generated_plugin glsa hardware_inventory hp iava iavb iavt icsa in_the_news mdksa metasploit_name msft mskb msvr "
    "oracle os_identification osvdb owasp owner patch_publication_date plugin_modification_date plugin_name plugin_publication_date "
    "plugin_version potential_vulnerability product_coverage required_key rhsa rockylinux script_copyright script_version secunia see_also "
    "service_inventory stig_severity suse template thorough_tests threat_intensity_last_28 threat_recency threat_sources_last_28 tlsa tra tslsa "
    "unsupported_by_vendor usn vendor_severity vmsa vmware vpr_score vuln_publication_date xref zdi";

/// What is in a ReportItem.
const std::unordered_map<std::string_view, Item>& Items() {
    static const std::unordered_map<std::string_view, Item> kItems = [] {
        std::unordered_map<std::string_view, Item> items{
            {"cve", Item::kCve},
            {"plugin_output", Item::kOutput},
            {"solution", Item::kSolution},
            {"synopsis", Item::kSynopsis},
            {"cpe", Item::kCpe},
            {"plugin_type", Item::kType},
            {"risk_factor", Item::kRisk},
            {"cvss_base_score", Item::kScore2},
            {"cvss3_base_score", Item::kScore3},
            {"cvss4_base_score", Item::kScore4},
            {"cvss_vector", Item::kVector2},
            {"cvss3_vector", Item::kVector3},
            {"cvss4_vector", Item::kVector4},
            {"compliance-check-name", Item::kComplianceName},
            {"compliance-check-id", Item::kComplianceId},
            {"compliance-result", Item::kComplianceResult},
            {"compliance-actual-value", Item::kComplianceActual},
            {"compliance-solution", Item::kComplianceSolution},
        };
        for (const std::string_view ignored : Split(kIgnored, ' ')) items.emplace(ignored, Item::kIgnored);
        return items;
    }();
    return kItems;
}

struct ItemScores {
    std::string_view score2;
    std::string_view score3;
    std::string_view score4;
    std::string_view vector2;
    std::string_view vector3;
    std::string_view vector4;
};

void ConsiderScore(Finding& finding, std::string_view score, std::string_view vector, std::string_view system_without_vector) {
    const auto value = ReadScore(score);
    if (!value) return;
    const std::string_view system = vector.empty() ? system_without_vector : ScoreSystemOf(vector);
    Consider(finding.score, {*value, std::string(system == "CVSS" ? system_without_vector : system), Bounded(vector, kMaxWord)});
}

/// Severity 0 to 4 of a ReportItem (Tenable: Info, Low, Medium, High, Critical).
Severity SeverityOfLevel(std::string_view level) {
    constexpr std::string_view kLevels = "01234";
    if (level.size() != 1 || kLevels.find(level) == std::string_view::npos) return Severity::kUnknown;
    return static_cast<Severity>(static_cast<int>(Severity::kInfo) + (level[0] - '0'));
}

class NessusReader {
  public:
    explicit NessusReader(ReportBuilder& builder) : builder_(builder) {}

    Result<void> Read(pugi::xml_node root) {
        builder_.report().tool = "Nessus";
        const pugi::xml_node report = ChildOf(root, "Report");
        if (!report) {
            return Error::Of(ErrorCode::kInvalidInput, "Nessus 檔案中沒有 Report 元素：這是掃描政策，不是報告。",
                             "The Nessus file has no Report element: it is a policy, not a report.");
        }
        OPS_CHECK(ReadPolicy(ChildOf(root, "Policy")));
        builder_.report().title = Bounded(AttributeOf(report, "name"), kMaxTitle);
        for (const pugi::xml_node host : report.children()) {
            if (LocalName(host) == "ReportHost") {
                OPS_CHECK(ReadHost(host));
            } else if (host.type() == pugi::node_element) {
                NoteElement(host, "Report");
            }
        }
        return Ok();
    }

  private:
    void NoteElement(pugi::xml_node node, std::string_view parent) {
        const std::string name = Shorten(LocalName(node), 60);
        builder_.NoteUnread(PlaceOf(node),
                            {fmt::format("{} 中的元素 {} 未讀取。", parent, name), fmt::format("The element {} in {} is not read.", name, parent)});
    }

    Result<void> ReadPolicy(pugi::xml_node policy) {
        CheckSet checks;
        PortChoice ports;
        OPS_CHECK(ReadPreferences(ChildOf(ChildOf(policy, "Preferences"), "ServerPreferences"), checks, ports));
        if (checks.basis == CheckSet::Basis::kUnknown) ReadFamilies(policy, checks);
        builder_.AddCheckSet(std::move(checks));
        builder_.AddPortChoice(std::move(ports));
        return Ok();
    }

    static Result<void> ReadPreferences(pugi::xml_node preferences, CheckSet& checks, PortChoice& ports) {
        for (const pugi::xml_node preference : preferences.children()) {
            const std::string_view name = PlainText(preference, "name");
            const std::string_view value = PlainText(preference, "value");
            if (name == "plugin_set" && !value.empty()) {
                if (static_cast<std::size_t>(std::ranges::count(value, ';')) >= kMaxListed) return TooManyListed({"檢查項目", "checks"});
                for (const std::string_view id : Split(value, ';')) {
                    if (!Trim(id).empty()) checks.listed.emplace_back(Trim(id));
                }
                checks.basis = CheckSet::Basis::kListed;
                checks.evidence = "preference plugin_set";
            } else if (name == "port_range" && !value.empty()) {
                ports.choice = Bounded(value, kMaxWord);
                ports.is_limited = true;
                AddPortRanges(value, "", ports.ranges);
            }
        }
        return Ok();
    }

    /// Where the plugins are not listed: a family that is on as a whole ran; of a mixed one, the plugins that are named as on.
    static void ReadFamilies(pugi::xml_node policy, CheckSet& checks) {
        for (const pugi::xml_node item : ChildOf(policy, "FamilySelection").children()) {
            if (PlainText(item, "Status") == "enabled") checks.families.emplace_back(PlainText(item, "FamilyName"));
        }
        for (const pugi::xml_node item : ChildOf(policy, "IndividualPluginSelection").children()) {
            auto& list = PlainText(item, "Status") == "enabled" ? checks.listed : checks.switched_off;
            list.emplace_back(PlainText(item, "PluginId"));
        }
        if (checks.families.empty() && checks.listed.empty()) return;
        checks.basis = CheckSet::Basis::kFamilies;
        checks.evidence = "FamilySelection, IndividualPluginSelection";
    }

    Result<void> ReadHost(pugi::xml_node host) {
        OPS_TRY(target_, builder_.AddTarget(TargetKind::kHost, AttributeOf(host, "name")));
        Target& target = builder_.report().targets[target_];
        AddHostIdentity(target, AttributeOf(host, "name"));
        ReadProperties(ChildOf(host, "HostProperties"), target);
        for (const pugi::xml_node item : host.children()) {
            const std::string_view name = LocalName(item);
            if (name == "ReportItem") {
                OPS_CHECK(ReadItem(item));
            } else if (name != "HostProperties" && item.type() == pugi::node_element) {
                NoteElement(item, "ReportHost");
            }
        }
        return Ok();
    }

    void ReadProperties(pugi::xml_node properties, Target& target) {
        std::string_view start_text;
        std::string_view end_text;
        for (const pugi::xml_node tag : properties.children()) {
            const std::string_view name = AttributeOf(tag, "name");
            const std::string_view value = Trim(tag.child_value());
            if (name == "host-ip" || name == "host-fqdn" || name == "host-rdns" || name == "hostname") {
                AddHostIdentity(target, value);
            } else if (name == "netbios-name") {
                AddHostIdentity(target, value.substr(value.find('\\') + 1));
            } else if (name == "HOST_START_TIMESTAMP") {
                target.start = ReadEpoch(value);
            } else if (name == "HOST_END_TIMESTAMP") {
                target.end = ReadEpoch(value);
            } else if (name == "HOST_START") {
                start_text = value;
            } else if (name == "HOST_END") {
                end_text = value;
            } else if (name == "Credentialed_Scan") {
                target.has_login = value == "true" || value == "yes";
            }
        }
        if (!target.start) target.start = ReadScanTime(start_text, "HOST_START", builder_);
        if (!target.end) target.end = ReadScanTime(end_text, "HOST_END", builder_);
        if (!target.end && end_text.empty()) {
            target.interruption = {"報告中沒有這台主機的結束時間（HOST_END）：掃描尚未完成或已中斷。",
                                   "The report has no end time (HOST_END) for this host: its scan was not finished, or was stopped."};
        }
        Report& report = builder_.report();
        if (target.start && (!report.start || *target.start < *report.start)) report.start = target.start;
        if (target.end && (!report.end || *target.end > *report.end)) report.end = target.end;
    }

    Result<void> ReadItem(pugi::xml_node item) {
        Finding finding;
        finding.target = target_;
        finding.check = AttributeOf(item, "pluginID");
        finding.family = AttributeOf(item, "pluginFamily");
        finding.title = AttributeOf(item, "pluginName");
        finding.protocol = AttributeOf(item, "protocol");
        finding.service = AttributeOf(item, "svc_name");
        finding.port = ReadPort(AttributeOf(item, "port")).value_or(0);
        std::string_view risk;
        std::string_view synopsis;
        std::string_view compliance_result;
        ItemScores scores;
        std::string compliance_name;
        for (const pugi::xml_node child : item.children()) {
            if (child.type() != pugi::node_element) continue;
            const std::string_view value = Trim(child.child_value());
            const auto known = Items().find(LocalName(child));
            if (known == Items().end()) {
                NoteElement(child, "ReportItem");
                continue;
            }
            switch (known->second) {
                case Item::kIgnored:
                    break;
                case Item::kCve:
                    AddCves(value, finding.cves);
                    break;
                case Item::kOutput:
                    finding.evidence = TextOf(child);
                    break;
                case Item::kSolution:
                    finding.solution = value;
                    break;
                case Item::kSynopsis:
                    synopsis = value;
                    break;
                case Item::kCpe:
                    finding.component.cpe = value.substr(0, value.find('\n'));
                    break;
                case Item::kType:
                    finding.needs_login = value == "local";
                    break;
                case Item::kRisk:
                    risk = value;
                    break;
                case Item::kScore2:
                    scores.score2 = value;
                    break;
                case Item::kScore3:
                    scores.score3 = value;
                    break;
                case Item::kScore4:
                    scores.score4 = value;
                    break;
                case Item::kVector2:
                    scores.vector2 = value;
                    break;
                case Item::kVector3:
                    scores.vector3 = value;
                    break;
                case Item::kVector4:
                    scores.vector4 = value;
                    break;
                case Item::kComplianceName:
                    compliance_name = value;
                    break;
                case Item::kComplianceId:
                    finding.fingerprint = value;
                    break;
                case Item::kComplianceResult:
                    compliance_result = value;
                    break;
                case Item::kComplianceActual:
                    finding.evidence = value;
                    break;
                case Item::kComplianceSolution:
                    finding.solution = value;
                    break;
            }
        }
        if (finding.evidence.empty()) finding.evidence = synopsis;
        if (finding.solution == "n/a") finding.solution.clear();
        ConsiderScore(finding, scores.score2, scores.vector2, "CVSS:2.0");
        ConsiderScore(finding, scores.score3, scores.vector3, "CVSS:3.0");
        ConsiderScore(finding, scores.score4, scores.vector4, "CVSS:4.0");
        RateBy(AttributeOf(item, "severity"), risk, item, finding);
        if (!compliance_result.empty()) ReadCompliance(compliance_name, compliance_result, item, finding);
        ReadAboutTheScan(finding);
        return builder_.Add(std::move(finding));
    }

    void RateBy(std::string_view level, std::string_view risk, pugi::xml_node item, Finding& finding) {
        finding.severity = SeverityOfLevel(level);
        finding.severity_word = level;
        if (finding.severity != Severity::kUnknown) return;
        // "None" is how Nessus says Info in this place.
        finding.severity = risk == "None" ? Severity::kInfo : SeverityOfWord(risk);
        finding.severity_word = risk.empty() ? level : risk;
        if (finding.severity == Severity::kUnknown) {
            builder_.NoteUnread(PlaceOf(item),
                                {"有項目的 severity 不是 0 到 4，也沒有 risk_factor。", "An item's severity is not 0 to 4, and it has no risk_factor."});
        }
    }

    /// One plugin reports all points of an audit file: each is a check of its own.
    void ReadCompliance(const std::string& name, std::string_view result, pugi::xml_node item, Finding& finding) {
        finding.title = name.empty() ? finding.title : name;
        finding.check += ":" + Shorten(finding.fingerprint.empty() ? name : finding.fingerprint, 200);
        finding.fingerprint.clear();
        finding.reason = result;
        if (result == "PASSED") {
            finding.state = State::kPassed;
        } else if (result == "FAILED" || result == "WARNING") {
            finding.state = State::kOpen;
        } else {
            finding.state = State::kNoAnswer;
            if (result != "ERROR") {
                const std::string shown = Shorten(result, 40);
                builder_.NoteUnread(PlaceOf(item),
                                    {fmt::format("compliance-result「{}」未知。", shown), fmt::format("The compliance-result “{}” is not known.", shown)});
            }
        }
    }

    /// Two plugins tell about the scan itself.
    void ReadAboutTheScan(const Finding& finding) {
        Target& target = builder_.report().targets[target_];
        if (finding.check == kPing && finding.evidence.find("considered as dead") != std::string::npos) {
            target.interruption = {"Nessus 認為這台主機沒有回應，未加以掃描。", "Nessus took this host for dead and did not scan it."};
        }
        if (finding.check != kScanInformation) return;
        for (const std::string_view line : SplitLines(FrontOf(finding.evidence, kMaxListText))) {
            const std::size_t colon = line.find(" : ");
            if (colon == std::string_view::npos) continue;
            const std::string_view name = Trim(line.substr(0, colon));
            const std::string_view value = Trim(line.substr(colon + 3));
            if (name == "Nessus version") builder_.report().tool_version = Bounded(value.substr(0, value.find(' ')), kMaxWord);
            if (name == "Credentialed checks" && !target.has_login) target.has_login = value.starts_with("yes");
        }
    }

    ReportBuilder& builder_;
    std::size_t target_ = 0;
};

}  // namespace

Result<void> ReadNessus(pugi::xml_node root, ReportBuilder& builder) {
    return NessusReader(builder).Read(root);
}

}  // namespace opsteward::scans
