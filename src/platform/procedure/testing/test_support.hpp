// What the room's tests share: a small pack, small fact views, and an evaluation run by hand.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/civil_time.hpp"
#include "db/testing/test_databases.hpp"
#include "platform/jobs/scheduler.hpp"
#include "platform/procedure/procedure.hpp"

namespace opsteward::procedure::testing {

inline Date DateOf(int year, unsigned month, unsigned day) {
    return {std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
}

/// A pack without faults: clauses 1.1 (check "open-ports" over the view open_ports), 1.2 (duty "review", monthly, 7 days
/// ahead), 1.3 (nothing speaks for it), 1.10 (both).
PackTexts SmallPack();

/// Tables and views that stand for other modules: units 1 (root) with 2 and 3 below; devices 10 (unit 1) and 20 (unit 2), all
/// topics of both observed, no port open.
FactSchema SmallFacts();

/// A job that keeps what was logged.
class HandContext final : public jobs::JobContext {
  public:
    explicit HandContext(const Clock& clock) : clock_(clock) {}
    std::int64_t id() const override { return 1; }
    const json::value& payload() const override { return payload_; }
    Instant now() const override { return clock_.Now(); }
    void Progress(double ratio, const Text&) override { ratio_ = ratio; }
    void Log(const Text& line) override { log.push_back(line.en); }
    bool is_cancelled() const override { return is_cancelled_; }
    void Cancel() { is_cancelled_ = true; }

    std::vector<std::string> log;

  private:
    const Clock& clock_;
    json::value payload_;
    double ratio_ = 0;
    bool is_cancelled_ = false;
};

/// A procedure of SmallPack over SmallFacts, in 2026-03-10 10:00 Taipei time.
class ProcedureTest : public db::testing::DatabaseTest {
  protected:
    void SetUp() override;

    void WriteFile(const std::string& name, std::string_view text);
    void Execute(std::string_view sql, std::initializer_list<db::Value> parameters = {});
    /// A socket on a device that waits for connections; `since` nothing: the view does not know.
    void OpenPort(std::int64_t device_id, int port, std::string_view severity = "not_met",
                  std::optional<Instant> since = std::nullopt);
    void ClosePort(std::int64_t device_id, int port);
    void SetCoverage(std::int64_t device_id, std::string_view status, std::string_view reason = "");

    Procedure& procedure() { return *procedure_; }
    /// Runs one evaluation to its effect; gives what it logged.
    std::vector<std::string> Evaluate();
    void PlanDuties();
    std::shared_ptr<const Board> BoardOf(const std::set<std::int64_t>& units = {}, std::optional<Instant> as_of = std::nullopt);
    const ClauseState& StateOf(std::string_view clause_id, const std::set<std::int64_t>& units = {});
    /// How many jobs of the kind wait in the queue.
    std::int64_t CountQueued(std::string_view kind);

    ManualClock clock_{FromTaipei({DateOf(2026, 3, 10), 10, 0, 0})};
    db::testing::TemporaryFolder folder_;
    audit::Actor alice_{101, "Alice", "192.0.2.1"};
    audit::Actor bob_{102, "Bob", "192.0.2.2"};

  private:
    std::unique_ptr<Procedure> procedure_;
    std::shared_ptr<const Board> last_board_;
};

}  // namespace opsteward::procedure::testing
