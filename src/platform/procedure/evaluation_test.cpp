// What an evaluation writes, on both databases.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "platform/procedure/check_runner.hpp"
#include "platform/procedure/job_kinds.hpp"
#include "platform/procedure/testing/test_support.hpp"

namespace opsteward::procedure::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

class Evaluation : public ProcedureTest {
  protected:
    std::vector<std::string> Changes(std::string_view clause_id, const std::set<std::int64_t>& units = {}, int limit = 100) {
        const auto changes = procedure().History(clause_id, units, limit);
        EXPECT_TRUE(changes.ok()) << changes.error().operator_text;
        std::vector<std::string> lines;
        for (const auto& change : changes.value_or({})) {
            lines.push_back(fmt::format("{} {}: {} → {}", FormatTime(change.at, Language::kEnglish), change.unit_id,
                                        StateKey(change.from), StateKey(change.to)));
        }
        return lines;
    }
};

TEST_P(Evaluation, JudgesWhatTheChecksFind) {
    Evaluate();
    EXPECT_EQ(StateOf("1.1").state, State::kMet);
    EXPECT_EQ(StateOf("1.1", {1}).why.en, "No open ports: 1 looked at, nothing found.");
    EXPECT_EQ(StateOf("1.1").units.size(), 2U) << "unit 3 has no device, and nothing speaks for it";
    EXPECT_EQ(StateOf("1.3").state, State::kNotSetUp);
    EXPECT_EQ(StateOf("1.3").why.en, "There is no form.");
    EXPECT_EQ(StateOf("1.1").judged_at, clock_.Now());

    OpenPort(10, 23);
    Evaluate();
    const ClauseState& state = StateOf("1.1");
    EXPECT_EQ(state.state, State::kNotMet);
    EXPECT_EQ(state.why, (Text{"開放埠 23。", "Port 23 is open."}));
    ASSERT_EQ(state.findings.size(), 1U);
    const Finding& finding = state.findings.front();
    EXPECT_EQ(finding.check_id, "open-ports");
    EXPECT_EQ(finding.unit_id, 1);
    EXPECT_EQ(finding.device_id, 10);
    EXPECT_EQ(finding.subject, "alpha 23");
    EXPECT_EQ(finding.severity, State::kNotMet);
    EXPECT_EQ(finding.reason.en, "Port 23 is open.");
    EXPECT_EQ(finding.evidence, "seen");
    EXPECT_EQ(finding.since, clock_.Now()) << "the view does not know since when, so it began when it was first found";
}

TEST_P(Evaluation, TellsWhatIsNotObserved) {
    SetCoverage(10, "not_observed", "The file is not readable.");
    SetCoverage(20, "not_observed", "The file is not readable.");
    Evaluate();
    EXPECT_EQ(StateOf("1.1").state, State::kNotSetUp);
    EXPECT_EQ(StateOf("1.1").why.en, "alpha: The file is not readable. (and 1 more unit)");
}

TEST_P(Evaluation, KeepsSinceWhileAFindingLasts) {
    const Instant first = clock_.Now();
    OpenPort(10, 23, "attention");
    Evaluate();
    clock_.Advance(1h);
    Execute("UPDATE test_ports SET note = 'seen again'");
    Evaluate();
    EXPECT_EQ(StateOf("1.1").findings.front().since, first);
    EXPECT_EQ(StateOf("1.1").findings.front().evidence, "seen again");

    clock_.Advance(1h);
    Execute("UPDATE test_ports SET severity = 'not_met'");
    Evaluate();
    EXPECT_EQ(StateOf("1.1").findings.front().since, first) << "graver than before, but it began when it began";
    EXPECT_EQ(StateOf("1.1").state, State::kNotMet);
    EXPECT_EQ(StateOf("1.1").since, clock_.Now()) << "the clause is not met since now";

    ClosePort(10, 23);
    Evaluate();
    clock_.Advance(1h);
    OpenPort(10, 23);
    Evaluate();
    EXPECT_EQ(StateOf("1.1").findings.front().since, clock_.Now()) << "gone in between: it began anew";
}

