#include "cli/command_line.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>

#include <CLI/CLI.hpp>
#include <spdlog/sinks/stdout_color_sinks.h>

#include "base/log.hpp"
#include "cli/commands.hpp"
#include "cli/firewall/firewall_commands.hpp"
#include "cli/logs/log_options.hpp"
#include "cli/scan/scan_commands.hpp"
#include "cli/version.hpp"
#include "cli/vulnerabilities/vans_commands.hpp"
#include "cli/vulnerabilities/vulnerability_options.hpp"

namespace opsteward::cli {

namespace {

/// Options of commands that work on the records; what is not given comes from DATA/opsteward.toml.
struct RecordsOptions {
    std::string data = "./data";
    std::string database;

    void AddTo(CLI::App& command) {
        command.add_option("--data", data, "data folder")->capture_default_str()->type_name("DIR");
        command.add_option("--db", database, "PostgreSQL to keep the records in, instead of SQLite in the data folder")
            ->envname("OPSTEWARD_DB")
            ->type_name("postgresql://…");
    }

    Result<Configuration> Read() const {
        OPS_TRY(Configuration configuration, ReadConfiguration(data));
        if (!database.empty()) configuration.database = database;
        return configuration;
    }
};

template <typename Command>
ExitCode WithRecords(const RecordsOptions& options, const Report& report, const Command& command) {
    auto configuration = options.Read();
    if (!configuration.ok()) return report.Fail(configuration.error());
    return command(*configuration);
}

}  // namespace

int RunCommandLine(int argc, char** argv) {
    // Files the program makes hold personal data and keys: nobody else may read them.
    ::umask(0077);
    CLI::App app("Opsteward 通作管家: carries out an agency's operations-security procedure.", "opsteward");
    app.set_version_flag("--version", std::string(kVersion));
    app.require_subcommand(1);
    app.fallthrough();  // --json is understood after the command too
    Report report{false, LanguageOfEnvironment()};
    app.add_flag("--json", report.as_json, "answer in JSON");
    std::string log_level = "info";
    app.add_option("--log-level", log_level, "debug, info, warn or error")
        ->check(CLI::IsMember({"debug", "info", "warn", "error"}))
        ->capture_default_str();
    std::function<ExitCode()> run;

    RecordsOptions records;
    std::string listen;
    bool is_plain_http = false;
    auto* serve = app.add_subcommand("serve", "run the server");
    records.AddTo(*serve);
    serve->add_option("--listen", listen, "address and port (default 127.0.0.1:8443)")->type_name("ADDR:PORT");
    serve->add_flag("--http", is_plain_http, "plain HTTP instead of TLS; on loopback addresses only");
    serve->callback([&] {
        run = [&] {
            return WithRecords(records, report, [&](Configuration& configuration) {
                if (!listen.empty()) configuration.listen = listen;
                configuration.is_plain_http = is_plain_http;
                return Serve(configuration, report);
            });
        };
    });

    WitnessRequest witness;
    auto* witness_command = app.add_subcommand("witness", "remember the checkpoints of log vaults of other machines, and cosign what goes on from them");
    witness_command->add_option("--data", witness.data, "folder of the witness's own")->required()->type_name("DIR");
    witness_command->add_option("--log", witness.logs, "public key of a vault (vault.pub); may be repeated")->required()->type_name("FILE");
    witness_command->add_option("--listen", witness.listen, "address and port")->capture_default_str()->type_name("ADDR:PORT");
    witness_command->add_flag("--http", witness.is_plain_http, "plain HTTP instead of TLS; on loopback addresses only");
    witness_command->callback([&] { run = [&] { return RunWitness(witness, report); }; });

    auto* user = app.add_subcommand("user", "accounts")->require_subcommand(1);
    TokenRequest token;
    std::string scope = "read";
    auto* user_token = user->add_subcommand("token", "make an API token and print it; works beside a running server");
    records.AddTo(*user_token);
    user_token->add_option("--user", token.user, "account")->required();
    user_token->add_option("--scope", scope, "read or write")->check(CLI::IsMember({"read", "write"}))->capture_default_str();
    user_token->add_option("--days", token.days, "days until it ends")->check(CLI::Range(1, 366))->capture_default_str();
    user_token->callback([&] {
        run = [&] {
            token.may_write = scope == "write";
            return WithRecords(records, report, [&](const Configuration& c) { return CreateToken(c, token, report); });
        };
    });
    std::string account;
    auto* user_reset = user->add_subcommand("reset-password", "make a new one-time password and print it");
    records.AddTo(*user_reset);
    user_reset->add_option("--user", account, "account")->required();
    user_reset->callback([&] {
        run = [&] { return WithRecords(records, report, [&](const Configuration& c) { return ResetPassword(c, account, report); }); };
    });

    auto* database = app.add_subcommand("db", "the records")->require_subcommand(1);
    std::string folder;
    auto* backup = database->add_subcommand("backup", "copy records, procedure and certificate to a new folder; works beside a running server");
    records.AddTo(*backup);
    backup->add_option("--to", folder, "folder to make")->required()->type_name("DIR");
    backup->callback([&] {
        run = [&] { return WithRecords(records, report, [&](const Configuration& c) { return BackUp(c, folder, report); }); };
    });
    auto* restore = database->add_subcommand("restore", "put a backup into a data folder that holds no records");
    records.AddTo(*restore);
    restore->add_option("--from", folder, "folder of the backup")->required()->type_name("DIR");
    restore->callback([&] {
        run = [&] { return WithRecords(records, report, [&](const Configuration& c) { return Restore(c, folder, report); }); };
    });
    auto* verify = database->add_subcommand("verify", "recompute the chain of the audit trail");
    records.AddTo(*verify);
    verify->callback([&] {
        run = [&] { return WithRecords(records, report, [&](const Configuration& c) { return VerifyRecords(c, report); }); };
    });

    AddFirewallCommands(app, report, run);
    AddLogCommands(app, report, run);
    AddScanCommands(app, report, run);
    AddVulnerabilityCommands(app, report, run);
    AddVansCommands(app, report, run);

    auto* procedure = app.add_subcommand("procedure", "procedure packs")->require_subcommand(1);
    std::string pack;
    auto* check = procedure->add_subcommand("check", "look for faults in a pack");
    check->add_option("PACK", pack, "folder of the pack")->required();
    check->callback([&] { run = [&] { return CheckProcedure(pack, report); }; });
    std::string other;
    auto* diff = procedure->add_subcommand("diff", "show what differs between two packs");
    diff->add_option("BEFORE", pack, "folder of the older pack")->required();
    diff->add_option("AFTER", other, "folder of the newer pack")->required();
    diff->callback([&] { run = [&] { return CompareProcedures(pack, other, report); }; });

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        // Help and version are no mistakes; CLI11 prints them itself.
        const bool is_mistake = error.get_exit_code() != 0;
        // What stopped in the middle may not have come to the flag yet.
        report.as_json = is_mistake && std::ranges::find(argv, argv + argc, std::string_view("--json")) != argv + argc;
        if (!report.as_json) return app.exit(error) == 0 ? kExitOk : kExitUsage;
        const std::string what = error.what();
        report.Fail(Error::Of(ErrorCode::kInvalidInput, "命令列有誤：" + what, what));
        return kExitUsage;
    }
    spdlog::set_default_logger(spdlog::stderr_color_mt("opsteward"));
    spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %^%l%$ %v", spdlog::pattern_time_type::utc);
    spdlog::set_level(spdlog::level::from_str(log_level));
    try {
        return run();
    } catch (const std::exception& error) {
        return report.Fail(Error::Hidden(ErrorCode::kInternal, error.what()));
    }
}

}  // namespace opsteward::cli
