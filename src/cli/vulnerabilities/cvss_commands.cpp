#include "cli/vulnerabilities/cvss_commands.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "features/vulnerabilities/cvss/cvss.hpp"

namespace opsteward::cli {

namespace {

/// 98 → "9.8"
std::string Decimal(int tenths) { return fmt::format("{}.{}", tenths / 10, tenths % 10); }

/// A line of its own, or nothing where there is no such score.
std::string ScoreLine(const Phrase& name, cvss::Version version, std::optional<int> tenths, Language language) {
    if (!tenths) return "";
    const auto severity = cvss::WordsOf(cvss::SeverityOf(version, *tenths));
    return language == Language::kEnglish ? fmt::format("{:<15}{:>4}  {}\n", name.en, Decimal(*tenths), severity.en)
                                          : fmt::format("{}　{:>4}　{}\n", name.zh, Decimal(*tenths), severity.zh);
}

std::string ToText(cvss::Version version, const cvss::Scores& scores, Language language) {
    const bool is_fourth = version == cvss::Version::k40;
    return fmt::format("CVSS {}\n", cvss::NameOf(version)) +
           ScoreLine({"基本評分", "base"}, version, scores.base_tenths, language) +
           ScoreLine(is_fourth ? Phrase{"威脅評分", "threat"} : Phrase{"時間評分", "temporal"}, version, scores.temporal_tenths, language) +
           ScoreLine({"環境評分", "environmental"}, version, scores.environmental_tenths, language);
}

json::value ToJson(std::optional<int> tenths) { return tenths ? json::value(*tenths / 10.0) : json::value(nullptr); }

ExitCode ShowScores(const std::string& text, const Report& report) {
    const auto vector = cvss::Parse(text);
    if (!vector.ok()) return report.Fail(vector.error());
    const cvss::Scores scores = cvss::Score(*vector);
    const int overall = scores.overall_tenths();
    report.Say(ToText(vector->version, scores, report.language), {{"version", cvss::NameOf(vector->version)},
                                                                  {"vector", text},
                                                                  {"base", ToJson(scores.base_tenths)},
                                                                  {"temporal", ToJson(scores.temporal_tenths)},
                                                                  {"environmental", ToJson(scores.environmental_tenths)},
                                                                  {"overall", ToJson(overall)},
                                                                  {"severity", cvss::NameOf(cvss::SeverityOf(vector->version, overall))}});
    return kExitOk;
}

}  // namespace

void AddCvssCommands(CLI::App& vuln, const Report& report, std::function<ExitCode()>& run) {
    CLI::App* command = vuln.add_subcommand("cvss", "the scores of a CVSS vector (2.0, 3.0, 3.1 or 4.0)");
    const auto vector = std::make_shared<std::string>();
    command->add_option("VECTOR", *vector, "such as CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")->required();
    command->callback([vector, &report, &run] { run = [vector, &report] { return ShowScores(*vector, report); }; });
}

}  // namespace opsteward::cli
