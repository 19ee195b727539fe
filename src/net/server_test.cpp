#include "net/server.hpp"

#include <gtest/gtest.h>

#include <latch>
#include <stdexcept>

#include "net/server_test_support.hpp"

namespace opsteward::net {
namespace {

using testing::Connect;
using testing::Echo;
using testing::LoopbackOptions;
using testing::StartServer;
using testing::TestClient;

TEST(Server, AnswersWithLengthDateAndType) {
    const auto server = StartServer(LoopbackOptions(), Echo);
    auto client = Connect(*server);
    const auto response = client.Get("/a%20b?c=d");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, "GET /a b ");
    EXPECT_EQ(response.fields.at("content-type"), "text/plain; charset=utf-8");
    EXPECT_EQ(response.fields.at("content-length"), "9");
    EXPECT_EQ(response.fields.at("date").size(), std::string_view("Sun, 06 Nov 1994 08:49:37 GMT").size());
    EXPECT_FALSE(response.fields.contains("connection"));
    EXPECT_FALSE(response.fields.contains("server"));
}

TEST(Server, KeepsTheConnectionForManyRequests) {
    const auto server = StartServer(LoopbackOptions(), Echo);
    auto client = Connect(*server);
    for (int i = 0; i < 200; ++i) {
        ASSERT_EQ(client.Get("/" + std::to_string(i)).body, "GET /" + std::to_string(i) + " ");
    }
    EXPECT_EQ(server->statistics().requests, 200u);
    EXPECT_EQ(server->statistics().connections_open, 1u);
}

TEST(Server, PipelinedRequestsAreAnsweredInTheirOrder) {
    const auto server = StartServer(LoopbackOptions(), Echo);
    auto client = Connect(*server);
    std::string bytes;
    for (int i = 0; i < 300; ++i) {
        const std::string body(static_cast<std::size_t>(i * 7), static_cast<char>('a' + i % 26));
        bytes += "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: test\r\nContent-Length: " + std::to_string(body.size()) +
                 "\r\n\r\n" + body;
    }
    ASSERT_TRUE(client.Send(bytes));
    for (int i = 0; i < 300; ++i) {
        const std::string body(static_cast<std::size_t>(i * 7), static_cast<char>('a' + i % 26));
        ASSERT_EQ(client.ReadResponse().body, "POST /" + std::to_string(i) + " " + body);
    }
}

TEST(Server, RequestsOfDifferentConnectionsAreHandledAtTheSameTime) {
    constexpr int kWorkers = 4;
    std::latch all_here(kWorkers);
    auto options = LoopbackOptions();
    options.workers = kWorkers;
    const auto server = StartServer(options, [&](const Request& request) {
        all_here.arrive_and_wait();
        return Echo(request);
    });
    std::vector<TestClient> clients;
    for (int i = 0; i < kWorkers; ++i) {
        clients.push_back(Connect(*server));
        clients.back().Send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
    }
    for (auto& client : clients) EXPECT_EQ(client.ReadResponse().status, 200);
}

TEST(Server, HeadGetsTheLengthButNotTheBody) {
    const auto server = StartServer(LoopbackOptions(), [](const Request&) { return Response::PlainText("hello"); });
    auto client = Connect(*server);
    client.Send("HEAD / HTTP/1.1\r\nHost: test\r\n\r\n");
    const auto response = client.ReadResponse(false);
    EXPECT_EQ(response.fields.at("content-length"), "5");
    EXPECT_EQ(client.Get("/").body, "hello");
}

TEST(Server, HandsOverEveryMethodWithItsBody) {
    const auto server = StartServer(LoopbackOptions(), Echo);
    auto client = Connect(*server);
    for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
        client.Send(std::string(method) + " /x HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\n\r\nhi");
        EXPECT_EQ(client.ReadResponse().body, std::string(method) + " /x hi");
    }
    client.Send("PURGE /x HTTP/1.1\r\nHost: test\r\n\r\n");
    EXPECT_EQ(client.ReadResponse().body, "OTHER /x ");
}

