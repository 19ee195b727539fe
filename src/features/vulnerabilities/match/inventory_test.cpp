#include <gtest/gtest.h>

#include "features/vulnerabilities/match/inventory.hpp"

namespace opsteward::vuln {
namespace {

class InventoryTest : public ::testing::Test {
  protected:
    /// The words of the error, or "".
    std::string Read(std::string_view line) {
        const auto done = reader_.Read(line, fleet_);
        return done.ok() ? "" : done.error().caller_text.en;
    }

    InventoryReader reader_;
    Fleet fleet_;
};

TEST_F(InventoryTest, ReadsAHost) {
    EXPECT_EQ(Read(R"({"host":"pc1","os":"Windows 11","patches":["KB5012170"],"packages":[
        {"name":"Chrome","version":"120.0","publisher":"Google LLC"},{"name":"n","version":1.25,"source":"s","source_version":"2"},{"cpe":"cpe:2.3:a:v:p:1:*:*:*:*:*:*:*"},
        {"purl":"pkg:npm/x@1"}],"more":{}})"),
              "");
    ASSERT_EQ(fleet_.hosts(), 1U);
    EXPECT_EQ(fleet_.HostName(0), "pc1");
    EXPECT_EQ(fleet_.systems()[fleet_.SystemOf(0)], "Windows 11");
    EXPECT_THAT(fleet_.PatchesOf(0), ::testing::ElementsAre("KB5012170"));
    ASSERT_EQ(fleet_.PackagesOf(0).size(), 4U);
    EXPECT_EQ(fleet_.packages()[0].publisher, "Google LLC");
    EXPECT_EQ(fleet_.packages()[1].version, "1.25") << "some inventories write versions as numbers";
    EXPECT_EQ(fleet_.packages()[1].source_version, "2");
    EXPECT_EQ(fleet_.packages()[3].purl, "pkg:npm/x@1");
}

TEST_F(InventoryTest, ASystemMayBeAnObject) {
    EXPECT_EQ(Read(R"({"host":"a","os":{"name":"Microsoft Windows Server 2019","version":"10.0.17763","build":"10.0.17763.2452"}})"), "");
    EXPECT_EQ(fleet_.systems()[0], "Microsoft Windows Server 2019 10.0.17763 10.0.17763.2452");
    EXPECT_EQ(Read(R"({"host":"b","os":{"name":"x","cpe":"cpe:2.3:o:v:p:1:*:*:*:*:*:*:*"}})"), "");
    EXPECT_EQ(fleet_.systems()[1], "cpe:2.3:o:v:p:1:*:*:*:*:*:*:*");
}

TEST_F(InventoryTest, TheSamePackageIsKeptOnce) {
    EXPECT_EQ(Read(R"({"host":"a","packages":[{"name":"x","version":"1"},{"name":"x","version":"2"}]})"), "");
    EXPECT_EQ(Read(R"({"host":"b","packages":[{"name":"x","version":"2"},{"name":"x","version":"1"},{"name":"x1"}]})"), "");
    EXPECT_EQ(fleet_.packages().size(), 3U);
    EXPECT_THAT(fleet_.PackagesOf(1), ::testing::ElementsAre(1, 0, 2));
}

TEST_F(InventoryTest, ABlankLineIsNoHost) {
    EXPECT_EQ(Read("  \r"), "");
    EXPECT_EQ(fleet_.hosts(), 0U);
}

TEST_F(InventoryTest, WhatIsWrongIsSaidAndNothingOfTheLineIsKept) {
    EXPECT_NE(Read("{").find("no proper JSON"), std::string::npos);
    EXPECT_NE(Read("[]").find("JSON object"), std::string::npos);
    EXPECT_NE(Read("{}").find("\"host\""), std::string::npos);
    EXPECT_NE(Read(R"({"host":"a","packages":{}})").find("\"packages\""), std::string::npos);
    EXPECT_NE(Read(R"({"host":"a","packages":[{"name":"x"},5]})").find("\"packages\""), std::string::npos);
    EXPECT_NE(Read(R"({"host":"a","packages":[{"version":"1"}]})").find("neither name"), std::string::npos);
    EXPECT_NE(Read(R"({"host":"a","packages":[{"name":["x"]}]})").find("\"name\""), std::string::npos);
    EXPECT_NE(Read(R"({"host":"a","os":[]})").find("\"os\""), std::string::npos);
    EXPECT_NE(Read(R"({"host":"a","patches":"KB1"})").find("\"patches\""), std::string::npos);
    EXPECT_NE(Read(R"({"host":"a"} x)").find("no proper JSON"), std::string::npos);
    EXPECT_EQ(fleet_.hosts(), 0U);
    EXPECT_TRUE(fleet_.packages().empty());
}

TEST_F(InventoryTest, DepthIsBounded) {
    const std::string deep(1000, '[');
    EXPECT_NE(Read(R"({"host":"a","x":)" + deep).find("no proper JSON"), std::string::npos);
}

TEST_F(InventoryTest, ALineOver64MiBIsRefused) {
    EXPECT_NE(Read(std::string(InventoryReader::kMaxLineBytes + 1, 'x')).find("64 MiB"), std::string::npos);
}

}  // namespace
}  // namespace opsteward::vuln
