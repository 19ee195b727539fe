#include <fmt/format.h>

#include <algorithm>

#include "cli/firewall/firewall_commands.hpp"
#include "cli/firewall/rule_words.hpp"
#include "cli/logs/one_line.hpp"
#include "cli/logs/whole_input.hpp"
#include "features/firewall/report/query_json.hpp"

namespace opsteward::cli {

namespace {

using firewall::Expectation;
using firewall::ExpectationResult;
using firewall::ExpectationState;

Phrase StatePhrase(ExpectationState state) {
    switch (state) {
        case ExpectationState::kProved: return {"證實", "proved"};
        case ExpectationState::kRefuted: return {"推翻", "refuted"};
        case ExpectationState::kDepends: return {"視條件", "depends"};
        case ExpectationState::kUndecided: return {"未能判定", "undecided"};
    }
    return {};
}

/// The rule base it was asked of, and why it does not hold.
std::string ResultLine(const firewall::RuleBase& base, const Expectation& expectation, const ExpectationResult& result, Language language) {
    std::string line = fmt::format("{}  {} [{}]", StatePhrase(result.state).In(language), OnOneLine(expectation.name), OnOneLine(base.name));
    if (result.state == ExpectationState::kUndecided) return line + std::string(Phrase{"：超過計算上限\n", ": the work allowed was spent\n"}.In(language));
    if (!result.example) return line + "\n";
    if (result.is_about_rest) line += Phrase{"：還有別的通得過", ": something else gets through"}.In(language);
    line += fmt::format("\n    {}\n    {}\n", PacketWords(*result.example, base), DecidingWords(base, result.rule, language));
    if (result.state == ExpectationState::kDepends && result.rule)
        line += fmt::format("    {}\n", UnknownPartWords(base.rules[*result.rule].unknown, language));
    return line;
}

Result<bool> AllAreProved(const FirewallSource& source, const std::filesystem::path& path, const Report& report) {
    OPS_TRY(const firewall::Configuration configuration, ReadFirewall(source, SingleUseKey(), report.language));
    OPS_TRY(const std::string text, ReadWholeInput(path, firewall::kMaxExpectationBytes, report.language));
    const auto expectations = firewall::ReadExpectations(text);
    if (!expectations.ok()) return InFile(path, expectations.error());
    const auto results = firewall::CheckExpectations(*expectations, configuration.rule_bases, {});
    if (!results.ok()) return InFile(path, results.error());
    std::string lines;
    for (const ExpectationResult& result : *results)
        lines += ResultLine(configuration.rule_bases[result.rule_base], (*expectations)[result.expectation], result, report.language);
    const auto proved = std::ranges::count(*results, ExpectationState::kProved, &ExpectationResult::state);
    lines += fmt::format(fmt::runtime(Phrase{"{} 項中 {} 項證實\n", "{1} of {0} proved\n"}.In(report.language)), results->size(), proved);
    report.Say(lines, firewall::ToJson(*expectations, configuration.rule_bases, *results));
    return static_cast<std::size_t>(proved) == results->size();
}

}  // namespace

ExitCode TestFirewall(const FirewallSource& source, const std::filesystem::path& expectations, const Report& report) {
    const auto done = AllAreProved(source, expectations, report);
    if (!done.ok()) return report.Fail(done.error());
    return *done ? kExitOk : kExitFailed;
}

}  // namespace opsteward::cli
