#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "features/vulnerabilities/feed/feed.hpp"
#include "features/vulnerabilities/feed/json_text.hpp"
#include "features/vulnerabilities/feed/record_parts.hpp"
#include "features/vulnerabilities/feed/testing/describe_record.hpp"

namespace opsteward::vuln {
namespace {

using ::testing::HasSubstr;
using testing::Collected;

struct Outcome {
    std::vector<Vulnerability> records;
    FeedCount count;
};

std::string Answer(const std::string& members) {
    return R"({"totalResults":1,"vulnerabilities":[{"cve":{"id":"CVE-2024-3094",)" + members + "}}]}";
}

Outcome Read(std::string text) {
    Collected collected;
    const auto count = ReadNvd(text, collected.Sink());
    EXPECT_TRUE(count.ok()) << text << count.error().operator_text;
    return {collected.records(), count.value_or({})};
}

std::string ErrorOf(std::string text) {
    const auto count = ReadNvd(text, [](Vulnerability&&) {});
    EXPECT_FALSE(count.ok()) << text;
    return count.ok() ? "" : count.error().caller_text.en;
}

/// The configurations alone.
std::string Configurations(const std::string& json, std::uint64_t odd_parts = 0) {
    const Outcome outcome = Read(Answer("\"configurations\":" + json));
    EXPECT_EQ(outcome.count.odd_parts, odd_parts) << json;
    Vulnerability record;
    record.configurations = outcome.records.at(0).configurations;
    const std::string text = testing::Describe(record);
    return text.substr(text.find('\n') + 1);
}

constexpr const char* kA = R"({"vulnerable":true,"criteria":"cpe:2.3:a:x:a:*:*:*:*:*:*:*:*"})";
constexpr const char* kB = R"({"vulnerable":false,"criteria":"cpe:2.3:o:x:b:-:*:*:*:*:*:*:*"})";

std::string Leaf(const std::string& how, const std::string& criteria) { return R"({"operator":")" + how + R"(","cpeMatch":[)" + criteria + "]}"; }

TEST(Nvd, StatusOfEveryKindIsOpenButTwo) {
    EXPECT_EQ(Read(Answer(R"("vulnStatus":"Rejected")")).records[0].status, Status::kRejected);
    EXPECT_EQ(Read(Answer(R"("vulnStatus":"REJECTED")")).records[0].status, Status::kRejected);
    for (const std::string status : {"Analyzed", "Deferred", "Received", "Something New", ""}) {
        const auto record = Read(Answer(R"("vulnStatus":")" + status + "\"")).records[0];
        EXPECT_EQ(record.status, Status::kOpen);
        EXPECT_EQ(record.status_text, status);
    }
    const std::string tags = R"("cveTags":[{"sourceIdentifier":"a","tags":["unsupported-when-assigned","disputed"]}])";
    EXPECT_EQ(Read(Answer(tags)).records[0].status, Status::kDisputed);
    EXPECT_EQ(Read(Answer(tags + R"(,"vulnStatus":"Rejected")")).records[0].status, Status::kRejected);
}

TEST(Nvd, ScoresOfEachVersionAreTenthsAndThoseOutOfRangeAreOdd) {
    const auto metric = [](const std::string& key, const std::string& data) {
        return R"("metrics":{")" + key + R"(":[{"source":"s","cvssData":)" + data + "}]}";
    };
    const std::vector<std::tuple<std::string, std::string, int, int>> cases{
        {"cvssMetricV2", R"({"vectorString":"v","baseScore":10.0})", 20, 100}, {"cvssMetricV30", R"({"vectorString":"v","baseScore":0.0})", 30, 0},
        {"cvssMetricV31", R"({"vectorString":"v","baseScore":9.8})", 31, 98},  {"cvssMetricV40", R"({"vectorString":"v","baseScore":7})", 40, 70},
        {"cvssMetricV40", R"({"vectorString":"v"})", 40, Metric::kUnscored},
    };
    for (const auto& [key, data, version, score] : cases) {
        const Outcome outcome = Read(Answer(metric(key, data)));
        EXPECT_EQ(outcome.records[0].metrics, (std::vector<Metric>{{Origin::kNvd, static_cast<std::uint8_t>(version), static_cast<std::uint8_t>(score), "s", "v"}}));
        EXPECT_EQ(outcome.count.odd_parts, 0U);
    }
    for (const std::string score : {"10.1", "-0.1", "1e300", "\"9.8\"", "[9.8]", "18446744073709551615"}) {
        const Outcome outcome = Read(Answer(metric("cvssMetricV31", R"({"vectorString":"v","baseScore":)" + score + "}")));
        EXPECT_EQ(outcome.records[0].metrics.at(0).score_tenths, Metric::kUnscored) << score;
        EXPECT_EQ(outcome.count.odd_parts, 1U) << score;
    }
    for (const std::string key : {"cvssMetricV50", "cvssMetric"}) EXPECT_EQ(Read(Answer(metric(key, "{}"))).count.odd_parts, 1U);
    EXPECT_EQ(Read(Answer(metric("ssvcV203", "{}"))).count.odd_parts, 0U);
}

TEST(Nvd, PartsOfAnotherTypeAreCountedAndLost) {
    const std::vector<std::pair<std::string, std::uint64_t>> cases{
        {R"("descriptions":"text")", 1},        {R"("descriptions":[1,{"lang":2,"value":[]}])", 3}, {R"("references":{"url":"x"})", 1},
        {R"("references":[{"url":1},"x"])", 2}, {R"("weaknesses":[[]])", 1},                        {R"("metrics":[])", 1},
        {R"("published":5,"lastModified":{})", 2}, {R"("cveTags":"disputed")", 1},                  {R"("configurations":7)", 1},
        {R"("vulnStatus":null,"metrics":null,"configurations":null)", 0},
    };
    for (const auto& [members, odd_parts] : cases) {
        const Outcome outcome = Read(Answer(members));
        EXPECT_EQ(outcome.count.odd_parts, odd_parts) << members;
        EXPECT_EQ(outcome.records.at(0).id, "CVE-2024-3094");
    }
}

TEST(Nvd, ConfigurationsAreOrAndNotNegatedUnlessTheySayOtherwise) {
    EXPECT_EQ(Configurations("[{\"nodes\":[{\"cpeMatch\":[" + std::string(kA) + "]}]}]"),
              "configuration nvd OR\n  node OR\n    cpe:2.3:a:x:a:*:*:*:*:*:*:*:*\n");
    EXPECT_EQ(Configurations(R"([{"operator":"AND","negate":true,"nodes":[{"operator":"AND","negate":true,"cpeMatch":[)" + std::string(kB) + "]}]}]"),
              "configuration nvd NOT AND\n  node NOT AND\n    cpe:2.3:o:x:b:-:*:*:*:*:*:*:* (runs on)\n");
    EXPECT_EQ(Configurations(R"([{"nodes":[{"operator":"XOR","negate":false,"cpeMatch":[)" + std::string(kA) + "]}]}]", 1),
              "configuration nvd OR\n  node OR\n    cpe:2.3:a:x:a:*:*:*:*:*:*:*:*\n");
}

TEST(Nvd, ANodeWithoutMatchStringsStays) {
    EXPECT_EQ(Configurations(R"([{"operator":"AND","nodes":[{"operator":"OR","negate":false},)" + Leaf("OR", kA) + "]}]"),
              "configuration nvd AND\n  node OR\n  node OR\n    cpe:2.3:a:x:a:*:*:*:*:*:*:*:*\n");
}

TEST(Nvd, OfTwoEndsOfASideTheWiderCounts) {
    const std::string criterion = R"({"criteria":"cpe:2.3:a:x:a:*:*:*:*:*:*:*:*","versionEndExcluding":"2","versionEndIncluding":"3",)"
                                  R"("versionStartIncluding":"0","versionStartExcluding":"1"})";
    EXPECT_EQ(Configurations("[{\"nodes\":[" + Leaf("OR", criterion) + "]}]", 2), "configuration nvd OR\n  node OR\n    cpe:2.3:a:x:a:*:*:*:*:*:*:*:* >=0 <=3\n");
}

TEST(Nvd, ChildrenOfNodesAreConfigurationsOfTheirOwn) {
    const std::string tree = R"([{"nodes":[{"operator":"AND","children":[)" + Leaf("OR", std::string(kA) + "," + kA) + "," + Leaf("OR", kB + std::string(",") + kB) + "]}]}]";
    EXPECT_EQ(Configurations(tree),
              "configuration nvd AND\n  node OR\n    cpe:2.3:a:x:a:*:*:*:*:*:*:*:*\n    cpe:2.3:a:x:a:*:*:*:*:*:*:*:*\n"
              "  node OR\n    cpe:2.3:o:x:b:-:*:*:*:*:*:*:* (runs on)\n    cpe:2.3:o:x:b:-:*:*:*:*:*:*:* (runs on)\n");
    // An OR of ORs is one.
    EXPECT_EQ(Configurations(R"([{"operator":"AND","nodes":[{"operator":"OR","children":[)" + Leaf("OR", kA) + "," + Leaf("OR", kA) + "]}," + Leaf("OR", kB) + "]}]"),
              "configuration nvd AND\n  node OR\n    cpe:2.3:a:x:a:*:*:*:*:*:*:*:*\n    cpe:2.3:a:x:a:*:*:*:*:*:*:*:*\n"
              "  node OR\n    cpe:2.3:o:x:b:-:*:*:*:*:*:*:* (runs on)\n");
}

TEST(Nvd, ChildrenThatCannotBeSaidFlatAreANodeOfUnknownContents) {
    const std::string mixed = R"({"operator":"AND","children":[)" + Leaf("OR", std::string(kA) + "," + kB) + "," + Leaf("OR", kA + std::string(",") + kB) + "]}";
    EXPECT_EQ(Configurations(R"([{"operator":"AND","nodes":[)" + mixed + "," + Leaf("OR", kB) + "]}]", 1),
              "configuration nvd AND\n  node OR\n  node OR\n    cpe:2.3:o:x:b:-:*:*:*:*:*:*:* (runs on)\n");
    // A match string that is none must not make an AND ask for less.
    EXPECT_EQ(Configurations("[{\"nodes\":[" + Leaf("AND", std::string(kA) + ",{\"criteria\":5}") + "]}]", 2), "configuration nvd OR\n  node AND\n");
    EXPECT_EQ(Configurations("[{\"nodes\":[" + Leaf("OR", std::string(kA) + ",{}") + "]}]", 1),
              "configuration nvd OR\n  node OR\n    cpe:2.3:a:x:a:*:*:*:*:*:*:*:*\n");
}

TEST(Nvd, AtMostFiftyReferencesEachOnce) {
    std::string list;
    for (int i = 0; i < 120; ++i) list += R"({"url":"https://x.example/)" + std::to_string(i / 2) + "\"},";
    list.pop_back();
    const auto references = Read(Answer("\"references\":[" + list + "]")).records[0].references;
    ASSERT_EQ(references.size(), kMaxReferences);
    EXPECT_EQ(references[0], (Told{Origin::kNvd, "https://x.example/0"}));
    EXPECT_EQ(references[49].text, "https://x.example/49");
}

TEST(Nvd, UpdatesOfWindowsAreFoundInAddresses) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"https://support.microsoft.com/en-us/kb/4012598", "KB4012598"},
        {"https://support.microsoft.com/help/5005565", "KB5005565"},
        {"https://support.microsoft.com/en-us/help/4489868/windows-7-update-kb4489868", "KB4489868"},
        {"https://support.microsoft.com/en-us/topic/kb5012170-security-update-72ff5eed", "KB5012170"},
        {"https://catalog.update.microsoft.com/v7/site/Search.aspx?q=KB5005573", "KB5005573"},
        {"http://support.microsoft.com/default.aspx?scid=kb;en-us;Q824146&kbid=824146", "KB824146"},
        {"HTTPS://SUPPORT.MICROSOFT.COM/KB/4012598", "KB4012598"},
        {"https://support.microsoft.com/en-us/kb/12345", ""},
        {"https://support.microsoft.com.example/kb/4012598", ""},
        {"https://example.com/?u=support.microsoft.com/kb/4012598", ""},
        {"https://portal.msrc.microsoft.com/en-US/security-guidance/advisory/CVE-2020-0601", ""},
        {"support.microsoft.com/kb/4012598", ""},
    };
    for (const auto& [address, patch] : cases) EXPECT_EQ(PatchOfAddress(address), patch) << address;
    const std::string reference = R"("references":[{"url":"https://support.microsoft.com/kb/4012598"}])";
    EXPECT_TRUE(Read(Answer(reference)).records[0].fixing_patches.empty()) << "nothing says that it is of Microsoft";
    const std::vector<Told> patches{{Origin::kNvd, "KB4012598"}};
    EXPECT_EQ(Read(Answer(R"("sourceIdentifier":"secure@microsoft.com",)" + reference)).records[0].fixing_patches, patches);
    EXPECT_EQ(Read(Answer(R"("configurations":[{"nodes":[{"cpeMatch":[{"vulnerable":true,"criteria":"cpe:2.3:o:microsoft:windows_7:*:*:*:*:*:*:*:*"}]}]}],)" + reference))
                  .records[0]
                  .fixing_patches,
              patches);
}

