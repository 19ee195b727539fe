// The pack that comes with the program: whole, and its checks find what is wrong and nothing else, on both databases alike.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/civil_time.hpp"
#include "base/text.hpp"
#include "db/testing/test_databases.hpp"
#include "platform/procedure/check_runner.hpp"
#include "platform/procedure/testing/fact_world.hpp"
#include "platform/procedure/pack.hpp"

namespace opsteward::procedure::testing {
namespace {

using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

const std::string kFolder = std::string(OPSTEWARD_SOURCE_DIR) + "/procedures/is-02-008";

/// Every clause of the document: the front page, 貳, 肆, 陸 and 柒. "6.12.1-6" stands for 6.12.1 to 6.12.6.
const std::string_view kClauses[] = {
    "0.1",     "2.1",      "4.1-4",   "6.1.1-5",  "6.2.1-3",  "6.3.1-6",  "6.4.1-3",  "6.5.1-3",  "6.6.1.1-7", "6.6.2.1-9", "6.6.3.1-12",
    "6.6.4.1-4", "6.6.5.1-3", "6.7.1-6", "6.8.1-3", "6.9.1-7", "6.10.1-4", "6.11.1-3", "6.12.1-6", "6.13.1-3", "6.14.1-3", "6.15.1-2", "7.1-4",
};

/// Pages of the console.
const std::set<std::string> kPages = {"/devices", "/duties", "/calendar", "/users", "/audit",
                                      "/jobs",    "/settings", "/board",  "/approvals", "/units"};

std::vector<std::string> ExpandedClauses() {
    std::vector<std::string> ids;
    for (const std::string_view entry : kClauses) {
        const std::size_t dash = entry.find('-');
        if (dash == std::string_view::npos) {
            ids.emplace_back(entry);
            continue;
        }
        const std::size_t point = entry.rfind('.', dash);
        for (std::int64_t i = *ParseInt(entry.substr(point + 1, dash - point - 1)); i <= *ParseInt(entry.substr(dash + 1)); ++i) {
            ids.push_back(fmt::format("{}.{}", entry.substr(0, point), i));
        }
    }
    return ids;
}

Pack ReadOwnPack() {
    const auto reading = ReadPack(kFolder);
    EXPECT_TRUE(reading.ok());
    if (!reading.ok()) return {};
    for (const auto& fault : reading->faults) ADD_FAILURE() << DescribeFault(fault, Language::kEnglish);
    return reading->pack;
}

TEST(Is02008, HoldsEveryClauseOfTheDocumentInItsOrder) {
    std::vector<std::string> ids;
    for (const auto& clause : ReadOwnPack().clauses) ids.push_back(clause.id);
    EXPECT_THAT(ids, ElementsAreArray(ExpandedClauses()));
}

TEST(Is02008, OffersAFirstActionThatLeadsToAPageForEveryClause) {
    for (const auto& clause : ReadOwnPack().clauses) {
        ASSERT_TRUE(clause.action.has_value()) << clause.id;
        EXPECT_TRUE(kPages.contains(clause.action->href)) << clause.id << ' ' << clause.action->href;
    }
}

TEST(Is02008, CarriesOutEveryClauseTheWaysItNames) {
    const Pack pack = ReadOwnPack();
    std::set<std::string> with_check;
    std::set<std::string> with_duty;
    for (const auto& check : pack.checks) with_check.insert(check.clause_id);
    for (const auto& duty : pack.duties) with_duty.insert(duty.clause_ids.begin(), duty.clause_ids.end());
    for (const auto& clause : pack.clauses) {
        const auto names = [&](Mode mode) { return std::find(clause.modes.begin(), clause.modes.end(), mode) != clause.modes.end(); };
        EXPECT_EQ(names(Mode::kAutomatic), with_check.contains(clause.id)) << clause.id;
        EXPECT_EQ(names(Mode::kDuty), with_duty.contains(clause.id)) << clause.id;
        EXPECT_TRUE(std::is_sorted(clause.modes.begin(), clause.modes.end())) << clause.id << ": strongest first";
    }
}

TEST(Is02008, TitlesEveryRoleAndEveryChapterHasClauses) {
    const Pack pack = ReadOwnPack();
    EXPECT_EQ(pack.role_titles.size(), identity::kRoleCount);
    for (const auto& chapter : pack.chapters) {
        EXPECT_TRUE(std::any_of(pack.clauses.begin(), pack.clauses.end(),
                                [&](const Clause& clause) { return pack.ChapterOf(clause.id) == &chapter; }))
            << chapter.id;
    }
}

TEST(Is02008, NamesTopicsThatAreFactViews) {
    const FactWorld world;
    std::set<std::string_view> views;
    for (const auto& view : world.schema().views) views.insert(view.name);
    for (const auto& check : ReadOwnPack().checks) {
        for (const auto& topic : check.topics) EXPECT_TRUE(views.contains(topic)) << check.id << ' ' << topic;
    }
}

TEST(Is02008, ReadsNothingButFactViews) {
    const FactWorld world;
    const ManualClock clock(FromTaipei({{std::chrono::year(2026), std::chrono::March, std::chrono::day(10)}, 10, 0, 0}));
    const auto faults = ValidateChecks(ReadOwnPack(), world.schema().migrations, world.schema().views, clock);
    ASSERT_TRUE(faults.ok()) << faults.error().operator_text;
    for (const auto& fault : *faults) ADD_FAILURE() << DescribeFault(fault, Language::kEnglish);
}

/// The checks, run on a world where all is well and on one where everything is wrong.
class Is02008Checks : public db::testing::DatabaseTest {
  protected:
    void SetUp() override {
        DatabaseTest::SetUp();
        if (IsSkipped()) return;
        ASSERT_TRUE(Migrate(world_.schema().migrations, world_.schema().views).ok());
    }

