#include "features/inventory/testing/site_test.hpp"

#include <fmt/format.h>

namespace opsteward::inventory {

void SiteTest::SetUp() {
    InventoryTest::SetUp();
    if (IsSkipped()) return;
    counting_ = std::make_unique<CountingDatabase>(database());
    empty_machine_ = std::make_unique<db::testing::TemporaryFolder>();
    auto surroundings = std::make_shared<Surroundings>(
        *counting_, nullptr, [this] { ++jobs_woken_; }, [this] { ++changes_told_; });
    auto observer = std::make_shared<OwnHostObserver>(empty_machine_->path(), clock_);
    auto observing = std::make_shared<Observing>(database(), observer, HostIdentity{std::string(kHostKey), "core01"});
    site_ = std::make_unique<Site>(MakeModule(surroundings, observing), clock_);
}

std::int64_t SiteTest::RegisterAndObserveHost() {
    const std::int64_t id = RegisterOwnHost(database(), clock_, {std::string(kHostKey), "core01"}).value();
    Observation observation{At(0), {}};
    const auto saw = [&](std::string_view topic, std::vector<db::Row> rows) {
        observation.topics.push_back({topic, std::nullopt, std::move(rows)});
    };
    saw("operating_systems", {{"debian", "Debian GNU/Linux", "12", "bookworm", "6.1.0", "x86_64", At(-5), At(-600), true}});
    saw("resources", {Resource("cpu", "", 0.25), Resource("memory", "", 0.85), Resource("file_system", "/var", 0.97)});
    saw("interfaces", {{"eth0", "00:16:3e:00:00:01", "192.0.2.1/24", true, 1000, 1234.5, 10.0, 0.0}});
    saw("listening_sockets",
        {Listener("tcp", "0.0.0.0", 22, "sshd"), Listener("tcp", "127.0.0.1", 25, "exim4"), Listener("udp", "::", 123, nullptr)});
    saw("services", {{"ssh", true}});
    saw("processes", {{"sshd", 0, "root", 3}});
    saw("scheduled_tasks", {{"/etc/crontab", "17 * * * *", "root", "run-parts"}});
    saw("accounts", {LocalAccount("root", 0), LocalAccount("daemon", 1, false)});
    saw("remote_login_settings", {{"sshd", "PermitRootLogin", "no"}});
    saw("installed_software", {Software("bash", "5.2"), Software("oddity", "1.0", false)});
    saw("pending_updates", {{"bash", "5.2", "5.3", true}});
    saw("anti_virus", {{"ClamAV", "1.0", true, false, "27000", At(-3000)}});
    saw("clock_status", {{"chrony", true, true, 0.5, nullptr}});
    saw("time_sources", {{"192.0.2.123"}});
    observation.topics.push_back({"log_services", Text{"沒有讀取權限", "no permission"}, {}});
    Apply(id, observation);
    return id;
}

std::int64_t SiteTest::CountQueued(std::string_view kind) {
    return CountRows(fmt::format("jobs WHERE state = 'queued' AND kind = '{}'", kind));
}

}  // namespace opsteward::inventory
