#include "platform/console/testing/gate_client.hpp"

#include <gtest/gtest.h>

#include "net/response_head.hpp"
#include "platform/web/cookies.hpp"
#include "platform/web/request_rules.hpp"

namespace opsteward::console::testing {

namespace {

constexpr std::string_view kAddress = "192.0.2.7";
constexpr std::string_view kHost = "console.test:8443";

}  // namespace

GateClient& GateClient::SignIn(const TestPerson& person) {
    const auto sign_in = Must(console_.identity().SignInWithPassword(person.name, person.password, kAddress, "test"));
    if (sign_in.step != identity::SignIn::Step::kDone)
        throw std::runtime_error(person.name + " needs a second factor to sign in");
    SetCookie(web::kSessionCookie, sign_in.session_secret);
    return *this;
}

net::Response GateClient::Get(std::string_view target) {
    return Send(MakeRequest(net::Method::kGet, target));
}

net::Response GateClient::Post(std::string_view path, const Fields& fields) {
    net::Request request = MakeRequest(net::Method::kPost, path);
    request.headers.Set("Content-Type", "application/x-www-form-urlencoded");
    request.headers.Set("Sec-Fetch-Site", "same-origin");
    request.body = "csrf=" + net::PercentEncode(csrf());
    for (const auto& [name, value] : fields)
        request.body += "&" + net::PercentEncode(name) + "=" + net::PercentEncode(value);
    return Send(std::move(request));
}

net::Response GateClient::SendJson(net::Method method, std::string_view path, const json::value& body) {
    net::Request request = MakeRequest(method, path);
    request.headers.Set("Content-Type", "application/json");
    request.body = json::serialize(body);
    if (token_.empty()) {
        request.headers.Set("Sec-Fetch-Site", "same-origin");
        request.headers.Set("X-CSRF-Token", csrf());
    }
    return Send(std::move(request));
}

net::Response GateClient::Delete(std::string_view path) {
    net::Request request = MakeRequest(net::Method::kDelete, path);
    if (token_.empty()) {
        request.headers.Set("Sec-Fetch-Site", "same-origin");
        request.headers.Set("X-CSRF-Token", csrf());
    }
    return Send(std::move(request));
}

json::value GateClient::GetJson(std::string_view target) {
    const net::Response response = Get(target);
    if (response.status != 200)
        throw std::runtime_error(std::string(target) + " answered " + std::to_string(response.status) + ": " +
                                 response.body);
    return Must(ParseJson(response.body));
}

net::Request GateClient::MakeRequest(net::Method method, std::string_view target) const {
    net::Request request;
    request.method = method;
    request.target = target;
    request.path = target.substr(0, target.find('?'));
    const auto query = target.find('?');
    if (query != std::string_view::npos) request.query = net::FormFields::Parse(target.substr(query + 1)).value();
    request.headers.Set("Host", kHost);
    request.headers.Set("User-Agent", "test");
    request.headers.Set("Accept-Language", LanguageTag(language_));
    if (!token_.empty() && web::IsApiPath(request.path)) request.headers.Set("Authorization", "Bearer " + token_);
    request.peer_address = kAddress;
    return request;
}

net::Response GateClient::Send(net::Request request) {
    std::string cookies;
    for (const auto& [name, value] : cookies_) cookies += (cookies.empty() ? "" : "; ") + name + "=" + value;
    if (!cookies.empty()) request.headers.Set("Cookie", cookies);
    net::Response response = console_.Handle(request);
    response.body = net::BodyOf(response);
    for (const auto& [name, value] : response.headers.all()) {
        if (name == "Set-Cookie") Keep(value);
    }
    const std::string where = std::string(net::MethodName(request.method)) + " " + request.target + ": ";
    if (response.headers.Get("Content-Type").starts_with("text/html")) {
        for (const std::string& fault : PageFaults(response.body)) ADD_FAILURE() << where << fault;
    } else if (web::IsApiPath(request.path)) {
        for (const std::string& fault : console_.AnswerFaults(request, response))
            ADD_FAILURE() << where << fault << "\n" << response.body;
    }
    return response;
}

void GateClient::Keep(std::string_view set_cookie) {
    const auto equals = set_cookie.find('=');
    const std::string name(set_cookie.substr(0, equals));
    const std::string_view value = set_cookie.substr(equals + 1, set_cookie.find(';') - equals - 1);
    if (value.empty()) {
        cookies_.erase(name);
    } else {
        cookies_[name] = value;
    }
}

std::string GateClient::csrf() const {
    const auto by_session = console_.identity().AuthenticateSession(Cookie(web::kSessionCookie), kAddress);
    return by_session.ok() ? by_session->session->csrf_token : std::string();
}

std::string GateClient::Cookie(std::string_view name) const {
    const auto found = cookies_.find(name);
    return found == cookies_.end() ? std::string() : found->second;
}

std::string LocationOf(const net::Response& response) {
    return response.status == 303 ? std::string(response.headers.Get("Location")) : std::string();
}

}  // namespace opsteward::console::testing
