// Each limit of ServerLimits at a running server. Times are short, and every wait is for the server's answer or end.
#include <gtest/gtest.h>

#include "net/server_test_support.hpp"

namespace opsteward::net {
namespace {

using std::chrono::milliseconds;
using testing::Connect;
using testing::Echo;
using testing::LoopbackOptions;
using testing::StartServer;
using testing::TestClient;

int StatusFor(const ServerLimits& limits, std::string_view bytes) {
    const auto server = StartServer(LoopbackOptions(limits), Echo);
    auto client = Connect(*server);
    client.Send(bytes);
    const int status = client.ReadResponse().status;
    EXPECT_EQ(client.ReadToEnd(), "");
    return status;
}

TEST(ServerLimits, AnOverlongHeaderIs431) {
    EXPECT_EQ(StatusFor({}, "GET / HTTP/1.1\r\nHost: test\r\nX: " + std::string(20'000, 'x')), 431);
}

TEST(ServerLimits, AnOverlongTargetIs414) { EXPECT_EQ(StatusFor({}, "GET /" + std::string(8'000, 'x')), 414); }

TEST(ServerLimits, AnAnnouncedOverlongBodyIs413BeforeItIsSent) {
    EXPECT_EQ(StatusFor({}, "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 4194305\r\nExpect: 100-continue\r\n\r\n"), 413);
}

TEST(ServerLimits, AClientStillSendingReadsThe413) {
    const auto server = StartServer(LoopbackOptions(), Echo);
    auto client = Connect(*server);
    client.Send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 6000000\r\n\r\n" + std::string(6'000'000, 'x'));
    EXPECT_EQ(client.ReadResponse().status, 413);
}

TEST(ServerLimits, AGrowingChunkedBodyIs413) {
    ServerLimits limits;
    limits.max_body_bytes = 10;
    EXPECT_EQ(StatusFor(limits, "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n6\r\n"), 413);
}

TEST(ServerLimits, AnUnfinishedHeaderIs408) {
    ServerLimits limits;
    limits.header_timeout = milliseconds(60);
    EXPECT_EQ(StatusFor(limits, "GET / HTTP/1.1\r\nHost:"), 408);
}

TEST(ServerLimits, AHeaderThatDripsIs408AllTheSame) {
    ServerLimits limits;
    limits.header_timeout = milliseconds(200);
    const auto server = StartServer(LoopbackOptions(limits), Echo);
    auto client = Connect(*server);
    client.Send("GET / HTTP/1.1\r\nHost: test\r\nX: ");
    // A byte every 10 ms would never let a time limit per read run out.
    int sent = 0;
    while (!client.IsReadable(10) && sent < 1'000) {
        client.Send("x");
        ++sent;
    }
    EXPECT_EQ(client.ReadResponse().status, 408);
    EXPECT_GT(sent, 1);
    EXPECT_LT(sent, 200);
}

TEST(ServerLimits, ABodyThatDripsIs408) {
    ServerLimits limits;
    limits.body_timeout = milliseconds(200);
    const auto server = StartServer(LoopbackOptions(limits), Echo);
    auto client = Connect(*server);
    client.Send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 100000\r\n\r\n");
    int sent = 0;
    while (!client.IsReadable(10) && sent < 1'000) {
        client.Send("x");
        ++sent;
    }
    EXPECT_EQ(client.ReadResponse().status, 408);
    EXPECT_LT(sent, 200);
}

TEST(ServerLimits, AnIdleConnectionIsClosedWithoutAWord) {
    ServerLimits limits;
    limits.idle_timeout = milliseconds(60);
    const auto server = StartServer(LoopbackOptions(limits), Echo);
    auto fresh = Connect(*server);
    EXPECT_EQ(fresh.ReadToEnd(), "");
    auto used = Connect(*server);
    EXPECT_EQ(used.Get("/").status, 200);
    EXPECT_EQ(used.ReadToEnd(), "");
}

TEST(ServerLimits, AClientThatDoesNotReadIsDropped) {
    const std::string large(64 * 1024 * 1024, 'x');
    ServerLimits limits;
    limits.write_timeout = milliseconds(100);
    limits.idle_timeout = milliseconds(1'000);
    const auto server = StartServer(LoopbackOptions(limits), [&](const Request&) {
        Response response;
        response.static_body = large;
        return response;
    });
    auto stalled = Connect(*server, 4096);
    stalled.Send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
    ASSERT_TRUE(stalled.IsReadable(20'000));
    // A second client that says nothing is closed later than the first must be: its end is the clock.
    EXPECT_EQ(Connect(*server).ReadToEnd(), "");
    EXPECT_LT(stalled.ReadResponse().body.size(), large.size());
}

TEST(ServerLimits, OneConnectionTooManyIs503AndPlacesBecomeFreeAgain) {
    ServerLimits limits;
    limits.max_connections = 2;
    const auto server = StartServer(LoopbackOptions(limits), Echo);
    auto first = Connect(*server);
    auto second = Connect(*server);
    EXPECT_EQ(first.Get("/").status, 200);
    EXPECT_EQ(second.Get("/").status, 200);
    auto third = Connect(*server);
    EXPECT_EQ(third.Get("/").status, 503);
    EXPECT_EQ(third.ReadToEnd(), "");
    EXPECT_EQ(server->statistics().connections_open, 2u);
    EXPECT_EQ(server->statistics().connections_refused, 1u);

    first.Send("GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
    EXPECT_NE(first.ReadToEnd(), "");
    // The client sees the end a moment before the server has counted it.
    int status = 0;
    for (int attempt = 0; attempt < 1'000 && status != 200; ++attempt) status = Connect(*server).Get("/").status;
    EXPECT_EQ(status, 200);
}

TEST(ServerLimits, OneConnectionTooManyFromAnAddressIs503) {
    ServerLimits limits;
    limits.max_connections_per_address = 1;
    const auto server = StartServer(LoopbackOptions(limits), Echo);
    auto first = Connect(*server);
    EXPECT_EQ(first.Get("/").status, 200);
    EXPECT_EQ(Connect(*server).Get("/").status, 503);
    EXPECT_EQ(first.Get("/").status, 200);
}

}  // namespace
}  // namespace opsteward::net
