#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/vulnerabilities/feed/cve5_versions.hpp"
#include "features/vulnerabilities/feed/feed.hpp"
#include "features/vulnerabilities/feed/testing/describe_record.hpp"

namespace opsteward::vuln {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Collected;

/// Criteria as "version >=start <end", and packages, of a record whose CNA lists one product.
std::vector<std::string> Affected(const std::string& product, std::uint64_t odd_parts = 0) {
    std::string text = R"({"cveMetadata":{"cveId":"CVE-2024-1000"},"containers":{"cna":{"affected":[)" + product + "]}}}";
    Collected collected;
    const auto count = ReadCve5(text, collected.Sink());
    EXPECT_TRUE(count.ok()) << product;
    EXPECT_EQ(count.value_or({}).odd_parts, odd_parts) << product;
    std::vector<std::string> lines;
    const std::string described = testing::Describe(collected.records().at(0));
    std::string_view rest = described;
    while (!rest.empty()) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(line.size() + 1);
        if (line.starts_with("    cpe:2.3:")) lines.emplace_back(line.substr(12));
        if (line.starts_with("package ")) lines.emplace_back(line.substr(8));
    }
    return lines;
}

/// Of a product x:y with any version.
std::vector<std::string> Spans(const std::string& versions, const std::string& by_default = "unknown") {
    auto lines = Affected(R"({"cpes":["cpe:2.3:a:x:y:*:*:*:*:*:*:*:*"],"defaultStatus":")" + by_default + R"(","versions":[)" + versions + "]}");
    for (std::string& line : lines) line = line.substr(6);  // without "a:x:y:"
    return lines;
}

TEST(Cve5, VersionsBecomeRanges) {
    const std::string rest = ":*:*:*:*:*:*:*";
    EXPECT_THAT(Spans(R"({"version":"1.2","status":"affected"})"), ElementsAre("1.2" + rest));
    EXPECT_THAT(Spans(R"({"version":"1.2 sp 1","status":"affected"})"), ElementsAre("1.2_sp_1" + rest));
    EXPECT_THAT(Spans(R"({"version":"1","lessThan":"2","status":"affected"})"), ElementsAre("*" + rest + " >=1 <2"));
    EXPECT_THAT(Spans(R"({"version":"0","lessThanOrEqual":"2","status":"affected"})"), ElementsAre("*" + rest + " <=2"));
    EXPECT_THAT(Spans(R"({"version":"3","lessThan":"*","status":"affected"})"), ElementsAre("*" + rest + " >=3"));
    EXPECT_THAT(Spans(R"({"version":"5.4","lessThanOrEqual":"5.4.*","status":"affected"})"), ElementsAre("*" + rest + " >=5.4 <5.5"));
    EXPECT_THAT(Spans(R"({"version":"n/a","status":"affected"})"), ElementsAre("*" + rest));
    EXPECT_THAT(Spans(R"({"version":"10.0.0","lessThan":"publication","status":"affected"})"), ElementsAre("*" + rest));
    EXPECT_THAT(Spans(R"({"version":"1.2","status":"unaffected"})"), ElementsAre());
    EXPECT_THAT(Spans(R"({"version":"1.2","status":"unknown"})"), ElementsAre());
    EXPECT_THAT(Spans("", "affected"), ElementsAre("*" + rest));
    EXPECT_THAT(Spans("", "unaffected"), ElementsAre());
}

TEST(Cve5, WhatIsAffectedByDefaultIsWhatLiesBetweenTheUnaffected) {
    const std::string rest = ":*:*:*:*:*:*:*";
    EXPECT_THAT(Spans(R"({"version":"0","lessThan":"5.5","status":"unaffected"},{"version":"5.10.200","lessThanOrEqual":"5.10.*","status":"unaffected"},
                         {"version":"6.6","lessThanOrEqual":"*","status":"unaffected"},{"version":"5.5","status":"affected"})",
                      "affected"),
                ElementsAre("*" + rest + " >=5.5 <5.10.200", "*" + rest + " >=5.11 <6.6"));
    EXPECT_THAT(Spans(R"({"version":"2.1","status":"unaffected"})", "affected"), ElementsAre("*" + rest + " <2.1"));
    EXPECT_THAT(Spans(R"({"version":"2.1","lessThanOrEqual":"2.9","status":"unaffected"})", "affected"), ElementsAre("*" + rest + " <2.1", "*" + rest + " >2.9"));
    EXPECT_THAT(Spans(R"({"version":"1","lessThan":"2","status":"affected"})", "affected"), ElementsAre("*" + rest + " >=1 <2"));
}

