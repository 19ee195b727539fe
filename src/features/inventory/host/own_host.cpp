#include "features/inventory/host/own_host.hpp"

#include <algorithm>
#include <array>
#include <thread>

#include "base/text.hpp"
#include "features/inventory/host/topic_observers.hpp"
#include "features/inventory/topic.hpp"

namespace opsteward::inventory {
namespace {

/// Long enough for the clock ticks by which the kernel counts (10 ms), short enough not to be felt.
constexpr std::chrono::milliseconds kMoment{200};

struct TopicObserver {
    std::string_view topic;
    host::TopicRows (*observe)(const host::HostSight& sight);
};
constexpr std::array kObservers = {
    TopicObserver{"operating_systems", host::ObserveOperatingSystem},
    TopicObserver{"resources", host::ObserveResources},
    TopicObserver{"interfaces", host::ObserveInterfaces},
    TopicObserver{"listening_sockets", host::ObserveListeningSockets},
    TopicObserver{"services", host::ObserveServices},
    TopicObserver{"processes", host::ObserveProcesses},
    TopicObserver{"scheduled_tasks", host::ObserveScheduledTasks},
    TopicObserver{"accounts", host::ObserveAccounts},
    TopicObserver{"remote_login_settings", host::ObserveRemoteLogin},
    TopicObserver{"installed_software", host::ObserveInstalledSoftware},
    TopicObserver{"pending_updates", host::ObservePendingUpdates},
    TopicObserver{"anti_virus", host::ObserveAntiVirus},
    TopicObserver{"clock_status", host::ObserveClockStatus},
    TopicObserver{"time_sources", host::ObserveTimeSources},
    TopicObserver{"log_services", host::ObserveLogServices},
};

TopicObservation ObserveTopic(const TopicObserver& observer, const host::HostSight& sight) {
    TopicObservation observation{observer.topic, std::nullopt, {}};
    auto rows = observer.observe(sight);
    if (rows.ok()) {
        observation.rows = std::move(*rows);
    } else {
        observation.not_observed = rows.error().caller_text;
    }
    return observation;
}

Result<std::vector<host::PasswdEntry>> ReadPasswd(const host::HostFiles& files) {
    OPS_TRY(const std::string text, files.Read("/etc/passwd"));
    return host::ParsePasswd(text);
}

}  // namespace

class OwnHostObserver::Impl {
  public:
    Impl(std::filesystem::path root, const Clock& clock) : files_(std::move(root)), packages_(files_), clock_(clock) {}

    Observation Observe(const std::function<bool()>& is_cancelled) {
        Observation observation{clock_.Now(), {}};
        auto earlier_datagram_sockets = host::ReadDatagramSockets(files_);
        MeasureUse();
        const host::HostSight sight{.files = files_,
                                    .now = observation.at,
                                    .passwd = ReadPasswd(files_),
                                    .processes = host::ReadProcesses(files_),
                                    .packages = packages_.Read(),
                                    .usage_before = usage_before_,
                                    .usage_now = usage_now_,
                                    .earlier_datagram_sockets = std::move(earlier_datagram_sockets)};
        for (const TopicObserver& observer : kObservers) {
            if (is_cancelled()) break;
            observation.topics.push_back(ObserveTopic(observer, sight));
        }
        return observation;
    }

    std::string HostName() const {
        for (const std::string_view path : {"/proc/sys/kernel/hostname", "/etc/hostname"}) {
            const auto text = files_.Read(path);
            if (text.ok() && !Trim(*text).empty()) return std::string(Trim(*text));
        }
        return "localhost";
    }

  private:
    /// Against the call before, or, when there was none or it has only just been, against a moment ago.
    void MeasureUse() {
        std::optional<host::UsageSample> before;
        if (has_measured_) before = usage_now_;
        host::UsageSample now = host::TakeUsageSample(files_);
        constexpr double kMomentSeconds = std::chrono::duration<double>(kMoment).count();
        const auto passed = before ? host::SecondsBetween(*before, now) : std::nullopt;
        if (files_.is_live() && passed.value_or(0) < kMomentSeconds) {
            if (!before) before = std::move(now);
            std::this_thread::sleep_for(kMoment);
            now = host::TakeUsageSample(files_);
        }
        usage_before_ = std::move(before);
        usage_now_ = std::move(now);
        has_measured_ = true;
    }

    const host::HostFiles files_;
    host::PackageReader packages_;
    const Clock& clock_;
    bool has_measured_ = false;
    std::optional<host::UsageSample> usage_before_;
    host::UsageSample usage_now_;
};

OwnHostObserver::OwnHostObserver(std::filesystem::path root, const Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(root), clock)) {}

OwnHostObserver::~OwnHostObserver() = default;

Observation OwnHostObserver::Observe(const std::function<bool()>& is_cancelled) {
    return impl_->Observe(is_cancelled);
}

std::string OwnHostObserver::HostName() const {
    return impl_->HostName();
}

}  // namespace opsteward::inventory
