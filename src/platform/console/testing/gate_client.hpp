// A browser and API client for a TestConsole: keeps cookies, sends the token of the session, and holds every answer
// against what pages and API answers have to be, so that each test that opens a page checks it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "base/language.hpp"
#include "net/http_message.hpp"
#include "platform/console/testing/page_faults.hpp"
#include "platform/console/testing/test_console.hpp"

namespace opsteward::console::testing {

class GateClient {
  public:
    using Fields = std::vector<std::pair<std::string, std::string>>;

    explicit GateClient(TestConsole& console, Language language = Language::kZhHant)
        : console_(console), language_(language) {}

    /// Opens a session without the sign-in page.
    GateClient& SignIn(const TestPerson& person);
    /// API requests carry it instead of the session from now on; "" stops that.
    void UseToken(std::string token) { token_ = std::move(token); }

    // `target` is a path with an optional query, as in an address. Faults of an answer (PageFaults, AnswerFaults) fail
    // the test.
    net::Response Get(std::string_view target);
    /// A form as a page of this site sends it.
    net::Response Post(std::string_view path, const Fields& fields = {});
    net::Response SendJson(net::Method method, std::string_view path, const json::value& body);
    net::Response PostJson(std::string_view path, const json::value& body) {
        return SendJson(net::Method::kPost, path, body);
    }
    net::Response Delete(std::string_view path);
    /// The JSON of an answer that has to be a success.
    json::value GetJson(std::string_view target);

    /// For requests that a browser or client would not make by itself: complete but for the cookies.
    net::Response Send(net::Request request);
    net::Request MakeRequest(net::Method method, std::string_view target) const;
    /// The token of the session, "" without one.
    std::string csrf() const;
    std::string Cookie(std::string_view name) const;
    void SetCookie(std::string_view name, std::string_view value) { cookies_[std::string(name)] = value; }

  private:
    void Keep(std::string_view set_cookie);

    TestConsole& console_;
    Language language_;
    std::map<std::string, std::string, std::less<>> cookies_;
    std::string token_;
};

/// Where a redirect leads, "" when it is none.
std::string LocationOf(const net::Response& response);

}  // namespace opsteward::console::testing
