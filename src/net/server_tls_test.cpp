#include <gtest/gtest.h>

#include "net/server_test_support.hpp"

namespace opsteward::net {
namespace {

using std::chrono::milliseconds;
using testing::Echo;
using testing::LoopbackOptions;
using testing::MakeClientContext;
using testing::StartServer;
using testing::TestClient;

class TlsServer : public ::testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = ::testing::TempDir() + "opsteward-tls-XXXXXX";
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
        auto files = LoadOrMakeCertificate(folder_, {"ops.example", "127.0.0.1"}, SystemClock().Now());
        ASSERT_TRUE(files) << files.error().operator_text;
        files_ = *files;
    }
    void TearDown() override {
        server_.reset();
        std::filesystem::remove_all(folder_);
    }

    void Start(const ServerLimits& limits = {}, Server::Handler handler = Echo) {
        auto options = LoopbackOptions(limits);
        options.tls = files_;
        server_ = StartServer(options, std::move(handler), events_);
    }
    TestClient Connect() const { return testing::Connect(*server_); }

    std::filesystem::path folder_;
    TlsFiles files_;
    std::shared_ptr<EventHub> events_ = std::make_shared<EventHub>();
    std::unique_ptr<Server> server_;
};

TEST_F(TlsServer, AnswersAndTellsTheHandlerThatItIsTls) {
    Start({}, [](const Request& request) { return Response::PlainText(request.is_tls ? "tls" : "plain"); });
    const auto context = MakeClientContext();
    auto client = Connect();
    ASSERT_TRUE(client.StartTls(context.get()));
    EXPECT_STREQ(SSL_get_version(client.ssl()), "TLSv1.3");
    for (int i = 0; i < 20; ++i) EXPECT_EQ(client.Get("/").body, "tls");
}

TEST_F(TlsServer, TheSelfSignedCertificateIsGoodForWhoTrustsIt) {
    Start();
    const auto context = MakeClientContext();
    ASSERT_EQ(SSL_CTX_load_verify_locations(context.get(), files_.certificate.c_str(), nullptr), 1);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    auto right = Connect();
    ASSERT_TRUE(right.StartTls(context.get(), "ops.example"));
    EXPECT_EQ(right.Get("/").status, 200);
    auto wrong = Connect();
    EXPECT_FALSE(wrong.StartTls(context.get(), "other.example"));
}

TEST_F(TlsServer, SpeaksTls12WithForwardSecrecyOnly) {
    Start();
    const auto context = MakeClientContext(TLS1_2_VERSION, TLS1_2_VERSION);
    auto client = Connect();
    ASSERT_TRUE(client.StartTls(context.get()));
    EXPECT_STREQ(SSL_get_version(client.ssl()), "TLSv1.2");
    EXPECT_EQ(client.Get("/").status, 200);

    ASSERT_EQ(SSL_CTX_set_cipher_list(context.get(), "AES128-SHA:AES256-GCM-SHA384:ECDHE-ECDSA-AES128-SHA"), 1);
    auto weak = Connect();
    EXPECT_FALSE(weak.StartTls(context.get()));
}

TEST_F(TlsServer, RefusesTls11And10) {
    Start();
    for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
        const auto context = MakeClientContext(version, version);
        auto client = Connect();
        EXPECT_FALSE(client.StartTls(context.get())) << version;
    }
}

TEST_F(TlsServer, AgreesOnHttp11AndRefusesAClientThatOnlyKnowsOtherProtocols) {
    Start();
    const auto context = MakeClientContext();
    constexpr unsigned char kOffer[] = "\x02h2\x08http/1.1";
    ASSERT_EQ(SSL_CTX_set_alpn_protos(context.get(), kOffer, sizeof kOffer - 1), 0);
    auto client = Connect();
    ASSERT_TRUE(client.StartTls(context.get()));
    const unsigned char* agreed = nullptr;
    unsigned int size = 0;
    SSL_get0_alpn_selected(client.ssl(), &agreed, &size);
    EXPECT_EQ(std::string(reinterpret_cast<const char*>(agreed), size), "http/1.1");

    ASSERT_EQ(SSL_CTX_set_alpn_protos(context.get(), kOffer, 3), 0);
    auto other = Connect();
    EXPECT_FALSE(other.StartTls(context.get()));
}

