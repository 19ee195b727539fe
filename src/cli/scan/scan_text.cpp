#include "cli/scan/scan_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>
#include <vector>

#include "base/civil_time.hpp"
#include "base/count_text.hpp"
#include "base/text.hpp"
#include "cli/logs/one_line.hpp"
#include "cli/more_line.hpp"

namespace opsteward::cli {

namespace {

using scans::Finding;
using scans::Severity;
using scans::State;

constexpr std::size_t kMaxTargets = 10;
constexpr std::size_t kMaxNotes = 20;
constexpr std::size_t kMaxFindings = 20;
constexpr std::size_t kMaxCompared = 50;

constexpr auto kSeverities = std::to_array<std::pair<Severity, Phrase>>({
    {Severity::kCritical, {"嚴重", "critical"}},
    {Severity::kHigh, {"高", "high"}},
    {Severity::kMedium, {"中", "medium"}},
    {Severity::kLow, {"低", "low"}},
    {Severity::kInfo, {"資訊", "info"}},
    {Severity::kNone, {"無", "none"}},
    {Severity::kUnknown, {"未知", "unknown"}},
});

constexpr auto kOtherStates = std::to_array<std::pair<State, Phrase>>({
    {State::kPassed, {"通過", "passed"}},
    {State::kSuppressed, {"列為不處理", "suppressed"}},
    {State::kNotApplicable, {"不適用", "not applicable"}},
    {State::kNoAnswer, {"沒有結論", "without an answer"}},
});

std::string Line(std::string_view text, std::size_t max) {
    return OnOneLine(Shorten(text, max));
}

std::string_view SeverityWord(Severity severity, Language language) {
    const auto* const found = std::ranges::find(kSeverities, severity, &std::pair<Severity, Phrase>::first);
    return found == kSeverities.end() ? std::string_view() : found->second.In(language);
}

/// An unknown severity stands above the low ones: nobody may overlook it.
int Rank(const Finding& finding) {
    if (finding.severity == Severity::kUnknown) return 2 * static_cast<int>(Severity::kMedium) - 1;
    return 2 * static_cast<int>(finding.severity);
}

std::string TargetLine(const scans::Target& target, Language language) {
    std::vector<std::string> others;
    for (const auto* list : {&target.host_names, &target.addresses}) {
        for (const std::string& name : *list) {
            if (name != target.name && others.size() < 3) others.push_back(Line(name, 100));
        }
    }
    std::string line = "  " + (target.name.empty() ? std::string(Phrase{"（未命名）", "(without a name)"}.In(language)) : Line(target.name, 200));
    if (!others.empty()) line += fmt::format(" ({})", Join(others, ", "));
    if (!target.interruption.empty()) line += ": " + Line(target.interruption.In(language), 300);
    return line + '\n';
}

std::string FindingLine(const scans::Report& report, const Finding& finding, Language language) {
    std::string place = Line(report.targets[finding.target].name, 100);
    if (finding.port != 0) place += fmt::format(":{}/{}", finding.port, Line(finding.protocol, 10));
    if (!finding.component.name.empty()) place += fmt::format(" {} {}", Line(finding.component.name, 80), Line(finding.component.version, 40));
    const std::string& location = finding.component.location;
    if (finding.component.name.empty() && !location.empty() && location != report.targets[finding.target].name) place += ' ' + Line(location, 120);
    if (finding.line != 0) place += fmt::format(":{}", finding.line);
    std::string line = fmt::format("  {}", SeverityWord(finding.severity, language));
    if (finding.score) line += fmt::format(" {:.1f}", finding.score->value);
    line += fmt::format("  {}  {}", place, Line(finding.check, 80));
    if (finding.title != finding.check) line += ' ' + Line(finding.title, 100);
    if (!finding.cves.empty() && finding.cves.front() != finding.check && finding.cves.front() != finding.title)
        line += fmt::format(" [{}]", Line(finding.cves.front(), 30));
    if (finding.cves.size() > 1) line += fmt::format(" +{}", finding.cves.size() - 1);
    return line + '\n';
}

std::string ChecksLine(const scans::Report& report, Language language) {
    std::size_t listed = 0;
    std::size_t families = 0;
    bool are_all = false;
    for (const scans::CheckSet& checks : report.check_sets) {
        listed += checks.listed.size();
        families += checks.families.size();
        are_all |= checks.basis == scans::CheckSet::Basis::kAll;
    }
    if (are_all) return std::string(Phrase{"執行的檢查：工具的全部檢查\n", "Checks that ran: all of the tool's\n"}.In(language));
    if (listed + families == 0) {
        const bool is_named = !report.check_sets.front().configuration.empty();
        const Phrase named{"執行的檢查：報告未列出，只能以同一設定對照\n", "Checks that ran: not listed; known by their configuration alone\n"};
        const Phrase unknown{"執行的檢查：報告未說明；比較時不會認定已修補\n",
                             "Checks that ran: the report does not say; a comparison will take nothing for fixed\n"};
        return std::string((is_named ? named : unknown).In(language));
    }
    const Phrase phrase{"執行的檢查：{} 項、{} 類（{}）\n", "Checks that ran: {} listed, {} families ({})\n"};
    return fmt::format(fmt::runtime(phrase.In(language)), listed, families, Line(report.check_sets.front().evidence, 100));
}

std::string CountsLine(const scans::Report& report, Language language) {
    std::string open;
    std::size_t open_count = 0;
    for (const auto& [severity, word] : kSeverities) {
        const auto count = static_cast<std::size_t>(std::ranges::count_if(
            report.findings, [&, wanted = severity](const Finding& finding) { return finding.state == State::kOpen && finding.severity == wanted; }));
        open_count += count;
        if (count > 0) open += fmt::format("{}{} {}", open.empty() ? "" : ", ", word.In(language), count);
    }
    const Phrase phrase{"發現：{} 項未處理", "Findings: {} open"};
    std::string line = fmt::format(fmt::runtime(phrase.In(language)), open_count);
    if (!open.empty()) line += fmt::format(" ({})", open);
    for (const auto& [state, word] : kOtherStates) {
        const auto count = std::ranges::count(report.findings, state, &Finding::state);
        if (count > 0) line += fmt::format("; {} {}", word.In(language), count);
    }
    if (report.duplicates > 0) line += fmt::format(fmt::runtime(Phrase{"；重複回報 {} 次", "; reported again {} times"}.In(language)), report.duplicates);
    return line + '\n';
}

std::string NotesText(const scans::Report& report, Language language) {
    if (report.not_understood.empty()) return {};
    std::string text = std::string(Phrase{"未能解讀或有所假設：\n", "Not understood, or taken with an assumption:\n"}.In(language));
    for (std::size_t i = 0; i < report.not_understood.size() && i < kMaxNotes; ++i) {
        const scans::Note& note = report.not_understood[i];
        text += fmt::format("  {}{}", note.count > 1 ? fmt::format("{} × ", note.count) : "", Line(note.what.In(language), 300));
        if (!note.place.empty()) text += fmt::format(" ({})", Line(note.place, 100));
        text += '\n';
    }
    return text + MoreLine(report.not_understood.size(), kMaxNotes, language);
}

std::string TopFindings(const scans::Report& report, Language language) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < report.findings.size(); ++i) {
        if (report.findings[i].state == State::kOpen) order.push_back(i);
    }
    const std::size_t shown = std::min(order.size(), kMaxFindings);
    const auto before = [&](std::size_t a, std::size_t b) {
        const auto key = [&](std::size_t i) {
            const Finding& finding = report.findings[i];
            return std::pair(Rank(finding), finding.score ? finding.score->value : -1.0);
        };
        return key(a) != key(b) ? key(a) > key(b) : a < b;
    };
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(shown), order.end(), before);
    if (order.empty()) return {};
    std::string text = std::string(Phrase{"最嚴重的發現：\n", "Most serious findings:\n"}.In(language));
    for (std::size_t i = 0; i < shown; ++i) text += FindingLine(report, report.findings[order[i]], language);
    return text + MoreLine(order.size(), shown, language);
}

