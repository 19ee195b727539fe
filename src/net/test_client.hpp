// A blocking HTTP client for tests: plain sockets and OpenSSL, nothing of the code under test.
#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace opsteward::net::testing {

struct TestResponse {
    int status = 0;  ///< 0: the connection ended before a head was complete
    std::string head;
    std::map<std::string, std::string> fields;  ///< names in lower case
    std::string body;
};

/// Every wait is for the peer and ends after 20 s at the latest, which fails the test that waits.
class TestClient {
  public:
    explicit TestClient(std::uint16_t port, int receive_buffer_bytes = 0);
    ~TestClient();
    TestClient(TestClient&& other) noexcept;
    TestClient(const TestClient&) = delete;
    TestClient& operator=(const TestClient&) = delete;

    bool connected() const { return socket_ >= 0; }
    /// Speaks TLS from here on with the settings of `context`.
    bool StartTls(SSL_CTX* context, const char* host_name = nullptr, SSL_SESSION* session = nullptr);
    SSL* ssl() const { return ssl_; }

    bool Send(std::string_view bytes);
    /// With Content-Length or to the end of the connection; `has_body` is false for answers to HEAD.
    TestResponse ReadResponse(bool has_body = true);
    /// Send() of a GET with Host, then ReadResponse().
    TestResponse Get(std::string_view target);
    /// Whatever comes until the connection ends, in any way.
    std::string ReadToEnd();
    /// Reads until `text` has come; false when the connection ends first.
    bool ReadUntil(std::string_view text);
    /// True when there is something to read (or the end) within the time.
    bool IsReadable(int milliseconds) const;
    /// Ends the connection from this side.
    void Close();
    /// Ends only this side's sending.
    void FinishSending();

  private:
    bool ReadSome();

    int socket_ = -1;
    SSL* ssl_ = nullptr;
    std::string buffer_;
};

using ClientContext = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
/// No verification; at most and at least these versions (0: the library's default).
ClientContext MakeClientContext(int min_version = 0, int max_version = 0);

}  // namespace opsteward::net::testing
