#include "features/inventory/testing/site.hpp"

#include <gtest/gtest.h>

#include "platform/web/error_answer.hpp"
#include "platform/web/request_rules.hpp"

namespace opsteward::inventory {
namespace {

net::Request RequestFor(net::Method method, const std::string& target, std::string body) {
    net::Request request;
    request.method = method;
    request.target = target;
    const std::size_t mark = target.find('?');
    request.path = target.substr(0, mark);
    if (mark != std::string::npos) request.query = net::FormFields::Parse(target.substr(mark + 1)).value();
    const bool is_api = web::IsApiPath(request.path);
    if (!body.empty()) request.headers.Set("Content-Type", is_api ? "application/json" : "application/x-www-form-urlencoded");
    request.body = std::move(body);
    return request;
}

}  // namespace

Site::Site(platform::Module module, const Clock& clock) : module_(std::move(module)), clock_(clock) {
    for (std::size_t i = 0; i < module_.routes.size(); ++i) {
        const web::Route& route = module_.routes[i];
        EXPECT_TRUE(router_.Add(route.method, route.path, i).ok()) << route.path;
    }
    SignIn(identity::Role::kAdministrator, {1, 2, 3});
}

void Site::SignIn(identity::Role role, std::set<std::int64_t> units) {
    std::vector<identity::RoleGrant> grants;
    std::map<std::int64_t, std::set<std::int64_t>> subtrees;
    for (const std::int64_t unit : units) {
        grants.push_back({role, unit});
        subtrees[unit] = {unit};
    }
    reader_ = {
        identity::Principal({1, "admin", "192.0.2.1"}, "平台管理者", std::move(grants), subtrees, module_.permissions), {}, true};
}

web::RequestContext Site::ContextFor(const net::Request& request) const {
    web::RequestContext context{request, &reader_, clock_.Now(), language_, {}, {}, {}};
    context.frame.language = language_;
    context.frame.csrf_token = "token-of-the-session";
    context.frame.is_signed_in = true;
    context.frame.menu = module_.menu;
    context.frame.current_path = request.path;
    return context;
}

net::Response Site::Send(net::Method method, const std::string& target, std::string body) {
    const net::Request request = RequestFor(method, target, std::move(body));
    const bool is_api = web::IsApiPath(request.path);
    web::RequestContext context = ContextFor(request);
    if (!is_api) context.form = net::FormFields::Parse(request.body).value();
    const auto refuse = [&](const Error& error) {
        const int status = web::StatusFor(error.code, is_api);
        return is_api ? web::ErrorJson(error, status) : web::ErrorPage(context.frame, error, status);
    };
    web::RouteMatch match = router_.Find(method, request.path);
    if (match.outcome != web::RouteMatch::Outcome::kFound) return refuse(Error::Hidden(ErrorCode::kNotFound, "no route"));
    const web::Route& route = module_.routes[match.index];
    last_route_ = route.path;
    context.path_parameters = std::move(match.parameters);
    if (!reader_.principal.May(route.permission)) return refuse(Error::Hidden(ErrorCode::kForbidden, "no permission"));
    auto response = route.handler(context);
    return response.ok() ? std::move(response).value() : refuse(response.error());
}

std::vector<platform::Task> Site::Tasks() {
    const net::Request request = RequestFor(net::Method::kGet, "/", {});
    auto tasks = module_.tasks(ContextFor(request));
    if (!tasks.ok()) ADD_FAILURE() << tasks.error().operator_text;
    return tasks.value_or({});
}

std::vector<platform::SearchHit> Site::Search(std::string_view query, int limit) {
    const net::Request request = RequestFor(net::Method::kGet, "/search", {});
    auto hits = module_.search(ContextFor(request), query, limit);
    if (!hits.ok()) ADD_FAILURE() << hits.error().operator_text;
    return hits.value_or({});
}

}  // namespace opsteward::inventory
