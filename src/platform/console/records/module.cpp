#include "platform/console/records/module.hpp"

#include "platform/console/records/audit_page.hpp"
#include "platform/console/records/audit_reading.hpp"
#include "platform/console/records/concerns.hpp"
#include "platform/console/records/frame_routes.hpp"
#include "platform/console/records/help_page.hpp"
#include "platform/console/records/job_actions.hpp"
#include "platform/console/records/job_json.hpp"
#include "platform/console/records/jobs_page.hpp"
#include "platform/console/records/monitoring.hpp"
#include "platform/console/records/search_page.hpp"
#include "platform/console/records/settings_page.hpp"
#include "platform/console/records/upkeep_jobs.hpp"

namespace opsteward::console {

namespace {

using identity::Role;

template <typename T>
void Append(std::vector<T>& all, std::vector<T> some) {
    all.insert(all.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
}

std::vector<web::Route> Routes(const std::shared_ptr<const Services>& services) {
    std::vector<web::Route> routes = {records::EventsRoute(), records::PreferencesRoute(), records::HelpRoute(),
                                      records::HealthRoute(services), records::MetricsRoute(services)};
    Append(routes, records::AuditPageRoutes(services));
    Append(routes, records::AuditEntryRoutes(services));
    Append(routes, records::AuditProofRoutes(services));
    Append(routes, records::AuditApiRoutes(services));
    Append(routes, records::JobListRoutes(services));
    Append(routes, records::JobRoutes(services));
    Append(routes, records::JobApiRoutes(services));
    Append(routes, records::SettingsPageRoutes(services));
    Append(routes, records::SettingsApiRoutes(services));
    Append(routes, records::SearchRoutes(services));
    return routes;
}

}  // namespace

std::vector<identity::PermissionSpec> RecordsPermissions() {
    return {{records::kMayReadAudit,
             {"檢視稽核紀錄", "Read the audit trail"},
             {Role::kAuditor, Role::kAdministrator, Role::kExecutiveSecretary, Role::kSecurityTeam, Role::kSupervisor}},
            {records::kMayReadJobs,
             {"檢視背景工作", "See the jobs"},
             {Role::kAdministrator, Role::kSystemAdmin, Role::kNetworkAdmin, Role::kAuditor, Role::kSecurityTeam}},
            {records::kMayManageJobs,
             {"執行、取消與重試背景工作", "Run, cancel and retry jobs"},
             {Role::kAdministrator, Role::kSystemAdmin, Role::kNetworkAdmin}},
            {records::kMayReadSettings, {"檢視系統設定", "See the settings"}, {Role::kAdministrator, Role::kAuditor}}};
}

platform::Module RecordsModule(std::shared_ptr<const Services> services) {
    platform::Module module;
    module.name = "records";
    module.permissions = RecordsPermissions();
    module.routes = Routes(services);
    module.schemas = records::AuditSchemas();
    Append(module.schemas, records::JobSchemas());
    Append(module.schemas, records::SettingsSchemas());
    module.menu = {{{"稽核紀錄", "Audit trail"}, "/audit", "history", "evidence", records::kMayReadAudit, 90},
                   {{"背景工作", "Jobs"}, "/jobs", "player-play", "settings", records::kMayReadJobs, 50},
                   {{"系統設定", "Settings"}, "/settings", "settings", "settings", records::kMayReadSettings, 60},
                   {{"說明", "Help"}, "/help", "help", "settings", web::kSignedIn, 90}};
    module.jobs = records::UpkeepJobs(services);
    module.tasks = [services](const web::RequestContext& context) { return records::RecordsTasks(*services, context); };
    module.search = [services](const web::RequestContext& context, std::string_view query, int limit) {
        return records::SearchRecords(*services, context, query, limit);
    };
    return module;
}

}  // namespace opsteward::console
