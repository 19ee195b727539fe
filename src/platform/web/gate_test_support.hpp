// A gate before a small site, for the tests of the gate: two people and the administrator, a few routes that note their
// calls.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "db/testing/test_databases.hpp"
#include "platform/audit/trail.hpp"
#include "platform/identity/identity.hpp"
#include "platform/web/cookies.hpp"
#include "platform/web/gate.hpp"

namespace opsteward::web {

class GateTest : public ::testing::Test {
  protected:
    static constexpr std::string_view kAddress = "192.0.2.7";
    static constexpr std::string_view kHost = "console.test:8443";
    static constexpr std::string_view kPassword = "Sturdy-Horse-7";

    void SetUp() override {
        std::vector<db::Migration> migrations(audit::Migrations().begin(), audit::Migrations().end());
        migrations.insert(migrations.end(), identity::Migrations().begin(), identity::Migrations().end());
        database_ = Must(db::testing::MakeMigrated(db::testing::Kind::kSqlite, migrations));
        identity_ = std::make_unique<identity::Identity>(**database_, clock_, Permissions(), identity::Policy{},
                                                         crypto::PasswordCost{8, 1, 1});
        first_password_ = Must(identity_->CreateFirstAdministrator()).value();
        admin_ = {Must(identity_->FindAccountByName("admin")).id, "admin", std::string(kAddress)};
        unit_ = Must(identity_->Units()).at(0).id;
        manager_ = Hire("wang", identity::Role::kNetworkAdmin);
        reader_ = Hire("lin", identity::Role::kAuditor);
        gate_ = Must(Gate::Make(Site(), *identity_, clock_));
    }

    template <typename T>
    static T Must(Result<T> result) {
        if (!result.ok()) throw std::runtime_error(result.error().operator_text);
        return std::move(result).value();
    }

    static std::vector<identity::PermissionSpec> Permissions() {
        using identity::Role;
        return {{"devices.read", {"檢視設備", "Read devices"}, identity::RoleSet::All()},
                {"devices.change", {"變更設備", "Change devices"}, {Role::kNetworkAdmin, Role::kAdministrator}}};
    }

    /// Answers with a page.
    Handler Page() {
        return [this](const RequestContext& context) -> Result<net::Response> {
            Note(context);
            return context.Render({.title = std::string(context.Say("設備", "Devices"))});
        };
    }
    Handler Json() {
        return [this](const RequestContext& context) -> Result<net::Response> {
            Note(context);
            return JsonResponse(json::object{{"items", json::array()}});
        };
    }
    static Handler Throwing() {
        return [](const RequestContext&) -> Result<net::Response> {
            throw std::runtime_error("SQLSTATE 08006 at /var/lib/opsteward");
        };
    }

    Gate::Options Site() {
        using net::Method;
        const ApiDoc doc{.summary = "Something"};
        const Handler save = [this](const RequestContext& context) -> Result<net::Response> {
            Note(context);
            form_ = context.form;
            return context.RedirectWithNotice("/devices", {"已儲存。", "Saved."});
        };
        const Handler refuse = [](const RequestContext&) -> Result<net::Response> {
            return Error::Of(ErrorCode::kInvalidInput, "名稱不可空白。", "The name can't be empty.");
        };
        const Handler stream = [this](const RequestContext& context) -> Result<net::Response> {
            Note(context);
            net::Response response;
            response.events = net::EventSubscription{std::string(context.Parameter("channel"))};
            return response;
        };
        Gate::Options options;
        options.routes = {{Method::kGet, "/", kSignedIn, Page()},
                          {Method::kGet, "/public", kPublic, Page()},
                          {Method::kPost, "/public", kPublic, save},
                          {Method::kGet, "/account/password", kOwnAccount, Page()},
                          {Method::kPost, "/account/password", kOwnAccount, save},
                          {Method::kGet, "/devices", "devices.read", Page()},
                          {Method::kPost, "/devices", "devices.change", save},
                          {Method::kDelete, "/devices", "devices.change", save},
                          {Method::kGet, "/devices/{id}/changes", "devices.change", Page()},
                          {Method::kGet, "/broken", kPublic, Throwing()},
                          {Method::kGet, "/refused", kPublic, refuse},
                          {Method::kGet, "/data.json", kSignedIn, Json()},
                          {.method = Method::kGet,
                           .path = "/events/{channel}",
                           .permission = kSignedIn,
                           .handler = stream,
                           .is_background = true},
                          {Method::kGet, "/api/v1/devices", "devices.read", Json(), doc},
                          {Method::kPost, "/api/v1/devices", "devices.change", Json(), doc},
                          {Method::kPost, "/api/v1/query", kSignedIn, Json(), doc},
                          {Method::kGet, "/api/v1/broken", kSignedIn, Throwing(), doc},
                          {Method::kGet, "/api/v1/refused", kSignedIn, refuse, doc}};
        options.menu = {{{"待辦", "Tasks"}, "/", "home", "work", kSignedIn, 1},
                        {{"設備", "Devices"}, "/devices", "server", "assets", "devices.read", 1},
                        {{"變更", "Changes"}, "/changes", "upload", "assets", "devices.change", 2}};
        options.open_tasks = [this](const RequestContext&) {
            ++task_counts_;
            return 37;
        };
        return options;
    }

