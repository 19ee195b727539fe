#include "platform/console/records/upkeep_jobs.hpp"

#include <fmt/format.h>

#include "platform/audit/sealed_check.hpp"
#include "platform/audit/sealer.hpp"
#include "platform/console/records/audit_reading.hpp"

namespace opsteward::console::records {

namespace {

Text OutcomeText(const audit::Verdict& verdict) {
    if (!verdict.is_intact) return verdict.problem;
    Text text = {fmt::format("{} 筆的雜湊值全部相符。", verdict.rows),
                 fmt::format("All {} rows fit their hashes.", verdict.rows)};
    if (verdict.sealed) {
        text.zh += fmt::format("已封存的 {} 筆與記錄庫相符。", *verdict.sealed);
        text.en += fmt::format(" The {} that are sealed are those in the vault.", *verdict.sealed);
    }
    return text;
}

Result<jobs::Effect> VerifyChain(const Services& services, jobs::JobContext& job) {
    const auto go_on = [&job](std::int64_t done, std::int64_t all) {
        job.Progress(all > 0 ? static_cast<double>(done) / static_cast<double>(all) : 0,
                     {fmt::format("已驗證 {} / {} 筆", done, all), fmt::format("{} of {} rows verified", done, all)});
        return !job.is_cancelled();
    };
    OPS_TRY(const audit::Verdict verdict, audit::VerifyWithVault(services.database, services.seal_place, go_on));
    job.Log(OutcomeText(verdict));
    return jobs::Effect([verdict, now = job.now()](db::Transaction& transaction) -> Result<void> {
        OPS_CHECK(audit::RecordVerdict(transaction, verdict, now));
        // A clause is judged from the verdict.
        return procedure::RequestEvaluation(transaction, now);
    });
}

void TellSealed(const audit::Sealed& sealed, jobs::JobContext& job) {
    if (sealed.is_busy) {
        job.Log({"另一個程序正在寫入記錄庫，稍後再封存。",
                 "Another process writes to the log vault; the rows are sealed a little later."});
    }
    if (sealed.seal) {
        job.Log({fmt::format("新封存 {} 筆，到第 {} 筆為止；檢查點 {}。", sealed.rows, sealed.seal->through,
                             sealed.seal->tree_size),
                 fmt::format("{} more rows sealed, up to row {}; checkpoint {}.", sealed.rows, sealed.seal->through,
                             sealed.seal->tree_size)});
    }
}

/// What goes into the vault is no effect: it stays when this run is lost. The next one sees it there and goes on behind it.
Result<jobs::Effect> SealTrail(audit::Sealer& sealer, jobs::JobContext& job) {
    const auto go_on = [&job](std::int64_t done, std::int64_t all) {
        job.Progress(all > 0 ? static_cast<double>(done) / static_cast<double>(all) : 0,
                     {fmt::format("已寫入 {} / {} 筆", done, all), fmt::format("{} of {} rows written", done, all)});
        return !job.is_cancelled();
    };
    OPS_TRY(const audit::Sealed sealed, sealer.SealNew(go_on));
    TellSealed(sealed, job);
    if (!sealed.seal) return jobs::Effect();
    return jobs::Effect([log = sealed.log, seal = *sealed.seal](db::Transaction& transaction) {
        return audit::RecordSeal(transaction, log, seal);
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

    jobs::JobKind seal;
    seal.key = services->seal_job;
    seal.title = {"封存稽核紀錄", "Seal the audit trail"};
    seal.schedule = "every 30s";
    // It runs again soon anyway; until then it is to be seen that it failed.
    seal.max_attempts = 1;
    seal.keep = std::chrono::days(1);
    const auto sealer = std::make_shared<audit::Sealer>(services->database, services->clock, services->seal_place);
    seal.handler = [services, sealer](jobs::JobContext& job) { return SealTrail(*sealer, job); };

    jobs::JobKind remove_ended;
    remove_ended.key = "identity.remove_ended";
    remove_ended.title = {"清除已結束的工作階段", "Remove ended sessions"};
    remove_ended.schedule = "every 1h";
    remove_ended.keep = std::chrono::days(7);
    remove_ended.handler = [services](jobs::JobContext& job) { return RemoveEnded(*services, job); };
    return {std::move(verify), std::move(seal), std::move(remove_ended)};
}

}  // namespace opsteward::console::records
