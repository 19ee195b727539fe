// What people do: duties done, clauses exempted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/procedure/testing/test_support.hpp"

namespace opsteward::procedure::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

class Duties : public ProcedureTest {
  protected:
    std::vector<DutyRound> Rounds(const std::set<std::int64_t>& units = {1}) {
        const auto rounds = procedure().Duties(FromTaipei({DateOf(2025, 1, 1)}), FromTaipei({DateOf(2030, 1, 1)}), units);
        EXPECT_TRUE(rounds.ok()) << rounds.error().operator_text;
        return rounds.value_or({});
    }
    std::vector<std::string> DueDates(const std::set<std::int64_t>& units = {1}) {
        std::vector<std::string> dates;
        for (const auto& round : Rounds(units)) dates.push_back(FormatTime(round.due_at, Language::kEnglish));
        return dates;
    }
    void GoTo(int month, unsigned day) { clock_.Set(FromTaipei({DateOf(2026, static_cast<unsigned>(month), day), 10, 0, 0})); }
    std::string StateAndWhy() {
        Evaluate();
        const ClauseState& state = StateOf("1.2", {1});
        return fmt::format("{}: {}", StateKey(state.state), state.why.en);
    }
};

TEST_P(Duties, AreMadeForEveryUnitForThisPeriodAndTheNext) {
    PlanDuties();
    EXPECT_THAT(DueDates(), ElementsAre("2026-03-31 23:59", "2026-04-30 23:59"));
    EXPECT_EQ(Rounds({}).size(), 6U);
    EXPECT_EQ(Rounds()[0].duty->title.en, "Monthly review");
    EXPECT_EQ(FormatIsoDate(Rounds()[0].period_start), "2026-03-01");
    PlanDuties();
    EXPECT_EQ(Rounds({}).size(), 6U) << "planned again, nothing is doubled";
    GoTo(7, 1);
    PlanDuties();
    EXPECT_EQ(Rounds().size(), 6U) << "March to August: the months in which nobody planned are there too";
}

TEST_P(Duties, OfTheBureauAreThereOnce) {
    std::string duty = SmallPack()["duties/review.toml"];
    duty.replace(duty.find("\"unit\""), 6, "\"bureau\"");
    WriteFile("duties/review.toml", duty);
    ASSERT_TRUE(procedure().Reload().ok());
    PlanDuties();
    EXPECT_EQ(Rounds({}).size(), 2U);
    EXPECT_EQ(Rounds({}).front().unit_id, 1);
    Evaluate();
    EXPECT_EQ(StateOf("1.2").units.size(), 1U);
}

TEST_P(Duties, GoFromOpenToDueToOverdueToDone) {
    EXPECT_EQ(StateAndWhy(), "not_set_up: Monthly review: no record yet.");
    PlanDuties();
    EXPECT_EQ(StateAndWhy(), "not_set_up: Monthly review: no record yet, due on 31 Mar 2026");
    GoTo(3, 28);
    EXPECT_EQ(StateAndWhy(), "attention: Monthly review: not done yet, due on 31 Mar 2026");
    GoTo(4, 1);
    EXPECT_EQ(StateAndWhy(), "not_met: Monthly review: not done, it was due on 31 Mar 2026");
    ASSERT_TRUE(procedure().CompleteDuty(alice_, Rounds()[0].id, "Two accounts disabled.").ok());
    EXPECT_EQ(StateAndWhy(), "met: Monthly review: done on 1 Apr 2026");
    GoTo(4, 25);
    EXPECT_EQ(StateAndWhy(), "attention: Monthly review: not done yet, due on 30 Apr 2026");
    ASSERT_TRUE(procedure().CompleteDuty(alice_, Rounds()[1].id, "Nothing to do.").ok());
    EXPECT_EQ(StateAndWhy(), "met: Monthly review: done on 25 Apr 2026");
    EXPECT_EQ(StateOf("1.10", {1}).state, State::kMet) << "it counts for each of its clauses";
}