TEST(Server, AChunkedBodyArrivesWhole) {
    const auto server = StartServer(LoopbackOptions(), Echo);
    auto client = Connect(*server);
    client.Send("POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
    client.Send("2\r\nde\r\n0\r\n\r\n");
    EXPECT_EQ(client.ReadResponse().body, "POST / abcde");
}

TEST(Server, TellsAnExpectingClientToContinue) {
    const auto server = StartServer(LoopbackOptions(), Echo);
    auto client = Connect(*server);
    client.Send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.ReadResponse().status, 100);
    client.Send("hello");
    EXPECT_EQ(client.ReadResponse().body, "POST / hello");
}

TEST(Server, ClosesWhenTheClientAsksForIt) {
    const auto server = StartServer(LoopbackOptions(), Echo);
    auto client = Connect(*server);
    client.Send("GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
    const auto response = client.ReadResponse();
    EXPECT_EQ(response.fields.at("connection"), "close");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(client.ReadToEnd(), "");
}

TEST(Server, ClosesAfterHttp10UnlessAskedToStay) {
    const auto server = StartServer(LoopbackOptions(), Echo);
    auto client = Connect(*server);
    client.Send("GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(client.ReadResponse().fields.at("connection"), "keep-alive");
    client.Send("GET /2 HTTP/1.0\r\n\r\n");
    EXPECT_EQ(client.ReadResponse().fields.at("connection"), "close");
    EXPECT_EQ(client.ReadToEnd(), "");
}

TEST(Server, LargeBodiesArriveUnchangedInBothDirections) {
    std::string large(3 * 1024 * 1024 + 17, '\0');
    for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * 2654435761u >> 13);
    const auto server = StartServer(LoopbackOptions(), [&](const Request& request) {
        Response response = Response::PlainText(request.body);
        if (request.path == "/static") response.static_body = large;
        return response;
    });
    auto client = Connect(*server);
    client.Send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: " + std::to_string(large.size()) + "\r\n\r\n" + large);
    EXPECT_TRUE(client.ReadResponse().body == large);
    EXPECT_TRUE(client.Get("/static").body == large);
}

TEST(Server, AnExceptionOfTheHandlerIs500WithoutItsText) {
    const auto server = StartServer(LoopbackOptions(), [](const Request& request) -> Response {
        if (request.path == "/throw") throw std::runtime_error("secret");
        if (request.path == "/odd") throw 7;
        return Response::PlainText("fine");
    });
    auto client = Connect(*server);
    for (const char* path : {"/throw", "/odd"}) {
        const auto response = client.Get(path);
        EXPECT_EQ(response.status, 500);
        EXPECT_EQ(response.body.find("secret"), std::string::npos);
        EXPECT_EQ(response.body.find('<'), std::string::npos);
    }
    EXPECT_EQ(client.Get("/").body, "fine");
    EXPECT_EQ(server->statistics().responses_by_class[5], 2u);
    EXPECT_EQ(server->statistics().responses_by_class[2], 1u);
}

TEST(Server, AResponseThatCouldBreakOutOfItsFieldIs500) {
    const auto server = StartServer(LoopbackOptions(), [](const Request& request) {
        return Response::Redirect(std::string(request.query.Get("to")));
    });
    auto client = Connect(*server);
    EXPECT_EQ(client.Get("/?to=/fine").fields.at("location"), "/fine");
    const auto response = client.Get("/?to=/%0d%0aSet-Cookie:%20a=b");
    EXPECT_EQ(response.status, 500);
    EXPECT_FALSE(response.fields.contains("set-cookie"));
}

TEST(Server, AnEventStreamWithoutAHubIs500) {
    const auto server = StartServer(LoopbackOptions(), [](const Request&) {
        Response response;
        response.events = EventSubscription{"c"};
        return response;
    });
    EXPECT_EQ(Connect(*server).Get("/").status, 500);
}

TEST(Server, NoContentHasNeitherBodyNorLength) {
    const auto server = StartServer(LoopbackOptions(), [](const Request&) { return Response::PlainText("x", 204); });
    auto client = Connect(*server);
    const auto response = client.Get("/");
    EXPECT_EQ(response.status, 204);
    EXPECT_FALSE(response.fields.contains("content-length"));
    EXPECT_EQ(client.Get("/").status, 204);
}

TEST(Server, TellsTheHandlerWhoAsks) {
    const auto server = StartServer(LoopbackOptions(), [](const Request& request) {
        return Response::PlainText(request.peer_address + (request.is_tls ? " tls" : " plain"));
    });
    EXPECT_EQ(Connect(*server).Get("/").body, "127.0.0.1 plain");
}

TEST(Server, ARequestCutOffByTheClientNeverReachesTheHandler) {
    std::atomic<int> calls = 0;
    const auto server = StartServer(LoopbackOptions(), [&](const Request& request) {
        ++calls;
        return Echo(request);
    });
    auto client = Connect(*server);
    client.Send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhel");
    client.FinishSending();
    EXPECT_EQ(client.ReadToEnd(), "");
    EXPECT_EQ(calls, 0);
}

TEST(Server, ARequestWhoseClientOnlyStoppedSendingIsAnswered) {
    const auto server = StartServer(LoopbackOptions(), Echo);
    auto client = Connect(*server);
    client.Send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
    client.FinishSending();
    EXPECT_EQ(client.ReadResponse().status, 200);
    EXPECT_EQ(client.ReadToEnd(), "");
}

TEST(Server, AMalformedRequestIsAnsweredAsTextInBothLanguagesAndTheConnectionClosed) {
    const auto server = StartServer(LoopbackOptions(), Echo);
    auto client = Connect(*server);
    client.Send("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\nGET /next HTTP/1.1\r\nHost: test\r\n\r\n");
    const auto response = client.ReadResponse();
    EXPECT_EQ(response.status, 400);
    EXPECT_EQ(response.fields.at("connection"), "close");
    EXPECT_EQ(response.fields.at("content-type"), "text/plain; charset=utf-8");
    EXPECT_NE(response.body.find("主機名稱"), std::string::npos);
    EXPECT_NE(response.body.find("host"), std::string::npos);
    EXPECT_EQ(client.ReadToEnd(), "");
}

TEST(Server, ConnectIs405AndSaysWhatIsOffered) {
    const auto server = StartServer(LoopbackOptions(), Echo);
    auto client = Connect(*server);
    client.Send("CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\n\r\n");
    const auto response = client.ReadResponse();
    EXPECT_EQ(response.status, 405);
    EXPECT_TRUE(response.fields.contains("allow"));
}

TEST(ServerStart, APortInUseIsAConflictThatNamesIt) {
    const auto server = StartServer(LoopbackOptions(), Echo);
    auto options = LoopbackOptions();
    options.listen = server->local_endpoint();
    const auto second = Server::Start(options, Echo, nullptr);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::kConflict);
    const std::string where = "127.0.0.1:" + std::to_string(options.listen.port);
    EXPECT_NE(second.error().caller_text.zh.find(where), std::string::npos);
    EXPECT_NE(second.error().caller_text.en.find(where), std::string::npos);
}

TEST(ServerStart, WithoutTlsOnlyLoopbackAddressesAreAllowed) {
    auto options = LoopbackOptions();
    options.listen.address = "0.0.0.0";
    const auto refused = Server::Start(options, Echo, nullptr);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kForbidden);
}

TEST(ServerStart, AnAddressOfAnotherMachineIsRefused) {
    auto options = LoopbackOptions();
    options.listen.address = "localhost";
    EXPECT_FALSE(Server::Start(options, Echo, nullptr));
}

TEST(ServerStart, ThePortIsFreeAgainAfterTheEnd) {
    auto server = StartServer(LoopbackOptions(), Echo);
    auto options = LoopbackOptions();
    options.listen = server->local_endpoint();
    EXPECT_EQ(Connect(*server).Get("/").status, 200);
    server.reset();
    EXPECT_TRUE(Server::Start(options, Echo, nullptr));
}

}  // namespace
}  // namespace opsteward::net
