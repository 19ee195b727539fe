#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <mutex>
#include <set>

#include "db/testing/test_databases.hpp"
#include "features/vulnerabilities/match/matcher.hpp"
#include "features/vulnerabilities/snapshot/testing/made_snapshot.hpp"

namespace opsteward::vuln {
namespace {

using testing::RunsOn;
using testing::Simple;
using testing::Together;
using testing::Vulnerable;

class MatcherTest : public ::testing::Test {
  protected:
    /// "CVE confidence", with "?" behind it when it is conditional, of each finding.
    std::set<std::string> Find(const std::vector<Vulnerability>& records, const std::string& system, const std::vector<Package>& packages,
                               const std::vector<std::string_view>& patches = {}) {
        const auto snapshot = testing::MakeSnapshot(records, folder_.path() / "a.snap");
        if (snapshot == nullptr) return {"no snapshot"};
        Fleet fleet;
        fleet.BeginHost("h", system, patches);
        for (const Package& package : packages) fleet.AddPackage(package);
        std::set<std::string> found;
        std::mutex mutex;
        MatchOptions options;
        options.namer = namer_;
        auto counts = MatchFleet(*snapshot, fleet, options, [&](std::size_t, std::span<const Finding> findings) {
            const std::lock_guard lock(mutex);
            for (const Finding& finding : findings) {
                found.insert(std::string(snapshot->Id(finding.slot)) + " " + std::to_string(finding.confidence) + (finding.is_conditional ? "?" : ""));
                criteria_.insert(CriterionText(*snapshot, finding.product, finding.range).value());
            }
        });
        EXPECT_TRUE(counts.ok());
        counts_ = *counts;
        return found;
    }
    std::set<std::string> FindCpe(const std::vector<Vulnerability>& records, const std::string& cpe, const std::string& system = "") {
        return Find(records, system, {{.cpe = cpe}});
    }

