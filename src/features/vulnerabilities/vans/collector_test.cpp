#include "features/vulnerabilities/vans/collector.hpp"

#include <gtest/gtest.h>

#include "crypto/crypto.hpp"

namespace opsteward::vans {
namespace {

const Defaults kDefaults{.oid = "2.16.886.101", .org_name = "測試局", .group = "DEFAULT", .identifier = IdentifierKind::kSha256};

Inventory Collect(std::initializer_list<std::string_view> lines, Defaults defaults = kDefaults, NameFinder finder = {}) {
    Collector collector(std::move(defaults), std::move(finder));
    for (const std::string_view line : lines) EXPECT_TRUE(collector.Add(line).ok());
    for (const Fault& fault : collector.faults().kept()) ADD_FAILURE() << fault.line << " " << fault.where << ": " << fault.what.en;
    return collector.Take();
}

FaultList FaultsOf(std::initializer_list<std::string_view> lines, Defaults defaults = kDefaults) {
    Collector collector(std::move(defaults));
    for (const std::string_view line : lines) EXPECT_TRUE(collector.Add(line).ok());
    return collector.faults();
}

TEST(Identifier, IsADigestAndNeverTheIdItself) {
    EXPECT_EQ(IdentifierOf("abc", IdentifierKind::kSha256).value(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    const auto md5 = IdentifierOf("abc", IdentifierKind::kMd5);
    if (!md5.ok()) GTEST_SKIP() << "the system's OpenSSL has MD5 turned off";
    EXPECT_EQ(*md5, "900150983cd24fb0d6963f7d28e17f72");
}

TEST(Collector, WhatIsNotGivenIsNotAvailable) {
    const Inventory inventory = Collect({R"({"host":"h1","os":"Debian 12","packages":[{"name":"bash","version":"5.2"}]})"});
    ASSERT_EQ(inventory.machines.size(), 1U);
    EXPECT_EQ(inventory.machines[0].oid, "2.16.886.101");
    EXPECT_EQ(inventory.machines[0].group, "DEFAULT");
    EXPECT_EQ(inventory.machines[0].identifier, crypto::Sha256Hex("h1"));
    ASSERT_EQ(inventory.products.size(), 2U);
    EXPECT_EQ(inventory.products[0].version, "N/A");
    for (const Product& product : inventory.products) {
        EXPECT_EQ(product.vendor, "N/A");
        EXPECT_EQ(product.cpe, "N/A");
        EXPECT_EQ(product.cpe_title, "N/A");
    }
}

TEST(Collector, ALineCountsBeforeTheDefaults) {
    const Inventory inventory = Collect({R"({"host":"h","oid":"2.16.1","org":"o","group":"g","packages":[]})"});
    EXPECT_EQ(inventory.machines.at(0).oid, "2.16.1");
    EXPECT_EQ(inventory.machines.at(0).org_name, "o");
    EXPECT_EQ(inventory.machines.at(0).group, "g");
}

TEST(Collector, NothingIsTwiceOnAMachine) {
    const std::string_view line = R"({"host":"h1","packages":[{"name":"a","version":"1"},{"name":"a","version":"1"},{"name":"a","version":"2"}]})";
    const Inventory inventory = Collect({line, line, "", R"({"host":"h2","packages":[{"name":"a","version":"1"}]})"});
    EXPECT_EQ(inventory.installed.size(), 3U);
    EXPECT_EQ(inventory.duplicates, 4U);
    EXPECT_EQ(inventory.products.size(), 2U);
    EXPECT_EQ(inventory.products[0].first_line, 1U);
}

TEST(Collector, TheTitleOfACpeNameIsMadeOfItWhereNoneIsGiven) {
    const Inventory inventory = Collect({R"({"host":"h","packages":[
        {"name":"a","version":"1","cpe":"cpe:2.3:a:apache:http_server:2.4.57:*:*:*:*:*:*:*"},
        {"name":"b","version":"1","cpe":"cpe:2.3:a:apache:http_server:*:*:*:*:*:*:*:*","cpe_name":"Apache HTTP Server"},
        {"name":"c","version":"1","cpe_name":"of nothing"}]})"});
    EXPECT_EQ(inventory.products[0].cpe_title, "apache http server 2.4.57");
    EXPECT_EQ(inventory.products[1].cpe_title, "Apache HTTP Server");
    EXPECT_EQ(inventory.products[2].cpe_title, "N/A");
}

TEST(Collector, TheFinderIsAskedOnceWhereThereIsNoCpe) {
    std::vector<std::string> asked;
    const NameFinder finder = [&](std::string_view name, std::string_view publisher, std::string_view version) -> std::optional<cpe::Name> {
        asked.push_back(std::string(name) + "|" + std::string(publisher) + "|" + std::string(version));
        if (name != "Edge") return std::nullopt;
        return cpe::Name::Parse("cpe:2.3:a:microsoft:edge:120:*:*:*:*:*:*:*").value();
    };
    const Inventory inventory = Collect({R"({"host":"g","packages":[{"name":"Edge","version":"120","publisher":"Microsoft"},{"name":"x","version":"1"}]})",
                                         R"({"host":"h","packages":[{"name":"Edge","version":"120","publisher":"Microsoft"},{"name":"x","version":"1"},
        {"name":"b","version":"1","cpe":"cpe:2.3:a:b:b:1:*:*:*:*:*:*:*"}]})"},
                                        kDefaults, finder);
    EXPECT_THAT(asked, ::testing::ElementsAre("Edge|Microsoft|120", "x||1"));
    EXPECT_EQ(inventory.products[0].cpe, "cpe:2.3:a:microsoft:edge:120:*:*:*:*:*:*:*");
    EXPECT_EQ(inventory.products[0].cpe_title, "microsoft edge 120");
    EXPECT_EQ(inventory.products[1].cpe, "N/A");
}

TEST(Collector, FaultsNameTheLineOfTheInventory) {
    const FaultList faults = FaultsOf({"\xEF\xBB\xBF{\"host\":\"h1\",\"packages\":[]}", "  ", R"({"host":"h2","packages":[{"name":"a"}]})", "x"}, {});
    ASSERT_EQ(faults.count(), 6U);
    EXPECT_EQ(faults.kept()[0].line, 1U);
    EXPECT_EQ(faults.kept()[0].where, "oid");
    EXPECT_EQ(faults.kept()[0].host, "h1");
    EXPECT_EQ(faults.kept()[1].where, "org");
    EXPECT_EQ(faults.kept()[2].where, "packages[0].version");
    EXPECT_EQ(faults.kept()[2].line, 3U);
    EXPECT_EQ(faults.kept()[5].line, 4U);
}

TEST(Collector, AProductIsEitherSoftwareOrHardware) {
    const FaultList faults = FaultsOf({R"({"host":"h1","packages":[{"name":"a","version":"1"}]})",
                                       R"({"host":"h2","packages":[{"name":"a","version":"1","category":"hardware"}]})"});
    ASSERT_EQ(faults.count(), 1U);
    EXPECT_EQ(faults.kept()[0].where, "packages[0].category");
    EXPECT_THAT(faults.kept()[0].what.en, ::testing::HasSubstr("line 1"));
}

TEST(Collector, DefaultsAreChecked) {
    EXPECT_TRUE(Check(kDefaults).ok());
    EXPECT_TRUE(Check({}).ok());
    EXPECT_FALSE(Check({.oid = "x"}).ok());
    EXPECT_FALSE(Check({.org_name = "a\nb"}).ok());
    EXPECT_FALSE(Check({.org_name = "\xFF"}).ok());
    EXPECT_FALSE(Check({.group = " "}).ok());
}

TEST(FaultList, CountsMoreThanItKeeps) {
    FaultList faults;
    for (std::size_t i = 0; i < FaultList::kMaxKept + 5; ++i) faults.Add({i, "", "", {}});
    EXPECT_EQ(faults.count(), FaultList::kMaxKept + 5);
    EXPECT_EQ(faults.kept().size(), FaultList::kMaxKept);
}

}  // namespace
}  // namespace opsteward::vans
