#include <gtest/gtest.h>

#include "net/server_test_support.hpp"

namespace opsteward::net {
namespace {

using std::chrono::milliseconds;
using testing::Connect;
using testing::LoopbackOptions;
using testing::StartServer;
using testing::TestClient;

Response Stream(const Request& request) {
    Response response;
    response.events = EventSubscription{request.path.substr(1)};
    return response;
}

/// Sends the request and reads the head of the answer; from then on the connection is subscribed.
std::string Open(TestClient& client, std::string_view channel) {
    client.Send("GET /" + std::string(channel) + " HTTP/1.1\r\nHost: test\r\n\r\n");
    return client.ReadUntil("HTTP/1.1 200 OK\r\n") && client.ReadUntil("\r\n\r\n") ? "open" : "closed";
}

TEST(EventStream, DeliversWhatIsPublishedOnItsChannel) {
    const auto hub = std::make_shared<EventHub>();
    const auto server = StartServer(LoopbackOptions(), Stream, hub);
    auto client = Connect(*server);
    client.Send("GET /jobs HTTP/1.1\r\nHost: test\r\n\r\n");
    EXPECT_TRUE(client.ReadUntil("Content-Type: text/event-stream\r\n"));
    EXPECT_TRUE(client.ReadUntil("\r\n\r\n"));
    hub->Publish("other", "job", "no");
    hub->Publish("jobs", "job", "1\n2");
    hub->Publish("jobs", "job", "3");
    EXPECT_TRUE(client.ReadUntil("event: job\ndata: 1\ndata: 2\n\nevent: job\ndata: 3\n\n"));
}

TEST(EventStream, ReachesEverySubscriber) {
    const auto hub = std::make_shared<EventHub>();
    const auto server = StartServer(LoopbackOptions(), Stream, hub);
    std::vector<TestClient> clients;
    for (int i = 0; i < 20; ++i) {
        clients.push_back(Connect(*server));
        ASSERT_EQ(Open(clients.back(), "c"), "open");
    }
    hub->Publish("c", "e", "x");
    for (auto& client : clients) EXPECT_TRUE(client.ReadUntil("data: x\n\n"));
}

TEST(EventStream, ASilentOneGetsAComment) {
    ServerLimits limits;
    limits.event_heartbeat = milliseconds(20);
    limits.write_timeout = milliseconds(100);
    const auto server = StartServer(LoopbackOptions(limits), Stream, std::make_shared<EventHub>());
    auto client = Connect(*server);
    ASSERT_EQ(Open(client, "c"), "open");
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(client.ReadUntil(": \n\n"));
}

TEST(EventStream, HeadGetsOnlyTheHead) {
    const auto server = StartServer(LoopbackOptions(), Stream, std::make_shared<EventHub>());
    auto client = Connect(*server);
    client.Send("HEAD /c HTTP/1.1\r\nHost: test\r\n\r\n");
    EXPECT_EQ(client.ReadResponse(false).status, 200);
    EXPECT_EQ(client.ReadToEnd(), "");
}

TEST(EventStream, EndsWhenTheServerStops) {
    const auto server = StartServer(LoopbackOptions(), Stream, std::make_shared<EventHub>());
    auto client = Connect(*server);
    ASSERT_EQ(Open(client, "c"), "open");
    server->Stop();
    EXPECT_EQ(client.ReadToEnd(), "");
}

TEST(EventStream, EndsWhenTheClientGoes) {
    ServerLimits limits;
    limits.max_connections = 1;
    const auto hub = std::make_shared<EventHub>();
    const auto server = StartServer(LoopbackOptions(limits), Stream, hub);
    auto client = Connect(*server);
    ASSERT_EQ(Open(client, "c"), "open");
    client.Close();
    // Its place becomes free although nothing is published.
    std::string state = "closed";
    for (int attempt = 0; attempt < 1'000 && state == "closed"; ++attempt) {
        auto next = Connect(*server);
        state = Open(next, "c");
    }
    EXPECT_EQ(state, "open");
}

TEST(EventStream, AReaderThatFallsBehindIsClosedAndPublishingNeverWaits) {
    const auto hub = std::make_shared<EventHub>();
    const auto server = StartServer(LoopbackOptions(), Stream, hub);
    auto slow = Connect(*server, 4096);
    auto quick = Connect(*server);
    ASSERT_EQ(Open(slow, "c"), "open");
    ASSERT_EQ(Open(quick, "c"), "open");
    const std::string large(256 * 1024, 'x');
    constexpr int kEvents = 200;
    for (int i = 0; i < kEvents; ++i) {
        hub->Publish("c", "e", large);
        ASSERT_TRUE(quick.ReadUntil("\n\n"));
    }
    EXPECT_LT(slow.ReadToEnd().size(), kEvents * large.size());
}

}  // namespace
}  // namespace opsteward::net
