#include "net/http_client.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <future>

#include "net/server_test_support.hpp"

namespace opsteward::net {
namespace {

using ::testing::HasSubstr;
using testing::LoopbackOptions;
using testing::StartServer;

class Client : public ::testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = ::testing::TempDir() + "opsteward-client-XXXXXX";
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
    }
    void TearDown() override {
        server_.reset();
        std::filesystem::remove_all(folder_);
    }

    void Start(Server::Handler handler, bool with_tls = false, const std::vector<std::string>& names = {"127.0.0.1"}) {
        auto options = LoopbackOptions();
        if (with_tls) options.tls = LoadOrMakeCertificate(folder_, names, SystemClock().Now()).value();
        server_ = StartServer(options, std::move(handler));
    }
    std::string Url(std::string_view scheme = "http", std::string_view host = "127.0.0.1") const {
        return std::string(scheme) + "://" + std::string(host) + ":" + std::to_string(server_->local_endpoint().port) + "/there";
    }

    std::filesystem::path folder_;
    std::unique_ptr<Server> server_;
};

TEST_F(Client, SendsABodyAndGivesTheAnswer) {
    Start([](const Request& request) {
        Response response = Response::PlainText(request.path + " " + request.body, 409);
        response.headers.Set("Content-Type", request.headers.Get("Content-Type"));
        return response;
    });
    HttpClient client;
    for (const std::string body : {"one", "", "three"}) {
        const auto answer = client.Post(Url(), "text/x.one", body);
        ASSERT_TRUE(answer.ok()) << answer.error().operator_text;
        EXPECT_EQ(answer->status, 409);
        EXPECT_EQ(answer->content_type, "text/x.one");
        EXPECT_EQ(answer->body, "/there " + body);
    }
    EXPECT_EQ(server_->statistics().connections_open, 1U) << "one connection for all";
}

TEST_F(Client, TrustsTheCertificateItIsGivenAndNoOther) {
    Start(testing::Echo, true);
    const auto other = folder_ / "other";
    std::filesystem::create_directory(other);
    const auto foreign = LoadOrMakeCertificate(other, {"127.0.0.1"}, SystemClock().Now()).value();
    EXPECT_EQ(HttpClient({.trusted = folder_ / "server.crt"}).Post(Url("https"), "text/plain", "x")->body, "POST /there x");
    for (const std::filesystem::path& trusted : {std::filesystem::path(), foreign.certificate}) {
        const auto answer = HttpClient({.trusted = trusted}).Post(Url("https"), "text/plain", "x");
        ASSERT_FALSE(answer.ok()) << trusted;
        EXPECT_EQ(answer.error().code, ErrorCode::kUnavailable);
        EXPECT_THAT(answer.error().caller_text.en, HasSubstr("not trusted"));
    }
    EXPECT_EQ(server_->statistics().requests, 1U);
}

TEST_F(Client, RefusesACertificateOfAnotherName) {
    Start(testing::Echo, true, {"witness.example"});
    EXPECT_THAT(HttpClient({.trusted = folder_ / "server.crt"}).Post(Url("https"), "text/plain", "x").error().caller_text.en, HasSubstr("not trusted"));
}

TEST_F(Client, SaysSoWhenThereIsNoCertificateInTheFile) {
    Start(testing::Echo, true);
    std::ofstream(folder_ / "empty.pem") << "no certificate\n";
    for (const char* name : {"empty.pem", "missing.pem"}) {
        const auto answer = HttpClient({.trusted = folder_ / name}).Post(Url("https"), "text/plain", "x");
        EXPECT_EQ(answer.error().code, ErrorCode::kInvalidInput) << name << answer.error().operator_text;
        EXPECT_THAT(answer.error().caller_text.en, HasSubstr(name));
    }
}

TEST_F(Client, GetsWithItsFieldsAndWithoutABody) {
    Start([](const Request& request) {
        Response response = Response::PlainText(request.path + " " + std::string(request.headers.Get("apiKey")) + request.body);
        response.headers.Set("Retry-After", "7");
        return response;
    });
    HttpClient client;
    const auto answer = client.Get(Url(), {{"apiKey", "abc"}, {"X-Other", "d e"}});
    ASSERT_TRUE(answer.ok()) << answer.error().operator_text;
    EXPECT_EQ(answer->body, "/there abc");
    EXPECT_EQ(answer->retry_after, std::chrono::seconds(7));
    EXPECT_EQ(client.Post(Url(), "text/plain", "x")->body, "/there x") << "nothing stays of it";
    EXPECT_EQ(client.Get(Url())->body, "/there ");
}