TEST(Cve5, ChangesCutARange) {
    const std::string rest = ":*:*:*:*:*:*:*";
    EXPECT_THAT(Spans(R"({"version":"2.0","lessThan":"3.0","status":"affected","changes":[{"at":"2.12.2","status":"unaffected"},{"at":"2.3.1","status":"unaffected"},
                         {"at":"2.4","status":"affected"},{"at":"2.13.0","status":"affected"},{"at":"2.15.0","status":"unaffected"}]})"),
                ElementsAre("*" + rest + " >=2.0 <2.3.1", "*" + rest + " >=2.4 <2.12.2", "*" + rest + " >=2.13.0 <2.15.0"));
    EXPECT_THAT(Spans(R"({"version":"11.2.0","lessThan":"11.2.4","status":"affected","changes":[{"at":"11.2.4","status":"unaffected"}]})"),
                ElementsAre("*" + rest + " >=11.2.0 <11.2.4"));
}

TEST(Cve5, CommitsAreNoVersions) {
    EXPECT_THAT(Spans(R"({"version":"6670e1524477","lessThan":"992de06308d9","status":"affected","versionType":"custom"})"), ElementsAre());
    EXPECT_THAT(Spans(R"({"version":"1","lessThan":"2","status":"affected","versionType":"git"})"), ElementsAre());
    EXPECT_THAT(Spans(R"({"version":"6670e1524477","status":"affected","versionType":"git"})", "affected"), ElementsAre());
}

TEST(Cve5, NamesWithANumberAreReadAsWhatTheyMean) {
    const auto with = [](const std::string& cpes, const std::string& versions) { return Affected(R"({"cpes":[)" + cpes + R"(],"versions":[)" + versions + "]}"); };
    // The versions once more.
    EXPECT_THAT(with(R"("cpe:2.3:a:x:y:8.0:*:*:*:*:*:*:*","cpe:2.3:a:x:y:9.0:*:*:*:*:*:*:*")",
                     R"({"version":"8.0","status":"affected"},{"version":"9.0","status":"affected"})"),
                ElementsAre("a:x:y:8.0:*:*:*:*:*:*:*", "a:x:y:9.0:*:*:*:*:*:*:*"));
    // One of them.
    EXPECT_THAT(with(R"("cpe:2.3:a:x:y:8.0:*:*:*:*:*:*:*")", R"({"version":"8.0","status":"affected"},{"version":"8.1","status":"affected"})"),
                ElementsAre("a:x:y:8.0:*:*:*:*:*:*:*", "a:x:y:8.1:*:*:*:*:*:*:*"));
    // The end of the range.
    EXPECT_THAT(with(R"("cpe:2.3:o:x:y:6.3.9600.20045:*:*:*:*:*:x64:*")", R"({"version":"6.3.0","lessThan":"6.3.9600.20045","status":"affected"})"),
                ElementsAre("o:x:y:*:*:*:*:*:*:x64:* >=6.3.0 <6.3.9600.20045"));
    // A branch that counts its builds in another way.
    EXPECT_THAT(with(R"("cpe:2.3:o:x:y:1809:*:*:*:*:*:*:*")", R"({"version":"10.0.0","lessThan":"10.0.17763.1999","status":"affected"})"),
                ElementsAre("o:x:y:1809:*:*:*:*:*:*:*"));
    // A device, whose firmware has the versions.
    EXPECT_THAT(with(R"("cpe:2.3:h:x:y:-:*:*:*:*:*:*:*")", R"({"version":"0","lessThan":"2","status":"affected"})"), ElementsAre("h:x:y:-:*:*:*:*:*:*:*"));
}

TEST(Cve5, PackagesOfRedHatAreNoProducts) {
    const std::string head = R"({"packageName":"xz","collectionURL":"https://access.redhat.com/downloads/content/package-browser/",)"
                             R"("cpes":["cpe:/o:redhat:enterprise_linux:9::baseos"],)";
    EXPECT_THAT(Affected(head + R"("defaultStatus":"affected","versions":[{"version":"0:5.2.5-8.el9","lessThan":"*","versionType":"rpm","status":"unaffected"}]})"),
                ElementsAre("cna Red Hat:enterprise_linux:9::baseos | xz | <0:5.2.5-8.el9"));
    EXPECT_THAT(Affected(head + R"("defaultStatus":"affected"})"), ElementsAre("cna Red Hat:enterprise_linux:9::baseos | xz |"));
    EXPECT_THAT(Affected(head + R"("defaultStatus":"unaffected"})"), ElementsAre());
}

TEST(Cve5, NamesThatAreNoneAreOdd) {
    EXPECT_THAT(Affected(R"({"cpes":["cpe:2.3:a:x","x",5],"defaultStatus":"affected"})", 3), ElementsAre());
    EXPECT_THAT(Affected(R"({"cpes":["cpe:/a:x:y:1"],"defaultStatus":"affected"})"), ElementsAre("a:x:y:1:*:*:*:*:*:*:*"));
}

