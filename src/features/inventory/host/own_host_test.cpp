// The machine that the tests run on, whatever it is.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <set>

#include "features/inventory/host/host_files.hpp"
#include "features/inventory/host/own_host.hpp"
#include "features/inventory/topic.hpp"

namespace opsteward::inventory {
namespace {

class ListeningOnce {
  public:
    ListeningOnce(int kind, in_addr_t address) : fd_(::socket(AF_INET, kind | SOCK_CLOEXEC, 0)) {
        sockaddr_in name{};
        name.sin_family = AF_INET;
        name.sin_addr.s_addr = htonl(address);
        socklen_t length = sizeof name;
        EXPECT_EQ(::bind(fd_, reinterpret_cast<sockaddr*>(&name), sizeof name), 0);
        if (kind == SOCK_STREAM) {
            EXPECT_EQ(::listen(fd_, 1), 0);
        }
        EXPECT_EQ(::getsockname(fd_, reinterpret_cast<sockaddr*>(&name), &length), 0);
        port_ = ntohs(name.sin_port);
    }
    ~ListeningOnce() { ::close(fd_); }
    ListeningOnce(const ListeningOnce&) = delete;
    ListeningOnce& operator=(const ListeningOnce&) = delete;
    int port() const { return port_; }

  private:
    int fd_;
    int port_ = 0;
};

const TopicObservation* Find(const Observation& observation, std::string_view topic) {
    const auto found = std::ranges::find(observation.topics, topic, &TopicObservation::topic);
    return found == observation.topics.end() ? nullptr : &*found;
}

const db::Row* FindListener(const Observation& observation, std::string_view protocol, int port) {
    const TopicObservation* topic = Find(observation, "listening_sockets");
    if (!topic) return nullptr;
    const auto found = std::ranges::find_if(
        topic->rows, [&](const db::Row& row) { return row[0].AsText() == protocol && row[2].AsInt() == port; });
    return found == topic->rows.end() ? nullptr : &*found;
}

bool HasType(const Column& column, const db::Value& value) {
    if (value.is_null()) return true;
    switch (column.type) {
        case ColumnType::kText:
            return std::holds_alternative<std::string>(value.state());
        case ColumnType::kReal:
            return std::holds_alternative<double>(value.state());
        case ColumnType::kBoolean:
            return value == db::Value(true) || value == db::Value(false);
        case ColumnType::kInteger:
        case ColumnType::kInstant:
            return std::holds_alternative<std::int64_t>(value.state());
    }
    return false;
}

std::string KeyOf(const Topic& topic, const db::Row& row) {
    std::string key;
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (topic.columns[i].use == ColumnUse::kKey) key += row[i].ToDisplay() + "\n";
    }
    return key;
}

TEST(OwnHost, EveryTopicIsObservedInItsColumnsOrSaysWhyNotInBothLanguages) {
    const SystemClock clock;
    OwnHostObserver observer("/", clock);
    const Observation observation = observer.Observe([] { return false; });
    ASSERT_EQ(observation.topics.size(), AllTopics().size());
    for (const Topic& topic : AllTopics()) {
        SCOPED_TRACE(std::string(topic.name));
        const TopicObservation* seen = Find(observation, topic.name);
        ASSERT_NE(seen, nullptr);
        if (seen->not_observed) {
            EXPECT_FALSE(seen->not_observed->zh.empty());
            EXPECT_FALSE(seen->not_observed->en.empty());
            EXPECT_NE(seen->not_observed->zh, seen->not_observed->en);
            EXPECT_TRUE(seen->rows.empty());
            continue;
        }
        std::set<std::string> keys;
        for (const db::Row& row : seen->rows) {
            ASSERT_EQ(row.size(), topic.columns.size());
            for (std::size_t i = 0; i < row.size(); ++i) {
                EXPECT_TRUE(HasType(topic.columns[i], row[i])) << topic.columns[i].name << " = " << row[i].ToDisplay();
            }
            EXPECT_TRUE(keys.insert(KeyOf(topic, row)).second) << KeyOf(topic, row);
        }
    }
}

TEST(OwnHost, WhatEveryLinuxShowsIsObserved) {
    const SystemClock clock;
    OwnHostObserver observer("/", clock);
    const Observation observation = observer.Observe([] { return false; });
    for (const std::string_view topic :
         {"operating_systems", "resources", "interfaces", "listening_sockets", "accounts"}) {
        const TopicObservation* seen = Find(observation, topic);
        ASSERT_NE(seen, nullptr);
        EXPECT_FALSE(seen->not_observed) << topic << ": " << seen->not_observed->en;
        EXPECT_TRUE(topic == "listening_sockets" || !seen->rows.empty()) << topic;
    }
    const TopicObservation* resources = Find(observation, "resources");
    std::set<std::string> kinds;
    for (const db::Row& row : resources->rows) {
        kinds.insert(row[0].AsText());
        if (row[2].is_null()) continue;
        EXPECT_GE(row[2].AsReal(), 0.0) << row[0].AsText();
        EXPECT_LE(row[2].AsReal(), 1.0) << row[0].AsText();
    }
    EXPECT_TRUE(kinds.contains("cpu") && kinds.contains("memory"));
}

/// The name of this program's file, which is what a listener of its own is to be shown with.
std::string OwnProgram() {
    const auto target = host::HostFiles("/").LinkTarget("/proc/self/exe");
    return target.ok() ? std::string(host::BaseName(*target)) : std::string();
}

TEST(OwnHost, AListenerIsSeenWithPortUserAndProgramUntilItIsClosed) {
    const SystemClock clock;
    OwnHostObserver observer("/", clock);
    auto tcp = std::make_unique<ListeningOnce>(SOCK_STREAM, INADDR_LOOPBACK);
    auto udp = std::make_unique<ListeningOnce>(SOCK_DGRAM, INADDR_ANY);
    const int tcp_port = tcp->port();
    const int udp_port = udp->port();

    Observation observation = observer.Observe([] { return false; });
    const db::Row* row = FindListener(observation, "tcp", tcp_port);
    ASSERT_NE(row, nullptr);
    EXPECT_EQ((*row)[1].AsText(), "127.0.0.1");
    EXPECT_EQ((*row)[3].AsText(), OwnProgram());
    EXPECT_EQ((*row)[4].AsInt(), static_cast<std::int64_t>(::geteuid()));
    EXPECT_TRUE((*row)[6].AsBool());
    row = FindListener(observation, "udp", udp_port);
    ASSERT_NE(row, nullptr);
    EXPECT_EQ((*row)[3].AsText(), OwnProgram());
    EXPECT_FALSE((*row)[6].AsBool());

    tcp.reset();
    udp.reset();
    observation = observer.Observe([] { return false; });
    EXPECT_EQ(FindListener(observation, "tcp", tcp_port), nullptr);
    EXPECT_EQ(FindListener(observation, "udp", udp_port), nullptr);
}

TEST(OwnHost, HasTheNameTheKernelKnows) {
    std::array<char, 256> name{};
    ASSERT_EQ(::gethostname(name.data(), name.size() - 1), 0);
    const SystemClock clock;
    EXPECT_EQ(OwnHostObserver("/", clock).HostName(), name.data());
}

}  // namespace
}  // namespace opsteward::inventory