TEST(Nvd, HalfOfASurrogatePairIsReplaced) {
    for (const std::string escape : {"\\udc00", "\\udfff"}) {
        Collected collected;
        std::string text = Answer(R"("vulnStatus":"a)" + escape + R"(b")");
        const auto count = ReadNvd(text, collected.Sink());
        EXPECT_TRUE(!count.ok() || IsValidUtf8(collected.records().at(0).status_text)) << escape;
    }
}

TEST(Nvd, AnAnswerWithoutResultsHasNoList) {
    EXPECT_TRUE(Read(R"({"resultsPerPage":0,"totalResults":0,"format":"NVD_CVE"})").records.empty());
    EXPECT_TRUE(Read(R"({"vulnerabilities":[]})").records.empty());
    EXPECT_THAT(ErrorOf(R"({"totalResults":5})"), HasSubstr("no \"vulnerabilities\""));
    EXPECT_THAT(ErrorOf("{}"), HasSubstr("no \"vulnerabilities\""));
}

TEST(Nvd, ARecordAloneIsOneToo) {
    EXPECT_EQ(Read(R"({"cve":{"id":"CVE-2024-3094"}})").records.at(0).id, "CVE-2024-3094");
}

TEST(Nvd, ErrorsNameTheRecordAndItsPlace) {
    const std::string good = R"({"cve":{"id":"CVE-2024-3094"}})";
    EXPECT_THAT(ErrorOf(R"({"vulnerabilities":[)" + good + R"(,{"cve":{"id":"x"}}]})"), HasSubstr("record 2 (byte 51): it has no CVE number"));
    EXPECT_THAT(ErrorOf(R"({"vulnerabilities":[)" + good + R"(,{}]})"), HasSubstr("record 2 (byte 51): it has no \"cve\""));
    EXPECT_THAT(ErrorOf(R"({"vulnerabilities":[)" + good + R"(,{"cve":{"id":tru}}]})"), HasSubstr("record 2 (byte 51)"));
    EXPECT_THAT(ErrorOf(R"({"vulnerabilities":[)" + good + "}"), HasSubstr("behind record 1"));
}

