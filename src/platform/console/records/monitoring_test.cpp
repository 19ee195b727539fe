#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "base/text.hpp"
#include "platform/console/records/metrics_text.hpp"
#include "platform/console/records/monitoring.hpp"
#include "platform/console/records/records_test_support.hpp"

namespace opsteward::console::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// What a reader of the format would refuse; each metric has HELP and TYPE once and before its samples, which stand
/// together.
std::vector<std::string> FormatFaults(const std::string& text) {
    static const std::regex kHelp(R"(# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (?:[^\\]|\\\\|\\n)*)");
    static const std::regex kType(R"(# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge))");
    static const std::regex kSample(
        R"re(([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\\\|\\"|\\n)*"(?:,[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\\\|\\"|\\n)*")*\})? (-?[0-9.]+(?:e[+-]?[0-9]+)?|NaN|[+-]Inf))re");
    std::vector<std::string> faults;
    std::map<std::string, int> helps;
    std::map<std::string, int> types;
    std::set<std::string> series;
    std::string current;
    if (!text.ends_with('\n')) faults.push_back("the last line has no end");
    for (const std::string_view view : SplitLines(text)) {
        const std::string line(view);
        std::smatch match;
        if (std::regex_match(line, match, kHelp)) {
            if (++helps[match[1]] > 1) faults.push_back("HELP twice: " + line);
        } else if (std::regex_match(line, match, kType)) {
            current = match[1];
            if (++types[current] > 1) faults.push_back("TYPE twice: " + line);
            const bool is_counter_name = current.ends_with("_total");
            if (is_counter_name != (match[2] == "counter")) faults.push_back("the name does not fit the type: " + line);
        } else if (std::regex_match(line, match, kSample)) {
            if (match[1] != current || helps[current] == 0) faults.push_back("a sample out of its place: " + line);
            if (!series.insert(line.substr(0, line.rfind(' '))).second) faults.push_back("a sample twice: " + line);
        } else {
            faults.push_back("not understood: " + line);
        }
    }
    return faults;
}

/// A database that has gone away.
class GoneDatabase final : public db::Database {
  public:
    Result<void> ReadWith(const std::function<Result<void>(db::Session&)>&) override { return Gone(); }
    Result<void> WriteWith(const std::function<Result<void>(db::Transaction&)>&) override { return Gone(); }
    Result<db::ResultSet> QueryRestricted(std::string_view, std::span<const db::Value>,
                                          const db::QueryLimits&) override {
        return Gone();
    }
    Result<void> BackUpTo(const std::filesystem::path&) override { return Gone(); }
    db::Dialect dialect() const override { return db::Dialect::kPostgres; }
    Result<void> Ping() override { return Gone(); }

  private:
    static Error Gone() { return Error::Hidden(ErrorCode::kUnavailable, "the connection to 192.0.2.1 was lost"); }
};

class Monitoring : public RecordsConsole {
  protected:
    /// The answer of a route without the gate.
    static net::Response Ask(const web::Route& route) {
        const net::Request request;
        const web::RequestContext context{request, nullptr, Instant(), Language::kEnglish, {}, {}, {}};
        return Must(route.handler(context));
    }
    std::shared_ptr<Services> ServicesWith(db::Database& database) {
        const ProgramInfo program{"1.\"0\"\\beta\n", "", "", "PostgreSQL", "", console_.clock().Now()};
        return std::make_shared<Services>(Services{database,
                                                   console_.clock(),
                                                   console_.identity(),
                                                   console_.procedure(),
                                                   console_.events(),
                                                   console_.seal_place(),
                                                   "audit.seal",
                                                   program,
                                                   {},
                                                   {},
                                                   {},
                                                   {}});
    }
};

TEST_F(Monitoring, IsWellAsLongAsTheDatabaseAnswers) {
    const net::Response well = GateClient(console_).Get("/healthz");
    EXPECT_EQ(well.status, 200);
    EXPECT_EQ(well.body, "ok");
    EXPECT_THAT(well.headers.Get("Content-Type"), ::testing::StartsWith("text/plain"));

    GoneDatabase gone;
    const net::Response away = Ask(records::HealthRoute(ServicesWith(gone)));
    EXPECT_EQ(away.status, 503);
    EXPECT_THAT(away.body, Not(HasSubstr("192.0.2.1")));
}