    audit::Actor Hire(std::string_view name, identity::Role role) {
        identity::Account account;
        account.name = name;
        account.display_name = "王小明";
        account.unit_id = unit_;
        account.grants = {{role, unit_}};
        const std::string password = Must(identity_->CreateAccount(admin_, account));
        const audit::Actor actor{Must(identity_->FindAccountByName(name)).id, std::string(name), std::string(kAddress)};
        const auto changed = identity_->ChangePassword(actor, password, kPassword);
        if (!changed.ok()) throw std::runtime_error(changed.error().operator_text);
        return actor;
    }
    /// The secret of a new session.
    std::string Session(std::string_view name, std::string_view password = kPassword) {
        return Must(identity_->SignInWithPassword(name, password, kAddress, "test")).session_secret;
    }
    std::string Token(const audit::Actor& holder, bool may_write) {
        return Must(identity_->CreateToken(holder, holder.user_id, "t", may_write, 1));
    }
    std::string CsrfOf(const std::string& secret) {
        return Must(identity_->AuthenticateSession(secret, kAddress)).session->csrf_token;
    }

    /// As a browser with nothing to show sends it.
    static net::Request Ask(net::Method method, std::string_view target) {
        net::Request request;
        request.method = method;
        request.target = target;
        request.path = target.substr(0, target.find('?'));
        const auto query = target.find('?');
        if (query != std::string_view::npos) request.query = net::FormFields::Parse(target.substr(query + 1)).value();
        request.headers.Set("Host", kHost);
        request.headers.Set("Accept-Language", "en");
        request.peer_address = kAddress;
        return request;
    }
    static net::Request Get(std::string_view target) { return Ask(net::Method::kGet, target); }
    static net::Request With(net::Request request, std::string_view name, std::string_view value) {
        request.headers.Set(name, value);
        return request;
    }
    /// In the session with that secret, over plain HTTP.
    static net::Request In(const std::string& secret, net::Request request) {
        return With(std::move(request), "Cookie", "opsteward=" + secret);
    }
    static net::Request Bearing(const std::string& token, net::Request request) {
        return With(std::move(request), "Authorization", "Bearer " + token);
    }
    /// A form as a page of this site sends it, but for session and token.
    static net::Request Form(std::string_view target, std::string body) {
        net::Request request = Ask(net::Method::kPost, target);
        request.headers.Set("Content-Type", "application/x-www-form-urlencoded");
        request.headers.Set("Sec-Fetch-Site", "same-origin");
        request.body = std::move(body);
        return request;
    }
    /// The same with the token of its session.
    net::Request SignedForm(const std::string& secret, std::string_view target, std::string_view fields = {}) {
        return In(secret, Form(target, fmt::format("csrf={}&{}", CsrfOf(secret), fields)));
    }

    net::Response Handle(const net::Request& request) { return gate_->Handle(request); }
    int StatusOf(const net::Request& request) { return Handle(request).status; }
    static std::string LocationOf(const net::Response& response) {
        return response.status == 303 ? std::string(response.headers.Get("Location")) : std::string();
    }
    static std::vector<std::string> CookiesOf(const net::Response& response) {
        std::vector<std::string> cookies;
        for (const auto& [name, value] : response.headers.all()) {
            if (name == "Set-Cookie") cookies.push_back(value);
        }
        return cookies;
    }
    static std::string CodeOf(const net::Response& response) {
        return std::string(json::parse(response.body).at("error").at("code").as_string());
    }

    ManualClock clock_{Instant(std::chrono::seconds(1'754'373'780))};
    std::unique_ptr<db::testing::TestDatabase> database_;
    std::unique_ptr<identity::Identity> identity_;
    std::string first_password_;
    std::int64_t unit_ = 0;
    audit::Actor admin_;
    audit::Actor manager_;  ///< may change devices
    audit::Actor reader_;   ///< may only read them
    std::unique_ptr<Gate> gate_;
    std::vector<std::string> calls_;  ///< of handlers: "GET /devices", and by whom
    net::FormFields form_;            ///< of the last call
    int task_counts_ = 0;

  private:
    void Note(const RequestContext& context) {
        const std::string_view who =
            context.authentication == nullptr ? std::string_view("nobody") : context.actor().name;
        calls_.push_back(fmt::format("{} {} {}", net::MethodName(context.request.method), context.request.path, who));
    }
};

}  // namespace opsteward::web
