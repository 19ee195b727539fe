// The routes of the inventory as a reader meets them, without the gate: finds the route, checks its permission, calls the
// handler.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "features/inventory/module.hpp"
#include "platform/identity/identity.hpp"
#include "platform/web/router.hpp"

namespace opsteward::inventory {

class Site {
  public:
    Site(platform::Module module, const Clock& clock);

    /// From now on requests are those of somebody who holds `role` in these units.
    void SignIn(identity::Role role, std::set<std::int64_t> units);
    void Read(Language language) { language_ = language; }

    net::Response Get(const std::string& target) { return Send(net::Method::kGet, target, {}); }
    /// A form, or below /api/ a JSON text.
    net::Response Send(net::Method method, const std::string& target, std::string body);
    /// What the module asks and finds, as for that reader.
    std::vector<platform::Task> Tasks();
    std::vector<platform::SearchHit> Search(std::string_view query, int limit = 20);

    const platform::Module& module() const { return module_; }
    /// The pattern of the last route that was found: "/api/v1/devices/{id}".
    std::string_view last_route() const { return last_route_; }

  private:
    web::RequestContext ContextFor(const net::Request& request) const;

    const platform::Module module_;
    const Clock& clock_;
    web::Router router_;
    identity::Authentication reader_;
    Language language_ = Language::kZhHant;
    std::string_view last_route_;
};

}  // namespace opsteward::inventory