TEST_P(Evaluation, TakesSinceFromTheCheckWhereItKnows) {
    const Instant known = clock_.Now() - 24h;
    OpenPort(10, 23, "attention", known);
    Evaluate();
    EXPECT_EQ(StateOf("1.1").findings.front().since, known);
    Execute("UPDATE test_ports SET since_at = $1, severity = 'not_met'", {known + 1h});
    Evaluate();
    EXPECT_EQ(StateOf("1.1").findings.front().since, known + 1h);
    Execute("UPDATE test_ports SET since_at = $1", {known + 2h});
    Evaluate();
    EXPECT_EQ(StateOf("1.1").findings.front().since, known + 2h);
    Execute("UPDATE test_ports SET since_at = $1", {clock_.Now() + 9h});
    Evaluate();
    EXPECT_EQ(StateOf("1.1").findings.front().since, clock_.Now()) << "nothing begins in the time to come";
}

TEST_P(Evaluation, CountsASubjectThatACheckNamesTwiceOnce) {
    OpenPort(10, 23);
    OpenPort(10, 23);
    Evaluate();
    EXPECT_EQ(StateOf("1.1").findings.size(), 1U);
    const std::int64_t revision = BoardOf()->revision;
    Evaluate();
    EXPECT_EQ(BoardOf()->revision, revision);
}

TEST_P(Evaluation, KeepsTheHistoryOfStates) {
    Evaluate();
    clock_.Advance(1h);
    OpenPort(20, 23);
    Evaluate();
    clock_.Advance(1h);
    Evaluate();
    ClosePort(20, 23);
    Evaluate();
    EXPECT_THAT(Changes("1.1"), ElementsAre("2026-03-10 12:00 2: not_met → met", "2026-03-10 11:00 2: met → not_met",
                                            "2026-03-10 10:00 2: not_set_up → met", "2026-03-10 10:00 1: not_set_up → met"));
    EXPECT_THAT(Changes("1.1", {1}), ElementsAre("2026-03-10 10:00 1: not_set_up → met"));
    EXPECT_THAT(Changes("1.1", {2, 3}, 1), ElementsAre("2026-03-10 12:00 2: not_met → met"));
    EXPECT_THAT(Changes("1.3"), IsEmpty());
}

TEST_P(Evaluation, KeepsInTheHistoryThatNothingSpokeForAWhile) {
    Evaluate();
    clock_.Advance(1h);
    Execute("UPDATE test_devices SET unit_id = 1 WHERE id = 20");
    Evaluate();
    EXPECT_EQ(StateOf("1.1", {2}).state, State::kNotSetUp);
    clock_.Advance(1h);
    Execute("UPDATE test_devices SET unit_id = 2 WHERE id = 20");
    Evaluate();
    EXPECT_THAT(Changes("1.1", {2}), ElementsAre("2026-03-10 12:00 2: not_set_up → met", "2026-03-10 11:00 2: met → not_set_up",
                                                 "2026-03-10 10:00 2: not_set_up → met"));
    const auto changes = procedure().History("1.1", {2}, 2);
    ASSERT_TRUE(changes.ok());
    EXPECT_EQ(changes->at(1).why.en, "Ports are not observed.");
}

TEST_P(Evaluation, ShowsTheBoardAsItWas) {
    const Instant start = clock_.Now();
    Evaluate();
    clock_.Advance(1h);
    OpenPort(10, 23, "attention");
    Evaluate();
    clock_.Advance(1h);
    Execute("UPDATE test_ports SET severity = 'not_met'");
    Evaluate();
    clock_.Advance(1h);
    ClosePort(10, 23);
    Evaluate();
    clock_.Advance(1h);

    struct Then {
        std::chrono::minutes after;
        State state;
        std::size_t findings;
    };
    for (const Then& then : {Then{-1min, State::kNotSetUp, 0}, Then{0min, State::kMet, 0}, Then{59min, State::kMet, 0},
                             Then{60min, State::kAttention, 1}, Then{119min, State::kAttention, 1},
                             Then{120min, State::kNotMet, 1}, Then{179min, State::kNotMet, 1}, Then{180min, State::kMet, 0}}) {
        SCOPED_TRACE(then.after.count());
        const auto board = BoardOf({}, start + then.after);
        EXPECT_EQ(board->as_of, start + then.after);
        EXPECT_LE(board->judged_at, board->as_of);
        EXPECT_EQ(StateKey(board->clauses[0].state), StateKey(then.state));
        ASSERT_EQ(board->clauses[0].findings.size(), then.findings);
        if (then.findings == 1) {
            EXPECT_EQ(board->clauses[0].findings[0].severity, then.state);
        }
    }
    EXPECT_EQ(BoardOf({}, clock_.Now() + 24h)->clauses[0].state, State::kMet) << "the time to come is now";
}

