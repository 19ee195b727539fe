// The groups of routes that make up the room. Each stands in the file of its name.
#pragma once

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/console/services.hpp"
#include "platform/web/route.hpp"

namespace opsteward::console {

/// Collects routes whose handlers are functions of the request and of what the program offers.
class RouteList {
  public:
    using Answer = Result<net::Response> (*)(const web::RequestContext&, const Services&);

    explicit RouteList(std::shared_ptr<const Services> services) : services_(std::move(services)) {}

    RouteList& Page(net::Method method, std::string_view path, std::string_view permission, Answer answer) {
        return Add(method, path, permission, answer, std::nullopt);
    }
    RouteList& Api(net::Method method, std::string_view path, std::string_view permission, Answer answer,
                   web::ApiDoc description) {
        return Add(method, path, permission, answer, std::move(description));
    }
    std::vector<web::Route> Take() { return std::move(routes_); }

  private:
    RouteList& Add(net::Method method, std::string_view path, std::string_view permission, Answer answer,
                   std::optional<web::ApiDoc> api) {
        routes_.push_back(
            {method, path, permission,
             [services = services_, answer](const web::RequestContext& context) { return answer(context, *services); },
             std::move(api)});
        return *this;
    }

    std::shared_ptr<const Services> services_;
    std::vector<web::Route> routes_;
};

std::vector<web::Route> SignInRoutes(std::shared_ptr<const Services> services);
std::vector<web::Route> OwnAccountRoutes(std::shared_ptr<const Services> services);
std::vector<web::Route> PasswordRoutes(std::shared_ptr<const Services> services);
std::vector<web::Route> TotpRoutes(std::shared_ptr<const Services> services);
std::vector<web::Route> OwnTokenRoutes(std::shared_ptr<const Services> services);
std::vector<web::Route> AccountListRoutes(std::shared_ptr<const Services> services);
std::vector<web::Route> AccountRoutes(std::shared_ptr<const Services> services);
std::vector<web::Route> UnitRoutes(std::shared_ptr<const Services> services);
std::vector<web::Route> AccountApiRoutes(std::shared_ptr<const Services> services);
std::vector<web::Route> UnitApiRoutes(std::shared_ptr<const Services> services);
std::vector<web::Route> OwnApiRoutes(std::shared_ptr<const Services> services);

std::vector<web::SchemaSpec> AccessSchemas();

Result<std::vector<platform::Task>> AccessTasks(const web::RequestContext& context, const Services& services);
Result<std::vector<platform::SearchHit>> SearchPeople(const web::RequestContext& context, const Services& services,
                                                      std::string_view query, int limit);

}  // namespace opsteward::console
