#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/vulnerabilities/feed/feed.hpp"
#include "features/vulnerabilities/feed/testing/describe_record.hpp"

namespace opsteward::vuln {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Collected;

struct Outcome {
    std::vector<Vulnerability> records;
    FeedCount count;
};

Outcome Osv(std::string text) {
    Collected collected;
    const auto count = ReadOsv(text, collected.Sink());
    EXPECT_TRUE(count.ok()) << text << count.error().operator_text;
    return {collected.records(), count.value_or({})};
}

std::vector<std::string> IdsOf(const Outcome& outcome) {
    std::vector<std::string> ids;
    for (const Vulnerability& record : outcome.records) ids.push_back(record.id);
    return ids;
}

/// The packages of a record with one affected entry.
std::vector<std::string> OsvPackages(const std::string& affected) {
    std::vector<std::string> lines;
    const Outcome outcome = Osv(R"({"id":"X-1","affected":[{"package":{"ecosystem":"PyPI","name":"p"},)" + affected + "}]}");
    for (const AffectedPackage& package : outcome.records.at(0).packages) {
        EXPECT_EQ(package.ecosystem + " " + package.name, "PyPI p");
        lines.push_back(package.start + (package.excludes_end ? " < " : " <= ") + package.end);
    }
    return lines;
}

std::string Events(const std::string& events) { return R"("ranges":[{"type":"ECOSYSTEM","events":[)" + events + "]}]"; }

TEST(Osv, EventsBecomeRanges) {
    EXPECT_THAT(OsvPackages(Events(R"({"introduced":"0"},{"fixed":"1.2"})")), ElementsAre(" < 1.2"));
    EXPECT_THAT(OsvPackages(Events(R"({"introduced":"1"},{"last_affected":"1.2"})")), ElementsAre("1 <= 1.2"));
    EXPECT_THAT(OsvPackages(Events(R"({"introduced":"0"})")), ElementsAre(" < "));
    EXPECT_THAT(OsvPackages(Events(R"({"introduced":"0"},{"fixed":"1.2"},{"introduced":"2.0"},{"fixed":"2.1"},{"introduced":"3"})")),
                ElementsAre(" < 1.2", "2.0 < 2.1", "3 < "));
    EXPECT_THAT(OsvPackages(Events(R"({"introduced":"0"},{"introduced":"2.0"},{"fixed":"1.2"},{"fixed":"2.1"})")), ElementsAre(" < 1.2", "2.0 < 2.1"));
    EXPECT_THAT(OsvPackages(Events(R"({"introduced":"0"},{"limit":"*"})")), ElementsAre(" < "));
    EXPECT_THAT(OsvPackages(Events(R"({"fixed":"1.2"})")), ElementsAre());
}

TEST(Osv, VersionsCountWhereThereAreNoRanges) {
    const std::string versions = R"("versions":["1.0","1.1"])";
    EXPECT_THAT(OsvPackages(versions), ElementsAre("1.0 <= 1.0", "1.1 <= 1.1"));
    EXPECT_THAT(OsvPackages(versions + "," + Events(R"({"introduced":"0"},{"fixed":"1.2"})")), ElementsAre(" < 1.2"));
    EXPECT_THAT(OsvPackages(versions + R"(,"ranges":[{"type":"GIT","repo":"x","events":[{"introduced":"0"}]}])"), ElementsAre("1.0 <= 1.0", "1.1 <= 1.1"));
    EXPECT_EQ(Osv(R"({"id":"X-1","affected":[{"ranges":[{"type":"GIT","events":[]},{"type":"NEW","events":[]}]}]})").count.passed_over, 1U);
    EXPECT_EQ(Osv(R"({"id":"X-1","affected":[{"ranges":[{"type":"GIT","events":[]},{"type":"NEW","events":[]}]}]})").count.odd_parts, 1U);
}

TEST(Osv, ARecordIsOfEachCveItNames) {
    EXPECT_THAT(IdsOf(Osv(R"({"id":"GHSA-1","aliases":["CVE-2024-1000","PYSEC-1","CVE-2024-1001","CVE-2024-1000"],"related":["CVE-2024-9999"]})")),
                ElementsAre("CVE-2024-1000", "CVE-2024-1001"));
    EXPECT_THAT(IdsOf(Osv(R"({"id":"RLSA-2024:1","upstream":["CVE-2024-1000","CVE-2024-1001"]})")), ElementsAre("CVE-2024-1000", "CVE-2024-1001"));
    EXPECT_THAT(IdsOf(Osv(R"({"id":"DEBIAN-CVE-2024-3094"})")), ElementsAre("CVE-2024-3094"));
    EXPECT_THAT(IdsOf(Osv(R"({"id":"CVE-2024-3094"})")), ElementsAre("CVE-2024-3094"));
    EXPECT_THAT(IdsOf(Osv(R"({"id":"DSA-1","related":["CVE-2024-9999"]})")), ElementsAre("DSA-1"));
    std::string text = R"({"id":""})";
    EXPECT_THAT(ReadOsv(text, [](Vulnerability&&) {}).error().caller_text.en, HasSubstr("it has no id"));
}

TEST(Osv, VectorsAreScoresWithoutANumber) {
    const Outcome outcome = Osv(R"({"id":"GHSA-1","severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N"},{"type":"CVSS_V4","score":"CVSS:4.0/AV:N"},
        {"type":"CVSS_V2","score":"AV:N"},{"type":"Ubuntu","score":"medium"},{"type":"CVSS_V3","score":"CVSS:3.1/AV:N"},{"type":"CVSS_V3","score":"7.5"}]})");
    EXPECT_THAT(outcome.records[0].metrics, ElementsAre(Metric{Origin::kOsv, 31, Metric::kUnscored, "GHSA", "CVSS:3.1/AV:N"},
                                                        Metric{Origin::kOsv, 40, Metric::kUnscored, "GHSA", "CVSS:4.0/AV:N"},
                                                        Metric{Origin::kOsv, 20, Metric::kUnscored, "GHSA", "AV:N"}));
    EXPECT_EQ(outcome.count.odd_parts, 1U);
}

