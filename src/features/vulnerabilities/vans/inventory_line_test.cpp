#include "features/vulnerabilities/vans/inventory_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

namespace opsteward::vans {
namespace {

using ::testing::ElementsAre;

constexpr const char* kCpe = "cpe:2.3:a:microsoft:edge:120.0.2210.91:*:*:*:*:*:*:*";

HostLine Read(std::string_view text) {
    FaultList faults;
    auto host = ReadInventoryLine(text, 7, faults);
    EXPECT_TRUE(host.has_value()) << text;
    for (const Fault& fault : faults.kept()) ADD_FAILURE() << fault.where << ": " << fault.what.en;
    return host.value_or(HostLine{});
}

/// "where: what" of each.
std::vector<std::string> FaultsOf(std::string_view text) {
    FaultList faults;
    (void)ReadInventoryLine(text, 7, faults);
    std::vector<std::string> told;
    for (const Fault& fault : faults.kept()) {
        EXPECT_EQ(fault.line, 7U);
        EXPECT_FALSE(fault.what.zh.empty());
        told.push_back(fault.where + ": " + fault.what.en);
    }
    return told;
}

std::string Package(const std::string& members) { return R"({"host":"h1","packages":[{)" + members + "}]}"; }

TEST(InventoryLine, ReadsAMachineWithItsSystemFirst) {
    const HostLine host = Read(R"({"host":" h1 ","id":"id-1","oid":"2.16.886.101","org":"測試局","group":"G1",
        "os":{"name":"Windows Server 2019","version":"10.0.17763","cpe":"cpe:2.3:o:Microsoft:windows_server_2019:10.0.17763:*:*:*:*:*:*:*"},
        "packages":[{"name":"Edge","version":"120","publisher":"Microsoft","cpe":"cpe:2.3:a:microsoft:edge:120:*:*:*:*:*:*:*","cpe_name":"Microsoft Edge 120"},
                    {"name":"Switch","version":"1","category":"hardware","unknown":{}}]})");
    EXPECT_EQ(host.host, "h1");
    EXPECT_EQ(host.permanent_id, "id-1");
    EXPECT_EQ(host.oid, "2.16.886.101");
    EXPECT_EQ(host.org_name, "測試局");
    EXPECT_EQ(host.group, "G1");
    ASSERT_EQ(host.software.size(), 3U);
    EXPECT_EQ(host.software[0].name, "Windows Server 2019");
    EXPECT_EQ(host.software[0].cpe, "cpe:2.3:o:microsoft:windows_server_2019:10.0.17763:*:*:*:*:*:*:*");
    EXPECT_EQ(host.software[1].where, "packages[0]");
    EXPECT_EQ(host.software[1].publisher, "Microsoft");
    EXPECT_EQ(host.software[1].cpe_title, "Microsoft Edge 120");
    EXPECT_TRUE(host.software[2].is_hardware);
}

TEST(InventoryLine, WithoutAnIdTheHostIsTheId) { EXPECT_EQ(Read(R"({"host":"h1","packages":[]})").permanent_id, "h1"); }

TEST(InventoryLine, ASystemMayBeOneText) {
    const HostLine host = Read(R"x({"host":"h1","os":"Debian GNU/Linux 12 (bookworm)","packages":[]})x");
    ASSERT_EQ(host.software.size(), 1U);
    EXPECT_EQ(host.software[0].name, "Debian GNU/Linux 12 (bookworm)");
    EXPECT_EQ(host.software[0].version, "");
}

TEST(InventoryLine, NoCpeIsWrittenInSeveralWays) {
    for (const char* cpe : {"\"\"", "null", "\"N/A\"", "\"  \""}) {
        EXPECT_EQ(Read(Package(fmt::format(R"("name":"a","version":"1","cpe":{})", cpe))).software.at(0).cpe, "") << cpe;
    }
}

TEST(InventoryLine, EveryFaultIsTold) {
    EXPECT_THAT(FaultsOf(R"({"os":7,"oid":"x","packages":[{"version":"","category":"x"},3]})"),
                ElementsAre("host: is missing; a text is required.", "oid: is no OID such as 2.16.886.101.", "os: must be a text or an object.",
                            "packages[0].name: is missing; a text is required.", "packages[0].version: must not be empty.",
                            "packages[0].category: must be software or hardware.", "packages[1]: is no JSON object."));
    EXPECT_THAT(FaultsOf(R"({"host":"h"})"), ElementsAre("packages: is missing; an array is required."));
    EXPECT_THAT(FaultsOf(R"({"host":"h","packages":{}})"), ElementsAre("packages: is missing; an array is required."));
    EXPECT_THAT(FaultsOf("[]"), ElementsAre(": is no JSON object."));
    EXPECT_THAT(FaultsOf("{"), ElementsAre(::testing::StartsWith(": Not valid JSON at byte")));
    EXPECT_THAT(FaultsOf(Package(R"("name":"a\u0000b","version":"1")")), ElementsAre("packages[0].name: holds control characters."));
    EXPECT_THAT(FaultsOf(Package(R"("name":"a","version":"\uFFFF")")), ElementsAre("packages[0].version: holds control characters."));
    EXPECT_THAT(FaultsOf(Package(R"("name":"a","version":12)")), ElementsAre("packages[0].version: must be a text."));
    EXPECT_THAT(FaultsOf(Package(fmt::format(R"("name":"{}","version":"1")", std::string(1025, 'x')))),
                ElementsAre("packages[0].name: is longer than 1024 characters."));
}

TEST(InventoryLine, ACpeNameHasThirteenComponentsAndIsValid) {
    const auto faults_of = [](const std::string& cpe) { return FaultsOf(Package(fmt::format(R"("name":"a","version":"1","cpe":"{}")", cpe))); };
    EXPECT_THAT(faults_of(kCpe), ElementsAre());
    EXPECT_THAT(faults_of("cpe:2.3:a:v:p:1:*:*:*:*:*:*"), ElementsAre("packages[0].cpe: has 12 components; a CPE 2.3 name has 13."));
    EXPECT_THAT(faults_of("cpe:2.3:a:v:p:1:*:*:*:*:*:*:*:*"), ElementsAre("packages[0].cpe: has 14 components; a CPE 2.3 name has 13."));
    EXPECT_THAT(faults_of("cpe:/a:v:p:1"), ElementsAre("packages[0].cpe: has 5 components; a CPE 2.3 name has 13."));
    EXPECT_THAT(faults_of(R"(cpe:2.3:a:v:p\\:q:1:*:*:*:*:*:*:*)"), ElementsAre());
    EXPECT_THAT(faults_of("cpe:2.3:x:v:p:1:*:*:*:*:*:*:*"), ElementsAre("packages[0].cpe: is no valid CPE 2.3 name."));
    EXPECT_THAT(faults_of("cpe:2.3:a:v:p q:1:*:*:*:*:*:*:*"), ElementsAre("packages[0].cpe: is no valid CPE 2.3 name."));
    EXPECT_THAT(faults_of("cpe:2.3:a::p:1:*:*:*:*:*:*:*"), ElementsAre("packages[0].cpe: is no valid CPE 2.3 name."));
}

TEST(InventoryLine, TooManyPackagesAreRefused) {
    std::string text = R"({"host":"h","packages":[0)";
    for (std::size_t i = 0; i < kMaxSoftware; ++i) text += ",0";
    EXPECT_THAT(FaultsOf(text + "]}"), ElementsAre("packages: holds more than 100000 entries."));
}

TEST(InventoryLine, KnowsAnOid) {
    for (const char* oid : {"2.16.886.101.20003.20069", "0.0", "1.2.3"}) EXPECT_TRUE(IsOid(oid)) << oid;
    for (const char* oid : {"", "2", "3.1", "2.", ".2", "2..1", "2.01", "2.a", "2.16.886 ", "12.1"}) EXPECT_FALSE(IsOid(oid)) << oid;
    EXPECT_FALSE(IsOid("1." + std::string(300, '1')));
}

}  // namespace
}  // namespace opsteward::vans
