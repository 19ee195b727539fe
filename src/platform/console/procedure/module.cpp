#include "platform/console/procedure/module.hpp"

#include "platform/console/procedure/api.hpp"
#include "platform/console/procedure/approvals_page.hpp"
#include "platform/console/procedure/board_page.hpp"
#include "platform/console/procedure/calendar_page.hpp"
#include "platform/console/procedure/clause_page.hpp"
#include "platform/console/procedure/duties_page.hpp"
#include "platform/console/procedure/home_page.hpp"
#include "platform/console/procedure/tasks.hpp"

namespace opsteward::console {

using identity::Role;
using identity::RoleSet;

namespace {

constexpr RoleSet kAllButUsers = {Role::kNetworkAdmin, Role::kSystemAdmin,  Role::kSupervisor, Role::kExecutiveSecretary, Role::kVansAdmin,
                                  Role::kChecker,      Role::kSecurityTeam, Role::kAuditor,    Role::kAdministrator};
constexpr RoleSet kAllButAuditors = {Role::kNetworkAdmin, Role::kSystemAdmin, Role::kSupervisor,   Role::kExecutiveSecretary, Role::kNetworkUser,
                                     Role::kVansAdmin,    Role::kChecker,     Role::kSecurityTeam, Role::kAdministrator};
constexpr RoleSet kWhoAsk = {Role::kNetworkAdmin, Role::kSystemAdmin,  Role::kSupervisor,   Role::kExecutiveSecretary,
                             Role::kVansAdmin,    Role::kSecurityTeam, Role::kAdministrator};
constexpr RoleSet kWhoDecide = {Role::kSupervisor, Role::kExecutiveSecretary, Role::kAdministrator};

std::vector<web::MenuEntry> Menu() {
    return {{{"我的待辦", "My tasks"}, "/", "checklist", "work", web::kSignedIn, 1},
            {{"行事曆", "Calendar"}, "/calendar", "calendar", "work", compliance::kMayReadDuties, 2},
            {{"定期工作", "Duties"}, "/duties", "clipboard-check", "work", compliance::kMayReadDuties, 3},
            {{"符合性看板", "Compliance board"}, "/board", "layout-dashboard", "procedure", compliance::kMayReadBoard, 1},
            {{"核准事項", "Approvals"}, "/approvals", "rubber-stamp", "procedure", compliance::kMayReadBoard, 2}};
}

}  // namespace

std::vector<identity::PermissionSpec> ProcedurePermissions() {
    // Which duties a person may complete depends on the role that owns each; the permission only opens the door.
    return {{compliance::kMayReadBoard, {"檢視符合性看板與條文", "See the compliance board and the clauses"}, kAllButUsers},
            {compliance::kMayReadDuties, {"檢視定期工作與行事曆", "See duties and the calendar"}, RoleSet::All()},
            {compliance::kMayComplete, {"完成自己主責的定期工作", "Complete the duties of one's own roles"}, kAllButAuditors},
            {compliance::kMayRequest, {"申請條文不適用", "Ask that a clause be not applicable"}, kWhoAsk},
            {compliance::kMayDecide, {"核定條文不適用", "Decide that a clause is not applicable"}, kWhoDecide},
            {compliance::kMayManage, {"管理程序書與重新判定", "Manage the procedure and have it judged anew"}, {Role::kAdministrator, Role::kSecurityTeam}}};
}

platform::Module ProcedureModule(std::shared_ptr<const Services> services) {
    const auto surroundings = std::make_shared<compliance::Surroundings>(std::move(services));
    platform::Module module;
    module.name = "console.procedure";
    module.permissions = ProcedurePermissions();
    module.menu = Menu();
    module.schemas = compliance::ApiSchemas();
    for (const auto make : {compliance::HomeRoutes, compliance::BoardRoutes, compliance::ClauseRoutes, compliance::DutyRoutes, compliance::CalendarRoutes,
                            compliance::ApprovalsRoutes, compliance::ClauseApiRoutes, compliance::DutyApiRoutes, compliance::ExemptionApiRoutes,
                            compliance::ProcedureApiRoutes}) {
        auto routes = make(surroundings);
        std::ranges::move(routes, std::back_inserter(module.routes));
    }
    module.tasks = [surroundings](const web::RequestContext& context) { return compliance::TasksOf(context, *surroundings); };
    module.search = [surroundings](const web::RequestContext& context, std::string_view query, int limit) {
        return compliance::Search(context, *surroundings, query, limit);
    };
    return module;
}

}  // namespace opsteward::console
