#include <fstream>

#include "platform/console/records/records_test_support.hpp"

namespace opsteward::console::testing {
namespace {

using identity::Role;
using ::testing::Contains;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class SettingsPage : public RecordsConsole {
  protected:
    /// What 我的待辦 would list for this person.
    std::vector<platform::Task> Tasks(const TestPerson& person) {
        const auto authentication = Must(console_.identity().AuthenticateSession(SecretOf(person), "192.0.2.7"));
        const net::Request request = GateClient(console_).MakeRequest(net::Method::kGet, "/");
        const web::RequestContext context{request, &authentication, console_.clock().Now(), Language::kEnglish, {}, {},
                                          {}};
        std::vector<platform::Task> all;
        for (const auto& module : console_.modules()) {
            if (!module.tasks) continue;
            for (auto& task : Must(module.tasks(context))) all.push_back(std::move(task));
        }
        return all;
    }
    void BreakPack() {
        std::ofstream(console_.pack_folder() / "clauses" / "all.toml") << "[[clause]]\nid = 5\n";
        (void)console_.procedure().Reload();
    }

  private:
    std::string SecretOf(const TestPerson& person) {
        return Must(console_.identity().SignInWithPassword(person.name, person.password, "192.0.2.7", "test"))
            .session_secret;
    }
};

TEST_F(SettingsPage, IsForAdministratorsAndAuditors) {
    for (const auto& [role, status] : std::vector<std::pair<Role, int>>{{Role::kAdministrator, 200},
                                                                        {Role::kAuditor, 200},
                                                                        {Role::kSystemAdmin, 403},
                                                                        {Role::kNetworkUser, 403}}) {
        GateClient client = As(role);
        EXPECT_EQ(client.Get("/settings").status, status) << identity::RoleKey(role);
        EXPECT_EQ(client.Get("/api/v1/settings").status, status) << identity::RoleKey(role);
        EXPECT_EQ(client.Get("/help").status, 200) << identity::RoleKey(role);
    }
}

TEST_F(SettingsPage, TellsHowTheProgramRuns) {
    for (const Language language : {Language::kZhHant, Language::kEnglish}) {
        GateClient client =
            As(console_.AddPerson(language == Language::kEnglish ? "en" : "zh", Role::kAuditor), language);
        const std::string text = PageText(client.Get("/settings").body);
        EXPECT_THAT(text, HasSubstr("127.0.0.1:8443"));
        EXPECT_THAT(text, HasSubstr("opsteward db backup --data /var/lib/opsteward"));
        EXPECT_THAT(text, HasSubstr(console_.procedure().pack()->digest));
        EXPECT_THAT(text, HasSubstr(language == Language::kEnglish ? "Everything is in order" : "運作正常"));
    }
    const json::value settings = As(Role::kAdministrator).GetJson("/api/v1/settings");
    EXPECT_EQ(settings.at("version").as_string(), "1.0.0");
    EXPECT_GT(settings.at("database").at("bytes").as_int64(), 4096);
    EXPECT_EQ(settings.at("database").at("audit_rows").as_int64(), AuditRows().front().sequence);
    EXPECT_EQ(settings.at("policy").at("max_failures").as_int64(), 5);
    EXPECT_TRUE(settings.at("certificate").is_null());
    EXPECT_TRUE(settings.at("pack").at("faults").as_array().empty());
}

TEST_F(SettingsPage, NamesThePlaceOfEveryFaultOfThePackOnDisk) {
    BreakPack();
    GateClient client = As(Role::kAdministrator, Language::kEnglish);
    const std::string text = PageText(client.Get("/settings").body);
    EXPECT_THAT(text, HasSubstr("The procedure pack has"));
    EXPECT_THAT(text, HasSubstr("clauses/all.toml:2:"));
    const json::value settings = client.GetJson("/api/v1/settings");
    const json::array& faults = settings.at("pack").at("faults").as_array();
    ASSERT_FALSE(faults.empty());
    EXPECT_EQ(faults.front().at("file").as_string(), "clauses/all.toml");
    EXPECT_FALSE(settings.at("concerns").as_array().empty());
}

TEST_F(SettingsPage, GivesTasksToThoseWhoseMatterItIs) {
    const TestPerson administrator = console_.AddPerson("boss", Role::kAdministrator);
    const TestPerson operator_ = console_.AddPerson("operator", Role::kSystemAdmin);
    const TestPerson auditor = console_.AddPerson("auditor", Role::kAuditor);
    const TestPerson user = console_.AddPerson("user", Role::kNetworkUser);
    EXPECT_THAT(Tasks(administrator), IsEmpty());

    BreakPack();
    Enqueue("test.fails");
    Tamper("UPDATE audit_trail SET user_name = 'nobody' WHERE sequence = 2");
    Must(console_.database().Write<std::int64_t>([&](db::Transaction& transaction) {
        return jobs::Enqueue(transaction, "audit.verify", json::object{}, "", console_.clock().Now(), {});
    }));
    RunDue();
    const auto has = [](std::string_view title) {
        return Contains(Field(&platform::Task::title, HasSubstr(std::string(title))));
    };
    const auto of_administrator = Tasks(administrator);
    EXPECT_THAT(of_administrator, has("The procedure pack has"));
    EXPECT_THAT(of_administrator, has("Job failed: Fails"));
    EXPECT_THAT(of_administrator, has("The audit chain is broken"));
    EXPECT_EQ(of_administrator.front().tone, web::Tone::kNotMet);
    EXPECT_EQ(of_administrator.back().tone, web::Tone::kAttention);
    EXPECT_THAT(Tasks(operator_), has("Job failed: Fails"));
    EXPECT_THAT(Tasks(operator_), Not(has("The procedure pack has")));
    EXPECT_THAT(Tasks(auditor), has("The audit chain is broken"));
    EXPECT_THAT(Tasks(auditor), Not(has("Job failed")));
    EXPECT_THAT(Tasks(user), IsEmpty());
}

TEST_F(SettingsPage, ForgetsAFailedJobOnceItsKindSucceeds) {
    const TestPerson person = console_.AddPerson("operator", Role::kSystemAdmin);
    const std::int64_t id = Enqueue("test.with_subject");
    RunDue();
    Tamper("UPDATE jobs SET state = 'failed', error_en = 'broken' WHERE kind = 'test.with_subject'");
    ASSERT_THAT(Tasks(person), Contains(Field(&platform::Task::href, "/jobs/" + std::to_string(id))));
    console_.clock().Advance(std::chrono::minutes(1));
    Enqueue("test.with_subject");
    RunDue();
    EXPECT_THAT(Tasks(person), IsEmpty());
}

TEST_F(SettingsPage, ExplainsItselfInBothLanguages) {
    EXPECT_THAT(PageText(As(Role::kNetworkUser).Get("/help").body), HasSubstr("尚未設定"));
    EXPECT_THAT(PageText(As(Role::kChecker, Language::kEnglish).Get("/help").body), HasSubstr("Keyboard shortcuts"));
}

}  // namespace
}  // namespace opsteward::console::testing
