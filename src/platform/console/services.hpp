// What the console's pages need of the rest of the program. Made by the composition root before any page is asked for.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "db/database.hpp"
#include "net/event_hub.hpp"
#include "net/server.hpp"
#include "platform/audit/seal_place.hpp"
#include "platform/identity/identity.hpp"
#include "platform/jobs/scheduler.hpp"
#include "platform/module.hpp"
#include "platform/procedure/procedure.hpp"

namespace opsteward::console {

/// How the program was started, for the settings page. No secrets.
struct ProgramInfo {
    std::string version;
    std::string data_folder;
    std::string listen;         ///< "127.0.0.1:8443"
    std::string database;       ///< "SQLite" or "PostgreSQL"
    std::string pack_folder;
    Instant started_at;
    std::string certificate_file = {};  ///< of the server; "" without TLS
};

struct Services {
    db::Database& database;
    const Clock& clock;
    identity::Identity& identity;
    procedure::Procedure& procedure;
    net::EventHub& events;
    const audit::SealPlace& seal_place;
    /// The kind of the job that seals the audit trail there: where several servers share the records, each has its own vault and so its own kind.
    std::string seal_job;
    ProgramInfo program;
    /// After a commit that queued a job.
    std::function<void()> wake_jobs;
    /// All kinds of jobs of the program; known once every module is.
    std::function<std::span<const jobs::JobKind>()> job_kinds;
    /// What all modules bring, put together: see platform::Module.
    std::function<Result<std::vector<platform::Task>>(const web::RequestContext&)> all_tasks;
    std::function<Result<std::vector<platform::SearchHit>>(const web::RequestContext&, std::string_view query, int limit)> search_all;
    /// Of the server that answers; may be empty (no server runs).
    std::function<net::ServerStatistics()> server_statistics = {};
};

/// Channels of server-sent events (GET /events/{channel}). An event has the channel's name and says only that something changed; pages
/// fetch what the reader may see.
inline constexpr std::string_view kBoardChannel = "board";
inline constexpr std::string_view kDevicesChannel = "devices";
inline constexpr std::string_view kJobsChannel = "jobs";

}  // namespace opsteward::console
