#include "platform/console/testing/test_console.hpp"

#include <unistd.h>

#include <fstream>

#include <fmt/format.h>

#include "platform/audit/testing/vault_place.hpp"
#include "platform/console/testing/answer_schema.hpp"
#include "platform/web/request_rules.hpp"

namespace opsteward::console::testing {

namespace {

namespace fs = std::filesystem;

/// The least that Argon2id takes (RFC 9106 section 3.1): tests need no slow hashes.
constexpr crypto::PasswordCost kCheapHashes{.memory_kib = 8, .passes = 1, .lanes = 1};

constexpr std::string_view kSmallProcedure = R"(id = "T-1"
version = "1.0"
effective = 2025-01-01
title = { zh = "測試程序書", en = "Test procedure" }

[[chapter]]
id = "6.9"
title = { zh = "主機", en = "Hosts" }
)";
constexpr std::string_view kSmallClauses = R"([[clause]]
id = "6.9.5"
title = { zh = "關閉不需要的服務", en = "Needless services are off" }
text = { zh = "只開必要的服務。", en = "Only needed services run." }
mode = ["automatic"]
owner = "system_admin"
missing = { zh = "尚無觀測資料。", en = "Nothing has been observed." }
)";

template <typename T>
void AddAll(std::vector<T>& to, const auto& from) {
    to.insert(to.end(), from.begin(), from.end());
}

Instant Start() {
    return StartOfDay(Date(std::chrono::year(2025) / 8 / 5)) + std::chrono::hours(14);
}

}  // namespace

TestConsole::TestConsole(const MakeModules& make, const Options& options)
    : clock_(Start()), database_(Must(db::OpenSqliteInMemory())) {
    MakeFolder();
    WritePack(options.pack_files);
    // Identity has to know the permissions that the modules bring, and the modules hold on to identity: so they are
    // made once for their permissions, and once to stay.
    identity_ = std::make_unique<identity::Identity>(*database_, clock_, std::vector<identity::PermissionSpec>(),
                                                     options.policy, kCheapHashes);
    procedure_ = Must(procedure::Procedure::Open(*database_, clock_, pack_folder_, Schema()));
    std::vector<identity::PermissionSpec> permissions;
    for (const platform::Module& module : make(MakeServices())) AddAll(permissions, module.permissions);
    identity_ =
        std::make_unique<identity::Identity>(*database_, clock_, std::move(permissions), options.policy, kCheapHashes);
    modules_ = make(MakeServices());

    const procedure::FactSchema schema = Schema();
    Must(db::Migrate(*database_, schema.migrations, clock_));
    Must(db::InstallViews(*database_, schema.views));
    MakeGate();

    first_password_ = Must(identity_->CreateFirstAdministrator()).value();
    top_unit_ = Must(identity_->Units()).front().id;
}

TestConsole::~TestConsole() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

void TestConsole::MakeFolder() {
    std::string name = (fs::temp_directory_path() / "opsteward-console-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder can be made for the console");
    folder_ = name;
    pack_folder_ = folder_ / "procedure";
    seal_place_ = audit::testing::PlaceIn(folder_);
}

void TestConsole::WritePack(const std::map<std::string, std::string>& files) {
    const std::map<std::string, std::string> small = {{"procedure.toml", std::string(kSmallProcedure)},
                                                      {"clauses/all.toml", std::string(kSmallClauses)}};
    for (const auto& [file, text] : files.empty() ? small : files) {
        fs::create_directories((pack_folder_ / file).parent_path());
        std::ofstream(pack_folder_ / file) << text;
    }
}

procedure::FactSchema TestConsole::Schema() const {
    procedure::FactSchema schema;
    for (const auto migrations :
         {audit::Migrations(), identity::Migrations(), jobs::Migrations(), procedure::Migrations()}) {
        AddAll(schema.migrations, migrations);
    }
    for (const auto views : {audit::Views(), identity::Views(), procedure::Views()}) AddAll(schema.views, views);
    for (const platform::Module& module : modules_) {
        AddAll(schema.migrations, module.migrations);
        AddAll(schema.views, module.views);
    }
    return schema;
}

