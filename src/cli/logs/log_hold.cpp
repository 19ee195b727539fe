#include <fmt/format.h>

#include "cli/logs/log_commands.hpp"
#include "cli/logs/vault_folder.hpp"
#include "db/data_folder.hpp"

namespace opsteward::cli {

namespace {

std::optional<std::string> Given(const std::string& text) { return text.empty() ? std::nullopt : std::optional(text); }

Result<std::optional<Date>> DayOf(const std::string& text) {
    if (text.empty()) return std::optional<Date>();
    OPS_TRY(const Date day, ParseDate(text));
    return std::optional(day);
}

Result<std::size_t> Hold(const std::filesystem::path& data, const HoldOptions& options) {
    vault::Hold hold{{Given(options.source), Given(options.kind)}, {}, {}, options.reason};
    OPS_TRY(hold.from, DayOf(options.from));
    OPS_TRY(hold.to, DayOf(options.to));
    OPS_CHECK(db::PrepareDataFolder(data));
    OPS_CHECK(db::PrepareDataFolder(VaultFolder(data)));
    // Under the vault's lock, so that nothing is being deleted at this moment, and no other hold is being added.
    OPS_TRY(const auto lock, db::DataFolderLock::Acquire(VaultFolder(data)));
    OPS_TRY(const vault::RetentionRules rules, vault::AddHold(RetentionFile(data), hold));
    return rules.holds.size();
}

}  // namespace

ExitCode HoldLogs(const std::filesystem::path& data, const HoldOptions& options, const Report& report) {
    const auto holds = Hold(data, options);
    if (!holds.ok()) return report.Fail(holds.error());
    const std::string file = RetentionFile(data).string();
    const Phrase line{"已加入保全；{} 共有 {} 項。\n", "Held; {} has {} in all.\n"};
    report.Say(fmt::format(fmt::runtime(line.In(report.language)), file, *holds), {{"file", file}, {"holds", *holds}});
    return kExitOk;
}

}  // namespace opsteward::cli
