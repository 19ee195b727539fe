#include "base/text.hpp"
#include "crypto/crypto.hpp"
#include "platform/console/records/records_test_support.hpp"
#include "vault/seal/proof_file.hpp"
#include "vault/store/file.hpp"
#include "vault/store/record.hpp"

namespace opsteward::console::testing {
namespace {

using identity::Role;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class AuditSeals : public RecordsConsole {
  protected:
    std::int64_t LastSequence() { return AuditRows().front().sequence; }
    static std::string PathOf(std::int64_t sequence, std::string_view rest = "") { return "/audit/" + std::to_string(sequence) + std::string(rest); }
    /// As the schedule has it done.
    void SealNow() {
        console_.clock().Advance(std::chrono::seconds(30));
        RunDue();
    }
};

TEST_F(AuditSeals, ShowOfEachRowWhetherItIsSealedAndWhere) {
    Append(DeviceChange("web-01", nullptr, {{"port", 1}}));
    const std::int64_t sequence = LastSequence();
    const TestPerson auditor = console_.AddPerson("auditor", Role::kAuditor);
    struct Case {
        GateClient client;
        std::string_view unsealed;
        std::string_view sealed;
    };
    std::vector<Case> cases;
    cases.push_back({As(auditor), "尚未封存", "已封存於檢查點 "});
    cases.push_back({As(auditor, Language::kEnglish), "not sealed yet", "sealed in checkpoint "});
    for (Case& test : cases) {
        EXPECT_THAT(PageText(test.client.Get("/audit?kind=device").body), HasSubstr(test.unsealed));
        EXPECT_THAT(PageText(test.client.Get(PathOf(sequence)).body), HasSubstr(test.unsealed));
    }
    // Nothing else is in the vault, so that the tree has as many leaves as the trail has rows.
    const std::int64_t rows = LastSequence();
    GateClient& client = cases.front().client;
    EXPECT_TRUE(client.GetJson("/api/v1" + PathOf(sequence)).at("sealed").is_null());
    SealNow();
    for (Case& test : cases) {
        const std::string sealed = std::string(test.sealed) + std::to_string(rows);
        EXPECT_THAT(PageText(test.client.Get("/audit?kind=device").body), AllOf(HasSubstr(sealed), Not(HasSubstr(test.unsealed))));
        const net::Response page = test.client.Get(PathOf(sequence));
        EXPECT_THAT(PageText(page.body), HasSubstr(sealed));
        EXPECT_THAT(page.body, HasSubstr("href=\"" + PathOf(sequence, "/proof") + "\""));
    }
    const json::value seal = client.GetJson("/api/v1" + PathOf(sequence)).at("sealed");
    EXPECT_EQ(seal.at("checkpoint").as_int64(), rows);
    EXPECT_EQ(client.GetJson("/api/v1/audit?kind=device").at("items").at(0).at("sealed"), seal);
}

TEST_F(AuditSeals, TellHowManyRowsWaitAndSinceWhen) {
    GateClient client = As(Role::kAuditor);
    EXPECT_THAT(PageText(client.Get("/audit").body), HasSubstr("稽核紀錄尚未封存過"));
    SealNow();
    EXPECT_THAT(PageText(client.Get("/audit").body), AllOf(HasSubstr("稽核紀錄已封存於記錄庫"), HasSubstr("沒有等待封存的紀錄")));
    Append(DeviceChange("web-01", nullptr, {{"port", 1}}));
    Append(DeviceChange("web-01", nullptr, {{"port", 2}}));
    EXPECT_THAT(PageText(client.Get("/audit").body), HasSubstr("2 筆等待封存，最早一筆是 114.8.5 14:00"));
    console_.clock().Advance(std::chrono::minutes(11));
    EXPECT_THAT(PageText(client.Get("/audit").body), HasSubstr("有稽核紀錄等待封存已久"));
}

TEST_F(AuditSeals, HandOutTheProofOfARowAsAFileThatStandsAlone) {
    Append(DeviceChange("web-01", nullptr, {{"port", 1}}));
    const std::int64_t sequence = LastSequence();
    GateClient client = As(Role::kAuditor);
    EXPECT_EQ(client.Get(PathOf(sequence, "/proof")).status, 409);
    EXPECT_EQ(client.Get("/api/v1" + PathOf(sequence, "/proof")).status, 409);
    SealNow();
    const net::Response file = client.Get(PathOf(sequence, "/proof"));
    EXPECT_EQ(file.headers.Get("Content-Type"), "text/plain; charset=utf-8");
    EXPECT_EQ(file.headers.Get("Content-Disposition"), "attachment; filename=\"audit-" + std::to_string(sequence) + ".tlog-proof\"");
    const auto proof = vault::ProofFile::Parse(file.body).value();
    const std::string record(proof.extra.begin(), proof.extra.end());
    const net::Response key = client.Get("/audit/vault.pub");
    EXPECT_TRUE(vault::VerifyProof(proof, record, vault::NoteKey::Parse(Trim(key.body)).value()).ok());
    EXPECT_THAT(std::string(vault::ParseRecord(record)->message), HasSubstr("\"subject_name\":\"web-01\""));
    const json::value answer = client.GetJson("/api/v1" + PathOf(sequence, "/proof"));
    EXPECT_EQ(answer.at("proof").as_string(), file.body);
    EXPECT_EQ(answer.at("index").as_int64(), static_cast<std::int64_t>(proof.index));
    EXPECT_EQ(client.Get(PathOf(999'999, "/proof")).status, 404);
}

TEST_F(AuditSeals, OfferThePublicKeyWithItsFingerprint) {
    GateClient client = As(Role::kAuditor);
    EXPECT_EQ(client.Get("/audit/vault.pub").status, 404);
    SealNow();
    const net::Response key = client.Get("/audit/vault.pub");
    EXPECT_EQ(key.body, vault::ReadFile(console_.seal_place().public_key).value());
    EXPECT_THAT(client.Get("/audit").body, AllOf(HasSubstr(crypto::Sha256Hex(key.body)), HasSubstr("href=\"/audit/vault.pub\"")));
}

TEST_F(AuditSeals, ProveARowOnlyToThoseWhoMaySeeIt) {
    const std::int64_t north = console_.AddUnit("北區");
    const std::int64_t south = console_.AddUnit("南區");
    Append(DeviceChange("north-1", nullptr, {{"port", 1}}, north));
    const std::int64_t of_north = LastSequence();
    Append(DeviceChange("south-1", nullptr, {{"port", 1}}, south));
    const std::int64_t of_south = LastSequence();
    SealNow();
    GateClient supervisor = As(console_.AddPerson("north", {{Role::kSupervisor, north}}));
    EXPECT_EQ(supervisor.Get(PathOf(of_north, "/proof")).status, 200);
    GateClient other = As(Role::kSystemAdmin);
    for (const std::string& path : {PathOf(of_south, "/proof"), "/api/v1" + PathOf(of_south, "/proof")}) {
        EXPECT_EQ(supervisor.Get(path).status, 403) << path;
        EXPECT_EQ(other.Get(path).status, 403) << path;
    }
    EXPECT_EQ(other.Get("/audit/vault.pub").status, 403);
    EXPECT_EQ(LocationOf(GateClient(console_).Get("/audit/vault.pub")), "/login?next=%2Faudit%2Fvault.pub");
}

TEST_F(AuditSeals, TellThatTheRowsAreNotThoseThatWereSealed) {
    Append(DeviceChange("web-01", nullptr, {{"port", 1}}));
    const std::int64_t sequence = LastSequence();
    const TestPerson auditor = console_.AddPerson("auditor", Role::kAuditor);
    SealNow();
    Tamper("UPDATE audit_trail SET subject_name = 'web-02' WHERE sequence = (SELECT MAX(sequence) FROM audit_trail)");
    GateClient client = As(auditor, Language::kEnglish);
    SealNow();
    const std::string text = PageText(client.Get("/audit").body);
    EXPECT_THAT(text, AllOf(HasSubstr("The audit trail is not sealed"), HasSubstr("rows were tampered with, or an older backup was restored")));
    EXPECT_THAT(PageText(client.Get("/tasks").body + client.Get("/").body), Not(HasSubstr("Job failed")));
    EXPECT_EQ(client.Get(PathOf(sequence, "/proof")).status, 200) << "what is sealed stays provable";
    EXPECT_EQ(client.PostJson("/api/v1/audit/verify", json::object{}).status, 202);
    RunDue();
    EXPECT_THAT(PageText(client.Get("/audit").body), HasSubstr("differs from what is sealed of it in the vault"));
}

}  // namespace
}  // namespace opsteward::console::testing
