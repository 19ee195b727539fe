#include "cli/vulnerabilities/bundle_commands.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <memory>
#include <string>

#include "base/civil_time.hpp"
#include "base/count_text.hpp"
#include "base/text.hpp"
#include "cli/logs/interrupt.hpp"
#include "cli/logs/progress.hpp"
#include "features/vulnerabilities/feed/bundle.hpp"

namespace opsteward::cli {

namespace {

using vuln::FeedRole;

constexpr std::array<FeedRole, 6> kRoles{FeedRole::kNvd, FeedRole::kCve5, FeedRole::kKev, FeedRole::kEpss, FeedRole::kOsv, FeedRole::kDebian};

struct BundleOptions {
    std::filesystem::path out;
    std::filesystem::path check;
    std::array<std::vector<std::filesystem::path>, kRoles.size()> inputs;
};

vuln::BundleProgress Watch(const Interrupt& interrupt, Progress& progress) {
    return [&](std::uint64_t bytes) {
        progress.ShowBytes(bytes, "SHA-256");
        return !interrupt.is_asked();
    };
}

json::value ToJson(const vuln::Bundle& bundle) {
    json::array entries;
    for (const vuln::BundleEntry& entry : bundle.entries) {
        entries.push_back({{"role", FeedRoleName(entry.role)}, {"name", entry.name}, {"size", entry.size}, {"sha256", entry.sha256}});
    }
    return {{"file", bundle.path.string()}, {"created", FormatRfc3339(bundle.created)}, {"bytes", bundle.bytes}, {"entries", std::move(entries)}};
}

std::string ListOf(const vuln::Bundle& bundle) {
    std::string text;
    for (const vuln::BundleEntry& entry : bundle.entries) text += fmt::format("  {}  {:>10}  {}\n", entry.sha256, FormatBytes(entry.size), entry.name);
    return text;
}

Result<vuln::Bundle> Make(const BundleOptions& options, const Report& report, std::vector<std::filesystem::path>& ignored) {
    std::vector<vuln::FeedInput> inputs;
    for (std::size_t i = 0; i < kRoles.size(); ++i) {
        for (const auto& path : options.inputs[i]) inputs.push_back({kRoles[i], path});
    }
    const Interrupt interrupt;
    Progress progress(report.language);
    return vuln::MakeBundle(options.out, inputs, SystemClock().Now(), Watch(interrupt, progress), &ignored);
}

ExitCode MakeAndTell(const BundleOptions& options, const Report& report) {
    std::vector<std::filesystem::path> ignored;
    const auto bundle = Make(options, report, ignored);
    if (!bundle.ok()) return report.Fail(bundle.error());
    const Phrase line{"{}：{} 個檔案，{}\n", "{}: {} [file|files], {}\n"};
    const auto count = static_cast<std::int64_t>(bundle->entries.size());
    std::string text = fmt::format(fmt::runtime(ChooseByCount(line.In(report.language), count)), bundle->path.string(), count, FormatBytes(bundle->bytes));
    const Phrase left{"未放入（不是漏洞資料檔）：{}\n", "Left out, as it is no file of a feed: {}\n"};
    json::array left_out;
    for (const auto& path : ignored) {
        text += fmt::format(fmt::runtime(left.In(report.language)), path.string());
        left_out.emplace_back(path.string());
    }
    json::value document = ToJson(*bundle);
    document.as_object()["ignored"] = std::move(left_out);
    report.Say(text, document);
    return kExitOk;
}

ExitCode CheckAndTell(const BundleOptions& options, const Report& report) {
    const auto bundle = [&] {
        const Interrupt interrupt;
        Progress progress(report.language);
        return vuln::OpenBundle(options.check, Watch(interrupt, progress));
    }();
    if (!bundle.ok()) return report.Fail(bundle.error());
    const Phrase line{"{} 完整無誤：{} 個檔案，{}，製作於 {}\n", "{} is whole: {} [file|files], {}, made at {}\n"};
    const auto count = static_cast<std::int64_t>(bundle->entries.size());
    const std::string head = fmt::format(fmt::runtime(ChooseByCount(line.In(report.language), count)), bundle->path.string(), count, FormatBytes(bundle->bytes),
                                         FormatTime(bundle->created, report.language));
    report.Say(head + ListOf(*bundle), ToJson(*bundle));
    return kExitOk;
}

}  // namespace

void AddBundleCommands(CLI::App& vuln, const Report& report, std::function<ExitCode()>& run) {
    const auto options = std::make_shared<BundleOptions>();
    CLI::App* command = vuln.add_subcommand("bundle", "put the files of all feeds into one checksummed file, or check such a file");
    CLI::Option* out = command->add_option("--out", options->out, "file to be made")->type_name("FILE");
    CLI::Option* check = command->add_option("--check", options->check, "bundle to be checked and listed")->type_name("FILE");
    constexpr std::array<const char*, kRoles.size()> kHelp{"NVD 2.0: file or folder",        "CVE JSON 5: file or folder",  "known exploited vulnerabilities", "exploit prediction scores",
                                                           "OSV: file or folder", "Debian security tracker"};
    for (std::size_t i = 0; i < kRoles.size(); ++i) {
        command->add_option("--" + std::string(FeedRoleName(kRoles[i])), options->inputs[i], kHelp[i])->type_name("PATH")->excludes(check);
    }
    out->excludes(check);
    command->callback([options, &report, &run, out, check] {
        if (out->count() + check->count() == 0) throw CLI::RequiredError("--out or --check");
        run = [options, &report] { return options->check.empty() ? MakeAndTell(*options, report) : CheckAndTell(*options, report); };
    });
}

}  // namespace opsteward::cli
