#include "cli/vulnerabilities/fetch_commands.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <string>

#include "base/civil_time.hpp"
#include "base/count_text.hpp"
#include "base/text.hpp"
#include "cli/files.hpp"
#include "cli/logs/interrupt.hpp"
#include "cli/logs/progress.hpp"
#include "features/vulnerabilities/feed/nvd_api.hpp"

namespace opsteward::cli {

namespace {

struct FetchOptions {
    std::string url;
    std::filesystem::path folder;
    std::filesystem::path key_file;
    std::filesystem::path trusted;
    std::string since;
};

/// Empty where no file was named. The key is shown nowhere.
Result<std::string> ReadKey(const std::filesystem::path& file) {
    if (file.empty()) return std::string();
    constexpr std::size_t kMaxBytes = 4096;
    OPS_TRY(const std::string bytes, ReadWholeFile(file, kMaxBytes));
    const std::string_view key = Trim(bytes);
    const bool is_key = !key.empty() && key.size() <= 200 && std::ranges::all_of(key, [](char c) { return c > ' ' && c < 0x7f; });
    if (is_key) return std::string(key);
    return Error::Of(ErrorCode::kInvalidInput, file.string() + " 中沒有 API 金鑰（一行，不含空白）。",
                     file.string() + " holds no API key (one line without blanks).");
}

/// In pieces: the signal ends one of them, but may come between two.
Result<void> Wait(std::chrono::milliseconds time, const Interrupt& interrupt) {
    constexpr std::chrono::milliseconds kPiece{500};
    while (time.count() > 0 && !interrupt.is_asked()) {
        const auto piece = std::min(time, kPiece);
        ::poll(nullptr, 0, static_cast<int>(piece.count()));
        time -= piece;
    }
    if (!interrupt.is_asked()) return Ok();
    return Error::Of(ErrorCode::kCancelled, "已中斷；已下載的部分保留，再執行一次即從該處繼續。",
                     "Interrupted; what was fetched is kept, and the same command goes on from there.");
}

Result<vuln::NvdDownload> Download(const FetchOptions& options, const Report& report) {
    vuln::NvdRequest request{options.url, options.folder, !options.key_file.empty(), std::nullopt};
    OPS_TRY(const std::string key, ReadKey(options.key_file));
    if (!options.since.empty()) {
        OPS_TRY(request.since, ParseRfc3339(options.since));
    }
    const Interrupt interrupt;
    Progress progress(report.language);
    net::HttpClient client({.trusted = options.trusted,
                            .timeout = std::chrono::minutes(5),
                            .max_body_bytes = vuln::kMaxNvdPageBytes,
                            .is_cancelled = [&] { return interrupt.is_asked(); }});
    std::vector<net::HttpField> fields;
    if (!key.empty()) fields.push_back({"apiKey", key});
    const SystemClock clock;
    const vuln::NvdSurroundings world{
        clock,
        [&](const std::string& url) { return client.Get(url, fields); },
        [&](std::chrono::milliseconds time) { return Wait(time, interrupt); },
        [&](const vuln::NvdProgress& so_far) {
            progress.Show(so_far.records, fmt::format("/ {}, {} / {}", so_far.total, so_far.period, so_far.periods));
        },
    };
    return vuln::DownloadNvd(request, world);
}

ExitCode Fetch(const FetchOptions& options, const Report& report) {
    const auto done = Download(options, report);
    if (!done.ok()) return report.Fail(done.error());
    const std::string until = FormatRfc3339(done->until);
    const Phrase line{"已下載 {} 筆，存為 {} 個檔案於 {}。下次請以 --since {} 取得其後的變動。\n",
                      "Fetched {} records into {} files in {}. Next time, --since {} gets what has changed since.\n"};
    report.Say(fmt::format(fmt::runtime(line.In(report.language)), done->records, done->pages, options.folder.string(), until),
               {{"records", done->records}, {"files", done->pages}, {"folder", options.folder.string()}, {"resumed", done->was_resumed}, {"until", until}});
    return kExitOk;
}

}  // namespace

void AddFetchCommands(CLI::App& vuln, const Report& report, std::function<ExitCode()>& run) {
    const auto options = std::make_shared<FetchOptions>();
    CLI::App* command = vuln.add_subcommand("fetch", "download what the NVD API has, page by page; goes on where it was interrupted");
    command->add_option("--nvd-api", options->url, "address of the API: https://services.nvd.nist.gov/rest/json/cves/2.0")->required()->type_name("URL");
    command->add_option("--out", options->folder, "folder for the files; made when it is not there")->required()->type_name("DIR");
    command->add_option("--api-key-file", options->key_file, "file with the API key alone; without one it takes ten times as long")->type_name("FILE");
    command->add_option("--since", options->since, "only what was modified since: a day, or RFC 3339")->type_name("TIME");
    command->add_option("--ca", options->trusted, "certificate of the authority to trust; none: those that the machine trusts")->type_name("FILE");
    command->callback([options, &report, &run] { run = [options, &report] { return Fetch(*options, report); }; });
}

}  // namespace opsteward::cli