TEST_P(Duties, KeepWhoDidThemWhenAndWhat) {
    PlanDuties();
    const std::int64_t id = Rounds()[0].id;
    ASSERT_TRUE(procedure().CompleteDuty(alice_, id, "  Reviewed 12 accounts. ").ok());
    const auto round = procedure().FindDuty(id);
    ASSERT_TRUE(round.ok()) << round.error().operator_text;
    EXPECT_EQ(round->done_at, clock_.Now());
    EXPECT_EQ(round->done_by, "Alice");
    EXPECT_EQ(round->note, "Reviewed 12 accounts.");
    EXPECT_EQ(CountQueued("procedure.evaluate"), 1);
    const auto entries = database().Read<std::vector<audit::Entry>>([](db::Session& session) {
        audit::Filter filter;
        filter.subject_kind = "duty";
        return audit::Search(session, filter);
    });
    ASSERT_TRUE(entries.ok());
    ASSERT_EQ(entries->size(), 1U);
    EXPECT_EQ(entries->front().change.action, "duty.complete");
    EXPECT_EQ(entries->front().actor.name, "Alice");
    EXPECT_EQ(entries->front().change.unit_id, 1);
}

TEST_P(Duties, AreDoneOnceWithANoteAndNotBeforeTheirPeriod) {
    PlanDuties();
    const auto rounds = Rounds();
    const auto blank = procedure().CompleteDuty(alice_, rounds[0].id, " \n");
    ASSERT_FALSE(blank.ok());
    EXPECT_EQ(blank.error().code, ErrorCode::kInvalidInput);
    EXPECT_EQ(procedure().CompleteDuty(alice_, rounds[0].id, std::string(4001, 'x')).error().code, ErrorCode::kInvalidInput);
    const auto early = procedure().CompleteDuty(alice_, rounds[1].id, "Done.");
    ASSERT_FALSE(early.ok());
    EXPECT_EQ(early.error().caller_text.en, "This period begins on 1 Apr 2026; it can't be done yet.");
    ASSERT_TRUE(procedure().CompleteDuty(alice_, rounds[0].id, "Done.").ok());
    const auto again = procedure().CompleteDuty(bob_, rounds[0].id, "Done.");
    ASSERT_FALSE(again.ok());
    EXPECT_EQ(again.error().caller_text.en, "Alice has done this already.");
    EXPECT_EQ(procedure().CompleteDuty(alice_, 999, "Done.").error().code, ErrorCode::kNotFound);
}

TEST_P(Duties, AreOpenUntilDoneHoweverLongOverdue) {
    PlanDuties();
    ASSERT_TRUE(procedure().CompleteDuty(alice_, Rounds({2})[0].id, "Done.").ok());
    GoTo(6, 2);
    PlanDuties();
    const auto open = procedure().OpenDuties(FromTaipei({DateOf(2026, 5, 1)}), {1, 2});
    ASSERT_TRUE(open.ok()) << open.error().operator_text;
    std::vector<std::string> lines;
    for (const auto& round : *open) lines.push_back(fmt::format("{} {}", FormatIsoDate(round.period_start), round.unit_id));
    EXPECT_THAT(lines, ElementsAre("2026-03-01 1", "2026-04-01 1", "2026-04-01 2"));
    EXPECT_EQ(open->front().duty->title.en, "Monthly review");
}

TEST_P(Duties, StayReadableWhenThePackNoLongerHasThem) {
    PlanDuties();
    const std::shared_ptr<const Duty> duty = Rounds()[0].duty;
    WriteFile("duties/review.toml", "");
    ASSERT_TRUE(procedure().Reload().ok());
    EXPECT_EQ(Rounds()[0].duty, nullptr);
    EXPECT_EQ(duty->title.en, "Monthly review") << "who holds it goes on holding it";
    Evaluate();
    EXPECT_EQ(StateOf("1.2").state, State::kNotSetUp);
}

