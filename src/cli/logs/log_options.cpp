#include "cli/logs/log_options.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "base/text.hpp"
#include "cli/choice.hpp"
#include "cli/logs/log_commands.hpp"

namespace opsteward::cli {

namespace {

struct Options {
    std::string data = "./data";
    IngestRequest ingest;
    SearchOptions search;
    RetainOptions retain;
    HoldOptions hold;
    CopyRequest copy;
    RestoreRequest restore;
    std::int64_t silent_seconds = 60;
    bool compares_sizes = false;
    WitnessSubmission witness;
    std::uint64_t sequence = 0;
};

using OptionsPointer = std::shared_ptr<Options>;

/// CLI11 itself would take -1 for a very large number, and 010 for eight.
const CLI::Validator& Count() {
    static const CLI::Validator kCount(
        [](const std::string& text) {
            const auto number = ParseInt(text);
            const bool is_count = number && *number >= 0 && std::to_string(*number) == text;
            return is_count ? std::string() : "a number without sign and leading zeros is expected, not " + text;
        },
        "");
    return kCount;
}

CLI::App* AddCommand(CLI::App& logs, const OptionsPointer& options, const char* name, const char* what) {
    CLI::App* command = logs.add_subcommand(name, what);
    command->add_option("--data", options->data, "data folder")->capture_default_str()->type_name("DIR");
    return command;
}

void AddIngest(CLI::App& logs, const OptionsPointer& options, const Report& report, std::function<ExitCode()>& run) {
    CLI::App* command = AddCommand(logs, options, "ingest", "keep the lines of files, or of standard input, as records; makes the vault at first");
    command->add_option("--source", options->ingest.source, "the system that the lines are of")->required()->type_name("NAME");
    command->add_option("--kind", options->ingest.kind, "what they are: os, web, firewall, fortigate, sshd …")->required()->type_name("KIND");
    command->add_option("FILE", options->ingest.files, "plain, gzip, xz or zstd; - or none is standard input");
    command->callback([options, &report, &run] { run = [options, &report] { return IngestLogs(options->data, options->ingest, report); }; });
}

void AddSearch(CLI::App& logs, const OptionsPointer& options, const Report& report, std::function<ExitCode()>& run) {
    static const std::map<std::string, logs::TimeStep> kSteps{
        {"minute", logs::TimeStep::kMinute}, {"hour", logs::TimeStep::kHour}, {"day", logs::TimeStep::kDay}};
    SearchOptions& search = options->search;
    CLI::App* command = AddCommand(logs, options, "search", "print the records that match a query, in the order of their arrival");
    command->add_option("QUERY", search.query, "query; all records without one (docs/formats/log-query.md)");
    command->add_option("--from", search.from, "received at or after: a day, or RFC 3339")->type_name("TIME");
    command->add_option("--to", search.to, "received before: RFC 3339, or a day, which counts as a whole")->type_name("TIME");
    command->add_option("--source", search.source, "of this source alone")->type_name("NAME");
    command->add_option("--kind", search.kind, "of this kind alone")->type_name("KIND");
    command->add_option("--limit", search.limit, "end after so many; 0: all")->check(Count())->type_name("N");
    command->add_option("-C,--context", search.context, "so many records before and after each as well, of --source and --kind alone")
        ->check(Count())
        ->check(CLI::Range(0, 1000))
        ->type_name("N");
    command->add_option("--encoding", search.encoding, "of the messages, for showing them: utf-8, big5")->capture_default_str();
    CLI::Option* counts = command->add_flag("--count", search.counts, "say how many instead of which");
    CLI::Option* raw = command->add_flag("--raw", search.is_raw, "the bytes as they came");
    CLI::Option* histogram = command->add_option("--histogram", search.histogram, "how many in each minute, hour or day")
                                 ->transform(ChoiceOf(kSteps))
                                 ->type_name("STEP");
    CLI::Option* top = command->add_option("--top", search.top, "the most frequent values of a field")->type_name("FIELD");
    histogram->excludes(counts)->excludes(raw)->excludes(top);
    top->excludes(counts)->excludes(raw);
    counts->excludes(raw);
    command->callback([options, &report, &run] { run = [options, &report] { return SearchLogs(options->data, options->search, report); }; });
}

void AddStatusCompactAndProve(CLI::App& logs, const OptionsPointer& options, const Report& report, std::function<ExitCode()>& run) {
    CLI::App* status = AddCommand(logs, options, "status", "how many records there are, the root of their tree, their size");
    status->callback([options, &report, &run] { run = [options, &report] { return ShowLogStatus(options->data, report); }; });
    CLI::App* compact = AddCommand(logs, options, "compact", "merge the segments of each day into few, better compressed ones");
    compact->callback([options, &report, &run] { run = [options, &report] { return CompactLogs(options->data, report); }; });
    CLI::App* prove = AddCommand(logs, options, "prove", "print the proof that a record is in the sealed tree, as a C2SP tlog-proof file");
    prove->add_option("SEQ", options->sequence, "number of the record")->check(Count())->required();
    prove->callback([options, &report, &run] { run = [options, &report] { return ProveLogRecord(options->data, options->sequence, report); }; });
}

void AddWitness(CLI::App& logs, const OptionsPointer& options, const Report& report, std::function<ExitCode()>& run) {
    WitnessSubmission& witness = options->witness;
    CLI::App* command = AddCommand(logs, options, "witness", "have a witness cosign the last checkpoint, and find out whether the vault was put back or rewritten");
    command->add_option("--url", witness.url, "of the witness: https://host:port")->required()->type_name("URL");
    command->add_option("--key", witness.key, "its public key (witness.pub)")->required()->type_name("FILE");
    command->add_option("--ca", witness.trusted, "its certificate (server.crt), or the authority's that signed it; none: those that the machine trusts")
        ->type_name("FILE");
    command->callback([options, &report, &run] { run = [options, &report] { return SubmitToWitness(options->data, options->witness, report); }; });
}

void AddSshOptions(CLI::App* command, const OptionsPointer& options, net::SshOptions& ssh) {
    command->add_option("--identity", ssh.identity, "private key for SSH; else those of the agent and the user's own")->type_name("FILE");
    command->add_option("--known-hosts", ssh.known_hosts, "known_hosts for SSH; else the user's own")->type_name("FILE");
    command->add_option("--timeout", options->silent_seconds, "how long the other machine may keep silent")
        ->check(CLI::Range(1, 3600))
        ->capture_default_str()
        ->type_name("SECONDS");
}

void AddCopyAndRestore(CLI::App& logs, const OptionsPointer& options, const Report& report, std::function<ExitCode()>& run) {
    CLI::App* copy = AddCommand(logs, options, "copy", "seal the vault and bring its copy elsewhere up to date");
    copy->add_option("--to", options->copy.place, "folder, or ssh://[user@]host[:port]/path")->required()->type_name("TARGET");
    copy->add_flag("--sizes-only", options->compares_sizes, "compare what was copied before by size, not byte by byte");
    AddSshOptions(copy, options, options->copy.ssh);
    copy->callback([options, &report, &run] {
        options->copy.compares_contents = !options->compares_sizes;
        options->copy.ssh.timeout = std::chrono::seconds(options->silent_seconds);
        run = [options, &report] { return CopyLogs(options->data, options->copy, report); };
    });
    CLI::App* restore = AddCommand(logs, options, "restore", "make the vault of a data folder that has none from a copy, and prove it");
    restore->add_option("--from", options->restore.place, "where the copy lies, as for copy --to")->required()->type_name("TARGET");
    restore->add_option("--key", options->restore.key, "public key that must have signed it (vault.pub)")->type_name("FILE");
    restore->add_option("--signing-key", options->restore.signing_key, "private key for the restored vault to go on with (vault.key)")->type_name("FILE");
    AddSshOptions(restore, options, options->restore.ssh);
    restore->callback([options, &report, &run] {
        options->restore.ssh.timeout = std::chrono::seconds(options->silent_seconds);
        run = [options, &report] { return RestoreLogs(options->data, options->restore, report); };
    });
}

void AddRetainAndHold(CLI::App& logs, const OptionsPointer& options, const Report& report, std::function<ExitCode()>& run) {
    CLI::App* retain = AddCommand(logs, options, "retain", "delete the records that DATA/retention.toml no longer has kept, as signed");
    retain->add_flag("--dry-run", options->retain.is_dry_run, "say what would be deleted, and delete nothing");
    retain->add_flag("--clock-is-right", options->retain.clock_is_right, "although no record came for more than 7 days");
    retain->callback([options, &report, &run] { run = [options, &report] { return RetainLogs(options->data, options->retain, report); }; });

    HoldOptions& hold = options->hold;
    CLI::App* add = AddCommand(logs, options, "hold", "keep records from being deleted, by an entry in DATA/retention.toml");
    add->add_option("--reason", hold.reason, "why; it stands in the file and in reports")->required()->type_name("TEXT");
    add->add_option("--source", hold.source, "of this source alone")->type_name("NAME");
    add->add_option("--kind", hold.kind, "of this kind alone")->type_name("KIND");
    add->add_option("--from", hold.from, "received on this day or later")->type_name("DAY");
    add->add_option("--to", hold.to, "received on this day or earlier")->type_name("DAY");
    add->callback([options, &report, &run] { run = [options, &report] { return HoldLogs(options->data, options->hold, report); }; });
}

}  // namespace

void AddLogCommands(CLI::App& app, const Report& report, std::function<ExitCode()>& run) {
    CLI::App* logs = app.add_subcommand("logs", "the log vault")->require_subcommand(1);
    const auto options = std::make_shared<Options>();
    AddIngest(*logs, options, report, run);
    AddSearch(*logs, options, report, run);
    AddStatusCompactAndProve(*logs, options, report, run);
    AddRetainAndHold(*logs, options, report, run);
    AddWitness(*logs, options, report, run);
    AddCopyAndRestore(*logs, options, report, run);
}

}  // namespace opsteward::cli