    Instant Ago(std::chrono::hours hours) const { return now_ - hours; }
    static constexpr std::chrono::hours Days(int days) { return std::chrono::hours(24 * days); }

    void Add(std::string_view view, const FactWorld::Columns& columns) {
        const auto added = FactWorld::Add(database(), view, columns);
        ASSERT_TRUE(added.ok()) << view << ": " << added.error().operator_text;
    }
    /// A row about the one device there is.
    void AddFact(std::string_view view, FactWorld::Columns columns) {
        columns.insert(columns.begin(), {{"device_id", 10}, {"unit_id", 1}, {"device", "alpha"}});
        Add(view, columns);
    }
    void AddUnitsAndCoverage() {
        Add("units", {{"unit_id", 1}, {"name", "民政局"}});
        for (const auto& view : world_.schema().views) {
            AddFact("fact_coverage", {{"topic", view.name}, {"status", "observed"}, {"observed_at", now_}});
        }
    }
    void MakeGoodWorld();
    void MakeBadWorld();

    /// By check: "subject severity" of every finding; a check that is refused fails the test.
    std::map<std::string, std::vector<std::string>> RunAll() {
        std::map<std::string, std::vector<std::string>> found;
        for (const auto& check : pack_.checks) {
            const auto run = RunCheck(database(), check, now_);
            if (!run.ok()) {
                ADD_FAILURE() << check.id << ": " << run.error().operator_text;
                continue;
            }
            EXPECT_FALSE(run->population.empty()) << check.id << " looks at nothing";
            auto& lines = found[check.id];
            for (const auto& [finding, has_own_since] : run->findings) {
                lines.push_back(fmt::format("{} {}", finding.subject, StateKey(finding.severity)));
                EXPECT_FALSE(finding.subject.empty()) << check.id;
                EXPECT_FALSE(finding.reason.zh.empty()) << check.id;
                EXPECT_FALSE(finding.reason.en.empty()) << check.id;
                EXPECT_FALSE(finding.evidence.empty()) << check.id;
                EXPECT_EQ(finding.unit_id, 1) << check.id;
            }
            std::sort(lines.begin(), lines.end());
        }
        return found;
    }

