// The truth table of docs/formats/procedure-pack.md.
#include "platform/procedure/judging.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/procedure/testing/test_support.hpp"

namespace opsteward::procedure {
namespace {

using testing::DateOf;

const Instant kNow = FromTaipei({DateOf(2026, 3, 10), 10, 0, 0});

/// A check over devices of unit 1: how each is observed and what was found on it.
struct DeviceFacts {
    bool is_observed = true;
    std::optional<State> finding;
};

class Judging : public ::testing::Test {
  protected:
    Check MakeCheck(const std::string& id, const std::string& clause_id, std::vector<std::string> topics = {"topic"}) {
        Check check;
        check.id = id;
        check.clause_id = clause_id;
        check.title = {"查核", "Check"};
        check.topics = std::move(topics);
        return check;
    }
    CheckResult Ran(const Check& check, const std::vector<DeviceFacts>& devices, std::int64_t unit_id = 1) {
        CheckResult result{&check, {}, {}};
        for (std::size_t i = 0; i < devices.size(); ++i) {
            const auto device_id = static_cast<std::int64_t>(unit_id * 100 + static_cast<std::int64_t>(i));
            result.run.population.push_back({unit_id, device_id, fmt::format("device {}", device_id)});
            input_.coverage[{device_id, "topic"}] = {devices[i].is_observed, {"讀不到。", "It is not readable."}};
            if (!devices[i].finding) continue;
            Finding finding;
            finding.check_id = check.id;
            finding.unit_id = unit_id;
            finding.device_id = device_id;
            finding.subject = fmt::format("subject {}", i);
            finding.severity = *devices[i].finding;
            finding.reason = {fmt::format("理由 {}", i), fmt::format("reason {}", i)};
            finding.since = kNow - std::chrono::hours(static_cast<int>(i));
            result.run.findings.push_back({finding, true});
        }
        return result;
    }
    /// The judgement of clause "1" in a unit; kNotSetUp and "nothing" when nothing speaks.
    Judgement JudgeClause(std::int64_t unit_id = 1, const std::string& clause_id = "1") {
        input_.now = kNow;
        for (const auto& judgement : Judge(input_)) {
            if (judgement.clause_id == clause_id && judgement.unit_id == unit_id) return judgement;
        }
        return {clause_id, unit_id, State::kNotSetUp, {"", "nothing"}};
    }

