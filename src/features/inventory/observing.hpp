// The jobs that observe devices. In this release only the machine the program runs on can be observed.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/mutex.hpp"
#include "db/database.hpp"
#include "features/inventory/device_store.hpp"
#include "features/inventory/host/own_host.hpp"
#include "platform/audit/trail.hpp"
#include "platform/jobs/scheduler.hpp"

namespace opsteward::inventory {

/// The machine's id of /etc/machine-id (machine-id(5)) below `root`; where there is none its name stands in.
HostIdentity ReadHostIdentity(const std::filesystem::path& root, const OwnHostObserver& observer);

class Observing {
  public:
    Observing(db::Database& database, std::shared_ptr<OwnHostObserver> observer, HostIdentity host);

    /// "inventory.observe" (payload {"device_id":1}) and "inventory.observe_all", every 60 s. Both keep `observing` alive.
    static std::vector<jobs::JobKind> Kinds(const std::shared_ptr<Observing>& observing);

    const HostIdentity& host() const { return host_; }

    /// Queues "inventory.observe"; gives the job's id. kConflict for a device that can't be observed from here.
    static Result<std::int64_t> Request(db::Transaction& transaction, const Device& device, const audit::Actor& actor,
                                        Instant now);

  private:
    Result<jobs::Effect> ObserveOne(jobs::JobContext& context);
    Result<jobs::Effect> ObserveAll(jobs::JobContext& context);
    /// Looks at the own host and gives what is to be written.
    Result<jobs::Effect> ObserveOwnHost(jobs::JobContext& context, std::int64_t device_id);

    db::Database& database_;
    const HostIdentity host_;
    Mutex observer_mutex_;
    const std::shared_ptr<OwnHostObserver> observer_ OPS_GUARDED_BY(observer_mutex_);
};

}  // namespace opsteward::inventory
