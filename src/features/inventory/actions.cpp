#include "features/inventory/actions.hpp"

#include "features/inventory/observing.hpp"
#include "platform/procedure/procedure.hpp"

namespace opsteward::inventory {
namespace {

/// Runs `body` in a transaction, asks for a new judgement in the same one, and tells open pages and the scheduler.
template <typename T>
Result<T> Do(const Surroundings& surroundings, Instant now, const std::function<Result<T>(db::Transaction&)>& body) {
    auto result = surroundings.database.Write<T>([&](db::Transaction& transaction) -> Result<T> {
        auto done = body(transaction);
        if (done.ok()) OPS_CHECK(procedure::RequestEvaluation(transaction, now));
        return done;
    });
    if (result.ok()) {
        surroundings.WakeJobs();
        surroundings.Changed();
    }
    return result;
}

}  // namespace

Result<std::int64_t> CreateDevice(const Surroundings& surroundings, const audit::Actor& actor, const Device& device,
                                  Instant now) {
    return Do<std::int64_t>(surroundings, now,
                            [&](db::Transaction& transaction) { return AddDevice(transaction, actor, device, now); });
}

Result<void> SaveDevice(const Surroundings& surroundings, const audit::Actor& actor, const Device& device, Instant now) {
    return Do<void>(surroundings, now,
                    [&](db::Transaction& transaction) { return ChangeDevice(transaction, actor, device, now); });
}

Result<std::vector<std::int64_t>> Approve(const Surroundings& surroundings, const audit::Actor& actor, const Grant& grant,
                                          Instant now) {
    return Do<std::vector<std::int64_t>>(
        surroundings, now, [&](db::Transaction& transaction) { return GrantApprovals(transaction, actor, grant, now); });
}

Result<void> Withdraw(const Surroundings& surroundings, const audit::Actor& actor, std::int64_t device_id,
                      std::int64_t approval_id, std::string_view reason, Instant now) {
    return Do<void>(surroundings, now, [&](db::Transaction& transaction) {
        return WithdrawApproval(transaction, actor, device_id, approval_id, reason, now);
    });
}

Result<std::int64_t> ObserveNow(const Surroundings& surroundings, const audit::Actor& actor, const Device& device, Instant now) {
    auto job = surroundings.database.Write<std::int64_t>(
        [&](db::Transaction& transaction) { return Observing::Request(transaction, device, actor, now); });
    if (job.ok()) surroundings.WakeJobs();
    return job;
}

}  // namespace opsteward::inventory