TEST_P(Evaluation, OrdersFindingsByGravityThenAge) {
    OpenPort(10, 1, "attention", clock_.Now() - 5h);
    OpenPort(10, 2, "not_met", clock_.Now() - 1h);
    OpenPort(20, 3, "not_met", clock_.Now() - 2h);
    Evaluate();
    std::vector<std::string> subjects;
    for (const Finding& finding : StateOf("1.1").findings) subjects.push_back(finding.subject);
    EXPECT_THAT(subjects, ElementsAre("beta 3", "alpha 2", "alpha 1"));
}

TEST_P(Evaluation, ShowsTheUnitsAskedFor) {
    OpenPort(10, 23);
    OpenPort(20, 2323, "attention");
    Evaluate();
    EXPECT_EQ(StateOf("1.1", {2}).state, State::kAttention);
    EXPECT_EQ(StateOf("1.1", {2}).findings.size(), 1U);
    EXPECT_EQ(StateOf("1.1", {1, 2}).state, State::kNotMet);
    EXPECT_EQ(StateOf("1.1", {3}).state, State::kNotSetUp);
    EXPECT_EQ(StateOf("1.1", {99}).state, State::kNotSetUp);
}

TEST_P(Evaluation, ServesTheBoardFromMemoryUntilSomethingChanges) {
    Evaluate();
    const auto board = BoardOf({1, 2});
    EXPECT_EQ(BoardOf({1, 2}), board);
    EXPECT_NE(BoardOf({1}), board);
    EXPECT_EQ(BoardOf({1, 2}), board) << "another reader's units do not push it out";

    clock_.Advance(1min);
    Evaluate();
    EXPECT_EQ(BoardOf({1, 2})->revision, board->revision) << "judged again, and all is as it was";
    EXPECT_EQ(BoardOf({1, 2})->judged_at, clock_.Now());

    OpenPort(10, 23);
    EXPECT_EQ(BoardOf({1, 2})->clauses[0].state, State::kMet) << "nothing has been judged yet";
    Evaluate();
    EXPECT_GT(BoardOf({1, 2})->revision, board->revision);
    EXPECT_EQ(BoardOf({1, 2})->clauses[0].state, State::kNotMet);
    EXPECT_EQ(board->clauses[0].state, State::kMet) << "who holds the older board goes on holding it";
}

TEST_P(Evaluation, MakesAtMostSoManyBoardsAndStillAnswersRightly) {
    OpenPort(20, 23);
    Evaluate();
    for (std::int64_t unit = 100; unit < 300; ++unit) EXPECT_EQ(BoardOf({2, unit})->clauses[0].state, State::kNotMet);
}

TEST_P(Evaluation, StopsWhenAsked) {
    HandContext context(clock_);
    context.Cancel();
    const auto effect = procedure().Evaluate(context);
    ASSERT_FALSE(effect.ok());
    EXPECT_EQ(effect.error().code, ErrorCode::kCancelled);
}

struct RefusedCase {
    const char* what;
    const char* sql;
    const char* problem;  ///< a part of it, where both databases use the same words
};

