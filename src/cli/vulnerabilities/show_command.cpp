#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "cli/logs/one_line.hpp"
#include "cli/vulnerabilities/vulnerability_commands.hpp"
#include "features/vulnerabilities/record/criterion_text.hpp"
#include "features/vulnerabilities/snapshot/snapshot.hpp"

namespace opsteward::cli {

namespace {

using vuln::Metric;
using vuln::Vulnerability;

std::string VersionText(std::uint8_t version) { return fmt::format("{}.{}", version / 10, version % 10); }

std::string_view StatusName(vuln::Status status) {
    switch (status) {
        case vuln::Status::kOpen: return "open";
        case vuln::Status::kRejected: return "rejected";
        case vuln::Status::kDisputed: return "disputed";
    }
    return "open";
}

json::object MetricJson(const Metric& metric) {
    json::object value{{"origin", vuln::OriginName(metric.origin)}, {"source", metric.source}, {"version", VersionText(metric.version)}, {"vector", metric.vector}};
    value["score"] = metric.score_tenths == Metric::kUnscored ? json::value(nullptr) : json::value(metric.score_tenths / 10.0);
    return value;
}

json::array ToldJson(const std::vector<vuln::Told>& told) {
    json::array values;
    for (const vuln::Told& one : told) values.push_back({{"origin", vuln::OriginName(one.origin)}, {"text", one.text}});
    return values;
}

json::object ConfigurationJson(const vuln::Configuration& configuration) {
    json::array nodes;
    for (const vuln::Node& node : configuration.nodes) {
        json::array criteria;
        for (const vuln::Criterion& criterion : node.criteria) {
            criteria.push_back({{"criteria", vuln::CriterionText(criterion)}, {"vulnerable", criterion.is_vulnerable}});
        }
        nodes.push_back({{"operator", node.needs_all ? "AND" : "OR"}, {"negate", node.is_negated}, {"criteria", std::move(criteria)}});
    }
    return {{"origin", vuln::OriginName(configuration.origin)},
            {"operator", configuration.needs_all ? "AND" : "OR"},
            {"negate", configuration.is_negated},
            {"nodes", std::move(nodes)}};
}

json::object RecordJson(const Vulnerability& record) {
    const Metric* deciding = vuln::DecidingMetric(record);
    json::object value{{"cve", record.id},
                       {"status", StatusName(record.status)},
                       {"status_text", record.status_text},
                       {"published", record.published},
                       {"modified", record.modified},
                       {"severity", vuln::SeverityName(vuln::RateSeverity(deciding, record.known_exploited.has_value()))},
                       {"score", nullptr},
                       {"score_source", nullptr}};
    if (deciding != nullptr) {
        value["score"] = deciding->score_tenths / 10.0;
        value["score_source"] = deciding->source;
        value["score_version"] = VersionText(deciding->version);
    }
    if (record.description) value["description"] = {{"origin", vuln::OriginName(record.description->origin)}, {"text", record.description->text}};
    json::array metrics;
    for (const Metric& metric : record.metrics) metrics.push_back(MetricJson(metric));
    value["metrics"] = std::move(metrics);
    value["weaknesses"] = ToldJson(record.weaknesses);
    value["references"] = ToldJson(record.references);
    value["patches"] = ToldJson(record.fixing_patches);
    json::array configurations;
    for (const auto& configuration : record.configurations) configurations.push_back(ConfigurationJson(configuration));
    value["configurations"] = std::move(configurations);
    json::array packages;
    for (const auto& package : record.packages) {
        packages.push_back({{"origin", vuln::OriginName(package.origin)}, {"package", vuln::PackageText(package)}, {"undetermined", package.is_undetermined}});
    }
    value["packages"] = std::move(packages);
    value["kev"] = nullptr;
    if (record.known_exploited) {
        value["kev"] = {{"added", record.known_exploited->added},
                        {"due", record.known_exploited->due},
                        {"action", record.known_exploited->action},
                        {"ransomware", record.known_exploited->is_ransomware}};
    }
    value["epss"] = nullptr;
    if (record.exploit_prediction) {
        value["epss"] = {{"probability", record.exploit_prediction->probability / 1e6}, {"percentile", record.exploit_prediction->percentile / 1e6}};
    }
    return value;
}

class RecordText {
  public:
    RecordText(const Vulnerability& record, Language language) : record_(record), language_(language) {}

    std::string Write() {
        Line(record_.status_text.empty() ? record_.id : record_.id + "  " + record_.status_text);
        WriteRating();
        if (record_.description) {
            Line("");
            Line(record_.description->text + Origin(record_.description->origin));
        }
        WriteMetrics();
        WriteExploitation();
        WriteConfigurations();
        WritePackages();
        WriteList({"弱點類別", "Weaknesses"}, record_.weaknesses);
        WriteList({"修補的更新", "Updates that mend it"}, record_.fixing_patches);
        WriteList({"參考資料", "References"}, record_.references);
        return std::move(text_);
    }

