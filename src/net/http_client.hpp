// An HTTP client for the few places that the program talks to of its own accord. libcurl does the work.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace opsteward::net {

struct HttpClientOptions {
    /// PEM; the only certificates whose servers are trusted. Empty: the authorities that the machine trusts.
    std::filesystem::path trusted = {};
    std::chrono::milliseconds connect_timeout{10'000};
    std::chrono::milliseconds timeout{30'000};  ///< for all of a request
    std::size_t max_body_bytes = 64 * 1024;
};

struct HttpAnswer {
    int status = 0;
    std::string content_type;  ///< as sent, "" when it was not
    std::string body;
};

/// TLS 1.2 or later with the server's certificate and name verified; plain HTTP to loopback addresses alone. Follows no redirect, uses no proxy, sends no
/// cookie and no password. Keeps its connection for the next request. Not for use from two threads at a time.
class HttpClient {
  public:
    explicit HttpClient(HttpClientOptions options = {});
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    /// kInvalidInput: no https URL, or `trusted` can't be read; kUnavailable: no connection, or an untrusted one; kTimeout; kTooLarge.
    Result<HttpAnswer> Post(const std::string& url, std::string_view content_type, std::string_view body);

  private:
    struct Handle;
    HttpClientOptions options_;
    std::unique_ptr<Handle> handle_;
};

}  // namespace opsteward::net