TEST_P(Evaluation, RefusesAndShowsChecksThatCannotBeBelieved) {
    const std::string columns =
        "unit_id, device_id, name AS subject, 'not_met' AS severity, '' AS reason_zh, '' AS reason_en, "
        "CAST(NULL AS BIGINT) AS since, '' AS evidence";
    const std::string late = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT " +
                             columns + " FROM devices WHERE (SELECT MAX(i) FROM n) > 0";
    const std::string much =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <= 10000) SELECT unit_id, device_id, "
        "CAST(i AS TEXT) AS subject, 'not_met' AS severity, '' AS reason_zh, '' AS reason_en, CAST(NULL AS BIGINT) AS "
        "since, '' AS evidence FROM devices CROSS JOIN n WHERE device_id = 10";
    const std::string wrong_severity =
        "SELECT unit_id, device_id, name AS subject, 'met' AS severity, '' AS reason_zh, '' AS reason_en, "
        "CAST(NULL AS BIGINT) AS since, '' AS evidence FROM devices";
    const std::string no_unit =
        "SELECT CAST(NULL AS BIGINT) AS unit_id, device_id, name AS subject, 'not_met' AS severity, '' AS reason_zh, "
        "'' AS reason_en, CAST(NULL AS BIGINT) AS since, '' AS evidence FROM devices";
    const std::string table =
        "SELECT unit_id, id AS device_id, name AS subject, 'not_met' AS severity, '' AS reason_zh, '' AS reason_en, "
        "CAST(NULL AS BIGINT) AS since, '' AS evidence FROM test_devices";
    const std::string two = "SELECT " + columns + " FROM devices; SELECT " + columns + " FROM devices";
    const std::string unknown = "SELECT " + columns + " FROM devices WHERE device_id > :limit";
    const std::string missing =
        "SELECT unit_id, device_id, name AS subject, 'not_met' AS severity, '' AS reason_zh, '' AS reason_en, "
        "'' AS evidence FROM devices";
    const RefusedCase cases[] = {
        {"slow", late.c_str(), "The query ran longer than 2000 ms and was stopped."},
        {"too many rows", much.c_str(), "The query gives more than 10000 rows."},
        {"writes", "INSERT INTO test_units (id, name) VALUES (9, 'x') RETURNING id AS unit_id", ""},
        {"deletes", "DELETE FROM test_devices", ""},
        {"reads a table", table.c_str(), ""},
        {"two statements", two.c_str(), ""},
        {"nonsense", "SELEKT 1", ""},
        {"no such column", "SELECT secret FROM devices", ""},
        {"lacks a column", missing.c_str(), "The statement has to return the column since."},
        {"wrong severity", wrong_severity.c_str(), "severity has to be not_met or attention."},
        {"no unit", no_unit.c_str(), "unit_id has to be an integer and not NULL."},
        {"unknown parameter", unknown.c_str(), "The parameter :limit is not among the check's parameters."},
    };
    OpenPort(10, 80);
    for (const auto& one : cases) {
        SCOPED_TRACE(one.what);
        clock_.Advance(1min);
        WriteFile("checks/more.toml",
                  fmt::format("# {0}\n[[check]]\nid = \"more\"\nclause = \"1.3\"\ntitle = {{ zh = \"多\", en = \"More\" }}\n"
                              "sql = \"\"\"{1}\"\"\"\n",
                              one.what, one.sql));
        Evaluate();
        const auto board = BoardOf();
        ASSERT_EQ(board->refused_checks.size(), 1U);
        EXPECT_THAT(board->refused_checks[0].en, HasSubstr("The check \"More\" was refused: "));
        EXPECT_THAT(board->refused_checks[0].en, HasSubstr(one.problem));
        EXPECT_THAT(board->refused_checks[0].zh, HasSubstr("查核「多」未採用："));
        const ClauseState& state = StateOf("1.3");
        EXPECT_EQ(state.state, State::kAttention) << "attention at best";
        EXPECT_EQ(state.why.en, board->refused_checks[0].en + " (and 2 more units)");
        EXPECT_THAT(state.findings, IsEmpty());
        EXPECT_EQ(StateOf("1.1").state, State::kNotMet) << "the others go on";
    }
    std::filesystem::remove(folder_.path() / "checks/more.toml");
    Evaluate();
    EXPECT_THAT(BoardOf()->refused_checks, IsEmpty());
    EXPECT_EQ(StateOf("1.3").state, State::kNotSetUp);
}

