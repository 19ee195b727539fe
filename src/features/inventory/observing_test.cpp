// The jobs that observe, run by a scheduler on the test's thread.
#include "features/inventory/observing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include <fmt/format.h>

#include "features/inventory/actions.hpp"
#include "features/inventory/testing/inventory_test.hpp"

namespace opsteward::inventory {
namespace {

using testing::IsEmpty;
using testing::Not;

constexpr std::string_view kMachineId = "0123456789abcdef0123456789abcdef";

void WriteFile(const std::filesystem::path& path, std::string_view text) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
}

/// A machine as a folder of files: an operating system, accounts, and sockets that a test opens and closes.
class ObservingTest : public InventoryTest {
  protected:
    void SetUp() override {
        InventoryTest::SetUp();
        if (IsSkipped()) return;
        WriteFile(Path("etc/machine-id"), std::string(kMachineId) + "\n");
        WriteFile(Path("etc/hostname"), "core01\n");
        WriteFile(Path("etc/os-release"), "ID=debian\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\nVERSION_CODENAME=bookworm\n");
        observer_ = std::make_shared<OwnHostObserver>(machine_.path(), clock_);
        host_ = ReadHostIdentity(machine_.path(), *observer_);
        observing_ = std::make_shared<Observing>(database(), observer_, host_);
    }
    std::filesystem::path Path(std::string_view name) const { return machine_.path() / name; }
    std::int64_t Register() { return RegisterOwnHost(database(), clock_, host_).value(); }
    /// Runs what is due; gives how many jobs ran.
    int Run(std::vector<jobs::JobKind> more = {}) {
        auto kinds = Observing::Kinds(observing_);
        for (auto& kind : more) kinds.push_back(std::move(kind));
        jobs::Scheduler scheduler(database(), clock_, std::move(kinds));
        const auto ran = scheduler.RunDue();
        if (!ran.ok()) ADD_FAILURE() << ran.error().operator_text;
        return ran.value_or(0);
    }
    std::int64_t Jobs(std::string_view kind, std::string_view state) {
        return CountRows(fmt::format("jobs WHERE kind = '{}' AND state = '{}'", kind, state));
    }

