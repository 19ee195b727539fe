#include "cli/firewall/firewall_commands.hpp"

#include <map>
#include <memory>

#include <CLI/CLI.hpp>

#include "cli/choice.hpp"

namespace opsteward::cli {

namespace {

constexpr int kAuto = -1;

void AddFormat(CLI::App& command, int& format) {
    static const std::map<std::string, int> kFormats = [] {
        std::map<std::string, int> formats{{"auto", kAuto}};
        for (int i = 0; i <= static_cast<int>(firewall::Format::kClassbench); ++i) formats.emplace(firewall::NameOf(static_cast<firewall::Format>(i)), i);
        return formats;
    }();
    command.add_option("--format", format, "whose configuration it is; auto: told by what stands in it")->transform(ChoiceOf(kFormats))->default_str("auto");
}

struct Options {
    CheckRequest check;
    DifferenceRequest difference;
    Question question;
    FirewallSource source;
    int format = kAuto;
    std::filesystem::path expectations;
    std::filesystem::path key;

    std::optional<firewall::Format> FormatGiven() const { return format == kAuto ? std::nullopt : std::optional(static_cast<firewall::Format>(format)); }
};

using OptionsPointer = std::shared_ptr<Options>;

constexpr const char* kFile = "the configuration; plain, gzip, xz or zstd; - is standard input";

}  // namespace

void AddFirewallCommands(CLI::App& app, const Report& report, std::function<ExitCode()>& run) {
    CLI::App* firewall = app.add_subcommand("firewall", "configurations of firewalls: what each rule does, proved")->require_subcommand(1);
    const auto options = std::make_shared<Options>();

    CLI::App* check =
        firewall->add_subcommand("check", "say which rules never decide of a packet and why, what else they leave open, and what was not understood");
    check->add_option("FILE", options->check.source.path, kFile)->required();
    AddFormat(*check, options->format);
    check->add_option("--counters", options->check.counters, "hit counts that the device prints apart from its configuration")->type_name("FILE");
    check->add_option("--clock", options->check.clock_hours, "hours that the device's clock is east of UTC, for counters that tell local times")
        ->check(CLI::Range(-14.0, 14.0))
        ->capture_default_str();
    check
        ->add_option("--outside", options->check.outside_interfaces,
                     "an interface that faces the outside, where the configuration does not say so; may be repeated")
        ->type_name("NAME");
    check->add_flag("--single-time-source", options->check.wants_single_time_source,
                    "more than one time source is a finding of medium level, instead of one to know");
    check->add_option("--threads", options->check.threads, "0: as many as there are processors, at most 8")->check(CLI::Range(0, 64))->capture_default_str();
    check->add_option("--seconds", options->check.seconds, "for judging: what is not judged then is undecided")
        ->check(CLI::Range(0.0, 86'400.0))
        ->capture_default_str();
    check->callback([options, &report, &run] {
        run = [options, &report] {
            options->check.source.format = options->FormatGiven();
            return CheckFirewall(options->check, report);
        };
    });

    CLI::App* diff = firewall->add_subcommand("diff", "what changed: in the text without secrets, per object and rule, and which traffic exactly");
    diff->add_option("BEFORE", options->difference.before.path, kFile)->required();
    diff->add_option("AFTER", options->difference.after.path, "the later one")->required();
    AddFormat(*diff, options->format);
    diff->callback([options, &report, &run] {
        run = [options, &report] {
            options->difference.before.format = options->difference.after.format = options->FormatGiven();
            return CompareFirewalls(options->difference, report);
        };
    });

    CLI::App* test = firewall->add_subcommand("test", "prove or refute what is expected of it; ends with 1 when something is not proved");
    test->add_option("FILE", options->source.path, kFile)->required();
    test->add_option("--expect", options->expectations, "expectations")->required()->type_name("TOML");
    AddFormat(*test, options->format);
    test->callback([options, &report, &run] {
        run = [options, &report] {
            options->source.format = options->FormatGiven();
            return TestFirewall(options->source, options->expectations, report);
        };
    });

    CLI::App* query = firewall->add_subcommand("query", "which rule decides of a packet, or whether all of some traffic is allowed already");
    query->add_option("FILE", options->source.path, kFile)->required();
    CLI::Option* packet =
        query->add_option("--packet", options->question.text, "src=… dst=… proto=tcp sport=… dport=… in=… out=… state=…; type=… code=… of ICMP");
    CLI::Option* traffic =
        query->add_option("--traffic", options->question.text, "src=NET,… dst=NET,… service=tcp/443,udp/53 in=… out=… state=…; what is left out is any");
    packet->excludes(traffic);
    query->add_option("--base", options->question.rule_base, "the VDOM, access list, rulebase or chain that is asked")->type_name("NAME");
    AddFormat(*query, options->format);
    query->callback([packet, traffic, options, &report, &run] {
        if (packet->count() + traffic->count() == 0) throw CLI::RequiredError("--packet or --traffic");
        options->question.is_packet = packet->count() > 0;
        run = [options, &report] {
            options->source.format = options->FormatGiven();
            return QueryFirewall(options->source, options->question, report);
        };
    });

    CLI::App* redact = firewall->add_subcommand("redact", "write the configuration without its secrets, so that two exports of the same are equal");
    redact->add_option("FILE", options->source.path, kFile)->required();
    redact
        ->add_option("--key", options->key,
                     "file of at least 16 bytes, the key of the marks in place of secrets; without it the user's own, made when there is none")
        ->type_name("FILE");
    AddFormat(*redact, options->format);
    redact->callback([options, &report, &run] {
        run = [options, &report] {
            options->source.format = options->FormatGiven();
            return RedactFirewall(options->source, options->key, report);
        };
    });
}

}  // namespace opsteward::cli
