#include "features/firewall/canonical/object_diff.hpp"

#include <gtest/gtest.h>

#include "features/firewall/formats/readers.hpp"

namespace opsteward::firewall {
namespace {

Configuration Read(const std::string& text) {
    auto configuration = ReadFortigate(text, {});
    EXPECT_TRUE(configuration.ok());
    return configuration.ok() ? std::move(configuration).value() : Configuration{};
}

std::string Policy(int id, const std::string& lines) {
    return "edit " + std::to_string(id) + "\nset uuid u-" + std::to_string(id) +
           "\nset srcintf any\nset dstintf any\nset srcaddr all\nset dstaddr all\nset service ALL\n" + lines + "next\n";
}
std::string Policies(const std::vector<std::string>& policies) {
    std::string text = "config firewall policy\n";
    for (const std::string& policy : policies) text += policy;
    return text + "end\n";
}
using Strings = std::vector<std::string>;

TEST(ObjectDiff, MembersThatCameAndWentAreNamed) {
    const Configuration before = Read("config firewall addrgrp\nedit g\nset member a b c\nset comment x\nnext\nedit gone\nset member a\nnext\nend\n");
    const Configuration after =
        Read("config firewall addrgrp\nedit new\nset member a\nnext\nedit g\nset member a c d\nset comment x\nset color 5\nnext\nend\n");
    const ConfigurationDifference difference = DiffConfigurations(before, after);
    ASSERT_EQ(difference.items.size(), 3U);
    EXPECT_EQ(difference.items[0].change, ChangeKind::kAdded);
    EXPECT_EQ(difference.items[0].name, "new");
    EXPECT_EQ(difference.items[1].change, ChangeKind::kChanged);
    EXPECT_EQ(difference.items[1].line_before, 2U);
    EXPECT_EQ(difference.items[1].line_after, 5U);
    EXPECT_EQ(difference.items[1].details, (std::vector<DetailChange>{{"set member", {"b"}, {"d"}}, {"", {}, {"set color 5"}}}));
    EXPECT_EQ(difference.items[2].change, ChangeKind::kRemoved);
    EXPECT_EQ(difference.items[2].name, "gone");
}

TEST(ObjectDiff, LinesOfTheFileAloneMakeNoDifference) {
    const std::string text = Policies({Policy(1, ""), Policy(2, "")});
    EXPECT_TRUE(DiffConfigurations(Read(text), Read("\n\n# moved down\n" + text)).IsEmpty());
}

TEST(ObjectDiff, RulesMovedDisabledAndChangedAreToldApart) {
    const Configuration before = Read(Policies({Policy(1, ""), Policy(2, "set action accept\n"), Policy(3, ""), Policy(4, ""), Policy(5, "")}));
    const Configuration after =
        Read(Policies({Policy(5, ""), Policy(1, "set status disable\n"), Policy(2, "set action accept\nset logtraffic all\n"), Policy(4, ""), Policy(6, "")}));
    const ConfigurationDifference difference = DiffConfigurations(before, after);
    ASSERT_EQ(difference.rules.size(), 5U);
    EXPECT_EQ(difference.rules[0].id, "5");
    EXPECT_TRUE(difference.rules[0].has_moved);
    EXPECT_FALSE(difference.rules[0].matches_differently);
    EXPECT_EQ(difference.rules[0].place_before, 4U);
    EXPECT_EQ(difference.rules[0].place_after, 0U);
    EXPECT_EQ(difference.rules[1].id, "1");
    EXPECT_TRUE(difference.rules[1].was_disabled);
    EXPECT_FALSE(difference.rules[1].has_moved);
    EXPECT_EQ(difference.rules[2].id, "2");
    EXPECT_TRUE(difference.rules[2].matches_differently);  // it is logged now
    EXPECT_EQ(difference.rules[2].details, (std::vector<DetailChange>{{"", {}, {"set logtraffic all"}}}));
    EXPECT_EQ(difference.rules[3].change, ChangeKind::kAdded);
    EXPECT_EQ(difference.rules[3].id, "6");
    EXPECT_EQ(difference.rules[4].change, ChangeKind::kRemoved);
    EXPECT_EQ(difference.rules[4].id, "3");
}

TEST(ObjectDiff, AnIdUsedAgainIsAnotherRule) {
    std::string reused = Policies({Policy(1, "")});
    const Configuration before = Read(reused);
    reused.replace(reused.find("u-1"), 3, "u-9");
    const ConfigurationDifference difference = DiffConfigurations(before, Read(reused));
    ASSERT_EQ(difference.rules.size(), 2U);
    EXPECT_EQ(difference.rules[0].change, ChangeKind::kAdded);
    EXPECT_EQ(difference.rules[1].change, ChangeKind::kRemoved);
}

TEST(ObjectDiff, RulesThatShareAUuidOrAnIdArePairedInTheirOrder) {
    const auto base = [](std::vector<std::pair<std::string, std::string>> names) {
        Configuration configuration;
        RuleBase& rules = configuration.rule_bases.emplace_back();
        rules.zones = {"*"};
        for (auto& [uuid, id] : names) {
            Rule& rule = rules.rules.emplace_back();
            rule.uuid = uuid;
            rule.id = id;
        }
        return configuration;
    };
    for (const auto& names : std::vector<std::vector<std::pair<std::string, std::string>>>{
             {{"u", "1"}, {"u", "2"}}, {{"", "1"}, {"", "1"}}, {{"u", "1"}, {"u", "1"}}, {{"u", "2"}, {"u", "1"}, {"", "1"}}}) {
        EXPECT_TRUE(DiffConfigurations(base(names), base(names)).IsEmpty());
    }
    const auto difference = DiffConfigurations(base({{"u", "1"}, {"u", "2"}}), base({{"u", "2"}}));
    ASSERT_EQ(difference.rules.size(), 1U);
    EXPECT_EQ(difference.rules[0].change, ChangeKind::kRemoved);
    EXPECT_EQ(difference.rules[0].id, "1");
}

TEST(ObjectDiff, ARuleThatMatchesDifferentlyByItsObjectsIsTold) {
    const std::string policy = Policies({"edit 1\nset srcintf any\nset dstintf any\nset srcaddr net\nset dstaddr all\nset service ALL\nnext\n"});
    const Configuration before = Read("config firewall address\nedit net\nset subnet 192.0.2.0/24\nnext\nend\n" + policy);
    const Configuration after = Read("config firewall address\nedit net\nset subnet 192.0.2.0/25\nnext\nend\n" + policy);
    const ConfigurationDifference difference = DiffConfigurations(before, after);
    ASSERT_EQ(difference.items.size(), 1U);
    EXPECT_EQ(difference.items[0].details, (std::vector<DetailChange>{{"set subnet", {"192.0.2.0/24"}, {"192.0.2.0/25"}}}));
    ASSERT_EQ(difference.rules.size(), 1U);
    EXPECT_TRUE(difference.rules[0].matches_differently);
    EXPECT_TRUE(difference.rules[0].details.empty());
}

TEST(ObjectDiff, AnotherInterfaceInTheConfigurationChangesNoRule) {
    const std::string policies = Policies({"edit 1\nset srcintf port2\nset dstintf any\nset srcaddr all\nset dstaddr all\nset service ALL\nnext\n"});
    const Configuration before = Read("config system interface\nedit port2\nset vdom root\nnext\nend\n" + policies);
    const Configuration after = Read("config system interface\nedit port1\nset vdom root\nnext\nedit port2\nset vdom root\nnext\nend\n" + policies);
    const ConfigurationDifference difference = DiffConfigurations(before, after);
    EXPECT_TRUE(difference.rules.empty());
    EXPECT_EQ(difference.items.size(), 1U);
}

TEST(ObjectDiff, RuleBasesThatCameOrWentAreNamedWithTheirRules) {
    const Configuration before = Read(Policies({Policy(1, "")}));
    const Configuration after = Read("config firewall local-in-policy\nedit 1\nset intf any\nset srcaddr all\nset dstaddr all\nset service ALL\nnext\nend\n");
    const ConfigurationDifference difference = DiffConfigurations(before, after);
    EXPECT_EQ(difference.rule_bases_added, Strings{"root/local-in-policy"});
    EXPECT_EQ(difference.rule_bases_removed, Strings{"root"});
    EXPECT_EQ(difference.rules.size(), 2U);
}

}  // namespace
}  // namespace opsteward::firewall
