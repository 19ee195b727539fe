// Machines whose files lie in tests/data/hosts, each observed as a whole and held against tests/data/hosts/NAME.txt.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "base/civil_time.hpp"
#include "features/inventory/host/own_host.hpp"
#include "features/inventory/host/testing/machine_folder.hpp"
#include "features/inventory/host/topic_observers.hpp"
#include "features/inventory/topic.hpp"

namespace opsteward::inventory {
namespace {

using namespace std::chrono_literals;

Instant At(std::string_view rfc3339) {
    return ParseRfc3339(rfc3339).value();
}

const Instant kNow = At("2026-10-22T04:00:00Z");

std::string Show(const Column& column, const db::Value& value) {
    if (value.is_null()) return "-";
    if (column.type == ColumnType::kInstant) return FormatRfc3339(value.AsInstant());
    if (column.type == ColumnType::kText) return fmt::format("\"{}\"", value.AsText());
    return value.ToDisplay();
}

std::string Render(const Observation& observation) {
    std::string text;
    for (const TopicObservation& topic : observation.topics) {
        text += fmt::format("{}\n", topic.topic);
        const Topic* declared = FindTopic(topic.topic);
        if (!declared) return text + "  is no topic\n";
        if (topic.not_observed)
            text += fmt::format("  not observed: {} / {}\n", topic.not_observed->zh, topic.not_observed->en);
        for (const db::Row& row : topic.rows) {
            text += " ";
            for (std::size_t i = 0; i < row.size() && i < declared->columns.size(); ++i) {
                text += " " + Show(declared->columns[i], row[i]);
            }
            text += row.size() == declared->columns.size() ? "\n" : " (wrong number of columns)\n";
        }
    }
    return text;
}

std::string ReadExpected(std::string_view name) {
    std::ifstream file(fmt::format("{}/tests/data/hosts/{}.txt", OPSTEWARD_SOURCE_DIR, name));
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

class Machine : public testing::TestWithParam<const char*> {};

TEST_P(Machine, IsSeenAsExpected) {
    const host::MachineFolder folder(GetParam(), kNow - 24h);
    if (std::filesystem::exists(folder.OnDisk("/var/log/syslog.2.gz"))) {
        folder.SetWrittenAt("/var/log/syslog.2.gz", kNow - 9 * 24h);
        folder.SetWrittenAt("/var/log/syslog.1", kNow - 2 * 24h);
    }
    const ManualClock clock(kNow);
    OwnHostObserver observer(folder.root(), clock);
    const Observation observation = observer.Observe([] { return false; });
    EXPECT_EQ(observation.at, kNow);
    EXPECT_EQ(Render(observation), ReadExpected(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Hosts, Machine, testing::Values("debian-12-server", "minimal-container", "damaged"),
                         [](const auto& machine) {
                             std::string name = machine.param;
                             std::ranges::replace(name, '-', '_');
                             return name;
                         });

TEST(Machines, AreSeenTheSameAgain) {
    const host::MachineFolder folder("debian-12-server", kNow - 24h);
    const ManualClock clock(kNow);
    OwnHostObserver observer(folder.root(), clock);
    const std::string first = Render(observer.Observe([] { return false; }));
    EXPECT_EQ(Render(observer.Observe([] { return false; })), first);
    EXPECT_EQ(observer.HostName(), "web1");
}

TEST(Machines, AChangedPackageListIsReadAgain) {
    const host::MachineFolder folder("debian-12-server", kNow - 24h);
    const ManualClock clock(kNow);
    OwnHostObserver observer(folder.root(), clock);
    EXPECT_EQ(Render(observer.Observe([] { return false; })).find("\"8:3.0\""), std::string::npos);
    folder.Write("/var/lib/apt/lists/local_dists_x_main_binary-amd64_Packages",
                 "Package: openssl\nVersion: 8:3.0\nArchitecture: amd64\n");
    EXPECT_NE(Render(observer.Observe([] { return false; })).find("\"8:3.0\""), std::string::npos);
}

std::optional<std::string> WhyNoUpdates(const Observation& observation) {
    for (const TopicObservation& topic : observation.topics) {
        if (topic.topic == "pending_updates" && topic.not_observed) return topic.not_observed->en;
    }
    return std::nullopt;
}

TEST(Machines, PackageListsThatAreTooOldSayNothingOfUpdates) {
    const host::MachineFolder folder("debian-12-server", kNow - 24h);
    ManualClock clock(kNow);
    OwnHostObserver observer(folder.root(), clock);
    const auto why = [&] { return WhyNoUpdates(observer.Observe([] { return false; })); };
    EXPECT_EQ(why(), std::nullopt);
    folder.SetWrittenAt("/var/lib/apt/lists", At("2026-10-27T00:00:00Z"));
    clock.Set(At("2026-10-28T08:00:00Z"));
    EXPECT_EQ(why(), std::nullopt);
    clock.Advance(1ms);
    EXPECT_EQ(why(), "The package lists were good until 2026-10-28 16:00 only: run apt update.");
    std::filesystem::remove(
        folder.OnDisk("/var/lib/apt/lists/deb.debian.org_debian-security_dists_bookworm-security_InRelease"));
    folder.SetWrittenAt("/var/lib/apt/lists", kNow);
    clock.Set(kNow + 7 * 24h);
    EXPECT_EQ(why(), std::nullopt);
    clock.Advance(1ms);
    EXPECT_EQ(why(), "The package lists are 7 days old: run apt update.");
}

TEST(Machines, ACancelledObservationEndsBetweenTopics) {
    const host::MachineFolder folder("minimal-container", kNow);
    const ManualClock clock(kNow);
    OwnHostObserver observer(folder.root(), clock);
    int asked = 0;
    const Observation observation = observer.Observe([&] { return ++asked > 3; });
    EXPECT_EQ(observation.topics.size(), 3u);
}

TEST(Machines, RatesCompareWithTheCallBefore) {
    const host::MachineFolder folder;
    const ManualClock clock(kNow);
    OwnHostObserver observer(folder.root(), clock);
    folder.Write("/proc/uptime", "100.00 1.00\n");
    folder.Write("/proc/stat", "cpu 100 0 0 900 0 0 0 0\ncpu0 100 0 0 900 0 0 0 0\n");
    folder.Write("/proc/net/dev", "eth0: 1000 1 0 0 0 0 0 0 500 1 0 0 0 0 0 0\n");
    folder.Write("/sys/class/net/eth0/speed", "100\n");
    static_cast<void>(observer.Observe([] { return false; }));
    folder.Write("/proc/uptime", "110.00 1.00\n");
    folder.Write("/proc/stat", "cpu 400 0 0 1600 0 0 0 0\ncpu0 400 0 0 1600 0 0 0 0\n");
    folder.Write("/proc/net/dev", "eth0: 12501000 1 20 0 0 0 0 0 1500 1 10 0 0 0 0 0\n");
    const std::string seen = Render(observer.Observe([] { return false; }));
    EXPECT_NE(seen.find("  \"cpu\" \"\" 0.3 1 \"processors\"\n"), std::string::npos) << seen;
    EXPECT_NE(seen.find("  \"interface\" \"eth0\" 0.1 100 \"Mbit/s\"\n"), std::string::npos) << seen;
    EXPECT_NE(seen.find("  \"eth0\" - - - 100 1250000 100 3\n"), std::string::npos) << seen;
}

TEST(Machines, WhatOnlyRootMayReadIsUnknownAndNeverGuessed) {
    host::MachineFolder folder("debian-12-server", kNow - 24h);
    for (const char* path :
         {"/etc/shadow", "/etc/sudoers.d", "/var/spool/cron/crontabs", "/etc/cron.d/backup", "/etc/ssh/sshd_config.d",
          "/var/log/syslog.2.gz", "/proc/410/fd", "/var/lib/dpkg/status"}) {
        folder.Forbid(path);
    }
    folder.SetWrittenAt("/var/log/syslog.2.gz", kNow - 9 * 24h);
    const ManualClock clock(kNow);
    OwnHostObserver observer(folder.root(), clock);
    const host::WithoutRootRights unprivileged;
    const std::string seen = Render(observer.Observe([] { return false; }));
    for (const char* expected : {
             "  \"alice\" 1000 - 1 1 \"/bin/bash\" \"alice, sudo\"\n",
             "  \"carol\" 1002 - - 1 \"/bin/sh\" \"carol, operators\"\n", "  \"/etc/cron.d/backup\" - - -\n",
             "  \"/var/spool/cron/crontabs\" - - -\n",
             "remote_login_settings\n  not observed: 執行本程式的帳號無權讀取 /etc/ssh/sshd_config.d。"
             " / The account this program runs as may not read /etc/ssh/sshd_config.d.\n",
             "  \"tcp\" \"0.0.0.0\" 22 - 0 \"root\" 0\n",
             "installed_software\n  not observed: 執行本程式的帳號無權讀取 /var/lib/dpkg/status。",
             "  \"rsyslog\" 1 1 -\n",  // what a younger file begins with would not be the oldest entry
         }) {
        EXPECT_NE(seen.find(expected), std::string::npos) << expected << "\nin\n" << seen;
    }
}

TEST(Machines, ASocketOnAGivenPortThatCameDuringTheObservationIsNoListener) {
    const host::MachineFolder folder;
    folder.Write("/proc/net/tcp", "");
    // 50000 is one of the ports that the kernel hands out to clients, 53 is not.
    folder.Write("/proc/net/udp",
                 "0: 00000000:C350 00000000:0000 07 0:0 0:0 0 1000 0 777 2 0 0\n"
                 "1: 00000000:0035 00000000:0000 07 0:0 0:0 0 1000 0 778 2 0 0\n");
    const host::HostFiles files(folder.root());
    const host::PackageFacts packages;
    host::HostSight sight{.files = files,
                          .now = kNow,
                          .passwd = std::vector<host::PasswdEntry>{},
                          .processes = {},
                          .packages = packages,
                          .usage_before = std::nullopt,
                          .usage_now = {},
                          .earlier_datagram_sockets = {}};
    const auto ports = [&] {
        std::vector<std::int64_t> seen;
        const auto rows = host::ObserveListeningSockets(sight);
        for (const db::Row& row : rows.value()) seen.push_back(row[2].AsInt());
        return seen;
    };
    EXPECT_EQ(ports(), std::vector<std::int64_t>{53});
    sight.earlier_datagram_sockets = host::ReadDatagramSockets(files);
    EXPECT_EQ(ports(), (std::vector<std::int64_t>{53, 50000}));
}

}  // namespace
}  // namespace opsteward::inventory
