// The commands `firewall …`: configurations of firewalls, read and judged.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/exit_code.hpp"
#include "cli/firewall/firewall_source.hpp"
#include "cli/firewall/rule_base_choice.hpp"
#include "cli/report.hpp"

namespace CLI {
class App;
}

namespace opsteward::cli {

/// The command that was named is put into `run`. `report` and `run` live as long as `app`.
void AddFirewallCommands(CLI::App& app, const Report& report, std::function<ExitCode()>& run);

struct CheckRequest {
    FirewallSource source;
    std::filesystem::path counters;  ///< empty: none beside the configuration
    double clock_hours = 8;          ///< of the device, east of UTC
    std::vector<std::string> outside_interfaces;
    bool wants_single_time_source = false;
    unsigned threads = 0;
    double seconds = 120;  ///< for judging; what is not judged then is undecided
};
ExitCode CheckFirewall(const CheckRequest& request, const Report& report);

struct DifferenceRequest {
    FirewallSource before;
    FirewallSource after;
};
ExitCode CompareFirewalls(const DifferenceRequest& request, const Report& report);

/// kExitFailed when an expectation is not proved.
ExitCode TestFirewall(const FirewallSource& source, const std::filesystem::path& expectations, const Report& report);

ExitCode QueryFirewall(const FirewallSource& source, const Question& question, const Report& report);

/// `key`: file of the key of the marks in place of secrets; empty: the user's own, made when there is none.
ExitCode RedactFirewall(const FirewallSource& source, const std::filesystem::path& key, const Report& report);

}  // namespace opsteward::cli
