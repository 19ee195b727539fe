#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <map>

#include "base/count_text.hpp"
#include "base/mutex.hpp"
#include "base/text.hpp"
#include "cli/logs/each_line.hpp"
#include "cli/logs/interrupt.hpp"
#include "cli/logs/log_input.hpp"
#include "cli/vulnerabilities/finding_lines.hpp"
#include "cli/vulnerabilities/title_namer.hpp"
#include "cli/vulnerabilities/vulnerability_commands.hpp"
#include "features/vulnerabilities/match/inventory.hpp"
#include "features/vulnerabilities/match/matcher.hpp"

namespace opsteward::cli {

namespace {

/// Puts what threads make of their batches out in the order of the batches.
class OrderedOutput {
  public:
    /// An error when nothing can be written any more.
    Result<void> Put(std::size_t batch, std::string text) {
        const MutexLock lock(mutex_);
        waiting_.emplace(batch, std::move(text));
        for (auto first = waiting_.begin(); first != waiting_.end() && first->first == next_; first = waiting_.erase(first), ++next_) {
            if (std::fwrite(first->second.data(), 1, first->second.size(), stdout) != first->second.size()) return Unwritable();
        }
        return Ok();
    }
    static Result<void> Finish() { return std::fflush(stdout) == 0 ? Ok() : Result<void>(Unwritable()); }

  private:
    static Error Unwritable() { return Error::Of(ErrorCode::kUnavailable, "無法寫出結果。", "The findings can't be written out."); }

    Mutex mutex_;
    std::map<std::size_t, std::string> waiting_ OPS_GUARDED_BY(mutex_);
    std::size_t next_ OPS_GUARDED_BY(mutex_) = 0;
};

Result<vuln::Fleet> ReadInventory(const std::filesystem::path& path, const Interrupt& interrupt) {
    OPS_TRY(LogInput input, LogInput::Open(path));
    vuln::Fleet fleet;
    vuln::InventoryReader reader;
    const auto next = [&]() -> Result<std::string_view> {
        OPS_TRY(const std::string_view bytes, input.Read());
        if (interrupt.is_asked()) return Error::Of(ErrorCode::kCancelled, "已中斷。", "Interrupted.");
        return bytes;
    };
    OPS_CHECK(ForEachLine(next, vuln::InventoryReader::kMaxLineBytes, [&](std::string_view line, std::uint64_t number) -> Result<void> {
        auto done = reader.Read(line, fleet);
        if (done.ok()) return Ok();
        Error error = std::move(done).error();
        error.caller_text.zh = fmt::format("{} 第 {} 行：{}", path.string(), number, error.caller_text.zh);
        error.caller_text.en = fmt::format("{}, line {}: {}", path.string(), number, error.caller_text.en);
        error.operator_text = error.caller_text.en;
        return error;
    }));
    return fleet;
}

json::array PackagesJson(const vuln::Fleet& fleet, const std::vector<std::uint32_t>& packages) {
    json::array list;
    for (const std::uint32_t number : packages) {
        const vuln::Package& package = fleet.packages()[number];
        list.push_back({{"name", package.name}, {"publisher", package.publisher}, {"version", package.version}});
    }
    return list;
}

json::object CountsJson(const vuln::MatchCounts& counts, std::uint64_t shown, const vuln::Fleet& fleet) {
    const auto of = [&counts](vuln::Judgement judgement) { return counts.packages[static_cast<std::size_t>(judgement)]; };
    return {{"hosts", counts.hosts},
            {"findings", shown},
            {"unknown_systems", counts.unknown_systems},
            {"packages",
             {{"by_distribution", of(vuln::Judgement::kByDistribution)},
              {"by_cpe", of(vuln::Judgement::kByCpe)},
              {"no_data", of(vuln::Judgement::kNoData)},
              {"no_product", of(vuln::Judgement::kNoProduct)},
              {"unnamed", of(vuln::Judgement::kUnnamed)},
              {"bad_name", of(vuln::Judgement::kBadName)}}},
            {"unnamed", PackagesJson(fleet, counts.unnamed)},
            {"without_data", PackagesJson(fleet, counts.without_data)}};
}

/// What was not judged is never left unsaid.
std::string CountsText(const vuln::MatchCounts& counts, std::uint64_t shown, Language language) {
    const auto of = [&counts](vuln::Judgement judgement) { return counts.packages[static_cast<std::size_t>(judgement)]; };
    std::string text = fmt::format(fmt::runtime(Phrase{"{} 部主機，{} 筆弱點\n", "Hosts: {}, findings: {}\n"}.In(language)), counts.hosts, shown);
    text += fmt::format(fmt::runtime(Phrase{"不同的套件：依發行版資料判定 {}，依 CPE 判定 {}\n", "Different packages judged by data of their distribution or language: {}, by CPE: {}\n"}
                                         .In(language)),
                        of(vuln::Judgement::kByDistribution), of(vuln::Judgement::kByCpe));
    const auto add = [&](std::uint64_t number, Phrase line) {
        if (number > 0) text += fmt::format(fmt::runtime(line.In(language)), number);
    };
    add(of(vuln::Judgement::kNoData), {"未判定：快照沒有其發行版或語言的資料 {}\n", "Not judged, as the snapshot has no data of their distribution or language: {}\n"});
    add(of(vuln::Judgement::kNoProduct), {"不是會有弱點紀錄的產品（語言套件、驅動程式元件等） {}\n", "No products that vulnerabilities are recorded of (language packs, parts of drivers): {}\n"});
    add(of(vuln::Judgement::kUnnamed), {"未判定：無法確定是哪一項產品 {}\n", "Not judged, as it can't be told which product they are: {}\n"});
    add(of(vuln::Judgement::kBadName), {"未判定：cpe 或 purl 不合規則 {}\n", "Not judged, as their cpe or purl is none: {}\n"});
    add(counts.unknown_systems, {"作業系統不明的主機 {}\n", "Hosts whose system is not known: {}\n"});
    return text;
}

class Matching {
  public:
    Matching(const MatchRequest& request, const Report& report) : request_(request), report_(report) {}

