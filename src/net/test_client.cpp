#include "net/test_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <utility>

namespace opsteward::net::testing {
namespace {

constexpr timeval kPatience{20, 0};

std::string Lower(std::string text) {
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    }
    return text;
}

void ParseHead(TestResponse& response) {
    std::string_view rest = response.head;
    const std::string_view status = rest.substr(9, 3);
    std::from_chars(status.data(), status.data() + status.size(), response.status);
    rest.remove_prefix(rest.find("\r\n") + 2);
    while (!rest.starts_with("\r\n")) {
        const auto end = rest.find("\r\n");
        const auto colon = rest.find(": ");
        response.fields[Lower(std::string(rest.substr(0, colon)))] = rest.substr(colon + 2, end - colon - 2);
        rest.remove_prefix(end + 2);
    }
}

}  // namespace

TestClient::TestClient(std::uint16_t port, int receive_buffer_bytes) {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (receive_buffer_bytes > 0) {
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes, sizeof receive_buffer_bytes);
    }
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) Close();
}

TestClient::~TestClient() { Close(); }

TestClient::TestClient(TestClient&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      ssl_(std::exchange(other.ssl_, nullptr)),
      buffer_(std::move(other.buffer_)) {}

void TestClient::Close() {
    if (ssl_ != nullptr) SSL_free(std::exchange(ssl_, nullptr));
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
}

void TestClient::FinishSending() { ::shutdown(socket_, SHUT_WR); }

bool TestClient::StartTls(SSL_CTX* context, const char* host_name, SSL_SESSION* session) {
    ssl_ = SSL_new(context);
    if (host_name != nullptr) {
        SSL_set_tlsext_host_name(ssl_, host_name);
        SSL_set1_host(ssl_, host_name);
    }
    if (session != nullptr) SSL_set_session(ssl_, session);
    SSL_set_fd(ssl_, socket_);
    const bool done = SSL_connect(ssl_) == 1;
    ERR_clear_error();
    return done;
}

bool TestClient::Send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ssl_ != nullptr ? SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()))
                                          : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool TestClient::ReadSome() {
    std::array<char, 64 * 1024> chunk;
    const auto size = ssl_ != nullptr ? SSL_read(ssl_, chunk.data(), static_cast<int>(chunk.size()))
                                      : ::recv(socket_, chunk.data(), chunk.size(), 0);
    ERR_clear_error();
    if (size <= 0) return false;
    buffer_.append(chunk.data(), static_cast<std::size_t>(size));
    return true;
}

TestResponse TestClient::ReadResponse(bool has_body) {
    TestResponse response;
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
        if (!ReadSome()) return response;
    }
    response.head = buffer_.substr(0, end + 4);
    buffer_.erase(0, end + 4);
    ParseHead(response);
    if (!has_body || response.status == 100 || response.status == 204 || response.status == 304) return response;
    const auto field = response.fields.find("content-length");
    if (field == response.fields.end()) {
        response.body = ReadToEnd();
        return response;
    }
    const std::size_t length = std::stoul(field->second);
    while (buffer_.size() < length && ReadSome()) {
    }
    response.body = buffer_.substr(0, length);
    buffer_.erase(0, length);
    return response;
}

TestResponse TestClient::Get(std::string_view target) {
    Send("GET " + std::string(target) + " HTTP/1.1\r\nHost: test\r\n\r\n");
    return ReadResponse();
}

std::string TestClient::ReadToEnd() {
    while (ReadSome()) {
    }
    return std::exchange(buffer_, {});
}

bool TestClient::ReadUntil(std::string_view text) {
    while (buffer_.find(text) == std::string::npos) {
        if (!ReadSome()) return false;
    }
    buffer_.erase(0, buffer_.find(text) + text.size());
    return true;
}

bool TestClient::IsReadable(int milliseconds) const {
    pollfd waited{socket_, POLLIN, 0};
    return !buffer_.empty() || ::poll(&waited, 1, milliseconds) > 0;
}

ClientContext MakeClientContext(int min_version, int max_version) {
    ClientContext context(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
    // Old versions sign with SHA-1, which OpenSSL otherwise refuses on the client's side before anything is sent.
    SSL_CTX_set_cipher_list(context.get(), "DEFAULT:@SECLEVEL=0");
    SSL_CTX_set_min_proto_version(context.get(), min_version);
    SSL_CTX_set_max_proto_version(context.get(), max_version);
    return context;
}

}  // namespace opsteward::net::testing
