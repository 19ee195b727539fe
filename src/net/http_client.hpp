// An HTTP client for the few places that the program talks to of its own accord. libcurl does the work.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace opsteward::net {

struct HttpClientOptions {
    /// PEM; the only certificates whose servers are trusted. Empty: the authorities that the machine trusts.
    std::filesystem::path trusted = {};
    std::chrono::milliseconds connect_timeout{10'000};
    std::chrono::milliseconds timeout{30'000};  ///< for all of a request
    std::size_t max_body_bytes = 64 * 1024;
    /// Asked about once a second while a request runs; when it says so, the request ends with kCancelled.
    std::function<bool()> is_cancelled = {};
};

/// A field of a request's head.
struct HttpField {
    std::string name;
    std::string value;
};

struct HttpAnswer {
    int status = 0;
    std::string content_type;  ///< as sent, "" when it was not
    std::string body;
    std::optional<std::chrono::seconds> retry_after;  ///< how long the server wants to be left alone (RFC 9110 section 10.2.3), when it says so
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
    /// The same errors; kInvalidInput too for a field that would not stay on its line. Takes a body packed with gzip; max_body_bytes counts it unpacked.
    Result<HttpAnswer> Get(const std::string& url, const std::vector<HttpField>& fields = {});

  private:
    struct Handle;
    struct Request;
    Result<HttpAnswer> Perform(const Request& request);

    HttpClientOptions options_;
    std::unique_ptr<Handle> handle_;
};

}  // namespace opsteward::net
