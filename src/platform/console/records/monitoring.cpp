#include "platform/console/records/monitoring.hpp"

#include <unistd.h>

#include <array>
#include <fstream>
#include <map>
#include <optional>

#include "base/log.hpp"
#include "platform/audit/trail.hpp"
#include "platform/console/records/metrics_text.hpp"

namespace opsteward::console::records {

namespace {

double Seconds(Instant instant) {
    return static_cast<double>(ToMillis(instant)) / 1000;
}

/// proc(5), /proc/self/statm: the second number is the pages in memory.
std::optional<std::int64_t> ResidentBytes() {
    std::ifstream file("/proc/self/statm");
    std::int64_t all = 0;
    std::int64_t resident = 0;
    if (!(file >> all >> resident)) return std::nullopt;
    return resident * ::sysconf(_SC_PAGESIZE);
}

void AddProcess(const ProgramInfo& program, MetricsText& metrics) {
    metrics.Begin("opsteward_build_info", "gauge", "The version that runs.");
    metrics.Sample(1, {{"version", program.version}});
    metrics.Begin("process_start_time_seconds", "gauge", "When the process started, in seconds since 1970.");
    metrics.Sample(Seconds(program.started_at));
    if (const auto resident = ResidentBytes()) {
        metrics.Begin("process_resident_memory_bytes", "gauge", "Memory of the process that is in RAM.");
        metrics.Sample(*resident);
    }
}

void AddServer(const net::ServerStatistics& statistics, MetricsText& metrics) {
    constexpr std::array<std::string_view, 6> kClasses = {"", "1xx", "2xx", "3xx", "4xx", "5xx"};
    metrics.Begin("opsteward_http_responses_total", "counter", "Answers by class of status.");
    for (std::size_t i = 1; i < kClasses.size(); ++i) {
        metrics.Sample(statistics.responses_by_class[i], {{"class", kClasses[i]}});
    }
    metrics.Begin("opsteward_http_requests_total", "counter", "Requests answered, refused ones included.");
    metrics.Sample(statistics.requests);
    metrics.Begin("opsteward_http_handler_seconds_total", "counter", "Time spent in handlers.");
    metrics.Sample(static_cast<double>(statistics.handler_microseconds) / 1e6);
    metrics.Begin("opsteward_http_connections_open", "gauge", "Connections that are open.");
    metrics.Sample(statistics.connections_open);
    metrics.Begin("opsteward_http_connections_refused_total", "counter",
                  "Connections refused because there were too many.");
    metrics.Sample(statistics.connections_refused);
}

/// What the database says.
struct Counts {
    std::vector<jobs::JobCount> jobs;
    std::optional<audit::DatedVerdict> verdict;
    std::int64_t audit_rows = 0;
};

Result<Counts> ReadCounts(db::Database& database) {
    return database.Read<Counts>([](db::Session& session) -> Result<Counts> {
        Counts counts;
        OPS_TRY(counts.jobs, jobs::CountJobs(session));
        OPS_TRY(counts.verdict, audit::LastVerdict(session));
        OPS_TRY(counts.audit_rows, audit::CountRows(session));
        return counts;
    });
}

void AddCounts(const Counts& counts, MetricsText& metrics) {
    metrics.Begin("opsteward_jobs", "gauge", "Jobs that are kept, by kind and state.");
    for (const jobs::JobCount& count : counts.jobs) {
        metrics.Sample(count.count, {{"kind", count.kind}, {"state", jobs::JobStateKey(count.state)}});
    }
    metrics.Begin("opsteward_audit_rows", "gauge", "Rows of the audit trail.");
    metrics.Sample(counts.audit_rows);
    if (!counts.verdict) return;
    metrics.Begin("opsteward_audit_chain_intact", "gauge",
                  "1 when the audit chain was whole at its last verification.");
    metrics.Sample(counts.verdict->verdict.is_intact ? 1 : 0);
    metrics.Begin("opsteward_audit_verified_timestamp_seconds", "gauge",
                  "When the audit chain was verified last, in seconds since 1970.");
    metrics.Sample(Seconds(counts.verdict->at));
}

void AddBoard(const procedure::Board& board, MetricsText& metrics) {
    constexpr std::array kStates = {procedure::State::kMet, procedure::State::kAttention, procedure::State::kNotMet,
                                    procedure::State::kNotSetUp, procedure::State::kNotApplicable};
    std::map<procedure::State, std::int64_t> clauses;
    std::map<procedure::State, std::int64_t> findings;
    for (const procedure::ClauseState& clause : board.clauses) {
        ++clauses[clause.state];
        for (const procedure::Finding& finding : clause.findings) ++findings[finding.severity];
    }
    metrics.Begin("opsteward_clauses", "gauge", "Clauses of the procedure by state.");
    for (const procedure::State state : kStates) {
        metrics.Sample(clauses[state], {{"state", procedure::StateKey(state)}});
    }
    metrics.Begin("opsteward_findings", "gauge", "Open findings by severity.");
    for (const procedure::State state : {procedure::State::kAttention, procedure::State::kNotMet}) {
        metrics.Sample(findings[state], {{"state", procedure::StateKey(state)}});
    }
}

net::Response GetMetrics(const Services& services) {
    MetricsText metrics;
    AddProcess(services.program, metrics);
    if (services.server_statistics) AddServer(services.server_statistics(), metrics);
    const auto counts = ReadCounts(services.database);
    metrics.Begin("opsteward_database_up", "gauge", "1 when the database answers.");
    metrics.Sample(counts.ok() ? 1 : 0);
    if (counts.ok()) {
        AddCounts(*counts, metrics);
    } else {
        log::warn("metrics without the database: {}", counts.error().operator_text);
    }
    const auto board = counts.ok() ? services.procedure.BoardFor({}, std::nullopt)
                                   : Result<std::shared_ptr<const procedure::Board>>(counts.error());
    if (board.ok()) AddBoard(**board, metrics);
    net::Response response = net::Response::PlainText(std::move(metrics).text());
    response.headers.Set("Content-Type", kMetricsType);
    return response;
}

}  // namespace

web::Route HealthRoute(std::shared_ptr<const Services> services) {
    return {net::Method::kGet, "/healthz", web::kPublic,
            [services](const web::RequestContext&) -> Result<net::Response> {
                const auto answer = services->database.Ping();
                if (answer.ok()) return net::Response::PlainText("ok");
                log::warn("health: the database does not answer: {}", answer.error().operator_text);
                return net::Response::PlainText("the database does not answer", 503);
            }};
}

web::Route MetricsRoute(std::shared_ptr<const Services> services) {
    return {net::Method::kGet, "/metrics", web::kPublic,
            [services](const web::RequestContext&) -> Result<net::Response> { return GetMetrics(*services); }};
}

}  // namespace opsteward::console::records
