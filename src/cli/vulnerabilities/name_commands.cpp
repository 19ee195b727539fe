#include "cli/vulnerabilities/name_commands.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "base/text.hpp"
#include "cli/files.hpp"
#include "cli/vulnerabilities/title_namer.hpp"
#include "features/vulnerabilities/naming/name_mapper.hpp"

namespace opsteward::cli {

namespace {

constexpr std::size_t kMaxTitles = 64U << 20U;

struct Options {
    vuln::SoftwareTitle title;
    std::string titles;
    std::string confirmations;
};

json::array ToJson(const std::vector<cpe::Name>& names) {
    json::array written;
    for (const cpe::Name& name : names) written.emplace_back(name.FormattedString());
    return written;
}

json::object ToJson(const Text& text) { return {{"zh", text.zh}, {"en", text.en}}; }

json::object ToJson(const vuln::SoftwareTitle& title, const vuln::NameAnswer& answer) {
    json::object value{{"name", ReplaceInvalidUtf8(title.name)},
                       {"publisher", ReplaceInvalidUtf8(title.publisher)},
                       {"version", ReplaceInvalidUtf8(title.version)}};
    if (const auto* choice = std::get_if<vuln::NameChoice>(&answer)) {
        value["cpe"] = choice->name.FormattedString();
        value["also"] = ToJson(choice->also);
        value["confidence"] = choice->confidence;
        value["evidence"] = vuln::NameOf(choice->evidence);
        value["why"] = ToJson(choice->why);
    } else {
        const auto& withheld = std::get<vuln::Withheld>(answer);
        value["cpe"] = nullptr;
        value["candidates"] = ToJson(withheld.candidates);
        value["evidence"] = vuln::NameOf(withheld.evidence);
        value["why"] = ToJson(withheld.reason);
    }
    return value;
}

std::string ToText(const vuln::NameAnswer& answer, Language language) {
    const bool is_english = language == Language::kEnglish;
    std::string text;
    if (const auto* choice = std::get_if<vuln::NameChoice>(&answer)) {
        text = fmt::format("{}\n", choice->name.FormattedString());
        for (const cpe::Name& name : choice->also) text += fmt::format("{}{}\n", is_english ? "  also " : "  亦作 ", name.FormattedString());
        text += fmt::format(fmt::runtime(is_english ? "  confidence {}: {}\n" : "  信心 {}：{}\n"), choice->confidence, choice->why.In(language));
        return text;
    }
    const auto& withheld = std::get<vuln::Withheld>(answer);
    text = fmt::format("none\n  {}\n", withheld.reason.In(language));
    for (const cpe::Name& name : withheld.candidates) text += fmt::format("{}{}\n", is_english ? "  candidate " : "  可能是 ", name.FormattedString());
    return text;
}

/// Name, publisher, version, name in CPE or none, what it rests on, and why, between tabs.
std::string ToLine(const vuln::SoftwareTitle& title, const vuln::NameAnswer& answer, Language language) {
    const auto* choice = std::get_if<vuln::NameChoice>(&answer);
    const auto* withheld = std::get_if<vuln::Withheld>(&answer);
    const auto evidence = choice != nullptr ? choice->evidence : withheld->evidence;
    return fmt::format("{}\t{}\t{}\t{}\t{}\t{}\n", title.name, title.publisher, title.version, choice != nullptr ? choice->name.FormattedString() : "none",
                       vuln::NameOf(evidence), (choice != nullptr ? choice->why : withheld->reason).In(language));
}

ExitCode NameOne(const Options& options, const Report& report) {
    const auto mapper = OpenNameMapper(options.confirmations);
    if (!mapper.ok()) return report.Fail(mapper.error());
    const auto answer = mapper->Map(options.title);
    report.Say(ToText(answer, report.language), ToJson(options.title, answer));
    return kExitOk;
}

/// "name<TAB>publisher<TAB>version"; the last two may be missing.
Result<std::vector<vuln::SoftwareTitle>> ReadTitles(const std::string& path) {
    OPS_TRY(const auto text, ReadWholeFile(path, kMaxTitles));
    std::vector<vuln::SoftwareTitle> titles;
    std::size_t number = 0;
    for (const std::string_view line : SplitLines(text)) {
        ++number;
        if (Trim(line).empty()) continue;
        const auto cells = Split(line, '\t');
        if (cells.size() > 3) {
            return Error::Of(ErrorCode::kInvalidInput, fmt::format("{} 第 {} 行有 {} 欄；每行應為名稱、廠商、版本，以 Tab 分隔。", path, number, cells.size()),
                             fmt::format("Line {} of {} has {} columns; a line is name, publisher and version, with tabs between.", number, path,
                                         cells.size()));
        }
        const auto cell = [&](std::size_t i) { return i < cells.size() ? std::string(cells[i]) : std::string(); };
        titles.push_back({.name = cell(0), .publisher = cell(1), .version = cell(2)});
    }
    return titles;
}

ExitCode NameMany(const Options& options, const Report& report) {
    const auto mapper = OpenNameMapper(options.confirmations);
    if (!mapper.ok()) return report.Fail(mapper.error());
    const auto titles = ReadTitles(options.titles);
    if (!titles.ok()) return report.Fail(titles.error());
    std::string lines;
    json::array values;
    for (const vuln::SoftwareTitle& title : *titles) {
        const auto answer = mapper->Map(title);
        if (report.as_json) values.push_back(ToJson(title, answer));
        else lines += ToLine(title, answer, report.language);
    }
    report.Say(lines, {{"titles", std::move(values)}});
    return kExitOk;
}

}  // namespace

void AddNameCommands(CLI::App& vuln, const Report& report, std::function<ExitCode()>& run) {
    CLI::App* command = vuln.add_subcommand("cpe", "print the CPE name of a title of installed software, and why, or none and the candidates");
    const auto options = std::make_shared<Options>();
    CLI::Option* name = command->add_option("--name", options->title.name, "as the list of installed software has it")->type_name("TEXT");
    command->add_option("--publisher", options->title.publisher, "its maker")->needs(name)->type_name("TEXT");
    command->add_option("--version", options->title.version, "its version")->needs(name)->type_name("TEXT");
    CLI::Option* titles = command->add_option("--titles", options->titles, "many at once: lines of name, publisher and version, with tabs between")
                              ->type_name("FILE");
    command->add_option("--confirmations", options->confirmations, "decisions of people (docs/formats/name-confirmations.md)")->type_name("FILE");
    name->excludes(titles);
    command->callback([options, name, titles, &report, &run] {
        if (name->count() == 0 && titles->count() == 0) throw CLI::RequiredError("--name or --titles");
        run = [options, &report] { return options->titles.empty() ? NameOne(*options, report) : NameMany(*options, report); };
    });
}

}  // namespace opsteward::cli
