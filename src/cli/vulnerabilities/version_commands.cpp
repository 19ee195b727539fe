#include "cli/vulnerabilities/version_commands.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "versions/version.hpp"

namespace opsteward::cli {

namespace {

struct Options {
    std::string scheme;
    std::string a;
    std::string b;
};

ExitCode CompareVersions(const Options& options, const Report& report) {
    const auto scheme = versions::SchemeNamed(options.scheme).value_or(versions::Scheme::kGeneric);
    const auto order = versions::Compare(scheme, options.a, options.b);
    const int number = order < 0 ? -1 : order > 0 ? 1 : 0;
    report.Say(fmt::format("{}\n", number), {{"order", number}});
    return kExitOk;
}

}  // namespace

void AddVersionCommands(CLI::App& vuln, const Report& report, std::function<ExitCode()>& run) {
    CLI::App* command = vuln.add_subcommand("version-compare", "print -1 when A is older than B, 1 when it is newer, 0 when they are the same");
    const auto options = std::make_shared<Options>();
    command->add_option("--scheme", options->scheme, "how the versions are numbered: dpkg, rpm, windows, or generic")
        ->check(CLI::IsMember({"dpkg", "rpm", "generic", "windows"}))
        ->required()
        ->type_name("SCHEME");
    command->add_option("A", options->a, "a version; write -- before it when it may begin with a hyphen")->required();
    command->add_option("B", options->b, "the other one")->required();
    command->callback([options, &report, &run] { run = [options, &report] { return CompareVersions(*options, report); }; });
}

}  // namespace opsteward::cli