    const Check check_ = MakeCheck("a", "1");
    JudgingInput input_;
};

struct CheckCase {
    const char* what;
    std::vector<DeviceFacts> devices;
    State state;
    const char* why;
};

TEST_F(Judging, OfOneCheckFollowsItsDevicesAndFindings) {
    const CheckCase cases[] = {
        {"no device", {}, State::kNotSetUp, "nothing"},
        {"observed, clean", {{true, {}}}, State::kMet, "Check: 1 looked at, nothing found."},
        {"observed, clean, two", {{true, {}}, {true, {}}}, State::kMet, "Check: 2 looked at, nothing found."},
        {"attention", {{true, State::kAttention}}, State::kAttention, "reason 0"},
        {"not met", {{true, State::kNotMet}}, State::kNotMet, "reason 0"},
        {"not met before attention",
         {{true, State::kAttention}, {true, State::kNotMet}},
         State::kNotMet,
         "reason 1 (and 1 more)"},
        {"the oldest of the worst", {{true, State::kNotMet}, {true, State::kNotMet}}, State::kNotMet, "reason 1 (and 1 more)"},
        {"none observed", {{false, {}}}, State::kNotSetUp, "device 100: It is not readable."},
        {"none of two observed", {{false, {}}, {false, {}}}, State::kNotSetUp, "device 100: It is not readable. (and 1 more)"},
        {"none observed but an old finding", {{false, State::kNotMet}}, State::kNotSetUp, "device 100: It is not readable."},
        {"one of two observed, clean", {{true, {}}, {false, {}}}, State::kAttention, "device 101: It is not readable."},
        {"one of two observed, not met", {{true, State::kNotMet}, {false, {}}}, State::kNotMet, "reason 0"},
        {"one of two observed, attention", {{true, State::kAttention}, {false, {}}}, State::kAttention, "reason 0"},
    };
    for (const auto& one : cases) {
        SCOPED_TRACE(one.what);
        input_ = {};
        input_.checks = {Ran(check_, one.devices)};
        const Judgement judgement = JudgeClause();
        EXPECT_EQ(StateKey(judgement.state), StateKey(one.state));
        EXPECT_EQ(judgement.why.en, one.why);
    }
}

TEST_F(Judging, TakesADeviceNeverAskedForUnobserved) {
    CheckResult result = Ran(check_, {{true, {}}});
    input_.coverage.clear();
    input_.device_names[100] = "alpha";
    input_.checks = {result};
    EXPECT_EQ(JudgeClause().state, State::kNotSetUp);
    EXPECT_EQ(JudgeClause().why, (Text{"alpha：尚未觀察。", "alpha: It has not been observed yet."}));
}

TEST_F(Judging, NeedsEveryTopicOfACheck) {
    const Check both = MakeCheck("b", "1", {"topic", "other"});
    input_.checks = {Ran(both, {{true, {}}})};
    input_.coverage[{100, "other"}] = {false, {"關。", "It is off."}};
    EXPECT_EQ(JudgeClause().state, State::kNotSetUp);
    input_.coverage[{100, "other"}] = {true, {}};
    EXPECT_EQ(JudgeClause().state, State::kMet);
}

TEST_F(Judging, OfACheckWithoutTopicsAsksForNoDevice) {
    const Check check = MakeCheck("c", "1", {});
    CheckResult result{&check, {}, {}};
    result.run.population.push_back({1, std::nullopt, "Bureau"});
    input_.checks = {result};
    EXPECT_EQ(JudgeClause().state, State::kMet);
}

TEST_F(Judging, SpeaksOnlyForTheUnitsOfTheDevices) {
    input_.checks = {Ran(check_, {{true, State::kNotMet}}, 2)};
    EXPECT_EQ(JudgeClause(2).state, State::kNotMet);
    EXPECT_EQ(JudgeClause(1).why.en, "nothing");
}

TEST_F(Judging, OfSeveralChecksIsTheWorstAndHalfSetUpIsAttention) {
    const Check other = MakeCheck("b", "1");
    const std::tuple<DeviceFacts, DeviceFacts, State> cases[] = {
        {{true, {}}, {true, {}}, State::kMet},
        {{true, {}}, {true, State::kAttention}, State::kAttention},
        {{true, State::kNotMet}, {true, State::kAttention}, State::kNotMet},
        {{false, {}}, {true, {}}, State::kAttention},
        {{false, {}}, {true, State::kNotMet}, State::kNotMet},
        {{false, {}}, {true, State::kAttention}, State::kAttention},
        {{false, {}}, {false, {}}, State::kNotSetUp},
    };
    for (const auto& [first, second, expected] : cases) {
        input_ = {};
        CheckResult one = Ran(check_, {first});
        CheckResult two = Ran(other, {second});
        // The two checks look at different devices of the unit.
        two.run.population[0].device_id = 150;
        input_.coverage[{100, "topic"}] = {first.is_observed, {}};
        input_.coverage[{150, "topic"}] = {second.is_observed, {}};
        input_.checks = {one, two};
        EXPECT_EQ(StateKey(JudgeClause().state), StateKey(expected));
    }
}

struct DutyCase {
    const char* what;
    std::optional<int> overdue_days;  ///< ago
    std::optional<int> due_days;      ///< from now
    bool is_open_round_done;
    std::optional<int> done_days;  ///< ago
    State alone;
    State beside_met_check;
};

TEST_F(Judging, OfADutyFollowsItsRounds) {
    Duty duty{};
    duty.id = "d";
    duty.clause_ids = {"1"};
    duty.title = {"工作", "Duty"};
    duty.lead = std::chrono::days(7);
    const DutyCase cases[] = {
        {"never planned", {}, {}, false, {}, State::kNotSetUp, State::kAttention},
        {"never done, due later", {}, 20, false, {}, State::kNotSetUp, State::kAttention},
        {"never done, due soon", {}, 5, false, {}, State::kAttention, State::kAttention},
        {"never done, due exactly in the lead time", {}, 7, false, {}, State::kAttention, State::kAttention},
        {"overdue", 1, 20, false, {}, State::kNotMet, State::kNotMet},
        {"overdue, done before", 1, 20, false, 40, State::kNotMet, State::kNotMet},
        {"done, the next due later", {}, 20, false, 10, State::kMet, State::kMet},
        {"done before, due soon", {}, 5, false, 30, State::kAttention, State::kAttention},
        {"done for this period", {}, {}, true, 1, State::kMet, State::kMet},
        {"done for this period, one more due soon", {}, 5, true, 1, State::kMet, State::kMet},
    };
    for (const auto& one : cases) {
        SCOPED_TRACE(one.what);
        DutyStanding standing;
        standing.duty = &duty;
        standing.unit_id = 1;
        if (one.overdue_days) standing.overdue_since = kNow - std::chrono::days(*one.overdue_days);
        if (one.due_days) standing.due_at = kNow + std::chrono::days(*one.due_days);
        standing.is_open_round_done = one.is_open_round_done;
        if (one.done_days) standing.last_done_at = kNow - std::chrono::days(*one.done_days);
        input_ = {};
        input_.duties = {standing};
        EXPECT_EQ(StateKey(JudgeClause().state), StateKey(one.alone));
        input_.checks = {Ran(check_, {{true, {}}})};
        EXPECT_EQ(StateKey(JudgeClause().state), StateKey(one.beside_met_check));
    }
}

TEST_F(Judging, OfADutySaysWhenItIsDueOrWasDone) {
    Duty duty{};
    duty.clause_ids = {"1", "2"};
    duty.title = {"檢討", "Review"};
    DutyStanding standing;
    standing.duty = &duty;
    standing.unit_id = 1;
    standing.overdue_since = FromTaipei({DateOf(2026, 2, 28), 23, 59, 59});
    input_.duties = {standing};
    EXPECT_EQ(JudgeClause().why,
              (Text{"檢討：民國115年2月28日 到期，逾期未完成。", "Review: not done, it was due on 28 Feb 2026"}));
    EXPECT_EQ(JudgeClause(1, "2").state, State::kNotMet);
}

TEST_F(Judging, NeverBringsARefusedClauseAboveAttention) {
    input_.units = {1, 2};
    CheckResult refused{&check_, {}, Text{"未採用", "refused"}};
    const Check other = MakeCheck("b", "1");
    input_.checks = {refused, Ran(other, {{true, {}}})};
    EXPECT_EQ(JudgeClause(1).state, State::kAttention);
    EXPECT_EQ(JudgeClause(1).why.en, "refused");
    // Nobody knows for which units it would have spoken.
    EXPECT_EQ(JudgeClause(2).state, State::kAttention);
    input_.checks = {refused, Ran(other, {{true, State::kNotMet}})};
    EXPECT_EQ(JudgeClause(1).state, State::kNotMet);
}

TEST_F(Judging, LeavesAnExemptedUnitAlone) {
    input_.checks = {Ran(check_, {{true, State::kNotMet}}), Ran(check_, {{true, State::kNotMet}}, 2)};
    input_.exemptions[{"1", 1}] = {"沒有伺服器", DateOf(2026, 12, 31), "Bob"};
    input_.exemptions[{"1", 3}] = {"沒有設備", DateOf(2026, 12, 31), "Bob"};
    EXPECT_EQ(JudgeClause(1).state, State::kNotApplicable);
    EXPECT_EQ(JudgeClause(1).why.en, "沒有伺服器 (approved by Bob, until 31 Dec 2026)");
    EXPECT_EQ(JudgeClause(2).state, State::kNotMet);
    EXPECT_EQ(JudgeClause(3).state, State::kNotApplicable);
}

}  // namespace
}  // namespace opsteward::procedure
