// From a socket on the machine to the state of the clause about it: observation, judgement, approval, and back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/inventory/actions.hpp"
#include "features/inventory/findings.hpp"
#include "features/inventory/testing/inventory_test.hpp"
#include "features/inventory/testing/site.hpp"
#include "platform/procedure/procedure.hpp"

namespace opsteward::inventory {
namespace {

using procedure::State;

class ClauseOfListeners : public InventoryTest {
  protected:
    static constexpr std::string_view kClause = "6.9.5";

    void SetUp() override {
        InventoryTest::SetUp();
        if (IsSkipped()) return;
        auto opened = procedure::Procedure::Open(database(), clock_, OPSTEWARD_SOURCE_DIR "/procedures/is-02-008",
                                                 {AllMigrations(), AllViews()});
        ASSERT_TRUE(opened.ok()) << opened.error().operator_text;
        procedure_ = std::move(*opened);
        surroundings_ =
            std::make_shared<Surroundings>(database(), procedure_.get(), std::function<void()>(), std::function<void()>());
        Device device{.name = "core01", .unit_id = kTop, .owner_id = 1, .is_core = true, .address = "core01.example"};
        device_ = Add(device);
    }
    /// What a cycle of observation does with these sockets, and the judgement half a second later.
    void Cycle(std::vector<db::Row> sockets) {
        clock_.Advance(std::chrono::seconds(60));
        ASSERT_TRUE(database()
                        .WriteWith([&](db::Transaction& transaction) -> Result<void> {
                            const Observation observation{
                                clock_.Now(), {{"listening_sockets", std::nullopt, sockets}, {"services", std::nullopt, {}}}};
                            OPS_TRY(const auto effect, ApplyObservation(transaction, device_, observation));
                            return effect.is_worth_judging() ? procedure::RequestEvaluation(transaction, clock_.Now()) : Ok();
                        })
                        .ok());
        Judge();
    }
    /// Runs the judgements that were asked for.
    void Judge() {
        clock_.Advance(std::chrono::milliseconds(500));
        jobs::JobKind evaluate;
        evaluate.key = "procedure.evaluate";
        evaluate.handler = [this](jobs::JobContext& context) { return procedure_->Evaluate(context); };
        jobs::Scheduler scheduler(database(), clock_, {std::move(evaluate)});
        const auto ran = scheduler.RunDue();
        EXPECT_TRUE(ran.ok() && *ran == 1);
    }
    State StateNow() {
        const auto board = procedure_->BoardFor({kTop}, std::nullopt);
        for (const auto& clause : board.value()->clauses) {
            if (clause.clause->id == kClause) return clause.state;
        }
        ADD_FAILURE() << "the pack has no clause " << kClause;
        return State::kNotSetUp;
    }
    std::vector<DeviceFinding> Findings() { return FindingsOn(procedure_.get(), kTop, device_).value(); }

    std::unique_ptr<procedure::Procedure> procedure_;
    std::shared_ptr<Surroundings> surroundings_;
    std::int64_t device_ = 0;
};
OPS_ON_BOTH_DATABASES(ClauseOfListeners);

TEST_P(ClauseOfListeners, TurnsWithinOneCycleAndBackWhenTheSocketIsApprovedOrClosed) {
    const db::Row known = Listener("tcp", "0.0.0.0", 22, "sshd");
    const db::Row unknown = Listener("tcp", "0.0.0.0", 4444, "nc", 1000, "chen");
    ASSERT_TRUE(
        Approve(*surroundings_, actor_, {device_, {SubjectFor(Approval::kListener, known)}, "遠端管理", {}}, clock_.Now()).ok());
    Cycle({known});
    EXPECT_EQ(StateNow(), State::kMet);

    Cycle({known, unknown});
    EXPECT_EQ(StateNow(), State::kNotMet);
    ASSERT_EQ(Findings().size(), 1U);
    EXPECT_THAT(Findings()[0].finding.evidence,
                testing::AllOf(testing::HasSubstr("4444"), testing::HasSubstr("nc"), testing::HasSubstr("uid=1000")));
    EXPECT_EQ(CountFindings(procedure_.get(), {kTop}).value().at(device_), 1);

    ASSERT_TRUE(
        Approve(*surroundings_, actor_, {device_, {SubjectFor(Approval::kListener, unknown)}, "測試", {}}, clock_.Now()).ok());
    Judge();
    EXPECT_EQ(StateNow(), State::kMet);

    ASSERT_TRUE(Withdraw(*surroundings_, actor_, device_, 2, "不再需要", clock_.Now()).ok());
    Judge();
    EXPECT_EQ(StateNow(), State::kNotMet);

    Cycle({known});
    EXPECT_EQ(StateNow(), State::kMet);

    std::vector<State> states;
    const auto history = procedure_->History(kClause, {kTop}, 10);
    for (const auto& change : history.value()) states.push_back(change.to);
    EXPECT_THAT(states, testing::ElementsAre(State::kMet, State::kNotMet, State::kMet, State::kNotMet, State::kMet));
}

TEST_P(ClauseOfListeners, StandsFirstOnTheDevicesPageAndInItsApi) {
    Cycle({Listener("tcp", "0.0.0.0", 4444, "nc", 1000, "chen")});
    auto observing = std::make_shared<Observing>(database(), nullptr, HostIdentity{"name:core01", "core01"});
    Site site(MakeModule(surroundings_, observing), clock_);
    const json::value answer = json::parse(site.Get("/api/v1/devices/1/findings").body);
    EXPECT_EQ(answer.at("items").at(0).at("clause").at("id"), json::value(kClause));
    EXPECT_EQ(answer.at("items").at(0).at("severity"), "not_met");
    EXPECT_EQ(json::parse(site.Get("/api/v1/devices").body).at("items").at(0).at("findings"), 1);
}

}  // namespace
}  // namespace opsteward::inventory