TEST_F(TlsServer, ASessionIsResumed) {
    Start();
    const auto context = MakeClientContext(TLS1_2_VERSION, TLS1_2_VERSION);
    auto first = Connect();
    ASSERT_TRUE(first.StartTls(context.get()));
    EXPECT_EQ(first.Get("/").status, 200);
    SSL_SESSION* session = SSL_get1_session(first.ssl());
    auto second = Connect();
    ASSERT_TRUE(second.StartTls(context.get(), nullptr, session));
    SSL_SESSION_free(session);
    EXPECT_EQ(SSL_session_reused(second.ssl()), 1);
    EXPECT_EQ(second.Get("/").status, 200);
}

TEST_F(TlsServer, LargeBodiesArriveUnchanged) {
    Start();
    const auto context = MakeClientContext();
    auto client = Connect();
    ASSERT_TRUE(client.StartTls(context.get()));
    std::string large(3 * 1024 * 1024, '\0');
    for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * 2654435761u >> 13);
    client.Send("POST /x HTTP/1.1\r\nHost: test\r\nContent-Length: " + std::to_string(large.size()) + "\r\n\r\n" + large);
    EXPECT_TRUE(client.ReadResponse().body == "POST /x " + large);
}

TEST_F(TlsServer, EndsWithACloseNotify) {
    Start();
    const auto context = MakeClientContext();
    auto client = Connect();
    ASSERT_TRUE(client.StartTls(context.get()));
    client.Send("GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(client.ReadResponse().status, 200);
    EXPECT_EQ(client.ReadToEnd(), "");
    EXPECT_NE(SSL_get_shutdown(client.ssl()) & SSL_RECEIVED_SHUTDOWN, 0);
}

TEST_F(TlsServer, PlainHttpIsToldToUseHttps) {
    Start();
    auto client = Connect();
    const auto response = client.Get("/");
    EXPECT_EQ(response.status, 400);
    EXPECT_NE(response.body.find("https://"), std::string::npos);
    EXPECT_EQ(client.ReadToEnd(), "");
}

TEST_F(TlsServer, NoiseIsClosed) {
    Start();
    auto client = Connect();
    client.Send(std::string("\x16\x03\x01\xff\xff\0\0\0garbage", 15));
    client.Send(std::string(70'000, 'x'));
    EXPECT_EQ(client.ReadResponse().status, 0);
}

TEST_F(TlsServer, AHandshakeThatStallsIsClosed) {
    ServerLimits limits;
    limits.header_timeout = milliseconds(60);
    Start(limits);
    auto silent = Connect();
    EXPECT_EQ(silent.ReadToEnd(), "");
    auto stalled = Connect();
    stalled.Send(std::string("\x16\x03\x01", 3));
    EXPECT_EQ(stalled.ReadToEnd(), "");
}

TEST_F(TlsServer, AHeaderThatStallsIs408) {
    ServerLimits limits;
    limits.header_timeout = milliseconds(100);
    Start(limits);
    const auto context = MakeClientContext();
    auto client = Connect();
    ASSERT_TRUE(client.StartTls(context.get()));
    client.Send("GET / HTTP/1.1\r\nHost:");
    EXPECT_EQ(client.ReadResponse().status, 408);
    EXPECT_EQ(client.ReadToEnd(), "");
}

TEST_F(TlsServer, AClientStillSendingReadsThe413) {
    Start();
    const auto context = MakeClientContext();
    auto client = Connect();
    ASSERT_TRUE(client.StartTls(context.get()));
    client.Send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 6000000\r\n\r\n" + std::string(1'000'000, 'x'));
    EXPECT_EQ(client.ReadResponse().status, 413);
}

TEST_F(TlsServer, EventsAreDeliveredAndEndWithStop) {
    Start({}, [](const Request&) {
        Response response;
        response.events = EventSubscription{"c"};
        return response;
    });
    const auto context = MakeClientContext();
    auto client = Connect();
    ASSERT_TRUE(client.StartTls(context.get()));
    client.Send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
    ASSERT_TRUE(client.ReadUntil("\r\n\r\n"));
    for (int i = 0; i < 100; ++i) {
        events_->Publish("c", "e", std::to_string(i));
        ASSERT_TRUE(client.ReadUntil("event: e\ndata: " + std::to_string(i) + "\n\n"));
    }
    server_->Stop();
    EXPECT_EQ(client.ReadToEnd(), "");
}

TEST_F(TlsServer, IsNotStartedWithAKeyThatDoesNotFit) {
    const auto other = LoadOrMakeCertificate(folder_ / "other", {"ops.example"}, SystemClock().Now());
    ASSERT_TRUE(other);
    auto options = LoopbackOptions();
    options.tls = TlsFiles{files_.certificate, other->key};
    const auto refused = Server::Start(options, Echo, nullptr);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalidInput);
}

}  // namespace
}  // namespace opsteward::net