    Result<void> Run() {
        OPS_TRY(const auto snapshot, vuln::Snapshot::Open(request_.snapshot));
        OPS_TRY(const vuln::Fleet fleet, ReadInventory(request_.inventory, interrupt_));
        const FindingLines lines(*snapshot, fleet, {request_.least_severity, request_.leaves_out_conditional}, report_.as_json);
        vuln::MatchOptions options;
        options.is_cancelled = [this] { return interrupt_.is_asked() || has_failed_; };
        OPS_TRY(TitleNamer namer, TitleNamer::Make(request_.confirmations));
        options.namer = [&namer](const vuln::Package& package) { return namer.NamesOf(package); };
        if (!request_.counts) OPS_CHECK(output_.Put(0, lines.Head()));
        const auto counts = vuln::MatchFleet(*snapshot, fleet, options, [&](std::size_t batch, std::span<const vuln::Finding> findings) {
            shown_ += static_cast<std::uint64_t>(std::ranges::count_if(findings, [&lines](const vuln::Finding& finding) { return lines.IsShown(finding); }));
            if (!request_.counts) Keep(WriteBatch(batch + 1, lines, findings));
        });
        OPS_CHECK(FirstFailure());
        if (!counts.ok()) return counts.error();
        OPS_CHECK(OrderedOutput::Finish());
        if (request_.counts) {
            report_.Say(CountsText(*counts, shown_, report_.language), CountsJson(*counts, shown_, fleet));
        } else if (!report_.as_json) {
            fmt::print(stderr, "{}", CountsText(*counts, shown_, report_.language));
        }
        return Ok();
    }

  private:
    Result<void> WriteBatch(std::size_t number, const FindingLines& lines, std::span<const vuln::Finding> findings) {
        OPS_TRY(std::string text, lines.Write(findings));
        return output_.Put(number, std::move(text));
    }
    void Keep(Result<void> done) {
        if (done.ok()) return;
        const MutexLock lock(mutex_);
        if (!failure_) failure_ = std::move(done).error();
        has_failed_ = true;
    }
    Result<void> FirstFailure() {
        const MutexLock lock(mutex_);
        if (failure_) return *failure_;
        return Ok();
    }

    const MatchRequest& request_;
    const Report& report_;
    Interrupt interrupt_;
    OrderedOutput output_;
    std::atomic<std::uint64_t> shown_ = 0;
    std::atomic<bool> has_failed_ = false;
    Mutex mutex_;
    std::optional<Error> failure_ OPS_GUARDED_BY(mutex_);
};

}  // namespace

ExitCode MatchInventory(const MatchRequest& request, const Report& report) {
    const auto done = Matching(request, report).Run();
    return done.ok() ? kExitOk : report.Fail(done.error());
}

}  // namespace opsteward::cli
