#include "platform/console/records/upkeep_jobs.hpp"

#include <fmt/format.h>

#include "platform/console/records/audit_reading.hpp"

namespace opsteward::console::records {

namespace {

Text OutcomeText(const audit::Verdict& verdict) {
    if (!verdict.is_intact) return verdict.problem;
    return {fmt::format("{} 筆的雜湊值全部相符。", verdict.rows),
            fmt::format("All {} rows fit their hashes.", verdict.rows)};
}

Result<jobs::Effect> VerifyChain(const Services& services, jobs::JobContext& job) {
    const auto go_on = [&job](std::int64_t done, std::int64_t all) {
        job.Progress(all > 0 ? static_cast<double>(done) / static_cast<double>(all) : 0,
                     {fmt::format("已驗證 {} / {} 筆", done, all), fmt::format("{} of {} rows verified", done, all)});
        return !job.is_cancelled();
    };
    OPS_TRY(const audit::Verdict verdict, audit::Verify(services.database, go_on));
    job.Log(OutcomeText(verdict));
    return jobs::Effect([verdict, now = job.now()](db::Transaction& transaction) -> Result<void> {
        OPS_CHECK(audit::RecordVerdict(transaction, verdict, now));
        // A clause is judged from the verdict.
        return procedure::RequestEvaluation(transaction, now);
    });
}

Result<jobs::Effect> RemoveEnded(const Services& services, jobs::JobContext& job) {
    OPS_TRY(const std::int64_t removed, services.identity.RemoveEnded());
    if (removed > 0) {
        job.Log(
            {fmt::format("移除 {} 個已結束的工作階段。", removed), fmt::format("{} ended sessions removed.", removed)});
    }
    return jobs::Effect();
}

}  // namespace

std::vector<jobs::JobKind> UpkeepJobs(std::shared_ptr<const Services> services) {
    jobs::JobKind verify;
    verify.key = kVerifyJob;
    verify.title = {"驗證稽核鏈", "Verify the audit chain"};
    verify.schedule = "30 2 * * *";
    verify.handler = [services](jobs::JobContext& job) { return VerifyChain(*services, job); };

    jobs::JobKind remove_ended;
    remove_ended.key = "identity.remove_ended";
    remove_ended.title = {"清除已結束的工作階段", "Remove ended sessions"};
    remove_ended.schedule = "every 1h";
    remove_ended.keep = std::chrono::days(7);
    remove_ended.handler = [services](jobs::JobContext& job) { return RemoveEnded(*services, job); };
    return {std::move(verify), std::move(remove_ended)};
}

}  // namespace opsteward::console::records