std::string TimesText(const scans::Report& report, Language language) {
    std::string text;
    if (report.start) text += FormatTime(*report.start, language);
    if (report.end) text += fmt::format(" – {}", FormatTime(*report.end, language));
    if (text.empty()) text = Phrase{"時間未註明", "no time given"}.In(language);
    return text;
}

}  // namespace

std::string ScanReportText(const scans::Report& report, Language language) {
    std::string text = fmt::format("{}: {} {}\n", scans::TitleOf(report.format), Line(report.tool, 100), Line(report.tool_version, 60));
    if (!report.title.empty()) text += fmt::format("  {}\n", Line(report.title, 200));
    text += fmt::format("{}{}\n", Phrase{"掃描時間：", "Scanned: "}.In(language), TimesText(report, language));
    if (!report.is_complete())
        text += fmt::format("{}{}\n", Phrase{"掃描不完整：", "The scan is not complete: "}.In(language), Line(report.interruption.In(language), 300));
    text += fmt::format(fmt::runtime(Phrase{"掃描對象：{}\n", "Targets: {}\n"}.In(language)), report.targets.size());
    for (std::size_t i = 0; i < report.targets.size() && i < kMaxTargets; ++i) text += TargetLine(report.targets[i], language);
    text += MoreLine(report.targets.size(), kMaxTargets, language);
    return text + ChecksLine(report, language) + CountsLine(report, language) + TopFindings(report, language) + NotesText(report, language);
}

std::string ScanComparisonText(const scans::Comparison& comparison, const scans::Report& earlier, const scans::Report& later, Language language) {
    struct List {
        Phrase title;
        const std::vector<scans::ComparedFinding>* findings;
    };
    const List lists[] = {{{"已修補", "Fixed"}, &comparison.fixed},
                          {{"仍存在", "Still there"}, &comparison.still_there},
                          {{"未檢查到（不能認定已修補）", "Not looked at (not to be taken for fixed)"}, &comparison.not_looked_at},
                          {{"新增", "New"}, &comparison.added}};
    std::string text;
    for (const List& list : lists) {
        text += fmt::format("{}: {}\n", list.title.In(language), list.findings->size());
        for (std::size_t i = 0; i < list.findings->size() && i < kMaxCompared; ++i) {
            const scans::ComparedFinding& compared = (*list.findings)[i];
            text += compared.later ? FindingLine(later, later.findings[*compared.later], language)
                                   : FindingLine(earlier, earlier.findings[*compared.earlier], language);
            if (!compared.reason.empty()) text += fmt::format("    {}\n", Line(compared.reason.In(language), 300));
        }
        text += MoreLine(list.findings->size(), kMaxCompared, language);
    }
    return text;
}

}  // namespace opsteward::cli
