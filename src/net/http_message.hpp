// HTTP requests and responses as the rest of the program sees them. No Asio or Beast here.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace opsteward::net {

enum class Method { kGet, kHead, kPost, kPut, kPatch, kDelete, kOther };
std::string_view MethodName(Method method);

/// Names compare without regard to ASCII case; order kept.
class Headers {
  public:
    void Set(std::string_view name, std::string_view value);  ///< replaces every earlier one
    void Add(std::string_view name, std::string_view value);
    /// The first one, or "" when absent.
    std::string_view Get(std::string_view name) const;
    bool Has(std::string_view name) const;
    const std::vector<std::pair<std::string, std::string>>& all() const { return fields_; }

  private:
    std::vector<std::pair<std::string, std::string>> fields_;
};

/// Decoded key/value pairs in their order: a query string or an application/x-www-form-urlencoded body.
class FormFields {
  public:
    /// WHATWG URL, section 5.1. Nothing when a percent escape or the UTF-8 is broken or there are over 1000 fields.
    static std::optional<FormFields> Parse(std::string_view encoded);
    std::string_view Get(std::string_view name) const;  ///< the first, or ""
    bool Has(std::string_view name) const;
    std::vector<std::string_view> GetAll(std::string_view name) const;
    void Set(std::string_view name, std::string_view value);
    std::string Encode() const;
    const std::vector<std::pair<std::string, std::string>>& all() const { return fields_; }

  private:
    std::vector<std::pair<std::string, std::string>> fields_;
};

std::string PercentEncode(std::string_view text);  ///< for one path segment or query value

struct Request {
    Method method = Method::kGet;
    std::string target;        ///< as sent: "/devices?page=2"
    std::string path;          ///< decoded, begins with '/', no "..", "//" or NUL (those are answered with 400 before)
    FormFields query;
    Headers headers;
    std::string body;
    std::string peer_address;  ///< "192.0.2.7"
    bool is_tls = false;

    std::string_view Cookie(std::string_view name) const;  ///< "" when absent
};

/// Server-sent events (WHATWG HTML section 9.2) handed out by an EventHub.
struct EventSubscription {
    std::string channel;
};

struct Response {
    int status = 200;
    Headers headers;
    std::string body;
    /// Instead of a body: bytes that live as long as the program (embedded assets).
    std::string_view static_body;
    /// Instead of a body: bytes that many responses share.
    std::shared_ptr<const std::string> shared_body;
    /// Instead of a body: keep the connection open and send what is published on the channel.
    std::optional<EventSubscription> events;

    static Response Html(std::string markup, int status = 200);
    static Response Json(std::string text, int status = 200);
    static Response PlainText(std::string text, int status = 200);
    static Response Redirect(std::string location, int status = 303);
};

std::string_view ReasonPhrase(int status);

}  // namespace opsteward::net