TEST_P(Duties, AreAFactView) {
    PlanDuties();
    ASSERT_TRUE(procedure().CompleteDuty(alice_, Rounds()[0].id, "Done.").ok());
    const auto rows = database().QueryRestricted(
        "SELECT duty_id, clause_id, unit_id, period_start_at, due_at, done_at, done_by FROM duties WHERE unit_id = 1 ORDER BY due_at",
        {}, {});
    ASSERT_TRUE(rows.ok()) << rows.error().operator_text;
    ASSERT_EQ(rows->rows.size(), 2U);
    EXPECT_EQ(rows->rows[0], (db::Row{"review", "1.2", 1, StartOfDay(DateOf(2026, 3, 1)),
                                      FromTaipei({DateOf(2026, 3, 31), 23, 59, 59}), clock_.Now(), "Alice"}));
    EXPECT_TRUE(rows->rows[1][5].is_null());
}

OPS_ON_BOTH_DATABASES(Duties);

class Exemptions : public ProcedureTest {
  protected:
    std::int64_t Request(Date ends = DateOf(2026, 3, 20)) {
        const auto id = procedure().RequestExemption(alice_, "1.1", 1, "No ports here.", ends);
        EXPECT_TRUE(id.ok()) << id.error().operator_text;
        return id.value_or(0);
    }
    Exemption Only() {
        const auto all = procedure().Exemptions("1.1");
        EXPECT_TRUE(all.ok());
        EXPECT_EQ(all->size(), 1U);
        return all->empty() ? Exemption{} : all->front();
    }
    State StateInUnit() {
        Evaluate();
        return StateOf("1.1", {1}).state;
    }
    ErrorCode CodeOf(const Result<void>& result) { return result.ok() ? ErrorCode::kInternal : result.error().code; }
};

TEST_P(Exemptions, HoldFromApprovalToTheirLastDay) {
    OpenPort(10, 23);
    const std::int64_t id = Request();
    EXPECT_EQ(StateInUnit(), State::kNotMet) << "asking is not enough";
    ASSERT_TRUE(procedure().DecideExemption(bob_, id, true).ok());
    EXPECT_EQ(CountQueued("procedure.evaluate"), 1);
    EXPECT_EQ(StateInUnit(), State::kNotApplicable);
    EXPECT_EQ(StateOf("1.1", {1}).why.en, "No ports here. (approved by Bob, until 20 Mar 2026)");
    EXPECT_EQ(StateOf("1.1", {2}).state, State::kMet) << "another unit is judged as before";
    clock_.Set(FromTaipei({DateOf(2026, 3, 20), 23, 59, 59}));
    EXPECT_EQ(StateInUnit(), State::kNotApplicable);
    clock_.Advance(1s);
    EXPECT_EQ(StateInUnit(), State::kNotMet) << "the day after, the state is judged again";
}

TEST_P(Exemptions, KeepWhoAskedAndWhoDecided) {
    const std::int64_t id = Request();
    const Instant asked = clock_.Now();
    EXPECT_EQ(Only().decided_by_name, "");
    clock_.Advance(1h);
    ASSERT_TRUE(procedure().DecideExemption(bob_, id, true).ok());
    const Exemption exemption = Only();
    EXPECT_EQ(exemption.clause_id, "1.1");
    EXPECT_EQ(exemption.unit_id, 1);
    EXPECT_EQ(exemption.reason, "No ports here.");
    EXPECT_EQ(exemption.ends, DateOf(2026, 3, 20));
    EXPECT_EQ(exemption.requested_by, alice_.user_id);
    EXPECT_EQ(exemption.requested_by_name, "Alice");
    EXPECT_EQ(exemption.requested_at, asked);
    EXPECT_EQ(exemption.decided_by_name, "Bob");
    EXPECT_EQ(exemption.decided_at, clock_.Now());
    EXPECT_TRUE(exemption.is_approved);
    EXPECT_THAT(*procedure().Exemptions("1.2"), IsEmpty());
    EXPECT_EQ(procedure().Exemptions()->size(), 1U);

    const auto entries = database().Read<std::vector<audit::Entry>>([](db::Session& session) {
        audit::Filter filter;
        filter.subject_kind = "exemption";
        return audit::Search(session, filter);
    });
    ASSERT_TRUE(entries.ok());
    std::vector<std::string> actions;
    for (const auto& entry : *entries) actions.push_back(entry.actor.name + " " + entry.change.action);
    EXPECT_THAT(actions, ElementsAre("Bob exemption.approve", "Alice exemption.request"));
    EXPECT_EQ(entries->front().change.before.at("state").as_string(), "waiting");
    EXPECT_EQ(entries->front().change.after.at("state").as_string(), "approved");
    EXPECT_TRUE(entries->back().change.before.is_null());
}

