#include "cli/vulnerabilities/cpe_commands.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "features/vulnerabilities/cpe/name.hpp"

namespace opsteward::cli {

namespace {

struct Options {
    std::string source;
    std::string target;
};

std::string_view NameOf(cpe::Relation relation) {
    switch (relation) {
        case cpe::Relation::kDisjoint: return "disjoint";
        case cpe::Relation::kEqual: return "equal";
        case cpe::Relation::kSubset: return "subset";
        case cpe::Relation::kSuperset: return "superset";
        case cpe::Relation::kUndefined: break;
    }
    return "undefined";
}

ExitCode MatchNames(const Options& options, const Report& report) {
    const auto source = cpe::Name::Parse(options.source);
    if (!source.ok()) return report.Fail(source.error());
    const auto target = cpe::Name::Parse(options.target);
    if (!target.ok()) return report.Fail(target.error());
    const bool is_match = cpe::IsMatch(*source, *target);
    report.Say(fmt::format("{}\n", is_match), {{"match", is_match}, {"relation", NameOf(cpe::CompareNames(*source, *target))}});
    return kExitOk;
}

}  // namespace

void AddCpeCommands(CLI::App& vuln, const Report& report, std::function<ExitCode()>& run) {
    CLI::App* command = vuln.add_subcommand("cpe-match", "print whether a CPE match string takes in a CPE name: true or false (NISTIR 7696)");
    const auto options = std::make_shared<Options>();
    command->add_option("SOURCE", options->source, "match string, as formatted string (cpe:2.3:…), URI (cpe:/…) or well-formed name (wfn:[…])")->required();
    command->add_option("TARGET", options->target, "name, written in any of these ways")->required();
    command->callback([options, &report, &run] { run = [options, &report] { return MatchNames(*options, report); }; });
}

}  // namespace opsteward::cli
