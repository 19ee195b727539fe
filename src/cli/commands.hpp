// The commands of the program, one function each; command_line.cpp reads their options. Each gives the exit code.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/configuration.hpp"
#include "cli/report.hpp"

namespace opsteward::cli {

/// Runs the server until SIGINT or SIGTERM.
ExitCode Serve(const Configuration& configuration, const Report& report);

struct WitnessRequest {
    std::filesystem::path data;
    std::string listen = "127.0.0.1:8444";
    std::vector<std::filesystem::path> logs;  ///< public keys of the logs that are witnessed
    bool is_plain_http = false;
};
/// Cosigns checkpoints of log vaults until SIGINT or SIGTERM.
ExitCode RunWitness(const WitnessRequest& request, const Report& report);

struct TokenRequest {
    std::string user;
    bool may_write = false;
    int days = 30;
};
ExitCode CreateToken(const Configuration& configuration, const TokenRequest& request, const Report& report);
/// A new one-time password for an account whose password was lost.
ExitCode ResetPassword(const Configuration& configuration, const std::string& user, const Report& report);

ExitCode BackUp(const Configuration& configuration, const std::filesystem::path& to, const Report& report);
ExitCode Restore(const Configuration& configuration, const std::filesystem::path& from, const Report& report);
/// Recomputes the audit chain.
ExitCode VerifyRecords(const Configuration& configuration, const Report& report);

ExitCode CheckProcedure(const std::filesystem::path& pack, const Report& report);
/// 0 also when they differ, as nothing failed.
ExitCode CompareProcedures(const std::filesystem::path& before, const std::filesystem::path& after, const Report& report);

}  // namespace opsteward::cli
