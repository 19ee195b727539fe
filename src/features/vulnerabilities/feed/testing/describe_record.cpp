#include "features/vulnerabilities/feed/testing/describe_record.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/text.hpp"

namespace opsteward::vuln::testing {

namespace {

std::string OneLine(std::string_view text) {
    std::string line;
    for (const char c : text) {
        if (c == '\n') {
            line += "\\n";
        } else if (c != '\r') {
            line += c;
        }
    }
    return line;
}

std::string BoundsOf(const Criterion& criterion) {
    std::string text;
    if (!criterion.start.empty()) text += fmt::format(" {}{}", criterion.excludes_start ? ">" : ">=", criterion.start);
    if (!criterion.end.empty()) text += fmt::format(" {}{}", criterion.excludes_end ? "<" : "<=", criterion.end);
    return text;
}

void AddConfiguration(const Configuration& configuration, std::string& text) {
    const auto how = [](bool needs_all, bool is_negated) { return fmt::format("{}{}", is_negated ? "NOT " : "", needs_all ? "AND" : "OR"); };
    text += fmt::format("configuration {} {}\n", OriginName(configuration.origin), how(configuration.needs_all, configuration.is_negated));
    for (const Node& node : configuration.nodes) {
        text += fmt::format("  node {}\n", how(node.needs_all, node.is_negated));
        for (const Criterion& criterion : node.criteria) {
            text += fmt::format("    {}{}{}\n", criterion.cpe, BoundsOf(criterion), criterion.is_vulnerable ? "" : " (runs on)");
        }
    }
}

void AddPackage(const AffectedPackage& package, std::string& text) {
    text += fmt::format("package {} {} | {} |", OriginName(package.origin), package.ecosystem, package.name);
    if (!package.start.empty()) text += " >=" + package.start;
    if (!package.end.empty()) text += fmt::format(" {}{}", package.excludes_end ? "<" : "<=", package.end);
    if (package.is_undetermined) text += " undetermined";
    if (!package.note.empty()) text += fmt::format(" ({})", package.note);
    text += '\n';
}

std::string ScoreOf(const Metric& metric) {
    return metric.score_tenths == Metric::kUnscored ? "unscored" : fmt::format("{}.{}", metric.score_tenths / 10, metric.score_tenths % 10);
}

}  // namespace

std::string Describe(const Vulnerability& record) {
    constexpr std::array<std::string_view, 3> kStatus{"open", "rejected", "disputed"};
    std::string text = fmt::format("{} {} \"{}\" by {}\n", record.id, kStatus[static_cast<std::size_t>(record.status)], record.status_text,
                                   OriginName(record.status_origin));
    if (!record.published.empty()) text += fmt::format("published {}\n", record.published);
    if (!record.modified.empty()) text += fmt::format("modified {} by {}\n", record.modified, OriginName(record.modified_origin));
    if (record.description) text += fmt::format("description {} {}\n", OriginName(record.description->origin), OneLine(Shorten(record.description->text, 60)));
    for (const Metric& metric : record.metrics) {
        text += fmt::format("metric {} v{} {} by {} {}\n", OriginName(metric.origin), metric.version, ScoreOf(metric), metric.source, metric.vector);
    }
    const auto add = [&](std::string_view what, const std::vector<Told>& list) {
        for (const Told& told : list) text += fmt::format("{} {} {}\n", what, OriginName(told.origin), OneLine(told.text));
    };
    add("weakness", record.weaknesses);
    add("reference", record.references);
    add("patch", record.fixing_patches);
    for (const Configuration& configuration : record.configurations) AddConfiguration(configuration, text);
    for (const AffectedPackage& package : record.packages) AddPackage(package, text);
    if (record.known_exploited) {
        const KnownExploited& known = *record.known_exploited;
        text += fmt::format("exploited since {}, due {}{}: {}\n", known.added, known.due, known.is_ransomware ? ", ransomware" : "", OneLine(known.action));
    }
    if (record.exploit_prediction) text += fmt::format("prediction {} {}\n", record.exploit_prediction->probability, record.exploit_prediction->percentile);
    return text;
}

RecordSink Collected::Sink() {
    return [this](Vulnerability&& record) { records_.push_back(std::move(record)); };
}

std::string Collected::Text() const {
    std::string text;
    for (const Vulnerability& record : records_) text += Describe(record) + "\n";
    return text;
}

std::string TestFile(const std::string& name) {
    std::ifstream file(std::filesystem::path(OPSTEWARD_SOURCE_DIR) / "tests/data/vulnerabilities/feed" / name, std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    return bytes.str();
}

}  // namespace opsteward::vuln::testing
