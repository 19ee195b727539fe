#include "features/firewall/hygiene/hygiene.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "features/firewall/formats/readers.hpp"

namespace opsteward::firewall {
namespace {

Configuration Read(const std::string& text, std::int64_t now = 0) {
    auto configuration = ReadFortigate(text, {now, ""});
    EXPECT_TRUE(configuration.ok());
    return configuration.ok() ? std::move(configuration).value() : Configuration{};
}
/// "check subject", in order.
std::vector<std::string> Found(const Configuration& configuration, const HygieneOptions& options = {}) {
    std::vector<std::string> found;
    for (const HygieneFinding& finding : CheckHygiene(configuration, options)) {
        EXPECT_FALSE(finding.what.zh.empty());
        EXPECT_FALSE(finding.what.en.empty());
        EXPECT_NE(std::ranges::find(kHygieneChecks, finding.check), std::end(kHygieneChecks));
        found.push_back(finding.check + (finding.subject.empty() ? "" : " " + finding.subject));
    }
    return found;
}
bool Has(const std::vector<std::string>& found, std::string_view what) { return std::ranges::find(found, what) != found.end(); }

std::string Policy(const std::string& lines) {
    return "config firewall policy\nedit 1\nset srcintf any\nset dstintf any\nset srcaddr all\nset dstaddr all\nset service ALL\nset schedule always\n" +
           lines + "next\nend\n";
}

TEST(Hygiene, AdministratorsNeedASecondFactorTrustedHostsAndTheirOwnName) {
    const auto found =
        Found(Read("config system admin\nedit admin\nset accprofile super_admin\nnext\nedit night\nset two-factor fortitoken\nset trusthost1 192.0.2.0 "
                   "255.255.255.0\nnext\n"
                   "edit wide\nset two-factor email\nset trusthost1 0.0.0.0 0.0.0.0\nnext\nedit remote\nset remote-auth enable\nset trusthost1 192.0.2.1 "
                   "255.255.255.255\nnext\nend\n"));
    EXPECT_TRUE(Has(found, "administrator_two_factor admin"));
    EXPECT_TRUE(Has(found, "administrator_trusted_hosts admin"));
    EXPECT_TRUE(Has(found, "administrator_default_name admin"));
    EXPECT_FALSE(Has(found, "administrator_two_factor night"));
    EXPECT_FALSE(Has(found, "administrator_trusted_hosts night"));
    EXPECT_TRUE(Has(found, "administrator_trusted_hosts wide"));
    EXPECT_TRUE(Has(found, "administrator_two_factor remote"));
}

TEST(Hygiene, RemoteServicesInClearAndFromOutsideAreTold) {
    const Configuration configuration = Read(
        "config system interface\nedit wan1\nset vdom root\nset role wan\nset allowaccess ping https telnet\nnext\nedit port2\nset vdom root\nset allowaccess "
        "ssh http\nnext\nend\n"
        "config system global\nset admin-ssh-v1 enable\nend\n");
    const auto found = Found(configuration);
    EXPECT_TRUE(Has(found, "remote_service_cleartext wan1"));
    EXPECT_TRUE(Has(found, "remote_service_cleartext port2"));
    EXPECT_TRUE(Has(found, "remote_service_outside wan1"));
    EXPECT_FALSE(Has(found, "remote_service_outside port2"));
    EXPECT_TRUE(Has(found, "remote_service_old_ssh system global"));
    HygieneOptions options;
    options.outside_interfaces = {"port2"};
    EXPECT_TRUE(Has(Found(configuration, options), "remote_service_outside port2"));
}

TEST(Hygiene, LogsNeedATargetAndTimeASource) {
    const std::string admin = "config system admin\nedit a\nset two-factor email\nset trusthost1 192.0.2.1 255.255.255.255\nnext\nend\n";
    EXPECT_EQ(Found(Read(admin)), (std::vector<std::string>{"log_target_missing", "time_source_missing"}));
    const auto found = Found(
        Read(admin +
             "config log syslogd setting\nset status enable\nset server 192.0.2.9\nend\nconfig log syslogd2 setting\nset status enable\nset server 192.0.2.8\n"
             "set mode reliable\nset enc-algorithm high\nend\nconfig system ntp\nset ntpsync enable\nset type custom\nconfig ntpserver\nedit 1\nset server "
             "192.0.2.1\nnext\n"
             "edit 2\nset server 192.0.2.2\nnext\nend\nend\n"));
    EXPECT_EQ(found, (std::vector<std::string>{"log_target_unencrypted syslogd", "time_source_several"}));
    // A list of rules says nothing of the device.
    EXPECT_FALSE(Has(Found(Read(Policy(""))), "log_target_missing"));
}

TEST(Hygiene, NoSourceOfTimeIsMissedWhereTheFormatHasNoPlaceForIt) {
    Configuration configuration;
    configuration.format = Format::kCheckPoint;
    configuration.facts = {{"log_target", "gateway", "server", "192.0.2.9", 1}};
    EXPECT_TRUE(Found(configuration).empty());
    configuration.format = Format::kAsa;
    EXPECT_EQ(Found(configuration), std::vector<std::string>{"time_source_missing"});
    configuration.format = Format::kClassbench;
    EXPECT_TRUE(Found(configuration).empty());
}

TEST(Hygiene, TheHeartbeatOfAPairIsLookedAt) {
    EXPECT_TRUE(Has(Found(Read("config system ha\nset mode standalone\nend\n")), "ha_missing"));
    const auto found = Found(Read("config system ha\nset mode a-p\nset encryption enable\nend\n"));
    EXPECT_FALSE(Has(found, "ha_missing"));
    EXPECT_EQ(std::ranges::count(found, "ha_unprotected"), 1);
}

TEST(Hygiene, RulesThatAreTooWideUnloggedOrUnexplainedAreTold) {
    const auto wide = Found(Read(Policy("set action accept\n")));
    EXPECT_EQ(wide, (std::vector<std::string>{"rule_not_logged root 1", "rule_any_any root 1", "rule_without_ticket root 1"}));
    EXPECT_TRUE(Found(Read(Policy("set action deny\nset comments \"REQ-2026-031 exp=2026-12-31\"\n"))).empty());
    EXPECT_EQ(Found(Read(Policy("set action accept\nset logtraffic all\nset groups staff\nset comments \"REQ-2026-031\"\n"))), std::vector<std::string>{});
    HygieneOptions options;
    options.wants_ticket = false;
    EXPECT_TRUE(Found(Read(Policy("set action deny\n")), options).empty());
}

TEST(Hygiene, ARuleWhoseScheduleIsOverAndThatIsStillEnabledIsTold) {
    const std::string schedule = "config firewall schedule onetime\nedit over\nset end 23:59 2024/12/31\nnext\nend\n";
    const auto found = Found(Read(schedule + Policy("set schedule over\n"), 1'767'225'600));
    EXPECT_EQ(found, (std::vector<std::string>{"rule_ended_enabled root 1"}));
    EXPECT_TRUE(Found(Read(schedule + Policy("set schedule over\nset status disable\n"), 1'767'225'600)).empty());
}

TEST(Hygiene, ARuleBeyondThePeriodThatItsCommentNamesIsTold) {
    const Configuration configuration = Read(Policy("set action deny\nset comments \"REQ-2026-031 exp=2026-12-31\"\n"));
    HygieneOptions options;
    options.now = 1'798'732'799;  // 2026-12-31T23:59:59+08:00
    EXPECT_TRUE(Found(configuration, options).empty());
    options.now += 1;
    EXPECT_EQ(Found(configuration, options), std::vector<std::string>{"rule_period_over root 1"});
    const auto findings = CheckHygiene(configuration, options);
    EXPECT_NE(findings.at(0).what.en.find("31 Dec 2026"), std::string::npos) << findings[0].what.en;
    EXPECT_NE(findings.at(0).what.zh.find("115年12月31日"), std::string::npos) << findings[0].what.zh;
}

}  // namespace
}  // namespace opsteward::firewall
