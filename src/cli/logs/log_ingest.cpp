#include <fmt/format.h>

#include <cstdio>

#include "base/clock.hpp"
#include "base/count_text.hpp"
#include "base/text.hpp"
#include "cli/logs/interrupt.hpp"
#include "cli/logs/log_commands.hpp"
#include "cli/logs/log_input.hpp"
#include "cli/logs/progress.hpp"
#include "cli/logs/space_line.hpp"
#include "cli/logs/vault_folder.hpp"
#include "crypto/base64.hpp"
#include "features/logs/line_cutter.hpp"

namespace opsteward::cli {

namespace {

/// What was kept of the files, in their order.
class Ingestion {
  public:
    Ingestion(vault::VaultWriter& vault, const IngestRequest& request, Language language) : vault_(vault), request_(request), progress_(language) {}

    Result<void> ReadFile(const std::filesystem::path& path) {
        OPS_TRY(LogInput input, LogInput::Open(path));
        std::string waiting;  // the beginning of a line whose end has not come yet
        bool is_end = false;
        while (!is_end) {
            auto bytes = input.Read();
            // Cut off by the person, not by the input: half a line is no record then.
            if (interrupt_.is_asked()) break;
            // What came before the damage is good.
            is_end = !bytes.ok() || bytes->empty();
            if (bytes.ok()) waiting += *bytes;
            const logs::CutLines cut = logs::Cut(waiting, is_end, vault::kMaxMessage);
            OPS_CHECK(Keep(cut.lines));
            waiting.erase(0, cut.used);
            if (!bytes.ok()) return bytes.error();
        }
        return Ok();
    }

    bool is_interrupted() const { return interrupt_.is_asked(); }
    std::uint64_t records() const { return records_; }
    std::uint64_t bytes() const { return bytes_; }

  private:
    Result<void> Keep(const std::vector<std::string_view>& lines) {
        batch_.clear();
        std::size_t batch_bytes = 0;
        for (const std::string_view line : lines) {
            batch_.push_back({clock_.Now(), vault::Transport::kImport, request_.source, request_.kind, "", line});
            batch_bytes += line.size();
            if (batch_bytes >= kGroupBytes) {
                OPS_CHECK(KeepBatch(batch_bytes));
                batch_bytes = 0;
            }
        }
        return KeepBatch(batch_bytes);
    }

    Result<void> KeepBatch(std::size_t batch_bytes) {
        if (batch_.empty()) return Ok();
        OPS_CHECK(vault_.Append(batch_));
        records_ += batch_.size();
        bytes_ += batch_bytes;
        batch_.clear();
        progress_.Show(records_, FormatBytes(bytes_));
        return Ok();
    }

    static constexpr std::size_t kGroupBytes = 4U << 20;

    vault::VaultWriter& vault_;
    const IngestRequest& request_;
    Interrupt interrupt_;
    Progress progress_;
    SystemClock clock_;
    std::vector<vault::RecordView> batch_;
    std::uint64_t records_ = 0;
    std::uint64_t bytes_ = 0;
};

constexpr std::uint64_t kSegmentBytes = 8U << 20;

Result<void> ReadAll(Ingestion& ingestion, const IngestRequest& request) {
    const std::vector<std::filesystem::path> standard_input{"-"};
    for (const auto& path : request.files.empty() ? standard_input : request.files) {
        OPS_CHECK(ingestion.ReadFile(path));
        if (ingestion.is_interrupted()) return Error::Of(ErrorCode::kCancelled, "已中斷。", "Interrupted.");
    }
    return Ok();
}

/// Before anything is read. With --json the answer tells it: standard error is for one document, an error.
void WarnOfLittleSpace(const vault::VaultWriter& vault, const Report& report) {
    const auto space = vault.MeasureSpace(SystemClock().Now());
    if (report.as_json || !space.ok() || vault::Judge(*space) == vault::SpaceState::kEnough) return;
    fmt::print(stderr, "opsteward: {}", SpaceLine(*space, report.language));
    std::fflush(stderr);
}

void SayKept(const vault::VaultWriter& vault, std::uint64_t records, std::uint64_t bytes, const Result<vault::Checkpoint>& sealed, const Report& report) {
    const std::uint64_t first = vault.size() - records;
    const Phrase kept{"已保存 {} 筆（{}），從第 {} 筆起；記錄庫共 {} 筆，{}。\n",
                      "{} [record|records] kept ({}), from number {}; the vault holds {}, {}.\n"};
    const Phrase state = sealed.ok() ? Phrase{"均已簽署", "sealed"} : Phrase{"尚未簽署", "not sealed"};
    const std::string text =
        fmt::format(fmt::runtime(ChooseByCount(kept.In(report.language), static_cast<std::int64_t>(records))), records, FormatBytes(bytes), first,
                    vault.size(), state.In(report.language));
    json::object value{{"records", records}, {"bytes", bytes}, {"first", first}, {"tree_size", vault.size()}, {"is_sealed", sealed.ok()}};
    if (sealed.ok()) value["root"] = crypto::Base64Encode(sealed->root);
    if (const auto space = vault.MeasureSpace(SystemClock().Now()); space.ok()) value["space"] = vault::NameOf(vault::Judge(*space));
    report.Say(text, value);
}

}  // namespace

ExitCode IngestLogs(const std::filesystem::path& data, const IngestRequest& request, const Report& report) {
    if (request.source == vault::kOwnSource) {
        return report.Fail(Error::Of(ErrorCode::kInvalidInput, fmt::format("來源名稱 {} 保留給本系統自己的紀錄。", vault::kOwnSource),
                                     fmt::format("The source {} is kept for the records of the program itself.", vault::kOwnSource)));
    }
    const auto vault = OpenVaultPatiently(data);
    if (!vault.ok()) return report.Fail(vault.error());
    WarnOfLittleSpace(**vault, report);
    Result<void> outcome;
    std::uint64_t records = 0;
    std::uint64_t bytes = 0;
    {
        Ingestion ingestion(**vault, request, report.language);
        outcome = ReadAll(ingestion, request);
        records = ingestion.records();
        bytes = ingestion.bytes();
    }
    // A small rest stays in the write-ahead log: many tiny segments would be no help to anybody.
    if (outcome.ok() && bytes >= kSegmentBytes) outcome = (*vault)->WriteSegments();
    const auto sealed = (*vault)->Seal();
    if (outcome.ok() || records > 0) SayKept(**vault, records, bytes, sealed, report);
    if (!outcome.ok()) return report.Fail(outcome.error());
    return sealed.ok() ? kExitOk : report.Fail(sealed.error());
}

}  // namespace opsteward::cli