  private:
    static std::string Origin(vuln::Origin origin) { return " [" + std::string(vuln::OriginName(origin)) + "]"; }
    void Line(std::string_view line) { text_ += OnOneLine(line) + "\n"; }
    void Head(Phrase title) { text_ += "\n" + std::string(title.In(language_)) + "\n"; }

    void WriteRating() {
        const Metric* deciding = vuln::DecidingMetric(record_);
        const auto severity = vuln::SeverityName(vuln::RateSeverity(deciding, record_.known_exploited.has_value()));
        std::string line = std::string(Phrase{"嚴重程度 ", "Severity "}.In(language_)) + std::string(severity);
        if (deciding != nullptr) line += fmt::format("  {:.1f} (CVSS {}, {})", deciding->score_tenths / 10.0, VersionText(deciding->version), deciding->source);
        Line(line);
        if (record_.published.empty()) return;
        Line(fmt::format(fmt::runtime(Phrase{"公布 {}　更新 {}", "Published {}  modified {}"}.In(language_)), record_.published, record_.modified));
    }

    void WriteMetrics() {
        if (record_.metrics.empty()) return;
        Head({"評分", "Scores"});
        for (const Metric& metric : record_.metrics) {
            const std::string score = metric.score_tenths == Metric::kUnscored ? "–" : fmt::format("{:.1f}", metric.score_tenths / 10.0);
            Line(fmt::format("  {:>4}  {}  {}{}", score, metric.vector, metric.source, Origin(metric.origin)));
        }
    }

    void WriteExploitation() {
        if (record_.exploit_prediction) {
            Head({"遭利用的可能（EPSS）", "Likelihood of exploitation (EPSS)"});
            Line(fmt::format(fmt::runtime(Phrase{"  {:.2f} %，高於 {:.1f} % 的弱點", "  {:.2f} %, higher than of {:.1f} % of all"}.In(language_)),
                             record_.exploit_prediction->probability / 1e4, record_.exploit_prediction->percentile / 1e4));
        }
        if (!record_.known_exploited) return;
        Head({"已知遭利用（KEV）", "Known to be exploited (KEV)"});
        const auto& known = *record_.known_exploited;
        Line(fmt::format(fmt::runtime(Phrase{"  {} 列入，期限 {}{}", "  listed {}, due {}{}"}.In(language_)), known.added, known.due,
                         known.is_ransomware ? Phrase{"，勒索軟體使用", ", used by ransomware"}.In(language_) : ""));
        Line("  " + known.action);
    }

    void WriteConfigurations() {
        if (record_.configurations.empty()) return;
        Head({"適用範圍", "Applies to"});
        for (const auto& configuration : record_.configurations) {
            const std::string_view joint = configuration.needs_all ? Phrase{"且", "and"}.In(language_) : Phrase{"或", "or"}.In(language_);
            bool is_first = true;
            for (const auto& node : configuration.nodes) {
                if (!is_first) Line("    " + std::string(joint));
                is_first = false;
                WriteNode(node);
            }
            Line("    " + Origin(configuration.origin));
        }
    }

    void WriteNode(const vuln::Node& node) {
        if (node.is_negated) Line(std::string(Phrase{"    但非", "    not"}.In(language_)));
        for (const auto& criterion : node.criteria) {
            const Phrase mark = criterion.is_vulnerable ? Phrase{"  ", "  "} : Phrase{"  （執行環境）", "  (runs on) "};
            Line(std::string(mark.In(language_)) + vuln::CriterionText(criterion));
        }
    }

    void WritePackages() {
        if (record_.packages.empty()) return;
        Head({"套件", "Packages"});
        for (const auto& package : record_.packages) {
            const Phrase open{"（尚未判定）", " (not determined yet)"};
            Line("  " + vuln::PackageText(package) + (package.is_undetermined ? std::string(open.In(language_)) : "") + Origin(package.origin));
        }
    }

    void WriteList(Phrase title, const std::vector<vuln::Told>& list) {
        if (list.empty()) return;
        Head(title);
        for (const auto& told : list) Line("  " + told.text + Origin(told.origin));
    }

    const Vulnerability& record_;
    Language language_;
    std::string text_;
};

}  // namespace

ExitCode ShowVulnerability(const std::filesystem::path& path, const std::string& id, const Report& report) {
    const auto snapshot = vuln::Snapshot::Open(path);
    if (!snapshot.ok()) return report.Fail(snapshot.error());
    std::string wanted = id;
    std::ranges::transform(wanted, wanted.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    auto slot = (*snapshot)->SlotOf(id);
    if (!slot) slot = (*snapshot)->SlotOf(wanted);
    if (!slot) {
        return report.Fail(Error::Of(ErrorCode::kNotFound, "快照中沒有 " + wanted + "。", wanted + " is not in the snapshot."));
    }
    const auto record = (*snapshot)->Detail(*slot);
    if (!record.ok()) return report.Fail(record.error());
    report.Say(RecordText(*record, report.language).Write(), RecordJson(*record));
    return kExitOk;
}

}  // namespace opsteward::cli
