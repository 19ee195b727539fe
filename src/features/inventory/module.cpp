#include "features/inventory/module.hpp"

#include <iterator>

#include "features/inventory/http_api.hpp"
#include "features/inventory/approvals_page.hpp"
#include "features/inventory/changes_page.hpp"
#include "features/inventory/device_page.hpp"
#include "features/inventory/form_page.hpp"
#include "features/inventory/list_page.hpp"
#include "features/inventory/migrations.hpp"
#include "features/inventory/views.hpp"
#include "features/inventory/work.hpp"

namespace opsteward::inventory {
namespace {

using identity::Role;
using identity::RoleSet;

std::vector<web::Route> Routes(const std::shared_ptr<const Surroundings>& surroundings) {
    std::vector<web::Route> routes;
    for (auto some : {ListRoutes(surroundings), FormRoutes(surroundings), DeviceRoutes(surroundings), ChangesRoutes(surroundings),
                      ApprovalsRoutes(surroundings), BaselineRoutes(surroundings), DeviceApiRoutes(surroundings),
                      FactApiRoutes(surroundings), ApprovalApiRoutes(surroundings)}) {
        routes.insert(routes.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
    }
    return routes;
}

}  // namespace

std::vector<identity::PermissionSpec> Permissions() {
    // Everybody but plain users of the network has to do with devices. Who runs them keeps the register; what may be open on them
    // is decided by those who run them and by who answers for them.
    constexpr RoleSet kReaders = {Role::kNetworkAdmin,       Role::kSystemAdmin, Role::kSupervisor,
                                  Role::kExecutiveSecretary, Role::kVansAdmin,   Role::kChecker,
                                  Role::kSecurityTeam,       Role::kAuditor,     Role::kAdministrator};
    constexpr RoleSet kManagers = {Role::kNetworkAdmin, Role::kSystemAdmin, Role::kAdministrator};
    constexpr RoleSet kApprovers = {Role::kNetworkAdmin, Role::kSystemAdmin, Role::kSupervisor, Role::kAdministrator};
    return {{kMayRead, {"檢視設備", "See devices"}, kReaders},
            {kMayManage, {"登錄與編輯設備、立即觀測", "Register, edit and observe devices"}, kManagers},
            {kMayApprove, {"核准設備上的連接埠、帳號與軟體", "Approve listeners, accounts and software on devices"}, kApprovers}};
}

platform::Module MakeModule(std::shared_ptr<const Surroundings> surroundings, std::shared_ptr<Observing> observing) {
    platform::Module module{.name = "inventory"};
    const auto migrations = Migrations();
    module.migrations.assign(migrations.begin(), migrations.end());
    const auto views = Views();
    module.views.assign(views.begin(), views.end());
    module.permissions = Permissions();
    module.routes = Routes(surroundings);
    module.schemas = ApiSchemas();
    module.menu = {{{"設備", "Devices"}, "/devices", "server", "assets", kMayRead, 1}};
    module.jobs = Observing::Kinds(observing);
    module.tasks = [surroundings](const web::RequestContext& context) { return TasksFor(context, *surroundings); };
    module.search = [surroundings](const web::RequestContext& context, std::string_view query, int limit) {
        return SearchFor(context, *surroundings, query, limit);
    };
    return module;
}

}  // namespace opsteward::inventory