std::shared_ptr<Services> TestConsole::MakeServices() {
    return std::make_shared<Services>(Services{
        .database = *database_,
        .clock = clock_,
        .identity = *identity_,
        .procedure = *procedure_,
        .events = events_,
        .seal_place = seal_place_,
        .seal_job = "audit.seal",
        .program = {"1.0.0", "/var/lib/opsteward", "127.0.0.1:8443", "SQLite", pack_folder_.string(), clock_.Now()},
        .wake_jobs = [this] { ++times_jobs_were_woken_; },
        .job_kinds = [this] { return std::span<const jobs::JobKind>(job_kinds_); },
        .all_tasks = [this](const web::RequestContext& context) -> Result<std::vector<platform::Task>> {
            std::vector<platform::Task> all;
            for (const platform::Module& module : modules_) {
                if (!module.tasks) continue;
                OPS_TRY(const auto tasks, module.tasks(context));
                AddAll(all, tasks);
            }
            return all;
        },
        .search_all = [this](const web::RequestContext& context, std::string_view query,
                             int limit) -> Result<std::vector<platform::SearchHit>> {
            std::vector<platform::SearchHit> all;
            for (const platform::Module& module : modules_) {
                if (!module.search) continue;
                OPS_TRY(const auto hits, module.search(context, query, limit));
                AddAll(all, hits);
            }
            return all;
        }});
}

void TestConsole::MakeGate() {
    std::vector<web::MenuEntry> menu;
    for (const platform::Module& module : modules_) {
        AddAll(routes_, module.routes);
        AddAll(schemas_, module.schemas);
        AddAll(job_kinds_, module.jobs);
        AddAll(menu, module.menu);
    }
    for (std::size_t i = 0; i < routes_.size(); ++i) Must(router_.Add(routes_[i].method, routes_[i].path, i));
    const auto services = MakeServices();
    gate_ = Must(web::Gate::Make({.routes = routes_,
                                  .menu = std::move(menu),
                                  .open_tasks =
                                      [services](const web::RequestContext& context) {
                                          return static_cast<int>(Must(services->all_tasks(context)).size());
                                      }},
                                 *identity_, clock_));
}

std::int64_t TestConsole::AddUnit(std::string_view name, std::int64_t parent) {
    return Must(identity_->CreateUnit({}, parent == 0 ? top_unit_ : parent, name));
}

TestPerson TestConsole::AddPerson(std::string_view name, std::vector<identity::RoleGrant> grants, std::int64_t unit,
                                  std::string_view display_name) {
    identity::Account account;
    account.name = name;
    account.display_name = display_name.empty() ? name : display_name;
    account.unit_id = unit == 0 ? top_unit_ : unit;
    account.grants = std::move(grants);
    const std::string one_time = Must(identity_->CreateAccount({}, account));
    TestPerson person;
    person.id = Must(identity_->FindAccountByName(name)).id;
    person.name = name;
    person.password = "Well-Kept-Secret-1";
    person.actor = {person.id, person.name, "192.0.2.7"};
    Must(identity_->ChangePassword(person.actor, one_time, person.password));
    return person;
}

std::vector<std::string> TestConsole::AnswerFaults(const net::Request& request, const net::Response& response) const {
    const web::RouteMatch match = router_.Find(request.method, request.path);
    const bool is_described = match.outcome == web::RouteMatch::Outcome::kFound && routes_[match.index].api;
    if (!is_described || response.status >= 400) return SchemaFaults(response.body, kErrorAnswer, schemas_);
    const web::ApiDoc& description = *routes_[match.index].api;
    if (response.status != description.success_status) {
        return {fmt::format("answered {} where the description says {}", response.status, description.success_status)};
    }
    if (!description.response_schema.empty()) return SchemaFaults(response.body, description.response_schema, schemas_);
    const bool is_json = response.headers.Get("Content-Type").starts_with("application/json");
    if (is_json && !response.body.empty()) return {"a body where the description has none"};
    return {};
}

}  // namespace opsteward::console::testing