TEST_P(Exemptions, AreDecidedByAnotherPersonAndOnce) {
    const std::int64_t id = Request();
    EXPECT_EQ(CodeOf(procedure().DecideExemption(alice_, id, true)), ErrorCode::kConflict);
    EXPECT_FALSE(Only().is_approved);
    ASSERT_TRUE(procedure().DecideExemption(bob_, id, false).ok());
    EXPECT_FALSE(Only().is_approved);
    EXPECT_TRUE(Only().decided_at.has_value());
    EXPECT_EQ(StateInUnit(), State::kMet);
    EXPECT_EQ(CodeOf(procedure().DecideExemption(bob_, id, true)), ErrorCode::kConflict);
    EXPECT_EQ(CodeOf(procedure().WithdrawExemption(alice_, id)), ErrorCode::kConflict);
    EXPECT_EQ(CodeOf(procedure().DecideExemption(bob_, 999, true)), ErrorCode::kNotFound);
}

TEST_P(Exemptions, EndEarlyWhenWithdrawn) {
    const std::int64_t id = Request();
    ASSERT_TRUE(procedure().DecideExemption(bob_, id, true).ok());
    OpenPort(10, 23);
    EXPECT_EQ(StateInUnit(), State::kNotApplicable);
    ASSERT_TRUE(procedure().WithdrawExemption(alice_, id).ok());
    EXPECT_EQ(StateInUnit(), State::kNotMet);
    EXPECT_EQ(CodeOf(procedure().WithdrawExemption(alice_, id)), ErrorCode::kConflict);
}

TEST_P(Exemptions, AreRefusedWithoutReasonClauseUnitOrEnd) {
    const auto ask = [&](std::string_view clause, std::int64_t unit, std::string_view reason, Date ends) {
        const auto id = procedure().RequestExemption(alice_, clause, unit, reason, ends);
        return id.ok() ? ErrorCode::kInternal : id.error().code;
    };
    const Date later = DateOf(2026, 12, 31);
    EXPECT_EQ(ask("9.9", 1, "Why", later), ErrorCode::kNotFound);
    EXPECT_EQ(ask("1.1", 9, "Why", later), ErrorCode::kNotFound);
    EXPECT_EQ(ask("1.1", 1, "  ", later), ErrorCode::kInvalidInput);
    EXPECT_EQ(ask("1.1", 1, std::string(4001, 'x'), later), ErrorCode::kInvalidInput);
    EXPECT_EQ(ask("1.1", 1, "Why", DateOf(2026, 3, 9)), ErrorCode::kInvalidInput);
    EXPECT_EQ(ask("1.1", 1, "Why", DateOf(2026, 2, 30)), ErrorCode::kInvalidInput);
    EXPECT_THAT(*procedure().Exemptions(), IsEmpty());
    EXPECT_EQ(ask("1.1", 1, "Why", DateOf(2026, 3, 10)), ErrorCode::kInternal) << "today is the earliest end";
    EXPECT_EQ(ask("1.1", 1, "Why", later), ErrorCode::kConflict) << "one waits already";
    EXPECT_EQ(ask("1.1", 2, "Why", later), ErrorCode::kInternal) << "another unit may ask";
}

TEST_P(Exemptions, CannotBeApprovedPastTheirEnd) {
    const std::int64_t id = Request(DateOf(2026, 3, 11));
    clock_.Set(StartOfDay(DateOf(2026, 3, 12)));
    EXPECT_EQ(CodeOf(procedure().DecideExemption(bob_, id, true)), ErrorCode::kConflict);
    EXPECT_TRUE(procedure().DecideExemption(bob_, id, false).ok());
}

OPS_ON_BOTH_DATABASES(Exemptions);

}  // namespace
}  // namespace opsteward::procedure::testing