    using Set = std::set<std::string>;
    db::testing::TemporaryFolder folder_;
    Namer namer_;
    MatchCounts counts_;
    std::set<std::string> criteria_;
};

TEST_F(MatcherTest, AnExactVersionIsSurerThanARangeAndARangeThanAllVersions) {
    const std::vector<Vulnerability> records{Simple("C-1", {Vulnerable("cpe:2.3:a:v:p:2.0:*:*:*:*:*:*:*")}),
                                             Simple("C-2", {Vulnerable("cpe:2.3:a:v:p:*:*:*:*:*:*:*:*", "1", "3")}),
                                             Simple("C-3", {Vulnerable("cpe:2.3:a:v:p:*:*:*:*:*:*:*:*", "", "3")}),
                                             Simple("C-4", {Vulnerable("cpe:2.3:a:v:p:*:*:*:*:*:*:*:*")}),
                                             Simple("C-5", {Vulnerable("cpe:2.3:a:v:p:*:*:*:*:*:*:*:*", "", "2")}),
                                             Simple("C-6", {Vulnerable("cpe:2.3:a:v:p:*:*:*:*:*:*:*:*", "", "2", false)})};
    EXPECT_EQ(FindCpe(records, "cpe:2.3:a:v:p:2.0:*:*:*:*:*:*:*"), (Set{"C-1 100", "C-2 90", "C-3 85", "C-4 80", "C-6 85"}));
    EXPECT_TRUE(criteria_.contains("cpe:2.3:a:v:p:*:*:*:*:*:*:*:* >= 1 < 3"));
    EXPECT_TRUE(criteria_.contains("cpe:2.3:a:v:p:2.0:*:*:*:*:*:*:*"));
}

TEST_F(MatcherTest, WithoutAVersionEachRecordIsAPossibilityOfTen) {
    const std::vector<Vulnerability> records{Simple("C-1", {Vulnerable("cpe:2.3:a:v:p:2.0:*:*:*:*:*:*:*")}),
                                             Simple("C-2", {Vulnerable("cpe:2.3:a:v:p:*:*:*:*:*:*:*:*", "1", "3")})};
    EXPECT_EQ(FindCpe(records, "cpe:2.3:a:v:p:*:*:*:*:*:*:*:*"), (Set{"C-1 10?", "C-2 10?"}));
    EXPECT_EQ(Find(records, "", {{.version = "2", .cpe = "cpe:2.3:a:v:p:*:*:*:*:*:*:*:*"}}), (Set{"C-1 100", "C-2 90"})) << "the package's own version counts";
}

TEST_F(MatcherTest, ARecordIsFoundOnceByTheSurestOfItsCriteria) {
    const std::vector<Vulnerability> records{Simple("C-1", {Vulnerable("cpe:2.3:a:v:p:*:*:*:*:*:*:*:*", "", "3"), Vulnerable("cpe:2.3:a:v:p:2:*:*:*:*:*:*:*")})};
    EXPECT_EQ(FindCpe(records, "cpe:2.3:a:v:p:2:*:*:*:*:*:*:*"), Set{"C-1 100"});
    EXPECT_EQ(counts_.findings, 1U);
}

TEST_F(MatcherTest, UpdatesAreComparedToo) {
    const std::vector<Vulnerability> records{Simple("C-1", {Vulnerable("cpe:2.3:a:oracle:jre:1.8.0:update_45:*:*:*:*:*:*")}),
                                             Simple("C-2", {Vulnerable("cpe:2.3:a:oracle:jre:1.8.0:-:*:*:*:*:*:*")}),
                                             Simple("C-3", {Vulnerable("cpe:2.3:a:oracle:jre:1.8.0:*:*:*:*:*:*:*")})};
    EXPECT_EQ(FindCpe(records, "cpe:2.3:a:oracle:jre:1.8.0:update_45:*:*:*:*:*:*"), (Set{"C-1 100", "C-3 100"}));
    EXPECT_EQ(FindCpe(records, "cpe:2.3:a:oracle:jre:1.8.0_45:*:*:*:*:*:*:*"), Set{}) << "a number is no update";
    EXPECT_EQ(FindCpe(records, "cpe:2.3:a:oracle:jre:1.8.0:*:*:*:*:*:*:*"), (Set{"C-2 100", "C-3 100"})) << "no update is told: the release as it came out";
}

TEST_F(MatcherTest, AReleaseCandidateComesBeforeTheReleaseThatMendsIt) {
    const std::vector<Vulnerability> records{Simple("C-1", {Vulnerable("cpe:2.3:a:v:p:*:*:*:*:*:*:*:*", "", "2.0")})};
    EXPECT_EQ(FindCpe(records, "cpe:2.3:a:v:p:2.0:rc1:*:*:*:*:*:*"), Set{"C-1 85"});
    EXPECT_EQ(FindCpe(records, "cpe:2.3:a:v:p:2.0:*:*:*:*:*:*:*"), Set{});
    EXPECT_EQ(FindCpe(records, "cpe:2.3:a:v:p:2.0:sp1:*:*:*:*:*:*"), Set{});
}

TEST_F(MatcherTest, NothingIsFoundOfARejectedRecord) {
    Vulnerability record = Simple("C-1", {Vulnerable("cpe:2.3:a:v:p:*:*:*:*:*:*:*:*")});
    record.status = Status::kRejected;
    EXPECT_EQ(FindCpe({record}, "cpe:2.3:a:v:p:1:*:*:*:*:*:*:*"), Set{});
    record.status = Status::kDisputed;
    EXPECT_EQ(FindCpe({record}, "cpe:2.3:a:v:p:1:*:*:*:*:*:*:*"), Set{"C-1 80"});
}

// ---- What else must be there

const std::vector<Vulnerability>& OnWindows() {
    static const std::vector<Vulnerability> kRecords{
        Together("C-1", {{Vulnerable("cpe:2.3:a:v:p:*:*:*:*:*:*:*:*", "", "3")}, {RunsOn("cpe:2.3:o:microsoft:windows:-:*:*:*:*:*:*:*")}})};
    return kRecords;
}

TEST_F(MatcherTest, AnAndNeedsItsPlatform) {
    const std::string package = "cpe:2.3:a:v:p:1:*:*:*:*:*:*:*";
    EXPECT_EQ(FindCpe(OnWindows(), package, "Windows 10 Pro 22H2 (10.0.19045.3803)"), Set{"C-1 85"});
    EXPECT_EQ(FindCpe(OnWindows(), package, "Debian GNU/Linux 12 (bookworm)"), Set{});
    EXPECT_EQ(FindCpe(OnWindows(), "cpe:2.3:a:v:p:3:*:*:*:*:*:*:*", "Windows 10 Pro 22H2 (10.0.19045.3803)"), Set{});
}

TEST_F(MatcherTest, AnUnknownPlatformMakesItConditionalAndNeverDropsIt) {
    EXPECT_EQ(FindCpe(OnWindows(), "cpe:2.3:a:v:p:1:*:*:*:*:*:*:*", ""), Set{"C-1 85?"});
    EXPECT_EQ(counts_.unknown_systems, 1U);
    EXPECT_EQ(counts_.conditional, 1U);
}

TEST_F(MatcherTest, WhatIsOnlyAPlatformIsNoFinding) {
    EXPECT_EQ(Find(OnWindows(), "Windows 10 Pro 22H2 (10.0.19045.3803)", {}), Set{});
}

TEST_F(MatcherTest, HardwareThatTheInventoryDoesNotTellOfMakesItConditional) {
    const std::vector<Vulnerability> records{
        Together("C-1", {{Vulnerable("cpe:2.3:o:v:firmware:*:*:*:*:*:*:*:*", "", "3")}, {RunsOn("cpe:2.3:h:v:box:-:*:*:*:*:*:*:*")}})};
    const Package firmware{.cpe = "cpe:2.3:o:v:firmware:1:*:*:*:*:*:*:*"};
    EXPECT_EQ(Find(records, "", {firmware}), Set{"C-1 85?"});
    EXPECT_EQ(Find(records, "", {firmware, {.cpe = "cpe:2.3:h:v:box:-:*:*:*:*:*:*:*"}}), Set{"C-1 85"});
    EXPECT_EQ(Find(records, "", {firmware, {.cpe = "cpe:2.3:h:v:other_box:-:*:*:*:*:*:*:*"}}), Set{});
}

TEST_F(MatcherTest, AnApplicationThatIsNeededBesidesAndIsNotThereMeansNo) {
    const std::vector<Vulnerability> records{Together("C-1", {{Vulnerable("cpe:2.3:a:v:plugin:1:*:*:*:*:*:*:*")}, {RunsOn("cpe:2.3:a:v:host:-:*:*:*:*:*:*:*")}})};
    const Package plugin{.cpe = "cpe:2.3:a:v:plugin:1:*:*:*:*:*:*:*"};
    EXPECT_EQ(Find(records, "", {plugin}), Set{});
    EXPECT_EQ(Find(records, "", {plugin, {.cpe = "cpe:2.3:a:v:host:-:*:*:*:*:*:*:*"}}), Set{"C-1 100"});
}

TEST_F(MatcherTest, ANegatedNodeTakesAway) {
    std::vector<Vulnerability> records{Together("C-1", {{Vulnerable("cpe:2.3:a:v:p:1:*:*:*:*:*:*:*")}, {Vulnerable("cpe:2.3:a:v:mend:*:*:*:*:*:*:*:*")}})};
    records[0].configurations[0].nodes[1].is_negated = true;
    const Package package{.cpe = "cpe:2.3:a:v:p:1:*:*:*:*:*:*:*"};
    EXPECT_EQ(Find(records, "", {package}), Set{"C-1 100"});
    EXPECT_EQ(Find(records, "", {package, {.cpe = "cpe:2.3:a:v:mend:1:*:*:*:*:*:*:*"}}), Set{});
}

TEST_F(MatcherTest, WhatTheFeedLeftOutIsUnknown) {
    EXPECT_EQ(FindCpe({Together("C-1", {{Vulnerable("cpe:2.3:a:v:p:1:*:*:*:*:*:*:*")}, {}})}, "cpe:2.3:a:v:p:1:*:*:*:*:*:*:*"), Set{"C-1 100?"});
}

TEST_F(MatcherTest, FlatteningWouldFindTheseFalsely) {
    const std::vector<Vulnerability> records{
        Together("C-1", {{Vulnerable("cpe:2.3:a:v:a:1:*:*:*:*:*:*:*")}, {Vulnerable("cpe:2.3:a:v:b:1:*:*:*:*:*:*:*")}}),
        Simple("C-2", {Vulnerable("cpe:2.3:a:v:c:1:*:*:*:*:*:*:*"), RunsOn("cpe:2.3:a:v:a:1:*:*:*:*:*:*:*")})};
    EXPECT_EQ(FindCpe(records, "cpe:2.3:a:v:a:1:*:*:*:*:*:*:*"), Set{});
}

// ---- Attributes

TEST_F(MatcherTest, AnEditionThatIsNotKnownMakesItConditional) {
    const std::vector<Vulnerability> records{Simple("C-1", {Vulnerable("cpe:2.3:a:mozilla:firefox:*:*:*:*:esr:*:*:*", "", "115")})};
    EXPECT_EQ(FindCpe(records, "cpe:2.3:a:mozilla:firefox:102:*:*:*:esr:*:*:*"), Set{"C-1 85"});
    EXPECT_EQ(FindCpe(records, "cpe:2.3:a:mozilla:firefox:102:*:*:*:-:*:*:*"), Set{});
    EXPECT_EQ(FindCpe(records, "cpe:2.3:a:mozilla:firefox:102:*:*:*:*:*:*:*"), Set{"C-1 85?"});
}

TEST_F(MatcherTest, TheHostsSystemSaysWhichTargetSoftwareFits) {
    const std::vector<Vulnerability> records{Simple("C-1", {Vulnerable("cpe:2.3:a:v:p:1:*:*:*:*:windows:*:*")}), Simple("C-2", {Vulnerable("cpe:2.3:a:v:p:1:*:*:*:*:wordpress:*:*")})};
    const std::string package = "cpe:2.3:a:v:p:1:*:*:*:*:*:*:*";
    EXPECT_EQ(FindCpe(records, package, "Windows 10 Pro 22H2 (10.0.19045.3803)"), (Set{"C-1 100", "C-2 100?"}));
    EXPECT_EQ(FindCpe(records, package, "Debian GNU/Linux 12 (bookworm)"), Set{"C-2 100?"});
    EXPECT_EQ(FindCpe(records, package, ""), (Set{"C-1 100?", "C-2 100?"}));
}

TEST_F(MatcherTest, AProcessorThatIsNotToldIsTheUsualOne) {
    const std::vector<Vulnerability> records{Simple("C-1", {Vulnerable("cpe:2.3:a:v:p:1:*:*:*:*:*:x64:*")}), Simple("C-2", {Vulnerable("cpe:2.3:a:v:p:1:*:*:*:*:*:arm64:*")})};
    EXPECT_EQ(FindCpe(records, "cpe:2.3:a:v:p:1:*:*:*:*:*:*:*"), (Set{"C-1 100", "C-2 100?"}));
    EXPECT_EQ(FindCpe(records, "cpe:2.3:a:v:p:1:*:*:*:*:*:arm64:*"), Set{"C-2 100"});
}

TEST_F(MatcherTest, PatternsOfProductsAndVersionsAreMatched) {
    const std::vector<Vulnerability> records{Simple("C-1", {Vulnerable("cpe:2.3:a:v:prod*:1:*:*:*:*:*:*:*")}), Simple("C-2", {Vulnerable("cpe:2.3:a:v:product:1.*:*:*:*:*:*:*:*")}),
                                             Simple("C-3", {Vulnerable("cpe:2.3:*:v:product:*:*:*:*:*:*:*:*")})};
    EXPECT_EQ(FindCpe(records, "cpe:2.3:a:v:product:1:*:*:*:*:*:*:*"), (Set{"C-1 100", "C-3 80"}));
    EXPECT_EQ(FindCpe(records, "cpe:2.3:a:v:product:1.5:*:*:*:*:*:*:*"), (Set{"C-2 90", "C-3 80"}));
}

// ---- Windows

TEST_F(MatcherTest, OfWindowsTheBuildDecidesFirst) {
    const std::vector<Vulnerability> records{Simple("C-1", {Vulnerable("cpe:2.3:o:microsoft:windows_server_2019:*:*:*:*:*:*:*:*", "", "10.0.17763.2452")})};
    EXPECT_EQ(Find(records, "Microsoft Windows Server 2019 Datacenter 10.0.17763.2451", {}), Set{"C-1 85"});
    EXPECT_EQ(Find(records, "Microsoft Windows Server 2019 Datacenter 10.0.17763.2452", {}), Set{});
}

TEST_F(MatcherTest, WhereTheBuildDoesNotDecideTheInstalledUpdatesDo) {
    std::vector<Vulnerability> records{Simple("C-1", {Vulnerable("cpe:2.3:o:microsoft:windows_10:22h2:*:*:*:*:*:*:*")})};
    records[0].fixing_patches = {{Origin::kNvd, "KB5012170"}};
    const std::string system = "Windows 10 Pro 22H2 (10.0.19045.3803)";
    EXPECT_EQ(Find(records, system, {}), Set{"C-1 100?"});
    EXPECT_EQ(Find(records, system, {}, {"KB1"}), Set{"C-1 100?"});
    EXPECT_EQ(Find(records, system, {}, {"KB1", "KB5012170"}), Set{});
}

// ---- Distributions and languages

std::vector<Vulnerability> DebianRecords() {
    Vulnerability record = Simple("C-1", {Vulnerable("cpe:2.3:a:openssl:openssl:*:*:*:*:*:*:*:*", "", "3.0.12")});
    record.packages = {{Origin::kDebian, "Debian:12", "openssl", "", "3.0.11-1~deb12u2", true, false, ""}};
    Vulnerability undetermined;
    undetermined.id = "C-2";
    undetermined.packages = {{Origin::kDebian, "Debian:12", "openssl", "", "", true, true, ""}};
    return {record, undetermined};
}

TEST_F(MatcherTest, PackagesOfADistributionAreJudgedByItsDataAndNeverByCpe) {
    const std::string debian = "Debian GNU/Linux 12 (bookworm)";
    EXPECT_EQ(Find(DebianRecords(), debian, {{.name = "libssl3", .version = "3.0.11-1~deb12u2", .source = "openssl"}}), Set{"C-2 80?"});
    EXPECT_EQ(Find(DebianRecords(), debian, {{.name = "libssl3", .version = "3.0.11-1~deb12u1", .source = "openssl"}}), (Set{"C-1 85", "C-2 80?"}));
    EXPECT_EQ(Find(DebianRecords(), debian, {{.name = "openssl", .version = "3.0.11-1~deb12u2", .cpe = "cpe:2.3:a:openssl:openssl:3.0.11:*:*:*:*:*:*:*"}}), Set{"C-2 80?"});
    EXPECT_EQ(Find(DebianRecords(), "", {{.purl = "pkg:deb/debian/libssl3@3.0.11-1~deb12u1?arch=amd64&distro=debian-12&upstream=openssl"}}), (Set{"C-1 85", "C-2 80?"}));
    EXPECT_TRUE(criteria_.contains("Debian:12 openssl < 3.0.11-1~deb12u2"));
}

TEST_F(MatcherTest, ADistributionThatTheSnapshotHasNoDataOfIsSaidAndNotJudgedByCpe) {
    EXPECT_EQ(Find(DebianRecords(), "Rocky Linux 9.3", {{.name = "openssl", .version = "1:3.0.7-24.el9"}}), Set{});
    EXPECT_EQ(counts_.packages[static_cast<std::size_t>(Judgement::kNoData)], 1U);
    EXPECT_THAT(counts_.without_data, ::testing::ElementsAre(0));
}

TEST_F(MatcherTest, SoftwareThatIsNotOfTheDistributionIsJudgedByCpe) {
    EXPECT_EQ(Find(DebianRecords(), "Debian GNU/Linux 12 (bookworm)", {{.cpe = "cpe:2.3:a:openssl:openssl:3.0.11:*:*:*:*:*:*:*"}}), Set{"C-1 85"});
}

TEST_F(MatcherTest, PackagesOfLanguagesAreJudgedByOsv) {
    Vulnerability record;
    record.id = "C-1";
    record.packages = {{Origin::kOsv, "Maven", "org.apache.logging.log4j:log4j-core", "2.0-beta9", "2.15.0", true, false, ""}};
    EXPECT_EQ(Find({record}, "", {{.purl = "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"}}), Set{"C-1 90"});
    EXPECT_EQ(Find({record}, "", {{.purl = "pkg:maven/org.apache.logging.log4j/log4j-core@2.15.0"}}), Set{});
    EXPECT_EQ(Find({record}, "", {{.purl = "pkg:npm/x@1"}}), Set{});
    EXPECT_EQ(counts_.packages[static_cast<std::size_t>(Judgement::kNoData)], 1U);
}

// ---- Names

TEST_F(MatcherTest, ATitleIsNamedFirstAndNotJudgedWhenTheNameIsWithheld) {
    const std::vector<Vulnerability> records{Simple("C-1", {Vulnerable("cpe:2.3:a:google:chrome:*:*:*:*:*:*:*:*", "", "100")})};
    namer_ = [](const Package& package) -> TitleNames {
        if (package.name == "Language Pack") return {{}, 0, true};
        if (package.name != "Google Chrome") return {};
        return {{cpe::Name::Parse("cpe:2.3:a:other:chrome:*:*:*:*:*:*:*:*").value(), cpe::Name::Parse("cpe:2.3:a:google:chrome:*:*:*:*:*:*:*:*").value()}, 70, true};
    };
    EXPECT_EQ(Find(records, "", {{.name = "Google Chrome", .version = "99", .publisher = "Google LLC"}, {.name = "公文系統", .version = "1"}, {.name = "Language Pack"}}), Set{"C-1 70"});
    EXPECT_EQ(counts_.packages[static_cast<std::size_t>(Judgement::kNoProduct)], 1U);
    EXPECT_EQ(counts_.packages[static_cast<std::size_t>(Judgement::kUnnamed)], 1U);
    EXPECT_THAT(counts_.unnamed, ::testing::ElementsAre(1));
}

TEST_F(MatcherTest, ANameThatIsNoneIsSaid) {
    EXPECT_EQ(FindCpe({Simple("C-1", {Vulnerable("cpe:2.3:a:v:p:1:*:*:*:*:*:*:*")})}, "cpe:2.3:a:v"), Set{});
    EXPECT_EQ(counts_.packages[static_cast<std::size_t>(Judgement::kBadName)], 1U);
}

TEST_F(MatcherTest, CanBeCancelled) {
    const auto snapshot = testing::MakeSnapshot(OnWindows(), folder_.path() / "a.snap");
    Fleet fleet;
    fleet.BeginHost("h", "");
    MatchOptions options;
    options.is_cancelled = [] { return true; };
    const auto counts = MatchFleet(*snapshot, fleet, options, [](std::size_t, std::span<const Finding>) {});
    ASSERT_FALSE(counts.ok());
    EXPECT_EQ(counts.error().code, ErrorCode::kCancelled);
}

TEST_F(MatcherTest, ADamagedProductEndsTheMatchWithAClearWord) {
    const auto path = folder_.path() / "a.snap";
    ASSERT_NE(testing::MakeSnapshot({Simple("C-1", {Vulnerable("cpe:2.3:a:v:p:1.2.3.4.5:*:*:*:*:*:*:*")})}, path), nullptr);
    std::string bytes;
    {
        std::ifstream file(path, std::ios::binary);
        bytes.assign(std::istreambuf_iterator<char>(file), {});
    }
    const std::size_t at = bytes.find("1.2.3.4.5");
    ASSERT_NE(at, std::string::npos);
    bytes[at] = '9';
    std::ofstream(path, std::ios::binary) << bytes;
    const auto snapshot = Snapshot::Open(path);
    ASSERT_TRUE(snapshot.ok());
    Fleet fleet;
    fleet.BeginHost("h", "");
    fleet.AddPackage({.cpe = "cpe:2.3:a:v:p:1:*:*:*:*:*:*:*"});
    const auto counts = MatchFleet(**snapshot, fleet, {}, [](std::size_t, std::span<const Finding>) {});
    ASSERT_FALSE(counts.ok());
    EXPECT_EQ(counts.error().code, ErrorCode::kCorrupt);
    EXPECT_NE(counts.error().caller_text.en.find("a:v:p"), std::string::npos);
}

}  // namespace
}  // namespace opsteward::vuln