TEST_P(Evaluation, RefusesWhatShowsOnlyOnTheRealRecords) {
    const std::string rows =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {} * (SELECT MAX(port) FROM open_ports)) "
        "SELECT unit_id, device_id, CAST(i AS TEXT) AS subject, 'not_met' AS severity, '' AS reason_zh, '' AS reason_en, "
        "CAST(NULL AS BIGINT) AS since, '' AS evidence FROM devices CROSS JOIN n WHERE device_id = 10";
    const std::pair<std::string, std::string> cases[] = {
        {fmt::format(fmt::runtime(rows), 150), "The query gives more than 10000 rows."},
        {fmt::format(fmt::runtime(rows), 1'000'000'000) + " AND i < 0", "The query ran longer than 2000 ms and was stopped."},
    };
    OpenPort(10, 80);
    for (const auto& [sql, problem] : cases) {
        WriteFile("checks/more.toml",
                  fmt::format("[[check]]\nid = \"more\"\nclause = \"1.3\"\ntitle = {{ zh = \"多\", en = \"More\" }}\n"
                              "sql = \"\"\"{}\"\"\"\n",
                              sql));
        Evaluate();
        ASSERT_EQ(BoardOf()->refused_checks.size(), 1U);
        EXPECT_EQ(BoardOf()->refused_checks[0].en, "The check \"More\" was refused: " + problem);
        EXPECT_EQ(StateOf("1.3").state, State::kAttention);
    }
    // On records that it can deal with it speaks again.
    ClosePort(10, 80);
    Evaluate();
    EXPECT_THAT(BoardOf()->refused_checks, IsEmpty());
    EXPECT_EQ(StateOf("1.3").state, State::kMet);
}

TEST_P(Evaluation, NamesThePlaceOfAFaultyStatement) {
    WriteFile(
        "checks/more.toml",
        "[[check]]\nid = \"more\"\nclause = \"1.3\"\ntitle = { zh = \"多\", en = \"More\" }\npopulation = \"SELECT 1 AS unit_id\"\n"
        "sql = \"SELECT 2 AS unit_id\"\n");
    Evaluate();
    ASSERT_EQ(BoardOf()->refused_checks.size(), 1U);
    EXPECT_THAT(BoardOf()->refused_checks[0].en, HasSubstr("checks/more.toml:"));

    const FactSchema schema = SmallFacts();
    const auto reading = ReadPack(folder_.path());
    ASSERT_TRUE(reading.ok());
    const auto faults = ValidateChecks(reading->pack, schema.migrations, schema.views, clock_);
    ASSERT_TRUE(faults.ok()) << faults.error().operator_text;
    ASSERT_EQ(faults->size(), 2U);
    EXPECT_EQ(DescribeFault(faults->at(0), Language::kEnglish),
              "checks/more.toml:5:14: The statement has to return the column device_id.");
    EXPECT_EQ(DescribeFault(faults->at(1), Language::kEnglish),
              "checks/more.toml:6:7: The statement has to return the column device_id.");
    EXPECT_EQ(faults->at(0).check_id, "more");
}

TEST_P(Evaluation, CutsTextsThatAreTooLong) {
    Execute("INSERT INTO test_ports (device_id, port, severity, note) VALUES (10, 23, 'not_met', $1)", {std::string(5000, 'x')});
    Evaluate();
    EXPECT_EQ(StateOf("1.1").findings.front().evidence, std::string(2000, 'x') + "…");
}

TEST_P(Evaluation, PicksUpAnEditedPackWithoutRestart) {
    Evaluate();
    WriteFile("checks/own.toml", R"([[check]]
id = "own"
clause = "1.3"
title = { zh = "自訂", en = "Our own" }
population = "SELECT unit_id, CAST(NULL AS BIGINT) AS device_id, name AS subject FROM units"
sql = """SELECT unit_id, CAST(NULL AS BIGINT) AS device_id, name AS subject, 'not_met' AS severity, '不行' AS reason_zh, 'No' AS reason_en,
CAST(NULL AS BIGINT) AS since, '' AS evidence FROM units WHERE parent_id IS NULL"""
)");
    Evaluate();
    EXPECT_EQ(procedure().pack()->checks.size(), 3U);
    EXPECT_EQ(StateOf("1.3").state, State::kNotMet);
    EXPECT_EQ(StateOf("1.3", {2}).state, State::kMet);
    EXPECT_EQ(CountQueued(kPlanDuties), 1) << "another pack may bring other duties";
}

TEST_P(Evaluation, KeepsThePackInUseWhenAnEditIsFaulty) {
    Evaluate();
    const auto pack = procedure().pack();
    WriteFile("duties/review.toml", "[[duty]]\nid = \"review\"\n");
    const auto log = Evaluate();
    EXPECT_EQ(procedure().pack(), pack);
    EXPECT_FALSE(procedure().faults().empty());
    EXPECT_THAT(log, ::testing::Contains(HasSubstr("The pack is faulty, the one before stays in use: duties/review.toml:1:1: ")));
    EXPECT_EQ(StateOf("1.1").state, State::kMet);

    WriteFile("duties/review.toml", SmallPack()["duties/review.toml"]);
    const auto faults = procedure().Reload();
    ASSERT_TRUE(faults.ok());
    EXPECT_THAT(*faults, IsEmpty());
    EXPECT_EQ(procedure().pack()->digest, pack->digest);
}

TEST_P(Evaluation, ReportsAPackFolderThatIsGone) {
    std::filesystem::remove_all(folder_.path());
    EXPECT_FALSE(procedure().Reload().ok());
    EXPECT_EQ(procedure().pack()->id, "T-1");
}

TEST_P(Evaluation, DropsWhatACheckFoundThatThePackNoLongerHolds) {
    OpenPort(10, 23);
    Evaluate();
    WriteFile("checks/ports.toml", "");
    Evaluate();
    EXPECT_EQ(StateOf("1.1").state, State::kNotSetUp);
    EXPECT_THAT(StateOf("1.1").findings, IsEmpty());
}

TEST_P(Evaluation, MovesFindingsAlongWhenTheirCheckGoesToAnotherClause) {
    OpenPort(10, 2323);
    Evaluate();
    std::string checks = SmallPack()["checks/ports.toml"];
    checks.replace(checks.find("clause = \"1.1\""), 14, "clause = \"1.3\" ");
    WriteFile("checks/ports.toml", checks);
    clock_.Advance(1h);
    Evaluate();
    EXPECT_THAT(StateOf("1.1").findings, IsEmpty());
    ASSERT_EQ(StateOf("1.3").findings.size(), 1U);
    EXPECT_EQ(StateOf("1.3").findings.front().since, clock_.Now() - 1h);
}

TEST_P(Evaluation, RunsAsAJobOnScheduleAndOnRequest) {
    jobs::Scheduler scheduler(database(), clock_, JobKinds(procedure()));
    // The first start: duties are planned and clauses judged; new rounds ask for another judgement a moment later.
    ASSERT_TRUE(scheduler.RunDue().ok());
    clock_.Advance(1s);
    ASSERT_TRUE(scheduler.RunDue().ok());
    EXPECT_EQ(StateOf("1.1").state, State::kMet);
    EXPECT_EQ(StateOf("1.2", {1}).why.en, "Monthly review: no record yet, due on 31 Mar 2026");

    OpenPort(10, 23);
    const auto asked = database().WriteWith([&](db::Transaction& transaction) -> Result<void> {
        OPS_CHECK(RequestEvaluation(transaction, clock_.Now()));
        return RequestEvaluation(transaction, clock_.Now());
    });
    ASSERT_TRUE(asked.ok());
    EXPECT_EQ(CountQueued(kEvaluate), 1) << "a burst of changes is judged once";
    clock_.Advance(1s);
    ASSERT_TRUE(scheduler.RunDue().ok());
    EXPECT_EQ(StateOf("1.1").state, State::kNotMet);

    ClosePort(10, 23);
    clock_.Advance(60s);
    ASSERT_TRUE(scheduler.RunDue().ok());
    EXPECT_EQ(StateOf("1.1").state, State::kMet) << "judged again without anybody asking";
}

OPS_ON_BOTH_DATABASES(Evaluation);

}  // namespace
}  // namespace opsteward::procedure::testing
