#include <fmt/format.h>

#include <algorithm>

#include "base/civil_time.hpp"
#include "base/clock.hpp"
#include "base/count_text.hpp"
#include "base/text.hpp"
#include "cli/logs/interrupt.hpp"
#include "cli/logs/progress.hpp"
#include "cli/vulnerabilities/vulnerability_commands.hpp"
#include "features/vulnerabilities/snapshot/compiler.hpp"

namespace opsteward::cli {

namespace {

json::array FeedsJson(const vuln::IntakeReport& intake) {
    json::array feeds;
    for (const auto& feed : intake.feeds) {
        feeds.push_back({{"feed", vuln::FeedRoleName(feed.role)},
                         {"files", feed.files},
                         {"records", feed.count.records},
                         {"odd_parts", feed.count.odd_parts},
                         {"passed_over", feed.count.passed_over}});
    }
    return feeds;
}

json::object CountsJson(const vuln::CompileCounts& counts) {
    return {{"records", counts.records},
            {"products", counts.products},
            {"ranges", counts.ranges},
            {"configurations", counts.configurations},
            {"odd_criteria", counts.odd_criteria}};
}

std::string FeedsText(const vuln::IntakeReport& intake, Language language) {
    std::string text;
    for (const auto& feed : intake.feeds) {
        const Phrase line{"  {:<7} {} 個檔案，{} 筆紀錄", "  {:<7} files: {}, records: {}"};
        text += fmt::format(fmt::runtime(line.In(language)), vuln::FeedRoleName(feed.role), feed.files, feed.count.records);
        if (feed.count.odd_parts > 0) {
            text += fmt::format(fmt::runtime(Phrase{"；{} 處格式不明，略過", "; parts of no known shape, left out: {}"}.In(language)), feed.count.odd_parts);
        }
        text += '\n';
    }
    if (!intake.ignored.empty()) {
        text += fmt::format(fmt::runtime(Phrase{"  略過 {} 個非來源檔案\n", "  files that are no feeds, passed over: {}\n"}.In(language)), intake.ignored.size());
    }
    return text;
}

class Compilation {
  public:
    Compilation(const CompileRequest& request, const Report& report) : request_(request), report_(report), progress_(report.language) {}

    Result<void> Run() {
        if (request_.inputs.empty() && request_.bundle.empty()) {
            return Error::Of(ErrorCode::kInvalidInput, "請至少指定一個來源，例如 --nvd DIR。", "At least one feed is needed, such as --nvd DIR.");
        }
        OPS_TRY(intake_, TakeInFeeds());
        return request_.base.empty() ? CompileAnew() : Update();
    }

  private:
    std::function<bool()> Cancelled() const {
        return [this] { return interrupt_.is_asked(); };
    }

    Result<vuln::IntakeReport> TakeInFeeds() {
        vuln::IntakeOptions options;
        options.is_cancelled = Cancelled();
        options.progress = [this](std::uint64_t done, std::uint64_t total) { progress_.ShowBytes(done, FormatBytes(total)); };
        if (request_.bundle.empty()) return vuln::TakeIn(request_.inputs, nullptr, store_, options);
        OPS_TRY(const vuln::Bundle bundle, vuln::OpenBundle(request_.bundle, [this](std::uint64_t) { return !interrupt_.is_asked(); }));
        return vuln::TakeIn(request_.inputs, &bundle, store_, options);
    }

    void Fill(vuln::CompileOptions& options) const {
        options.out = request_.out;
        options.is_cancelled = Cancelled();
        options.meta["created"] = FormatRfc3339(SystemClock().Now());
        options.meta["feeds"] = FeedsJson(intake_);
    }

    Result<void> CompileAnew() {
        vuln::CompileOptions options;
        Fill(options);
        OPS_TRY(const vuln::CompileCounts counts, vuln::CompileSnapshot(store_, options));
        json::object value = CountsJson(counts);
        Say(counts, "", value);
        return Ok();
    }

    Result<void> Update() {
        OPS_TRY(const auto base, vuln::Snapshot::Open(request_.base));
        vuln::UpdateOptions options;
        Fill(options);
        const auto is_given = [this](vuln::FeedRole role) { return std::ranges::find(intake_.feeds, role, &vuln::IntakeReport::Feed::role) != intake_.feeds.end(); };
        if (is_given(vuln::FeedRole::kKev)) options.whole_origins.push_back(vuln::Origin::kKev);
        if (is_given(vuln::FeedRole::kDebian)) options.whole_origins.push_back(vuln::Origin::kDebian);
        OPS_TRY(const vuln::UpdateCounts counts, vuln::UpdateSnapshot(*base, store_, options));
        json::object value = CountsJson(counts.whole);
        value["new_records"] = counts.new_records;
        value["changed_records"] = counts.changed_records;
        json::array products;
        for (const std::string& key : counts.changed_products) products.emplace_back(ProductText(key));
        value["changed_products"] = std::move(products);
        std::string text = fmt::format(fmt::runtime(Phrase{"新增 {} 筆、變更 {} 筆紀錄；{} 項產品的弱點範圍有變動",
                                                           "records new: {}, changed: {}; products whose vulnerable versions changed: {}"}
                                                        .In(report_.language)),
                                       counts.new_records, counts.changed_records, counts.changed_products.size());
        text += counts.changed_products.empty() ? "\n" : ":\n";
        for (const std::string& key : counts.changed_products) text += "  " + ProductText(key) + "\n";
        Say(counts.whole, text, value);
        return Ok();
    }

    static std::string ProductText(std::string key) {
        if (!key.starts_with("pkg\n")) return key;
        key.erase(0, 4);
        std::ranges::replace(key, '\n', ' ');
        return key;
    }

    void Say(const vuln::CompileCounts& counts, const std::string& changes, json::object& value) const {
        std::error_code error;
        const std::uint64_t bytes = std::filesystem::file_size(request_.out, error);
        value["out"] = request_.out.string();
        value["bytes"] = bytes;
        value["feeds"] = FeedsJson(intake_);
        value["ignored_files"] = intake_.ignored.size();
        const Phrase line{"{}：{} 筆弱點、{} 項產品、{} 個版本範圍，{}\n", "{}: vulnerabilities {}, products {}, ranges of versions {}, {}\n"};
        report_.Say(fmt::format(fmt::runtime(line.In(report_.language)), request_.out.string(), counts.records, counts.products, counts.ranges, FormatBytes(bytes)) +
                        FeedsText(intake_, report_.language) + changes,
                    value);
    }

    const CompileRequest& request_;
    const Report& report_;
    Interrupt interrupt_;
    mutable Progress progress_;
    vuln::RecordStore store_;
    vuln::IntakeReport intake_;
};

}  // namespace

ExitCode CompileVulnerabilities(const CompileRequest& request, const Report& report) {
    const auto done = Compilation(request, report).Run();
    return done.ok() ? kExitOk : report.Fail(done.error());
}

}  // namespace opsteward::cli
