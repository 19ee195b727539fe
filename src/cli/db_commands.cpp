#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/backup.hpp"
#include "cli/commands.hpp"
#include "cli/records.hpp"
#include "cli/seal_place.hpp"
#include "db/data_folder.hpp"
#include "features/inventory/own_records.hpp"
#include "platform/audit/sealed_check.hpp"

namespace opsteward::cli {

namespace {

Result<BackupSummary> MakeBackup(const Configuration& configuration, const std::filesystem::path& to) {
    const SystemClock clock;
    OPS_TRY(const auto records, OpenExistingRecords(configuration, clock));
    OPS_TRY(const auto summary, WriteBackup(*records, configuration.data, to, clock));
    OPS_CHECK(CheckBackup(to));
    OPS_CHECK(records->WriteWith([&](db::Transaction& transaction) {
        return inventory::RecordBackup(transaction, {"records", to.string(), clock.Now(), clock.Now(), summary.bytes});
    }));
    return summary;
}

Result<BackupSummary> PutBack(const Configuration& configuration, const std::filesystem::path& from) {
    OPS_CHECK(db::PrepareDataFolder(configuration.data));
    OPS_TRY(const auto lock, db::DataFolderLock::Acquire(configuration.data));
    return RestoreBackup(from, configuration.data);
}

Result<audit::Verdict> VerifyTrail(const Configuration& configuration) {
    const SystemClock clock;
    OPS_TRY(const auto records, OpenExistingRecords(configuration, clock));
    OPS_TRY(auto verdict, audit::VerifyWithVault(*records, SealPlaceOf(configuration.data)));
    OPS_CHECK(records->WriteWith(
        [&](db::Transaction& transaction) { return audit::RecordVerdict(transaction, verdict, clock.Now()); }));
    return verdict;
}

ExitCode SayDone(const Result<BackupSummary>& summary, Phrase done, const Report& report) {
    if (!summary.ok()) return report.Fail(summary.error());
    report.Say(fmt::format("{} {} ({} files, {})\n", done.In(report.language), summary->folder.string(), summary->files,
                           FormatBytes(summary->bytes)),
               {{"folder", summary->folder.string()}, {"files", summary->files}, {"bytes", summary->bytes}});
    return kExitOk;
}

std::string SealedText(const audit::Verdict& verdict, Language language) {
    const bool is_english = language == Language::kEnglish;
    if (!verdict.sealed) return is_english ? "There is no log vault here to compare it with.\n" : "此處沒有記錄庫可供比對。\n";
    return fmt::format(fmt::runtime(is_english ? "{} of them are sealed in the log vault, and are the same there.\n" : "其中 {} 筆已封存於記錄庫，內容相符。\n"),
                       *verdict.sealed);
}

}  // namespace

ExitCode BackUp(const Configuration& configuration, const std::filesystem::path& to, const Report& report) {
    return SayDone(MakeBackup(configuration, to), {"已備份並核對：", "Backed up and checked:"}, report);
}

ExitCode Restore(const Configuration& configuration, const std::filesystem::path& from, const Report& report) {
    return SayDone(PutBack(configuration, from), {"已還原：", "Restored:"}, report);
}

ExitCode VerifyRecords(const Configuration& configuration, const Report& report) {
    const auto verdict = VerifyTrail(configuration);
    if (!verdict.ok()) return report.Fail(verdict.error());
    if (!verdict->is_intact) return report.Fail(Error::Of(ErrorCode::kCorrupt, verdict->problem.zh, verdict->problem.en));
    const bool is_english = report.language == Language::kEnglish;
    const std::string text = fmt::format(fmt::runtime(is_english ? "The audit trail is intact: {} rows.\n" : "稽核軌跡完整：共 {} 筆。\n"), verdict->rows);
    report.Say(text + SealedText(*verdict, report.language),
               {{"is_intact", true}, {"rows", verdict->rows}, {"sealed_rows", verdict->sealed ? json::value(*verdict->sealed) : json::value(nullptr)}});
    return kExitOk;
}

}  // namespace opsteward::cli
