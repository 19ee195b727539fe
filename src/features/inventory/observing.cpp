#include "features/inventory/observing.hpp"

#include <algorithm>
#include <fstream>

#include <fmt/format.h>

#include "base/text.hpp"
#include "features/inventory/approval_store.hpp"
#include "features/inventory/fact_store.hpp"
#include "platform/procedure/procedure.hpp"

namespace opsteward::inventory {
namespace {

Error OnlyOwnHost() {
    return Error::Of(ErrorCode::kConflict, "本版本只能觀測程式所在的主機；其他設備請先以人工登錄。",
                     "This version can observe only the machine it runs on; other devices are registered by hand.");
}

/// What an expired approval leaves is judged anew, as a changed fact is.
Result<void> Expire(db::Transaction& transaction, Instant now) {
    OPS_TRY(const bool has_expired, ExpireApprovals(transaction, now));
    return has_expired ? procedure::RequestEvaluation(transaction, now) : Ok();
}

Result<void> Write(db::Transaction& transaction, std::int64_t device_id, const Observation& observation, Instant now) {
    OPS_TRY(const ObservationEffect effect, ApplyObservation(transaction, device_id, observation));
    return effect.is_worth_judging() ? procedure::RequestEvaluation(transaction, now) : Ok();
}

}  // namespace

HostIdentity ReadHostIdentity(const std::filesystem::path& root, const OwnHostObserver& observer) {
    constexpr std::size_t kMachineIdLength = 32;
    HostIdentity host{{}, observer.HostName()};
    std::ifstream file(root / "etc/machine-id");
    std::string line;
    std::getline(file, line);
    const bool is_id = line.size() == kMachineIdLength && line.find_first_not_of("0123456789abcdef") == std::string::npos;
    host.key = is_id ? "machine-id:" + line : "name:" + host.name;
    return host;
}

Observing::Observing(db::Database& database, std::shared_ptr<OwnHostObserver> observer, HostIdentity host)
    : database_(database), host_(std::move(host)), observer_(std::move(observer)) {}

std::vector<jobs::JobKind> Observing::Kinds(const std::shared_ptr<Observing>& observing) {
    jobs::JobKind one;
    one.key = "inventory.observe";
    one.title = {"觀測設備", "Observe a device"};
    one.max_attempts = 2;
    one.handler = [observing](jobs::JobContext& context) { return observing->ObserveOne(context); };

    jobs::JobKind all;
    all.key = "inventory.observe_all";
    all.title = {"定期觀測", "Observe on schedule"};
    all.schedule = "every 60s";
    // The next cycle comes soon enough.
    all.max_attempts = 1;
    all.keep = std::chrono::days(2);
    all.handler = [observing](jobs::JobContext& context) { return observing->ObserveAll(context); };
    return {std::move(one), std::move(all)};
}

Result<std::int64_t> Observing::Request(db::Transaction& transaction, const Device& device, const audit::Actor& actor,
                                        Instant now) {
    if (!device.is_in_service())
        return Error::Of(ErrorCode::kConflict, "設備已除役，不再觀測。", "The device is retired and not observed any more.");
    if (device.host_key.empty()) return OnlyOwnHost();
    return jobs::RunNow(transaction, "inventory.observe", json::object{{"device_id", device.id}}, fmt::format("{}", device.id),
                        device.unit_id, actor, now);
}

Result<jobs::Effect> Observing::ObserveOne(jobs::JobContext& context) {
    const auto* const payload = context.payload().if_object();
    const auto* const id = payload == nullptr ? nullptr : payload->if_contains("device_id");
    if (id == nullptr || !id->is_int64()) {
        return Error::Of(ErrorCode::kInvalidInput, "工作內容缺少 device_id。", "The job's payload has no device_id.");
    }
    const std::int64_t device_id = id->as_int64();
    OPS_TRY(const Device device, database_.Read<Device>([&](db::Session& session) { return FindDevice(session, device_id); }));
    if (device.host_key != host_.key) return OnlyOwnHost();
    return ObserveOwnHost(context, device_id);
}

Result<jobs::Effect> Observing::ObserveAll(jobs::JobContext& context) {
    using OptionalId = std::optional<std::int64_t>;
    OPS_TRY(const OptionalId device_id, database_.Read<OptionalId>([&](db::Session& session) -> Result<OptionalId> {
        OPS_TRY(const OptionalId id, FindDeviceByHostKey(session, host_.key));
        if (!id) return id;
        OPS_TRY(const Device device, FindDevice(session, *id));
        return device.is_in_service() ? id : std::nullopt;
    }));
    jobs::Effect observed;
    if (device_id) {
        OPS_TRY(observed, ObserveOwnHost(context, *device_id));
    }
    return jobs::Effect([observed = std::move(observed), now = context.now()](db::Transaction& transaction) -> Result<void> {
        if (observed) OPS_CHECK(observed(transaction));
        return Expire(transaction, now);
    });
}

Result<jobs::Effect> Observing::ObserveOwnHost(jobs::JobContext& context, std::int64_t device_id) {
    auto observation = std::make_shared<Observation>();
    {
        const MutexLock lock(observer_mutex_);
        *observation = observer_->Observe([&] { return context.is_cancelled(); });
    }
    if (context.is_cancelled()) return Error::Of(ErrorCode::kCancelled, "觀測已取消。", "The observation was cancelled.");
    return jobs::Effect([observation, device_id, now = context.now()](db::Transaction& transaction) {
        return Write(transaction, device_id, *observation, now);
    });
}

}  // namespace opsteward::inventory