    const Instant now_ = FromTaipei({{std::chrono::year(2026), std::chrono::March, std::chrono::day(10)}, 10, 0, 0});
    const FactWorld world_;
    const Pack pack_ = ReadOwnPack();
};

void Is02008Checks::MakeGoodWorld() {
    AddUnitsAndCoverage();
    std::int64_t user_id = 100;
    for (const std::string_view role : {"network_admin", "system_admin", "supervisor", "executive_secretary", "vans_admin", "checker",
                                        "auditor", "administrator"}) {
        Add("role_holders", {{"unit_id", 1}, {"role", role}, {"user_id", ++user_id}, {"user_name", role},
                             {"since_at", Ago(Days(90))}});
    }
    for (const std::string_view duty : {"upload-vans", "check-vans"}) {
        const bool is_upload = duty == "upload-vans";
        Add("duties", {{"duty_id", duty}, {"clause_id", is_upload ? "6.15.1" : "6.15.2"}, {"unit_id", 1},
                       {"period_start_at", Ago(Days(9))},
                       {"due_at", now_ + Days(21)}, {"done_at", Ago(Days(is_upload ? 3 : 2))}, {"done_by", is_upload ? "王" : "李"}});
    }
    Add("audit_chain", {{"checked_at", Ago(Days(1))}, {"is_intact", 1}, {"rows", 1200}});
    for (const std::string_view place : {"/backup", "nas"}) {
        Add("backup_copies", {{"data_set", "records"}, {"place", place}, {"made_at", Ago(std::chrono::hours(5))},
                              {"verified_at", Ago(std::chrono::hours(4))}, {"size_bytes", 100'000}});
    }
    Add("devices", {{"device_id", 10}, {"unit_id", 1}, {"name", "alpha"}, {"kind", "server"}, {"is_core", 1}, {"owner_id", 101},
                    {"owner_name", "王"}, {"address", "192.0.2.10"}, {"registered_at", Ago(Days(400))}, {"last_observed_at", now_}});
    AddFact("operating_systems", {{"os_id", "debian"}, {"name", "Debian"}, {"version", "12"}, {"kernel", "6.1"},
                                  {"end_of_life_at", now_ + Days(800)}, {"booted_at", Ago(Days(20))}, {"reboot_required", 0},
                                  {"first_seen_at", Ago(Days(400))}});
    AddFact("installed_software", {{"name", "bash"}, {"version", "5.2"}, {"architecture", "amd64"}, {"publisher", "Debian"},
                                   {"in_repository", 1}, {"is_approved", 0}, {"first_seen_at", Ago(Days(400))}});
    AddFact("installed_software", {{"name", "wireshark"}, {"version", "4"}, {"in_repository", 0}, {"is_approved", 1},
                                   {"first_seen_at", Ago(Days(2))}});
    AddFact("accounts", {{"name", "root"}, {"uid", 0}, {"is_enabled", 0}, {"can_login", 0}, {"is_privileged", 1}, {"is_approved", 0},
                         {"first_seen_at", Ago(Days(400))}});
    AddFact("accounts", {{"name", "wang"}, {"uid", 1000}, {"is_enabled", 1}, {"can_login", 1}, {"is_approved", 1},
                         {"shell", "/bin/bash"},
                         {"groups", "wang"}, {"approved_until_at", now_ + Days(100)}, {"first_seen_at", Ago(Days(400))}});
    const auto socket = [&](int port, std::string_view program, int uid, int is_loopback, int is_approved) {
        AddFact("listening_sockets", {{"protocol", "tcp"}, {"address", is_loopback == 1 ? "127.0.0.1" : "0.0.0.0"}, {"port", port},
                                      {"program", program}, {"uid", uid}, {"user_name", "u"}, {"is_loopback", is_loopback},
                                      {"is_approved", is_approved}, {"first_seen_at", Ago(Days(400))}});
    };
    socket(80, "nginx", 0, 0, 1);
    socket(443, "nginx", 0, 0, 1);
    socket(5432, "postgres", 110, 1, 0);
    AddFact("processes", {{"name", "nginx"}, {"uid", 0}, {"user_name", "root"}, {"instances", 1}, {"first_seen_at", Ago(Days(400))}});
    AddFact("processes", {{"name", "nginx"}, {"uid", 1000}, {"user_name", "wang"}, {"instances", 4},
                          {"first_seen_at", Ago(Days(400))}});
    AddFact("resources", {{"resource", "file_system"}, {"subject", "/"}, {"used_ratio", 0.4}, {"capacity", 100'000'000},
                          {"capacity_unit", "B"},
                          {"observed_at", now_}});
    AddFact("resources", {{"resource", "cpu"}, {"subject", ""}, {"used_ratio", 0.1}, {"capacity", 4}, {"capacity_unit", "cores"},
                          {"observed_at", now_}});
    AddFact("interfaces", {{"name", "eth0"}, {"addresses", "192.0.2.10/24, fe80::1/64"}, {"is_up", 1}, {"speed_mbit", 1000},
                           {"receive_bytes_per_s", 1000.0}, {"transmit_bytes_per_s", 2000.0}, {"errors_per_s", 0.0},
                           {"first_seen_at", Ago(Days(400))}});
    AddFact("clock_status", {{"service", "chrony"}, {"is_running", 1}, {"is_synchronised", 1}, {"estimated_error_ms", 0.5},
                             {"offset_ms", 0.1},
                             {"observed_at", now_}});
    AddFact("time_sources", {{"source", "tock.stdtime.gov.tw"}, {"first_seen_at", Ago(Days(400))}});
    AddFact("anti_virus", {{"product", "ClamAV"}, {"version", "1.0"}, {"is_running", 1}, {"scans_actively", 1},
                           {"pattern_version", "27000"},
                           {"pattern_at", Ago(Days(1))}});
    AddFact("services", {{"name", "ssh.service"}, {"is_enabled", 1}, {"first_seen_at", Ago(Days(400))}});
    AddFact("services", {{"name", "cups.service"}, {"is_enabled", 0}, {"first_seen_at", Ago(Days(400))}});
    AddFact("scheduled_tasks", {{"source", "/etc/cron.d/backup"}, {"schedule", "0 2 * * *"}, {"user_name", "root"},
                                {"program", "/usr/bin/restic"},
                                {"first_seen_at", Ago(Days(400))}});
    AddFact("remote_login_settings", {{"service", "sshd"}, {"setting", "PermitRootLogin"}, {"value", "no"},
                                      {"first_seen_at", Ago(Days(400))}});
    AddFact("remote_login_settings", {{"service", "sshd"}, {"setting", "PasswordAuthentication"}, {"value", "no"},
                                      {"first_seen_at", Ago(Days(400))}});
    AddFact("remote_login_settings", {{"service", "sshd"}, {"setting", "Ciphers"}, {"value", "-3des-cbc"},
                                      {"first_seen_at", Ago(Days(400))}});
    AddFact("log_services", {{"service", "systemd-journald"}, {"is_running", 1}, {"is_persistent", 1},
                             {"oldest_entry_at", Ago(Days(200))}});
}

void Is02008Checks::MakeBadWorld() {
    AddUnitsAndCoverage();
    // One person is all there is, in roles that exclude each other, and leaves soon.
    for (const std::string_view role : {"network_admin", "system_admin", "auditor", "vans_admin", "checker"}) {
        Add("role_holders", {{"unit_id", 1}, {"role", role}, {"user_id", 7}, {"user_name", "王"}, {"since_at", Ago(Days(90))},
                             {"until_at", now_ + Days(3)}});
    }
    for (const std::string_view duty : {"upload-vans", "check-vans"}) {
        Add("duties", {{"duty_id", duty}, {"clause_id", duty == "upload-vans" ? "6.15.1" : "6.15.2"}, {"unit_id", 1},
                       {"period_start_at", Ago(Days(9))}, {"due_at", now_ + Days(21)}, {"done_at", Ago(Days(2))}, {"done_by", "王"}});
    }
    Add("audit_chain", {{"checked_at", Ago(Days(1))}, {"is_intact", 0}, {"rows", 1200}, {"problem", "row 7"}});
    Add("backup_copies", {{"data_set", "records"}, {"place", "/backup"}, {"made_at", Ago(Days(3))}, {"size_bytes", 100'000}});
    Add("devices", {{"device_id", 10}, {"unit_id", 1}, {"name", "alpha"}, {"kind", "server"}, {"is_core", 1},
                    {"address", "192.0.2.99"},
                    {"registered_at", Ago(Days(400))}, {"last_observed_at", Ago(Days(3))}});
    AddFact("operating_systems", {{"os_id", "debian"}, {"name", "Debian"}, {"end_of_life_at", Ago(Days(30))}, {"reboot_required", 1},
                                  {"first_seen_at", Ago(Days(400))}});
    for (const std::string_view name : {"bash", "unheard-of", "steam", "wireshark", "line", "dropbox", "editor-trial"}) {
        AddFact("installed_software", {{"name", name}, {"in_repository", name == "bash" ? 1 : 0}, {"is_approved", 0},
                                       {"first_seen_at", Ago(Days(name == "bash" ? 400 : 30))}});
    }
    const auto account = [&](std::string_view name, int uid, int can_login, std::optional<int> is_enabled, std::optional<Instant> until) {
        AddFact("accounts", {{"name", name}, {"uid", uid}, {"can_login", can_login},
                             {"is_enabled", is_enabled ? db::Value(*is_enabled) : db::Value()},
                             {"is_approved", 0}, {"approved_until_at", until}, {"first_seen_at", Ago(Days(30))}});
    };
    account("toor", 0, 1, std::nullopt, std::nullopt);
    account("twin-a", 1001, 1, 1, std::nullopt);
    account("twin-b", 1001, 0, 1, std::nullopt);
    account("gone", 1002, 1, 1, Ago(Days(5)));
    account("going", 1003, 1, 1, now_ + Days(5));
    account("locked", 1004, 1, 0, std::nullopt);
    const auto socket = [&](std::string_view protocol, int port, db::Value program, db::Value uid) {
        AddFact("listening_sockets", {{"protocol", protocol}, {"address", "0.0.0.0"}, {"port", port}, {"program", std::move(program)},
                                      {"uid", std::move(uid)}, {"is_loopback", 0}, {"is_approved", 0},
                                      {"first_seen_at", Ago(Days(30))}});
    };
    socket("tcp", 23, {}, {});
    socket("tcp", 80, "httpd", 0);
    socket("tcp", 5432, {}, {});
    socket("tcp", 7777, "mysqld", 110);
    AddFact("processes", {{"name", "xmrig"}, {"uid", 1004}, {"first_seen_at", Ago(Days(30))}});
    AddFact("processes", {{"name", "ghost"}, {"uid", 4321}, {"first_seen_at", Ago(Days(30))}});
    for (const std::string_view mount : {"/", "/media/usb"}) {
        AddFact("resources", {{"resource", "file_system"}, {"subject", mount}, {"used_ratio", 0.95}, {"observed_at", Ago(Days(1))}});
    }
    AddFact("resources", {{"resource", "memory"}, {"used_ratio", 0.92}, {"observed_at", Ago(Days(1))}});
    AddFact("interfaces", {{"name", "eth0"}, {"addresses", "192.0.2.10/24"}, {"is_up", 1}, {"speed_mbit", 100},
                           {"receive_bytes_per_s", 12'000'000.0}, {"errors_per_s", 3.6}, {"first_seen_at", Ago(Days(30))}});
    AddFact("clock_status", {{"service", "chrony"}, {"is_running", 0}, {"is_synchronised", 0}, {"offset_ms", -2500.0},
                             {"observed_at", now_}});
    Add("clock_status", {{"device_id", 11}, {"unit_id", 1}, {"device", "beta"}, {"service", "chrony"}, {"is_running", 1},
                         {"is_synchronised", 1},
                         {"offset_ms", 150.0}, {"observed_at", now_}});
    AddFact("time_sources", {{"source", "pool.ntp.org"}, {"first_seen_at", Ago(Days(30))}});
    AddFact("anti_virus", {{"product", "ClamAV"}, {"is_running", 0}, {"pattern_at", Ago(Days(30))}});
    for (const int is_security : {0, 1}) {
        AddFact("pending_updates", {{"name", is_security == 1 ? "openssl" : "vim"}, {"is_security", is_security},
                                    {"first_seen_at", Ago(Days(120))}});
    }
    AddFact("services", {{"name", "cups.service"}, {"is_enabled", 1}, {"first_seen_at", Ago(Days(30))}});
    AddFact("scheduled_tasks", {{"source", "/etc/cron.d/x"}, {"user_name", "locked"}, {"program", "/tmp/x"},
                                {"first_seen_at", Ago(Days(30))}});
    AddFact("remote_login_settings", {{"service", "sshd"}, {"setting", "PermitRootLogin"}, {"value", "yes"},
                                      {"first_seen_at", Ago(Days(30))}});
    AddFact("remote_login_settings", {{"service", "sshd"}, {"setting", "Ciphers"}, {"value", "aes256-ctr,3des-cbc"},
                                      {"first_seen_at", Ago(Days(30))}});
    AddFact("log_services", {{"service", "systemd-journald"}, {"is_running", 1}, {"is_persistent", 0},
                             {"oldest_entry_at", Ago(Days(20))}});
}

TEST_P(Is02008Checks, FindNothingWhereAllIsWell) {
    MakeGoodWorld();
    for (const auto& [check, findings] : RunAll()) EXPECT_THAT(findings, IsEmpty()) << check;
}

/// What each check finds in the bad world; those not named here find nothing there, and are tried on a world of their own.
const std::map<std::string, std::vector<std::string>> kWrong = {
    {"accounts-approved", {"alpha going not_met", "alpha toor not_met", "alpha twin-a not_met"}},
    {"anti-virus-active", {"alpha ClamAV not_met"}},
    {"anti-virus-patterns", {"alpha ClamAV not_met"}},
    {"audit-trail-intact", {"民政局 not_met"}},
    {"auditor-separate", {"王 (7) attention"}},
    {"backup-scheduled", {"alpha attention"}},
    {"backups-verified", {"records attention"}},
    {"clock-kept", {"alpha not_met"}},
    {"clock-offset", {"alpha not_met", "beta attention"}},
    {"clocks-agree", {"民政局 not_met"}},
    {"copies-in-two-places", {"records attention"}},
    {"database-exposed", {"alpha tcp/5432 ? not_met", "alpha tcp/7777 mysqld not_met"}},
    {"devices-have-owner", {"alpha not_met"}},
    {"ended-accounts-disabled", {"alpha going attention", "alpha gone not_met"}},
    {"executive-secretary-named", {"民政局 not_met"}},
    {"independent-checker", {"民政局 not_met"}},
    {"installations-supervised", {"alpha dropbox attention", "alpha editor-trial attention", "alpha line attention", "alpha steam attention",
                                  "alpha unheard-of attention", "alpha wireshark attention"}},
    {"interface-errors", {"alpha eth0 attention"}},
    {"interface-load", {"alpha eth0 attention"}},
    {"log-retention", {"alpha not_met"}},
    {"log-storage-room", {"alpha / not_met"}},
    {"logs-survive-restart", {"alpha not_met"}},
    {"measurements-current", {"alpha attention"}},
    {"media-left-mounted", {"alpha /media/usb attention"}},
    {"messengers", {"alpha line attention"}},
    {"national-time-source", {"alpha pool.ntp.org not_met"}},
    {"needless-listeners", {"alpha tcp/23 ? uid ? not_met", "alpha tcp/5432 ? uid ? not_met", "alpha tcp/7777 mysqld uid 110 not_met",
                            "alpha tcp/80 httpd uid 0 not_met"}},
    {"needless-services", {"alpha cups.service attention"}},
    {"network-admin-named", {"民政局 attention"}},
    {"no-cleartext-login", {"alpha tcp/23 telnet not_met"}},
    {"os-supported", {"alpha not_met"}},
    {"private-device-links", {"alpha dropbox attention"}},
    {"records-backed-up", {"records not_met"}},
    {"register-address-current", {"alpha not_met"}},
    {"remote-login-identifies", {"alpha sshd PermitRootLogin not_met"}},
    {"resource-thresholds", {"alpha file_system / not_met", "alpha file_system /media/usb not_met", "alpha memory attention"}},
    {"restarted-after-updates", {"alpha attention"}},
    {"security-updates-installed", {"alpha openssl not_met"}},
    {"servers-watched", {"alpha not_met"}},
    {"shared-uids", {"alpha uid 1001 not_met"}},
    {"signs-of-infection", {"alpha /etc/cron.d/x  locked /tmp/x not_met", "alpha xmrig uid 1004 not_met"}},
    {"software-of-known-source", {"alpha dropbox not_met", "alpha editor-trial not_met", "alpha line not_met", "alpha steam not_met",
                                  "alpha unheard-of not_met", "alpha wireshark not_met"}},
    {"strong-ssh-algorithms", {"alpha sshd Ciphers 3DES not_met", "alpha sshd Ciphers CBC not_met"}},
    {"supervisor-named", {"民政局 not_met"}},
    {"system-admin-named", {"民政局 attention"}},
    {"tapping-tools", {"alpha wireshark attention"}},
    {"tasks-of-ended-accounts", {"alpha locked /etc/cron.d/x  /tmp/x not_met"}},
    {"trial-software", {"alpha editor-trial attention"}},
    {"uid-zero-accounts", {"alpha toor not_met"}},
    {"unrelated-software", {"alpha steam not_met"}},
    {"users-at-work-are-authorised", {"alpha uid 1004 not_met", "alpha uid 4321 attention"}},
    {"vans-checked-by-another", {"VANS not_met"}},
    {"versions-updated", {"alpha attention"}},
    {"web-offers-encryption", {"alpha tcp/80 attention"}},
    {"web-server-not-root", {"alpha httpd not_met"}},
};

/// Checks whose fault excludes another one of the bad world.
const std::set<std::string> kTriedAlone = {"anti-virus-present", "core-systems-marked", "inventory-current", "log-service-running",
                                           "vans-admin-named"};

TEST_P(Is02008Checks, FindWhatIsWrongAndSayWhatItIsInBothLanguages) {
    MakeBadWorld();
    for (const auto& [check, findings] : RunAll()) {
        const auto expected = kWrong.find(check);
        EXPECT_NE(expected != kWrong.end(), kTriedAlone.contains(check)) << check << " is tried in one place";
        EXPECT_THAT(findings, ElementsAreArray(expected == kWrong.end() ? std::vector<std::string>{} : expected->second)) << check;
    }
}

TEST_P(Is02008Checks, FindWhatIsMissingAltogether) {
    // A unit with one server that tells nothing but that nothing is on it, last observed long ago.
    Add("units", {{"unit_id", 1}, {"name", "民政局"}});
    for (const auto& view : world_.schema().views) {
        AddFact("fact_coverage", {{"topic", view.name}, {"status", "observed"}, {"observed_at", Ago(Days(40))}});
    }
    Add("devices", {{"device_id", 10}, {"unit_id", 1}, {"name", "alpha"}, {"kind", "server"}, {"is_core", 0},
                    {"registered_at", Ago(Days(400))}});
    Add("devices", {{"device_id", 11}, {"unit_id", 1}, {"name", "beta"}, {"kind", "workstation"}, {"is_core", 1},
                    {"registered_at", Ago(Days(400))}});
    const auto found = RunAll();
    const std::map<std::string, std::vector<std::string>> expected = {
        {"anti-virus-present", {"alpha not_met"}}, {"core-systems-marked", {"民政局 attention"}},
        {"inventory-current", {"alpha not_met"}},
        {"log-service-running", {"alpha not_met"}}, {"vans-admin-named", {"民政局 not_met"}}, {"records-backed-up", {"民政局 not_met"}},
        {"copies-in-two-places", {"民政局 not_met"}}, {"audit-trail-intact", {"民政局 attention"}}, {"servers-watched", {"alpha not_met"}},
        {"register-address-current", {"alpha attention", "beta attention"}}, {"independent-checker", {"民政局 not_met"}},
        {"network-admin-named", {"民政局 not_met"}}, {"devices-have-owner", {"alpha not_met"}},
    };
    for (const auto& [check, lines] : expected) EXPECT_THAT(found.at(check), ElementsAreArray(lines)) << check;
}

OPS_ON_BOTH_DATABASES(Is02008Checks);

}  // namespace
}  // namespace opsteward::procedure::testing
