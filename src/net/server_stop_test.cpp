#include <gtest/gtest.h>

#include <future>
#include <latch>

#include "net/server_test_support.hpp"

namespace opsteward::net {
namespace {

using std::chrono::milliseconds;
using testing::Connect;
using testing::Echo;
using testing::LoopbackOptions;
using testing::StartServer;

/// Runs Stop() on a thread of its own.
std::future<void> StopInBackground(Server& server) {
    return std::async(std::launch::async, [&server] { server.Stop(); });
}

TEST(ServerStop, ARequestUnderWayIsAnsweredAndThenTheConnectionCloses) {
    std::latch entered(1);
    std::latch released(1);
    const auto server = StartServer(LoopbackOptions(), [&](const Request& request) {
        entered.count_down();
        released.wait();
        return Echo(request);
    });
    auto idle = Connect(*server);
    auto client = Connect(*server);
    client.Send("GET /slow HTTP/1.1\r\nHost: test\r\n\r\n");
    entered.wait();
    auto stopped = StopInBackground(*server);
    EXPECT_EQ(idle.ReadToEnd(), "") << "the idle connection ends while the other is still under way";
    EXPECT_FALSE(Connect(*server).connected());
    released.count_down();
    const auto response = client.ReadResponse();
    EXPECT_EQ(response.body, "GET /slow ");
    EXPECT_EQ(response.fields.at("connection"), "close");
    EXPECT_EQ(client.ReadToEnd(), "");
    stopped.get();
    EXPECT_EQ(server->statistics().connections_open, 0u);
}

TEST(ServerStop, ABodyStillArrivingIsWaitedFor) {
    const auto server = StartServer(LoopbackOptions(), Echo);
    auto idle = Connect(*server);
    auto client = Connect(*server);
    client.Send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.ReadResponse().status, 100);
    auto stopped = StopInBackground(*server);
    EXPECT_EQ(idle.ReadToEnd(), "");
    client.Send("hello");
    EXPECT_EQ(client.ReadResponse().body, "POST / hello");
    stopped.get();
}

TEST(ServerStop, PastTheDrainTimeAClientThatNeverFinishesIsCutOff) {
    auto options = LoopbackOptions();
    options.drain_timeout = milliseconds(50);
    const auto server = StartServer(options, Echo);
    auto client = Connect(*server);
    client.Send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.ReadResponse().status, 100);
    server->Stop();
    EXPECT_EQ(client.ReadToEnd(), "");
}

TEST(ServerStop, PastTheDrainTimeRequestsNoWorkerHasBegunAreDropped) {
    std::latch entered(1);
    std::latch released(1);
    std::atomic<int> calls = 0;
    auto options = LoopbackOptions();
    options.drain_timeout = milliseconds(50);
    options.workers = 1;
    const auto server = StartServer(options, [&](const Request& request) {
        ++calls;
        entered.count_down();
        released.wait();
        return Echo(request);
    });
    auto running = Connect(*server);
    running.Send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
    entered.wait();
    auto waiting = Connect(*server);
    // The interim answer shows that the head has been read.
    waiting.Send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(waiting.ReadResponse().status, 100);
    waiting.Send("x");
    auto stopped = StopInBackground(*server);
    EXPECT_EQ(waiting.ReadToEnd(), "");
    EXPECT_EQ(running.ReadToEnd(), "");
    released.count_down();
    stopped.get();
    EXPECT_EQ(calls, 1);
}

TEST(ServerStop, MayBeCalledTwice) {
    const auto server = StartServer(LoopbackOptions(), Echo);
    auto stopped = StopInBackground(*server);
    server->Stop();
    stopped.get();
    server->Stop();
    EXPECT_FALSE(Connect(*server).connected());
}

}  // namespace
}  // namespace opsteward::net
