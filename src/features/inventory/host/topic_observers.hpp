// One function a topic: what its rows are now. Together they are an Observation (own_host.cpp).
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "db/value.hpp"
#include "features/inventory/host/account_files.hpp"
#include "features/inventory/host/host_files.hpp"
#include "features/inventory/host/packages.hpp"
#include "features/inventory/host/process_list.hpp"
#include "features/inventory/host/usage_sample.hpp"

namespace opsteward::inventory::host {

/// What several topics look at, read once an observation.
struct HostSight {
    const HostFiles& files;
    Instant now;
    Result<std::vector<PasswdEntry>> passwd;
    ProcessFacts processes;
    const PackageFacts& packages;
    /// Rates are what changed between the two; nothing when the machine was looked at only once.
    std::optional<UsageSample> usage_before;
    UsageSample usage_now;
    /// The inodes of datagram sockets as the observation began, see ObserveListeningSockets.
    std::set<std::uint64_t> earlier_datagram_sockets;

    /// The name of the account; nothing when no local account has this number.
    std::optional<std::string> UserName(std::int64_t uid) const;
    /// Nothing when the programs of other users are hidden and none of those that are seen has this name.
    std::optional<bool> IsRunning(std::string_view program) const;
    /// The version of an installed package, the first of these that there is.
    std::optional<std::string> PackageVersion(std::initializer_list<std::string_view> names) const;
};

/// Rows of a topic in the order of its columns, or why it can't be observed (the error's text for callers).
using TopicRows = Result<std::vector<db::Row>>;

TopicRows ObserveOperatingSystem(const HostSight& sight);
TopicRows ObserveResources(const HostSight& sight);
TopicRows ObserveInterfaces(const HostSight& sight);
TopicRows ObserveListeningSockets(const HostSight& sight);
TopicRows ObserveServices(const HostSight& sight);
TopicRows ObserveProcesses(const HostSight& sight);
TopicRows ObserveScheduledTasks(const HostSight& sight);
TopicRows ObserveAccounts(const HostSight& sight);
TopicRows ObserveRemoteLogin(const HostSight& sight);
TopicRows ObserveInstalledSoftware(const HostSight& sight);
TopicRows ObservePendingUpdates(const HostSight& sight);
TopicRows ObserveAntiVirus(const HostSight& sight);
TopicRows ObserveClockStatus(const HostSight& sight);
TopicRows ObserveTimeSources(const HostSight& sight);
TopicRows ObserveLogServices(const HostSight& sight);

/// The inodes of the datagram sockets that are open now.
std::set<std::uint64_t> ReadDatagramSockets(const HostFiles& files);

}  // namespace opsteward::inventory::host