TEST(Osv, WhatIsWithdrawnSaysNothingOfPackagesNorOfTheCve) {
    const std::string rest = R"(,"withdrawn":"2024-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"p"},"versions":["1"]}]})";
    const Outcome alone = Osv(R"({"id":"GHSA-1")" + rest);
    EXPECT_EQ(alone.records[0].status, Status::kRejected);
    EXPECT_TRUE(alone.records[0].packages.empty());
    const Outcome alias = Osv(R"({"id":"GHSA-1","aliases":["CVE-2024-1000"])" + rest);
    EXPECT_EQ(alias.records[0].status, Status::kOpen);
    EXPECT_TRUE(alias.records[0].packages.empty());
}

TEST(Osv, ARecordOfManyIdsIsNotCopiedWithoutEnd) {
    std::string ids;
    for (int i = 0; i < 400; ++i) ids += "\"CVE-2024-" + std::to_string(10'000 + i) + "\",";
    ids.pop_back();
    EXPECT_EQ(Osv(R"({"id":"X-1","upstream":[)" + ids + "]}").count.records, 400U);
    const Outcome outcome = Osv(R"({"id":"X-1","details":")" + std::string(20'000'000, 'x') + R"(","upstream":[)" + ids + "]}");
    EXPECT_EQ(outcome.count.records, 13U);
    EXPECT_EQ(outcome.count.odd_parts, 387U);
    EXPECT_EQ(Osv(R"({"id":"X-1","affected":[{"package":{"ecosystem":"npm","name":")" + std::string(501, 'x') + R"("},"versions":["1"]}]})").count.odd_parts, 1U);
}

TEST(Osv, DescriptionWeaknessesAndAddresses) {
    const Outcome outcome = Osv(R"({"id":"GHSA-1","summary":"short","details":"long","database_specific":{"cwe_ids":["CWE-79","x"]},
        "references":[{"type":"WEB","url":"https://a.example/1"},{"type":"FIX","url":"https://a.example/2"}]})");
    EXPECT_EQ(outcome.records[0].description->text, "long");
    EXPECT_THAT(outcome.records[0].weaknesses, ElementsAre(Told{Origin::kOsv, "CWE-79"}));
    EXPECT_THAT(outcome.records[0].references, ElementsAre(Told{Origin::kOsv, "https://a.example/2"}, Told{Origin::kOsv, "https://a.example/1"}));
}

