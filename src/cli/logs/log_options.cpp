#include "cli/logs/log_options.hpp"

#include <map>
#include <memory>

#include <CLI/CLI.hpp>

#include "cli/logs/log_commands.hpp"

namespace opsteward::cli {

namespace {

struct Options {
    std::string data = "./data";
    IngestRequest ingest;
    SearchOptions search;
    std::uint64_t sequence = 0;
};

using OptionsPointer = std::shared_ptr<Options>;

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
    command->add_option("--limit", search.limit, "end after so many; 0: all")->type_name("N");
    command->add_option("--encoding", search.encoding, "of the messages, for showing them: utf-8, big5")->capture_default_str();
    CLI::Option* counts = command->add_flag("--count", search.counts, "say how many instead of which");
    CLI::Option* raw = command->add_flag("--raw", search.is_raw, "the bytes as they came");
    CLI::Option* histogram = command->add_option("--histogram", search.histogram, "how many in each minute, hour or day")
                                 ->transform(CLI::CheckedTransformer(kSteps))
                                 ->type_name("STEP");
    CLI::Option* top = command->add_option("--top", search.top, "the most frequent values of a field")->type_name("FIELD");
    histogram->excludes(counts)->excludes(raw)->excludes(top);
    top->excludes(counts)->excludes(raw);
    counts->excludes(raw);
    command->callback([options, &report, &run] { run = [options, &report] { return SearchLogs(options->data, options->search, report); }; });
}

void AddStatusAndProve(CLI::App& logs, const OptionsPointer& options, const Report& report, std::function<ExitCode()>& run) {
    CLI::App* status = AddCommand(logs, options, "status", "how many records there are, the root of their tree, their size");
    status->callback([options, &report, &run] { run = [options, &report] { return ShowLogStatus(options->data, report); }; });
    CLI::App* prove = AddCommand(logs, options, "prove", "print the proof that a record is in the sealed tree, as a C2SP tlog-proof file");
    prove->add_option("SEQ", options->sequence, "number of the record")->required();
    prove->callback([options, &report, &run] { run = [options, &report] { return ProveLogRecord(options->data, options->sequence, report); }; });
}

}  // namespace

void AddLogCommands(CLI::App& app, const Report& report, std::function<ExitCode()>& run) {
    CLI::App* logs = app.add_subcommand("logs", "the log vault")->require_subcommand(1);
    const auto options = std::make_shared<Options>();
    AddIngest(*logs, options, report, run);
    AddSearch(*logs, options, report, run);
    AddStatusAndProve(*logs, options, report, run);
}

}  // namespace opsteward::cli