TEST_F(Client, SendsNoFieldThatLeavesItsLine) {
    Start(testing::Echo);
    const std::vector<HttpField> fields{{"apiKey", "a\r\nX: y"}, {"apiKey", "a\n"}, {"api\nKey", "a"}, {"a:b", "c"}, {"", "a"}, {"apiKey", ""}};
    for (const HttpField& field : fields) EXPECT_EQ(HttpClient().Get(Url(), {field}).error().code, ErrorCode::kInvalidInput) << field.value;
    EXPECT_EQ(server_->statistics().requests, 0U);
}

TEST_F(Client, EndsWhenItIsCancelled) {
    std::promise<void> is_over;
    Start([over = is_over.get_future().share()](const Request&) {
        over.wait();
        return Response::PlainText("late");
    });
    EXPECT_EQ(HttpClient({.is_cancelled = [] { return true; }}).Get(Url()).error().code, ErrorCode::kCancelled);
    is_over.set_value();
}

TEST_F(Client, FollowsNoRedirect) {
    Start([](const Request&) { return Response::Redirect("https://127.0.0.1:1/", 307); });
    EXPECT_EQ(HttpClient().Post(Url(), "text/plain", "x")->status, 307);
}

TEST_F(Client, EndsAnAnswerThatIsTooLong) {
    Start([](const Request& request) { return Response::PlainText(std::string(std::stoul(request.body), 'x')); });
    HttpClient client({.max_body_bytes = 100'000});
    EXPECT_EQ(client.Post(Url(), "text/plain", "100000")->body.size(), 100'000U);
    EXPECT_EQ(client.Post(Url(), "text/plain", "100001").error().code, ErrorCode::kTooLarge);
    EXPECT_EQ(client.Post(Url(), "text/plain", "1")->body, "x") << "and goes on";
}

TEST_F(Client, WaitsNoLongerThanItsTime) {
    std::promise<void> is_over;
    Start([over = is_over.get_future().share()](const Request&) {
        over.wait();
        return Response::PlainText("late");
    });
    EXPECT_EQ(HttpClient({.timeout = std::chrono::milliseconds(50)}).Post(Url(), "text/plain", "x").error().code, ErrorCode::kTimeout);
    is_over.set_value();
}

TEST_F(Client, SaysSoWhenNobodyListens) {
    Start(testing::Echo);
    const std::string url = Url();
    server_.reset();
    const auto answer = HttpClient().Post(url, "text/plain", "x");
    EXPECT_EQ(answer.error().code, ErrorCode::kUnavailable);
    EXPECT_THAT(answer.error().caller_text.en, HasSubstr("could not be reached"));
}

TEST_F(Client, UsesNoProxyOfTheEnvironment) {
    Start(testing::Echo);
    ASSERT_EQ(setenv("http_proxy", "http://127.0.0.1:1", 1), 0);
    EXPECT_TRUE(HttpClient().Post(Url(), "text/plain", "x").ok());
    ASSERT_EQ(unsetenv("http_proxy"), 0);
}

TEST(ClientUrl, IsHttpsOrPlainOnLoopback) {
    HttpClient client;
    for (const std::string url : {"", "witness.example", "http://witness.example/", "http://192.0.2.1:80/", "ftp://127.0.0.1/", "file:///etc/passwd",
                                  "https://user@127.0.0.1/", "https://user:secret@127.0.0.1/", "https://", "http://[2001:db8::1]/", "http://127.0.0.1.example/"}) {
        EXPECT_EQ(client.Post(url, "text/plain", "x").error().code, ErrorCode::kInvalidInput) << url;
    }
    for (const std::string url : {"http://127.0.0.1:1/", "http://[::1]:1/", "http://localhost:1/", "https://127.0.0.1:1/"}) {
        EXPECT_EQ(client.Post(url, "text/plain", "x").error().code, ErrorCode::kUnavailable) << url;
    }
}

}  // namespace
}  // namespace opsteward::net