TEST(DebianTracker, EachStandingHasItsPackage) {
    std::string text = R"({"xz-utils":{"CVE-2024-3094":{"releases":{
        "bookworm":{"status":"resolved","fixed_version":"0","urgency":"unimportant"},
        "trixie":{"status":"resolved","fixed_version":"5.6.1+really5.4.5-1","urgency":"not yet assigned"},
        "bullseye":{"status":"open","urgency":"low","nodsa":"Minor issue","nodsa_reason":"postponed"},
        "sid":{"status":"undetermined","urgency":""},
        "buster":{"status":"new word"},"forky":{"status":"resolved"},"nowhere":{"status":"open"}}},
        "TEMP-0000000-AAAAAA":{"releases":{}}}})";
    Collected collected;
    const auto count = ReadDebianTracker(text, collected.Sink());
    ASSERT_TRUE(count.ok()) << count.error().operator_text;
    EXPECT_EQ(count->odd_parts, 3U);
    EXPECT_EQ(collected.Text(),
              "CVE-2024-3094 open \"\" by debian\n"
              "package debian Debian:13 | xz-utils | <5.6.1+really5.4.5-1 (not yet assigned)\n"
              "package debian Debian:11 | xz-utils | (low; no-dsa (postponed): Minor issue)\n"
              "package debian Debian:unstable | xz-utils | undetermined\n"
              "\n"
              "TEMP-0000000-AAAAAA open \"\" by debian\n\n");
}

TEST(DebianTracker, APackageWithAnotherIdIsRefused) {
    std::string text = R"({"xz-utils":{"DSA-1":{}}})";
    EXPECT_THAT(ReadDebianTracker(text, [](Vulnerability&&) {}).error().caller_text.en, HasSubstr("\"xz-utils\" (byte 12): one of its records has no CVE"));
}

TEST(Epss, ColumnsStandInAnyOrderAndNumbersAreMillionths) {
    std::string text = "# a comment\r\npercentile,cve,date,epss\r\n0.5,CVE-2024-1000,x,1\r\n\r\n1e-06,CVE-2024-1001,x,0.0000005\r\n";
    Collected collected;
    ASSERT_TRUE(ReadEpss(text, collected.Sink()).ok());
    ASSERT_EQ(collected.records().size(), 2U);
    EXPECT_EQ(collected.records()[0].exploit_prediction, (ExploitPrediction{1'000'000, 500'000}));
    EXPECT_EQ(collected.records()[1].exploit_prediction, (ExploitPrediction{1, 1}));
}

TEST(Epss, NumbersThatAreNoSharesAreOdd) {
    for (const std::string number : {"1.1", "-0.1", "nan", "inf", "x", "", "0.5x", "1e999"}) {
        std::string text = "cve,epss,percentile\nCVE-2024-1000," + number + ",0.5\nCVE-2024-1001,0.5,0.5\n";
        const auto count = ReadEpss(text, [](Vulnerability&&) {});
        ASSERT_TRUE(count.ok()) << number;
        EXPECT_EQ(count->odd_parts, 1U) << number;
        EXPECT_EQ(count->records, 1U) << number;
    }
}

TEST(Epss, ErrorsNameTheLine) {
    const auto error = [](std::string text) { return ReadEpss(text, [](Vulnerability&&) {}).error().caller_text.en; };
    EXPECT_THAT(error("# x\ncve,epss\n"), HasSubstr("line 2: it has no columns"));
    EXPECT_THAT(error("cve,epss,percentile\nCVE-2024-1000,0.5,0.5\nx,0.5,0.5\n"), HasSubstr("line 3: it has no CVE number"));
    EXPECT_THAT(error("cve,epss,percentile\nCVE-2024-1000,0.5,0.5"), HasSubstr("line 2: the last line has no end"));
    EXPECT_THAT(error("# x\n"), HasSubstr("empty"));
}

TEST(Kev, CountsAnotherNumberThanItSaysAsOdd) {
    std::string text = R"({"count":3,"vulnerabilities":[{"cveID":"CVE-2024-1000","dateAdded":"2024-01-01","dueDate":7,"knownRansomwareCampaignUse":"Known"}]})";
    Collected collected;
    const auto count = ReadKev(text, collected.Sink());
    ASSERT_TRUE(count.ok());
    EXPECT_EQ(count->odd_parts, 2U);
    EXPECT_EQ(collected.records().at(0).known_exploited, (KnownExploited{"2024-01-01", "", "", true}));
}

}  // namespace
}  // namespace opsteward::vuln
