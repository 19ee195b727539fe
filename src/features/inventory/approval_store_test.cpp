#include "features/inventory/approval_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/inventory/testing/inventory_test.hpp"

namespace opsteward::inventory {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

ApprovalSubject Port(std::int64_t port, std::optional<std::string> program, std::string_view address,
                     std::string_view protocol = "tcp") {
    return {Approval::kListener, {}, std::string(protocol), port, std::move(program), std::string(address)};
}
ApprovalSubject Named(Approval kind, std::string_view name) { return {kind, std::string(name), {}, 0, {}, {}}; }

class ApprovalStore : public InventoryTest {
  protected:
    void SetUp() override {
        InventoryTest::SetUp();
        if (!IsSkipped()) device_ = AddServer("core01");
    }
    Result<std::vector<std::int64_t>> TryGrant(std::vector<ApprovalSubject> subjects, std::optional<Instant> until = {},
                                               std::string reason = "業務需要") {
        return database().Write<std::vector<std::int64_t>>([&](db::Transaction& transaction) {
            return GrantApprovals(transaction, actor_, {device_, std::move(subjects), std::move(reason), until}, clock_.Now());
        });
    }
    std::int64_t GrantOne(const ApprovalSubject& subject, std::optional<Instant> until = {}) {
        return TryGrant({subject}, until).value().at(0);
    }
    Result<void> WithdrawIt(std::int64_t id, std::string_view reason = "不再需要") {
        return database().WriteWith([&](db::Transaction& transaction) {
            return WithdrawApproval(transaction, actor_, device_, id, reason, clock_.Now());
        });
    }
    bool Expire() {
        return database()
            .Write<bool>([&](db::Transaction& transaction) { return ExpireApprovals(transaction, clock_.Now()); })
            .value();
    }
    std::vector<ApprovalRecord> Records(bool with_ended = true) {
        return database()
            .Read<std::vector<ApprovalRecord>>(
                [&](db::Session& session) { return ReadApprovals(session, device_, with_ended, 100); })
            .value();
    }
    /// Ports of the sockets that are approved.
    std::vector<std::int64_t> ApprovedPorts() {
        std::vector<std::int64_t> ports;
        for (const FactRow& row : Facts(device_, "listening_sockets")) {
            if (row.approval_id) ports.push_back(row.values[2].AsInt());
        }
        return ports;
    }

