#include "platform/console/access/module.hpp"

#include "platform/console/access/permissions.hpp"
#include "platform/console/access/routes.hpp"

namespace opsteward::console {

platform::Module AccessModule(std::shared_ptr<const Services> services) {
    platform::Module module{.name = "access"};
    const auto permissions = AccessPermissions();
    module.permissions.assign(permissions.begin(), permissions.end());
    for (const auto make :
         {SignInRoutes, OwnAccountRoutes, PasswordRoutes, TotpRoutes, OwnTokenRoutes, AccountListRoutes, AccountRoutes,
          UnitRoutes, AccountApiRoutes, UnitApiRoutes, OwnApiRoutes}) {
        for (web::Route& route : make(services)) module.routes.push_back(std::move(route));
    }
    module.schemas = AccessSchemas();
    module.menu = {{{"使用者", "Accounts"}, "/users", "users", "people", kReadAccounts, 10},
                   {{"單位", "Units"}, "/units", "sitemap", "people", kReadUnits, 20}};
    module.tasks = [services](const web::RequestContext& context) { return AccessTasks(context, *services); };
    module.search = [services](const web::RequestContext& context, std::string_view query, int limit) {
        return SearchPeople(context, *services, query, limit);
    };
    return module;
}

}  // namespace opsteward::console
