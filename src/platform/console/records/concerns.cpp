#include "platform/console/records/concerns.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "base/civil_time.hpp"
#include "base/text.hpp"
#include "net/certificate_facts.hpp"
#include "platform/console/records/audit_reading.hpp"
#include "platform/console/records/job_actions.hpp"
#include "platform/console/records/job_words.hpp"
#include "platform/console/records/seal_view.hpp"

namespace opsteward::console::records {

namespace {

constexpr std::string_view kSettingsPath = "/settings";
/// Time enough to get a new certificate from an authority.
constexpr std::chrono::days kCertificateNotice{30};
constexpr std::uintmax_t kLittleSpace = std::uintmax_t{1} << 30;

void AddPackConcerns(const Services& services, std::vector<Concern>& concerns) {
    const auto faults = services.procedure.faults();
    if (!faults.empty()) {
        concerns.push_back(
            {web::Tone::kNotMet,
             {fmt::format("程序書檔案有 {} 處錯誤", faults.size()),
              fmt::format("The procedure pack has {} faults", faults.size())},
             {"仍沿用先前的版本。" + procedure::DescribeFault(faults.front(), Language::kZhHant),
              "The version before stays in use. " + procedure::DescribeFault(faults.front(), Language::kEnglish)},
             std::string(kSettingsPath)});
    }
}

Result<void> AddCheckConcerns(const Services& services, std::vector<Concern>& concerns) {
    OPS_TRY(const auto board, services.procedure.BoardFor({}, std::nullopt));
    if (board->refused_checks.empty()) return Ok();
    const std::size_t count = board->refused_checks.size();
    concerns.push_back({web::Tone::kAttention,
                        {fmt::format("{} 項檢核未能執行", count), fmt::format("{} checks were refused", count)},
                        board->refused_checks.front(),
                        std::string(kSettingsPath)});
    return Ok();
}

void AddCertificateConcern(const Services& services, Instant now, std::vector<Concern>& concerns) {
    if (services.program.certificate_file.empty()) return;
    const auto facts = net::ReadCertificate(services.program.certificate_file);
    if (!facts.ok()) {
        concerns.push_back({web::Tone::kNotMet,
                            {"無法讀取伺服器憑證", "The server's certificate can't be read"},
                            facts.error().caller_text,
                            std::string(kSettingsPath)});
        return;
    }
    if (facts->ends - now > kCertificateNotice) return;
    const bool is_over = facts->ends <= now;
    concerns.push_back(
        {is_over ? web::Tone::kNotMet : web::Tone::kAttention,
         is_over ? Text{"伺服器憑證已到期", "The server's certificate has expired"}
                 : Text{"伺服器憑證即將到期", "The server's certificate expires soon"},
         {fmt::format("{}到期。請換上新憑證後重新啟動。", FormatDate(TaipeiDate(facts->ends), Language::kZhHant)),
          fmt::format("It ends on {}. Put a new one in its place and restart.",
                      FormatDate(TaipeiDate(facts->ends), Language::kEnglish))},
         std::string(kSettingsPath)});
}

void AddDiskConcern(const Services& services, std::vector<Concern>& concerns) {
    std::error_code error;
    const auto space = std::filesystem::space(services.program.data_folder, error);
    if (error || space.available >= kLittleSpace) return;
    const std::string left = FormatBytes(space.available);
    concerns.push_back(
        {web::Tone::kNotMet,
         {"資料夾所在的磁碟空間不足", "The disk of the data folder is nearly full"},
         {fmt::format("只剩 {}。請清出空間；空間用盡時，變更會被拒絕，已存的資料不受影響。", left),
          fmt::format("{} are left. Make room: when it is used up, changes are refused; what is kept stays safe.",
                      left)},
         std::string(kSettingsPath)});
}

Concern BrokenChain(const audit::DatedVerdict& last) {
    return {web::Tone::kNotMet,
            {"稽核鏈已中斷", "The audit chain is broken"},
            {last.verdict.problem.zh + "請先備份並通報資安執行小組。",
             last.verdict.problem.en + " Make a backup and tell the security team."},
            "/audit"};
}

Concern NotSealed(const SealFault& fault) {
    return {web::Tone::kNotMet, {"稽核紀錄未能封存", "The audit trail is not sealed"}, fault.text, "/audit"};
}

Concern FailingJob(const Services& services, const jobs::Job& job) {
    const auto kinds = services.job_kinds();
    return {web::Tone::kAttention,
            {"工作失敗：" + JobKindTitle(kinds, job.kind, Language::kZhHant),
             "Job failed: " + JobKindTitle(kinds, job.kind, Language::kEnglish)},
            job.error,
            fmt::format("/jobs/{}", job.id)};
}

Result<void> AddRecordConcerns(const Services& services, const identity::Principal& reader,
                               std::vector<Concern>& concerns) {
    const bool may_read_audit = reader.May(kMayReadAudit);
    const bool may_manage_jobs = reader.May(kMayManageJobs);
    if (!may_read_audit && !may_manage_jobs) return Ok();
    return services.database.ReadWith([&](db::Session& session) -> Result<void> {
        if (may_read_audit) {
            OPS_TRY(const auto last, audit::LastVerdict(session));
            if (last && !last->verdict.is_intact) concerns.push_back(BrokenChain(*last));
            OPS_TRY(const auto fault, ReadSealFault(services, session));
            if (fault) concerns.push_back(NotSealed(*fault));
        }
        if (may_manage_jobs) {
            OPS_TRY(const auto failing, FailingJobs(session));
            for (const jobs::Job& job : failing) {
                const bool is_told = may_read_audit && job.kind == services.seal_job;
                if (!is_told) concerns.push_back(FailingJob(services, job));
            }
        }
        return Ok();
    });
}

}  // namespace

Result<std::vector<Concern>> SettingsConcerns(const Services& services, Instant now) {
    std::vector<Concern> concerns;
    AddPackConcerns(services, concerns);
    OPS_CHECK(AddCheckConcerns(services, concerns));
    AddCertificateConcern(services, now, concerns);
    AddDiskConcern(services, concerns);
    return concerns;
}

Result<std::vector<platform::Task>> RecordsTasks(const Services& services, const web::RequestContext& context) {
    std::vector<Concern> concerns;
    OPS_CHECK(AddRecordConcerns(services, context.principal(), concerns));
    if (context.principal().HoldsAnywhere(identity::Role::kAdministrator)) {
        OPS_TRY(const std::vector<Concern> settings, SettingsConcerns(services, context.now));
        concerns.insert(concerns.end(), settings.begin(), settings.end());
    }
    std::ranges::stable_sort(concerns, {}, [](const Concern& concern) { return concern.tone != web::Tone::kNotMet; });
    std::vector<platform::Task> tasks;
    for (const Concern& concern : concerns) {
        tasks.push_back({.title = concern.title.In(context.language),
                         .detail = concern.detail.In(context.language),
                         .href = concern.href,
                         .tone = concern.tone,
                         .due_at = std::nullopt});
    }
    return tasks;
}

}  // namespace opsteward::console::records