    std::int64_t device_ = 0;
};
OPS_ON_BOTH_DATABASES(ApprovalStore);

TEST_P(ApprovalStore, CoversSocketsByPortProgramAndAddress) {
    See(device_, 0, "listening_sockets",
        {Listener("tcp", "0.0.0.0", 22, "sshd"), Listener("tcp", "127.0.0.1", 25, "exim4"),
         Listener("tcp", "192.0.2.1", 80, "nginx"), Listener("tcp", "0.0.0.0", 81, "nginx"),
         Listener("udp", "0.0.0.0", 123, "chronyd"), Listener("tcp", "0.0.0.0", 443, nullptr)});
    struct Case {
        ApprovalSubject subject;
        std::vector<std::int64_t> covered;
    };
    const std::vector<Case> cases = {
        {Port(22, "sshd", "any"), {22}},
        {Port(22, std::nullopt, "any"), {22}},
        {Port(22, "dropbear", "any"), {}},
        {Port(22, "sshd", "any", "udp"), {}},
        {Port(22, "sshd", "loopback"), {}},
        {Port(25, "exim4", "loopback"), {25}},
        {Port(25, "exim4", "any"), {25}},
        {Port(80, "nginx", "192.0.2.1"), {80}},
        {Port(80, "nginx", "192.0.2.2"), {}},
        {Port(81, "nginx", "192.0.2.1"), {}},
        {Port(123, "chronyd", "any", "udp"), {123}},
        {Port(443, "nginx", "any"), {}},
        {Port(443, std::nullopt, "any"), {443}},
    };
    for (const Case& one : cases) {
        const auto id = GrantOne(one.subject);
        EXPECT_EQ(ApprovedPorts(), one.covered) << SubjectText(one.subject, Language::kEnglish);
        ASSERT_TRUE(WithdrawIt(id).ok());
        EXPECT_THAT(ApprovedPorts(), IsEmpty());
    }
}

TEST_P(ApprovalStore, CoversWhatAppearsLater) {
    GrantOne(Port(8080, "java", "any"));
    See(device_, 0, "listening_sockets", {Listener("tcp", "::", 8080, "java")});
    EXPECT_THAT(ApprovedPorts(), ElementsAre(8080));
}

TEST_P(ApprovalStore, StopsCoveringASocketThatAnotherProgramTook) {
    GrantOne(Port(8080, "java", "any"));
    See(device_, 0, "listening_sockets", {Listener("tcp", "::", 8080, "java")});
    See(device_, 1, "listening_sockets", {Listener("tcp", "::", 8080, "nc")});
    EXPECT_THAT(ApprovedPorts(), IsEmpty());
}

TEST_P(ApprovalStore, CoversAccountsAndSoftwareByName) {
    See(device_, 0, "accounts", {LocalAccount("root", 0), LocalAccount("chen", 1000)});
    See(device_, 1, "installed_software", {Software("bash", "5.2"), Software("zsh", "5.9")});
    ASSERT_TRUE(TryGrant({Named(Approval::kAccount, "chen"), Named(Approval::kSoftware, "zsh")}).ok());
    EXPECT_EQ(CountRows("facts_accounts WHERE approval_id IS NOT NULL AND name = 'chen'"), 1);
    EXPECT_EQ(CountRows("facts_accounts WHERE approval_id IS NULL AND name = 'root'"), 1);
    EXPECT_EQ(CountRows("facts_installed_software WHERE approval_id IS NOT NULL AND name = 'zsh'"), 1);
    See(device_, 2, "installed_software", {Software("bash", "5.2"), Software("zsh", "6.0")});
    EXPECT_EQ(CountRows("facts_installed_software WHERE approval_id IS NOT NULL AND version = '6.0'"), 1);
}

TEST_P(ApprovalStore, IsOfOneDeviceOnly) {
    const auto other = AddServer("core02");
    See(other, 0, "listening_sockets", {Listener("tcp", "0.0.0.0", 22, "sshd")});
    GrantOne(Port(22, std::nullopt, "any"));
    EXPECT_EQ(CountRows("facts_listening_sockets WHERE approval_id IS NULL"), 1);
}

TEST_P(ApprovalStore, EndsByItselfAtItsTime) {
    See(device_, 0, "listening_sockets", {Listener("tcp", "0.0.0.0", 22, "sshd")});
    GrantOne(Port(22, "sshd", "any"), At(60));
    clock_.Set(At(59));
    EXPECT_FALSE(Expire());
    EXPECT_THAT(ApprovedPorts(), ElementsAre(22));
    clock_.Set(At(60));
    EXPECT_TRUE(Expire());
    EXPECT_FALSE(Expire());
    EXPECT_THAT(ApprovedPorts(), IsEmpty());
    ASSERT_THAT(Records(), SizeIs(1));
    EXPECT_EQ(Records()[0].ended_why, "expired");
    EXPECT_EQ(Records()[0].ended_at, At(60));
    EXPECT_THAT(AuditActions(), ElementsAre("device.approval_expired", "device.approve", "device.add"));
}

TEST_P(ApprovalStore, TiesARowToTheApprovalThatHoldsLongest) {
    See(device_, 0, "listening_sockets", {Listener("tcp", "0.0.0.0", 22, "sshd")});
    GrantOne(Port(22, "sshd", "any"), At(60));
    const auto unlimited = GrantOne(Port(22, std::nullopt, "any"));
    GrantOne(Port(22, "sshd", "0.0.0.0"), At(600));
    EXPECT_EQ(Facts(device_, "listening_sockets")[0].approval_id, unlimited);
    ASSERT_TRUE(WithdrawIt(unlimited).ok());
    EXPECT_EQ(Facts(device_, "listening_sockets")[0].approved_until, At(600));
}

TEST_P(ApprovalStore, ReplacesTheOneInForceOfTheSameSubject) {
    See(device_, 0, "listening_sockets", {Listener("tcp", "0.0.0.0", 22, "sshd")});
    const auto first = GrantOne(Port(22, "sshd", "any"), At(60));
    const auto second = GrantOne(Port(22, "sshd", "any"));
    ASSERT_THAT(Records(false), SizeIs(1));
    EXPECT_EQ(Records(false)[0].id, second);
    EXPECT_EQ(Records(false)[0].covers, 1);
    ASSERT_THAT(Records(), SizeIs(2));
    EXPECT_EQ(Records()[1].id, first);
    EXPECT_EQ(Records()[1].ended_why, "replaced");
    EXPECT_FALSE(Facts(device_, "listening_sockets")[0].approved_until.has_value());
}

TEST_P(ApprovalStore, CanBeWithdrawnOnceAndWithAReason) {
    const auto id = GrantOne(Named(Approval::kAccount, "chen"));
    EXPECT_EQ(WithdrawIt(id, "  ").error().code, ErrorCode::kInvalidInput);
    ASSERT_TRUE(WithdrawIt(id).ok());
    EXPECT_EQ(WithdrawIt(id).error().code, ErrorCode::kConflict);
    EXPECT_EQ(WithdrawIt(id + 1).error().code, ErrorCode::kNotFound);
    EXPECT_EQ(Records()[0].ended_by, "chen");
}

TEST_P(ApprovalStore, RefusesWhatIsFaulty) {
    struct Case {
        std::vector<ApprovalSubject> subjects;
        std::string reason = "業務需要";
        std::optional<Instant> until = {};
    };
    const std::vector<Case> cases = {
        {{}},
        {{Port(22, "sshd", "any")}, "  "},
        {{Port(22, "sshd", "any")}, std::string(kMaxReasonLength + 1, 'x')},
        {{Port(22, "sshd", "any")}, "業務需要", start_},
        {{Port(65536, "sshd", "any")}},
        {{Port(-1, "sshd", "any")}},
        {{Port(22, "", "any")}},
        {{Port(22, "sshd", "")}},
        {{Port(22, "sshd", "any", "icmp")}},
        {{Named(Approval::kAccount, "")}},
        {{Named(Approval::kNone, "x")}},
    };
    for (const Case& one : cases) {
        const auto refused = TryGrant(one.subjects, one.until, one.reason);
        ASSERT_FALSE(refused.ok());
        EXPECT_EQ(refused.error().code, ErrorCode::kInvalidInput);
        EXPECT_FALSE(refused.error().caller_text.empty());
    }
    EXPECT_THAT(Records(), IsEmpty());
}

TEST_P(ApprovalStore, ProposesWhatIsSeenWithoutRepetition) {
    See(device_, 0, "listening_sockets",
        {Listener("tcp", "0.0.0.0", 22, "sshd"), Listener("tcp", "::", 22, "sshd"), Listener("tcp", "127.0.0.1", 25, "exim4"),
         Listener("tcp", "192.0.2.1", 80, nullptr)});
    const auto candidates = database()
                                .Read<std::vector<Candidate>>(
                                    [&](db::Session& session) { return ReadCandidates(session, device_, Approval::kListener); })
                                .value();
    std::vector<ApprovalSubject> subjects;
    for (const Candidate& candidate : candidates) subjects.push_back(candidate.subject);
    EXPECT_THAT(subjects,
                ElementsAre(Port(22, "sshd", "any"), Port(25, "exim4", "loopback"), Port(80, std::nullopt, "192.0.2.1")));
    EXPECT_EQ(candidates.at(0).detail, "tcp 0.0.0.0:22 · uid 0 root, tcp :::22 · uid 0 root");

    ASSERT_TRUE(TryGrant(subjects).ok());
    EXPECT_EQ(CountRows("facts_listening_sockets WHERE approval_id IS NULL"), 0);
    EXPECT_THAT(AuditActions(), ElementsAre("device.approve", "device.add"));
}

}  // namespace
}  // namespace opsteward::inventory
