#include "cli/program.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "cli/default_pack.hpp"
#include "cli/listening.hpp"
#include "cli/live_events.hpp"
#include "cli/records.hpp"
#include "cli/seal_place.hpp"
#include "cli/schema.hpp"
#include "cli/task_counter.hpp"
#include "cli/version.hpp"
#include "db/data_folder.hpp"
#include "features/inventory/module.hpp"
#include "net/server.hpp"
#include "platform/console/access/module.hpp"
#include "platform/console/procedure/module.hpp"
#include "platform/console/records/module.hpp"
#include "platform/procedure/job_kinds.hpp"
#include "platform/web/gate.hpp"
#include "platform/web/openapi.hpp"

namespace opsteward::cli {

namespace {

/// Most urgent first: overdue before due before what has no date; among those the graver.
bool IsMoreUrgent(const platform::Task& a, const platform::Task& b) {
    if (a.due_at != b.due_at) return a.due_at && (!b.due_at || *a.due_at < *b.due_at);
    return static_cast<int>(a.tone == web::Tone::kNotMet) > static_cast<int>(b.tone == web::Tone::kNotMet);
}

}  // namespace

/// Members stand in the order in which they are made; they are taken down from the last to the first.
class Program::Impl {
  public:
    Impl(Configuration configuration, const Clock& clock) : configuration_(std::move(configuration)), clock_(clock) {}
    ~Impl() {
        // Requests and jobs use everything else, so they end first.
        if (server_) server_->Stop();
        if (scheduler_) scheduler_->Stop();
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    Result<void> Start(const std::function<void(std::string_view)>& tell_first_password) {
        OPS_TRY(const net::Endpoint listen, net::ParseEndpoint(configuration_.listen));
        OPS_CHECK(db::PrepareDataFolder(configuration_.data));
        OPS_TRY(lock_, db::DataFolderLock::Acquire(configuration_.data));
        OPS_TRY(records_, OpenRecords(configuration_, clock_));
        identity_ = std::make_unique<identity::Identity>(*records_, clock_, AllPermissions());
        OPS_CHECK(PlaceDefaultPack(PackFolder(configuration_.data)));
        OPS_TRY(procedure_, procedure::Procedure::Open(*records_, clock_, PackFolder(configuration_.data), {AllMigrations(), AllViews()}));
        MakeVault(seal_place_);
        OPS_CHECK(MakeModules());
        OPS_CHECK(MakeGate());
        OPS_CHECK(StartServer(listen));
        // Only now that nothing else can fail for want of a port or a key, so that its password is not lost.
        OPS_TRY(const auto first_password, identity_->CreateFirstAdministrator());
        if (first_password) tell_first_password(*first_password);
        OPS_CHECK(inventory::RegisterOwnHost(*records_, clock_, observing_->host()));
        scheduler_->Start();
        return Ok();
    }

    std::string address() const { return AddressText(server_->local_endpoint(), configuration_.is_plain_http); }

  private:
    Result<void> MakeModules() {
        const auto wake_jobs = [this] {
            if (scheduler_) scheduler_->Wake();
        };
        live_events_ = std::make_unique<LiveEvents>(*events_, *procedure_);

        const auto observer = std::make_shared<inventory::OwnHostObserver>("/", clock_);
        observing_ = std::make_shared<inventory::Observing>(*records_, observer, inventory::ReadHostIdentity("/", *observer));
        const auto surroundings = std::make_shared<const inventory::Surroundings>(inventory::Surroundings{
            *records_, procedure_.get(), wake_jobs, [this] { live_events_->DevicesChanged(); }});

        const auto services = std::make_shared<const console::Services>(console::Services{
            *records_, clock_, *identity_, *procedure_, *events_, seal_place_, SealJob(), Describe(), wake_jobs,
            [this] { return std::span<const jobs::JobKind>(scheduler_->kinds()); },
            [this](const web::RequestContext& context) { return AllTasks(context); },
            [this](const web::RequestContext& context, std::string_view query, int limit) { return SearchAll(context, query, limit); },
            [this] { return server_ ? server_->statistics() : net::ServerStatistics{}; }});

        modules_.push_back(console::ProcedureModule(services));
        modules_.push_back(inventory::MakeModule(surroundings, observing_));
        modules_.push_back(console::AccessModule(services));
        modules_.push_back(console::RecordsModule(services));

        std::vector<jobs::JobKind> kinds = procedure::JobKinds(*procedure_);
        for (auto& module : modules_) kinds.insert(kinds.end(), module.jobs.begin(), module.jobs.end());
        scheduler_ = std::make_unique<jobs::Scheduler>(
            *records_, clock_, std::move(kinds), [this](std::int64_t, std::string_view kind) { live_events_->JobChanged(kind); });
        return Ok();
    }

    /// Servers that share the records have a vault each, and the queue: the job of one is none of the others' business.
    std::string SealJob() const {
        std::string kind = "audit.seal";
        const auto log = audit::LogOf(seal_place_).value_or(std::nullopt);
        if (records_->dialect() != db::Dialect::kSqlite && log) kind += "." + log->substr(log->rfind('+') + 1);
        return kind;
    }

    console::ProgramInfo Describe() const {
        return {std::string(kVersion),
                std::filesystem::absolute(configuration_.data).lexically_normal().string(),
                configuration_.listen,
                configuration_.database ? "PostgreSQL" : "SQLite",
                std::filesystem::absolute(PackFolder(configuration_.data)).lexically_normal().string(),
                clock_.Now(),
                configuration_.is_plain_http ? "" : (configuration_.data / "server.crt").string()};
    }

    Result<void> MakeGate() {
        web::Gate::Options options;
        std::vector<web::SchemaSpec> schemas;
        for (const auto& module : modules_) {
            options.routes.insert(options.routes.end(), module.routes.begin(), module.routes.end());
            options.menu.insert(options.menu.end(), module.menu.begin(), module.menu.end());
            schemas.insert(schemas.end(), module.schemas.begin(), module.schemas.end());
        }
        const auto description = std::make_shared<std::string>();
        options.routes.push_back(web::OpenApiRoute(description));
        *description = web::OpenApiDocument(options.routes, schemas, kVersion);
        task_counter_ = std::make_unique<TaskCounter>([this](const web::RequestContext& context) { return AllTasks(context); });
        options.open_tasks = [this](const web::RequestContext& context) { return task_counter_->Count(context); };
        OPS_TRY(gate_, web::Gate::Make(std::move(options), *identity_, clock_));
        return Ok();
    }

    Result<void> StartServer(const net::Endpoint& listen) {
        OPS_TRY(net::ServerOptions options, ListenOptions(configuration_.data, listen, configuration_.is_plain_http, clock_.Now()));
        OPS_TRY(server_, net::Server::Start(
                             std::move(options), [this](const net::Request& request) { return gate_->Handle(request); }, events_));
        return Ok();
    }

    Result<std::vector<platform::Task>> AllTasks(const web::RequestContext& context) const {
        std::vector<platform::Task> all;
        for (const auto& module : modules_) {
            if (!module.tasks) continue;
            OPS_TRY(auto tasks, module.tasks(context));
            all.insert(all.end(), std::make_move_iterator(tasks.begin()), std::make_move_iterator(tasks.end()));
        }
        std::ranges::stable_sort(all, IsMoreUrgent);
        return all;
    }

    Result<std::vector<platform::SearchHit>> SearchAll(const web::RequestContext& context, std::string_view query, int limit) const {
        std::vector<platform::SearchHit> all;
        for (const auto& module : modules_) {
            const int left = limit - static_cast<int>(all.size());
            if (!module.search || left <= 0) continue;
            OPS_TRY(auto hits, module.search(context, query, left));
            all.insert(all.end(), std::make_move_iterator(hits.begin()), std::make_move_iterator(hits.end()));
        }
        return all;
    }

    const Configuration configuration_;
    const Clock& clock_;
    const audit::SealPlace seal_place_ = SealPlaceOf(configuration_.data);
    std::unique_ptr<db::DataFolderLock> lock_;
    std::unique_ptr<db::Database> records_;
    std::unique_ptr<identity::Identity> identity_;
    std::unique_ptr<procedure::Procedure> procedure_;
    const std::shared_ptr<net::EventHub> events_ = std::make_shared<net::EventHub>();
    std::unique_ptr<LiveEvents> live_events_;
    std::shared_ptr<inventory::Observing> observing_;
    std::vector<platform::Module> modules_;
    std::unique_ptr<TaskCounter> task_counter_;
    std::unique_ptr<jobs::Scheduler> scheduler_;
    std::unique_ptr<web::Gate> gate_;
    std::unique_ptr<net::Server> server_;
};

Program::Program(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Program::~Program() = default;

Result<std::unique_ptr<Program>> Program::Start(const Configuration& configuration, const Clock& clock,
                                                const std::function<void(std::string_view)>& tell_first_password) {
    auto impl = std::make_unique<Impl>(configuration, clock);
    OPS_CHECK(impl->Start(tell_first_password));
    return std::unique_ptr<Program>(new Program(std::move(impl)));
}

std::string Program::address() const { return impl_->address(); }

}  // namespace opsteward::cli