    db::testing::TemporaryFolder machine_;
    std::shared_ptr<OwnHostObserver> observer_;
    HostIdentity host_;
    std::shared_ptr<Observing> observing_;
};
OPS_ON_BOTH_DATABASES(ObservingTest);

TEST_P(ObservingTest, KnowsTheMachineByItsIdAndNotByItsName) {
    EXPECT_EQ(host_.key, "machine-id:" + std::string(kMachineId));
    WriteFile(Path("etc/machine-id"), "uninitialized\n");
    const HostIdentity without = ReadHostIdentity(machine_.path(), *observer_);
    EXPECT_EQ(without.key, "name:" + without.name);
}

TEST_P(ObservingTest, SeesTheMachineEveryCycle) {
    const auto id = Register();
    ASSERT_EQ(id, 1);
    EXPECT_GE(Run(), 1);
    EXPECT_EQ(Jobs("inventory.observe_all", "succeeded"), 1);
    ASSERT_THAT(Facts(id, "operating_systems"), Not(IsEmpty()));
    EXPECT_EQ(Facts(id, "operating_systems")[0].values[0].AsText(), "debian");
    EXPECT_EQ(CountRows("devices WHERE last_observed_at IS NOT NULL"), 1);
    EXPECT_EQ(Jobs("procedure.evaluate", "queued"), 1);
    clock_.Advance(std::chrono::seconds(59));
    EXPECT_EQ(Run(), 0);
    clock_.Advance(std::chrono::seconds(1));
    EXPECT_EQ(Run(), 1);
}

TEST_P(ObservingTest, TellsEveryTopicWhetherItWasObserved) {
    Register();
    Run();
    EXPECT_EQ(CountRows("fact_coverage"), static_cast<std::int64_t>(AllTopics().size()));
    EXPECT_EQ(
        CountRows(
            "fact_coverage WHERE status = 'not_observed' AND (reason_zh IS NULL OR reason_zh = '' OR reason_en IS NULL OR reason_en = '')"),
        0);
}

TEST_P(ObservingTest, AsksForANewJudgementOnlyWhenSomethingChanged) {
    const auto id = Register();
    Run();
    jobs::JobKind evaluate;
    evaluate.key = "procedure.evaluate";
    evaluate.handler = [](jobs::JobContext&) -> Result<jobs::Effect> { return jobs::Effect(); };
    clock_.Advance(std::chrono::seconds(1));
    EXPECT_EQ(Run({evaluate}), 1);
    clock_.Advance(std::chrono::minutes(1));
    Run();
    EXPECT_EQ(Jobs("procedure.evaluate", "queued"), 0);
    WriteFile(Path("etc/os-release"), "ID=debian\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"13\"\nVERSION_CODENAME=trixie\n");
    clock_.Advance(std::chrono::minutes(1));
    Run();
    EXPECT_EQ(Facts(id, "operating_systems")[0].values[2].AsText(), "13");
    EXPECT_EQ(Jobs("procedure.evaluate", "queued"), 1);
}

TEST_P(ObservingTest, ObservesOneDeviceWhenAskedTo) {
    const auto id = Register();
    const Surroundings surroundings{database(), nullptr, {}, {}};
    const auto device = database().Read<Device>([&](db::Session& session) { return FindDevice(session, id); }).value();
    ASSERT_TRUE(ObserveNow(surroundings, actor_, device, clock_.Now()).ok());
    Run();
    EXPECT_EQ(Jobs("inventory.observe", "succeeded"), 1);
}

TEST_P(ObservingTest, DoesNotPretendToObserveAnotherDevice) {
    const auto other = AddServer("web01");
    ASSERT_TRUE(
        database()
            .Write<std::int64_t>([&](db::Transaction& transaction) {
                return jobs::Enqueue(transaction, "inventory.observe", json::object{{"device_id", other}}, "", start_, actor_);
            })
            .ok());
    Run();
    EXPECT_EQ(CountRows("fact_coverage"), 0);
    EXPECT_EQ(CountRows("devices WHERE last_observed_at IS NOT NULL"), 0);
    EXPECT_EQ(Jobs("inventory.observe", "succeeded"), 0);
}

TEST_P(ObservingTest, LeavesARetiredMachineAlone) {
    const auto id = Register();
    ASSERT_TRUE(database()
                    .WriteWith([&](db::Transaction& transaction) -> Result<void> {
                        OPS_TRY(Device device, FindDevice(transaction, id));
                        device.retired_at = start_;
                        return ChangeDevice(transaction, actor_, device, start_);
                    })
                    .ok());
    Run();
    EXPECT_EQ(Jobs("inventory.observe_all", "succeeded"), 1);
    EXPECT_EQ(CountRows("inventory_coverage"), 0);
}

TEST_P(ObservingTest, EndsApprovalsWhoseTimeHasComeAndAsksForANewJudgement) {
    const auto id = AddServer("web01");
    See(id, 0, "accounts", {LocalAccount("chen", 1000)});
    const Surroundings surroundings{database(), nullptr, {}, {}};
    ASSERT_TRUE(Approve(surroundings, actor_, {id, {{Approval::kAccount, "chen", {}, 0, {}, {}}}, "維護", At(60)}, start_).ok());
    EXPECT_EQ(CountRows("accounts WHERE is_approved = 1"), 1);
    EXPECT_EQ(Jobs("procedure.evaluate", "queued"), 1);
    clock_.Set(At(61));
    Run();
    EXPECT_EQ(CountRows("accounts WHERE is_approved = 1"), 0);
}

}  // namespace
}  // namespace opsteward::inventory