TEST(Nvd, AMemberWithANameThatIsTooLongIsRefused) {
    EXPECT_EQ(Read("{\"" + std::string(200, 'x') + "\":1,\"vulnerabilities\":[]}").records.size(), 0U);
    EXPECT_THAT(ErrorOf("{\"" + std::string(201, 'x') + "\":1,\"vulnerabilities\":[]}"), HasSubstr("name that is too long"));
}

TEST(Nvd, WhatIsNestedTooDeeplyIsRefused) {
    const auto nested = [](std::size_t levels) { return Answer("\"x\":" + std::string(levels, '[') + std::string(levels, ']')); };
    EXPECT_EQ(Read(nested(40)).records.size(), 1U);
    EXPECT_THAT(ErrorOf(nested(70)), HasSubstr("nested too deeply"));
    EXPECT_THAT(ErrorOf(nested(1'000'000)), HasSubstr("record 1"));
    std::string children = Leaf("OR", kA);
    for (int i = 0; i < 10; ++i) children = R"({"operator":"AND","children":[)" + children + "," + Leaf("OR", kB) + "]}";
    EXPECT_EQ(Read(Answer("\"configurations\":[{\"nodes\":[" + children + "]}]")).records.size(), 1U);
}

}  // namespace
}  // namespace opsteward::vuln