TEST_F(Monitoring, GivesMetricsInTheFormatOfPrometheus) {
    Enqueue("test.works");
    Enqueue("test.fails");
    Enqueue("audit.verify");
    RunDue();
    const net::Response response = GateClient(console_).Get("/metrics");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.headers.Get("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
    EXPECT_THAT(FormatFaults(response.body), IsEmpty()) << response.body;
    EXPECT_THAT(response.body, HasSubstr("opsteward_database_up 1\n"));
    EXPECT_THAT(response.body, HasSubstr("opsteward_jobs{kind=\"test.fails\",state=\"failed\"} 1\n"));
    EXPECT_THAT(response.body, HasSubstr("opsteward_audit_chain_intact 1\n"));
    EXPECT_THAT(response.body, HasSubstr("opsteward_clauses{state=\"not_set_up\"} 1\n"));
    EXPECT_THAT(response.body, HasSubstr("opsteward_findings{state=\"not_met\"} 0\n"));
    EXPECT_THAT(response.body, HasSubstr("process_resident_memory_bytes "));
    EXPECT_THAT(response.body, HasSubstr("process_start_time_seconds 1754373600\n"));
}

TEST_F(Monitoring, CountsWhatTheServerDid) {
    const auto services = ServicesWith(console_.database());
    services->server_statistics = [] {
        net::ServerStatistics statistics;
        statistics.requests = 12;
        statistics.responses_by_class[2] = 11;
        statistics.responses_by_class[5] = 1;
        statistics.connections_open = 3;
        statistics.handler_microseconds = 2'500'000;
        return statistics;
    };
    const std::string text = Ask(records::MetricsRoute(services)).body;
    EXPECT_THAT(FormatFaults(text), IsEmpty()) << text;
    EXPECT_THAT(text, HasSubstr("opsteward_http_responses_total{class=\"2xx\"} 11\n"));
    EXPECT_THAT(text, HasSubstr("opsteward_http_requests_total 12\n"));
    EXPECT_THAT(text, HasSubstr("opsteward_http_handler_seconds_total 2.5\n"));
    EXPECT_THAT(text, HasSubstr("opsteward_http_connections_open 3\n"));
    EXPECT_THAT(text, HasSubstr(R"(opsteward_build_info{version="1.\"0\"\\beta\n"} 1)"));
}

TEST_F(Monitoring, SaysInTheMetricsThatTheDatabaseIsAway) {
    GoneDatabase gone;
    const net::Response response = Ask(records::MetricsRoute(ServicesWith(gone)));
    EXPECT_EQ(response.status, 200);
    EXPECT_THAT(FormatFaults(response.body), IsEmpty()) << response.body;
    EXPECT_THAT(response.body, HasSubstr("opsteward_database_up 0\n"));
    EXPECT_THAT(response.body, Not(HasSubstr("opsteward_jobs")));
    EXPECT_THAT(response.body, Not(HasSubstr("opsteward_findings")));
}

TEST(MetricsText, WritesNumbersAndEscapesTexts) {
    records::MetricsText metrics;
    metrics.Begin("a", "gauge", "back\\slash and\nline");
    metrics.Sample(-3);
    metrics.Sample(0.25, {{"x", "\"q\""}, {"y", "b\\c\nd"}});
    metrics.Sample(std::numeric_limits<double>::infinity(), {{"x", "inf"}});
    EXPECT_EQ(std::move(metrics).text(),
              "# HELP a back\\\\slash and\\nline\n# TYPE a gauge\na -3\na{x=\"\\\"q\\\"\",y=\"b\\\\c\\nd\"} "
              "0.25\na{x=\"inf\"} +Inf\n");
}

}  // namespace
}  // namespace opsteward::console::testing