TEST(Cve5, AContainerThatAsksForTooMuchWorkLosesTheRest) {
    std::string cpes;
    std::string versions;
    for (int i = 0; i < 2000; ++i) {
        cpes += R"("cpe:2.3:a:x:y)" + std::to_string(i) + R"(:1:*:*:*:*:*:*:*",)";
        versions += R"({"version":"2.)" + std::to_string(i) + R"(","lessThan":"3","status":"affected"},)";
    }
    cpes.pop_back();
    versions.pop_back();
    EXPECT_EQ(Affected(R"({"cpes":[)" + cpes + R"(],"versions":[)" + versions + "]}", 1).size(), 250U);
}

TEST(Cve5, NamesAndVersionsLongerThanAnyAreOdd) {
    const std::string longer(2000, 'x');
    EXPECT_THAT(Affected(R"({"cpes":["cpe:2.3:a:x:)" + longer + R"(:*:*:*:*:*:*:*:*"],"defaultStatus":"affected"})", 1), ElementsAre());
    EXPECT_THAT(Affected(R"({"cpes":["cpe:2.3:a:x:y:*:*:*:*:*:*:*:*"],"versions":[{"version":")" + longer + R"(","status":"affected"}]})", 1), ElementsAre());
    EXPECT_THAT(Affected(R"({"cpes":["cpe:/o:redhat:x"],"packageName":")" + longer + R"(","collectionURL":"https://access.redhat.com/","defaultStatus":"affected"})", 1),
                ElementsAre());
}

TEST(Cve5, StatedApplicabilityCountsMoreThanProducts) {
    std::string text = R"({"cveMetadata":{"cveId":"CVE-2024-1000"},"containers":{"cna":{
        "affected":[{"cpes":["cpe:2.3:a:x:y:*:*:*:*:*:*:*:*"],"defaultStatus":"affected"}],
        "cpeApplicability":[{"nodes":[{"operator":"OR","negate":false,"cpeMatch":[{"vulnerable":true,"criteria":"cpe:2.3:a:x:z:*:*:*:*:*:*:*:*","versionEndExcluding":"2"}]}]}]},
        "adp":[{"affected":[{"cpes":["cpe:2.3:a:x:w:1:*:*:*:*:*:*:*"],"defaultStatus":"affected"}]}]}})";
    Collected collected;
    ASSERT_TRUE(ReadCve5(text, collected.Sink()).ok());
    const auto& configurations = collected.records().at(0).configurations;
    ASSERT_EQ(configurations.size(), 2U);
    EXPECT_EQ(configurations[0].origin, Origin::kCna);
    EXPECT_EQ(configurations[0].nodes.at(0).criteria.at(0).cpe, "cpe:2.3:a:x:z:*:*:*:*:*:*:*:*");
    EXPECT_EQ(configurations[1].origin, Origin::kAdp);
}

TEST(Cve5, MakersWordsAndRemediesStandFirst) {
    std::string text = R"({"cveMetadata":{"cveId":"CVE-2024-1000","state":"PUBLISHED"},"containers":{
        "adp":[{"references":[{"url":"https://a.example/3"},{"url":"https://a.example/1"},{"url":"https://a.example/4","tags":["patch"]}]}],
        "cna":{"references":[{"url":"https://a.example/1","tags":["x_transferred"]},{"url":"https://a.example/2","tags":["vendor-advisory"]}]}}})";
    Collected collected;
    ASSERT_TRUE(ReadCve5(text, collected.Sink()).ok());
    EXPECT_THAT(collected.records().at(0).references,
                ElementsAre(Told{Origin::kCna, "https://a.example/2"}, Told{Origin::kAdp, "https://a.example/4"}, Told{Origin::kCna, "https://a.example/1"},
                            Told{Origin::kAdp, "https://a.example/3"}));
}

TEST(Cve5, OneRecordAnArrayAndARecordALineAreTheSame) {
    const std::string one = R"({"cveMetadata":{"cveId":"CVE-2024-1000"}})";
    const std::string other = "{\n \"cveMetadata\": {\n \"cveId\": \"CVE-2024-1001\"}\n}\n";
    for (const auto& [text, records] : {std::pair{one, 1U}, {other, 1U}, {"[" + one + "," + other + "]", 2U}, {one + "\n\n" + one + "\r\n" + one, 3U}, {std::string("[]"), 0U}}) {
        std::string copy = text;
        const auto count = ReadCve5(copy, [](Vulnerability&&) {});
        ASSERT_TRUE(count.ok()) << text << count.error().operator_text;
        EXPECT_EQ(count->records, records) << text;
    }
    std::string bad = one + "\n{\"cveMetadata\":{}}\n";
    EXPECT_THAT(ReadCve5(bad, [](Vulnerability&&) {}, {10, 1000}).error().caller_text.en, HasSubstr("record 12 (byte 1042): it has no CVE number"));
}

}  // namespace
}  // namespace opsteward::vuln
