#include <gtest/gtest.h>

#include "features/vulnerabilities/record/merge.hpp"
#include "features/vulnerabilities/record/rating.hpp"
#include "features/vulnerabilities/record/record_codec.hpp"

namespace opsteward::vuln {
namespace {

Vulnerability Whole() {
    Vulnerability record;
    record.id = "CVE-2024-3094";
    record.status = Status::kDisputed;
    record.status_text = "Awaiting Analysis";
    record.published = "2024-03-29T16:51:12.588";
    record.modified = "2024-08-20T17:24:56.165";
    record.description = Told{Origin::kNvd, "一個弱點"};
    record.metrics = {{Origin::kNvd, 31, 100, "redhat", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"}, {Origin::kAdp, 40, Metric::kUnscored, "x", ""}};
    record.weaknesses = {{Origin::kNvd, "CWE-506"}};
    record.references = {{Origin::kCna, "https://example.org/"}};
    record.fixing_patches = {{Origin::kNvd, "KB5012170"}};
    record.configurations = {{Origin::kNvd,
                              true,
                              false,
                              {{false, true, {{"cpe:2.3:a:tukaani:xz:5.6.0:-:*:*:*:*:*:*", "", "", false, false, true}}},
                               {true, false, {{"cpe:2.3:o:*:*:*:*:*:*:*:*:*:*", "1", "2", true, true, false}, {"no name", "", "", false, false, true}}}}}};
    record.packages = {{Origin::kDebian, "Debian:12", "xz-utils", "", "5.4.1-0.2", true, true, "no-dsa"}};
    record.known_exploited = KnownExploited{"2024-04-01", "2024-04-22", "Apply updates.", true};
    record.exploit_prediction = ExploitPrediction{859'700, 997'000};
    return record;
}

TEST(RecordCodec, GivesBackWhatItWasGiven) {
    for (const Vulnerability& record : {Whole(), Vulnerability{}}) {
        const auto decoded = DecodeRecord(EncodeRecord(record));
        ASSERT_TRUE(decoded.ok());
        EXPECT_EQ(*decoded, record);
    }
}

TEST(RecordCodec, RefusesARecordThatIsCutShortAnywhere) {
    const std::string bytes = EncodeRecord(Whole());
    for (std::size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(DecodeRecord(bytes.substr(0, size)).ok()) << size;
    EXPECT_FALSE(DecodeRecord(bytes + "x").ok()) << "nothing may stand behind it";
}

TEST(RecordCodec, WritesARecordInOneWayOnly) {
    const std::string bytes = EncodeRecord(Whole());
    std::size_t accepted = 0;
    for (std::size_t i = 0; i < bytes.size() * 8; ++i) {
        std::string changed = bytes;
        changed[i / 8] = static_cast<char>(changed[i / 8] ^ (1 << (i % 8)));
        const auto decoded = DecodeRecord(changed);
        if (!decoded.ok()) continue;
        ++accepted;
        EXPECT_EQ(EncodeRecord(*decoded), changed);
    }
    EXPECT_GT(accepted, 100U) << "a changed letter is another text, not damage";
}

TEST(RecordCodec, TakesNoMemoryForAnAnnouncedSizeAlone) {
    std::string bytes = EncodeRecord(Vulnerability{});
    // The id's size: 4 GiB.
    bytes.replace(0, 1, std::string("\xff\xff\xff\xff\x0f", 5));
    EXPECT_FALSE(DecodeRecord(bytes).ok());
}

Vulnerability Nvd(std::string modified) {
    Vulnerability record;
    record.id = "CVE-2023-1";
    record.status_text = "Analyzed";
    record.modified = std::move(modified);
    return record;
}

Configuration Of(Origin origin, const std::string& product) {
    return {origin, false, false, {{false, false, {{"cpe:2.3:a:v:" + product + ":*:*:*:*:*:*:*:*", "", "", false, false, true}}}}};
}

TEST(MergeRecords, OfTwoRecordsOfNvdTheOneModifiedLastDecides) {
    Vulnerability old_record = Nvd("2023-01-01");
    old_record.configurations = {Of(Origin::kNvd, "old")};
    old_record.metrics = {{Origin::kNvd, 31, 50, "nvd@nist.gov", "a"}};
    Vulnerability new_record = Nvd("2024-01-01");
    new_record.configurations = {Of(Origin::kNvd, "new")};
    new_record.metrics = {{Origin::kNvd, 31, 70, "nvd@nist.gov", "b"}};
    for (const bool is_old_first : {true, false}) {
        const auto merged = MergeRecords(std::nullopt, is_old_first ? std::vector{old_record, new_record} : std::vector{new_record, old_record});
        EXPECT_EQ(merged.configurations, new_record.configurations);
        EXPECT_EQ(merged.metrics, new_record.metrics);
        EXPECT_EQ(merged.modified, "2024-01-01");
    }
}

TEST(MergeRecords, WhatTheNewerRecordLacksIsKept) {
    Vulnerability old_record = Nvd("2023-01-01");
    old_record.configurations = {Of(Origin::kNvd, "old")};
    old_record.metrics = {{Origin::kNvd, 31, 50, "nvd@nist.gov", "a"}};
    old_record.description = Told{Origin::kNvd, "what it is"};
    const auto merged = MergeRecords(std::nullopt, {old_record, Nvd("2026-01-01")});
    EXPECT_EQ(merged.configurations, old_record.configurations);
    EXPECT_EQ(merged.metrics, old_record.metrics);
    EXPECT_EQ(merged.description, old_record.description);
}

TEST(MergeRecords, ARejectedRecordAppliesToNothing) {
    Vulnerability analysed = Nvd("2023-01-01");
    analysed.configurations = {Of(Origin::kNvd, "x")};
    analysed.packages = {{Origin::kOsv, "npm", "x", "", "", true, false, ""}};
    Vulnerability rejected = Nvd("2024-01-01");
    rejected.status = Status::kRejected;
    rejected.status_text = "Rejected";
    const auto merged = MergeRecords(std::nullopt, {analysed, rejected});
    EXPECT_EQ(merged.status, Status::kRejected);
    EXPECT_TRUE(merged.configurations.empty());
    EXPECT_TRUE(merged.packages.empty());
}

TEST(MergeRecords, ConfigurationsAreNvdsThenTheAuthoritysThenThePublishers) {
    Vulnerability cve5 = Nvd("2025-01-01");
    cve5.status_origin = Origin::kCna;
    cve5.configurations = {Of(Origin::kAdp, "adp"), Of(Origin::kCna, "cna")};
    EXPECT_EQ(MergeRecords(std::nullopt, {cve5}).configurations.size(), 2U) << "alone it is as its feed gives it";
    const auto without_nvd = MergeRecords(std::nullopt, {Nvd("2024-01-01"), cve5});
    ASSERT_EQ(without_nvd.configurations.size(), 1U);
    EXPECT_EQ(without_nvd.configurations[0].origin, Origin::kCna);
    Vulnerability nvd = Nvd("2024-01-01");
    nvd.configurations = {Of(Origin::kNvd, "nvd")};
    const auto with_nvd = MergeRecords(std::nullopt, {nvd, cve5});
    ASSERT_EQ(with_nvd.configurations.size(), 1U);
    EXPECT_EQ(with_nvd.configurations[0].origin, Origin::kNvd);
}

TEST(MergeRecords, ScoresOfAllSourcesStandSideBySide) {
    Vulnerability nvd = Nvd("2024-01-01");
    nvd.metrics = {{Origin::kNvd, 31, 75, "nvd@nist.gov", "a"}};
    Vulnerability cve5 = Nvd("2023-01-01");
    cve5.metrics = {{Origin::kAdp, 31, 98, "CISA-ADP", "b"}, {Origin::kCna, 40, 93, "vendor", "c"}};
    EXPECT_EQ(MergeRecords(std::nullopt, {nvd, cve5}).metrics.size(), 3U);
}

TEST(MergeRecords, PackagesOfAnOriginThatIsToldAnewReplaceThoseOfTheBase) {
    Vulnerability base = Nvd("2024-01-01");
    base.packages = {{Origin::kDebian, "Debian:12", "xz", "", "1", true, false, ""}, {Origin::kOsv, "npm", "xz", "", "1", true, false, ""}};
    Vulnerability update;
    update.id = base.id;
    update.packages = {{Origin::kDebian, "Debian:12", "xz", "", "2", true, false, ""}};
    const auto merged = MergeRecords(base, {update});
    ASSERT_EQ(merged.packages.size(), 2U);
    EXPECT_EQ(merged.packages[0].origin, Origin::kOsv);
    EXPECT_EQ(merged.packages[1].end, "2");
    EXPECT_EQ(merged.status_text, "Analyzed") << "a tracker of packages says nothing of the record's status";
}

TEST(Rating, TheHighestScoreOf4And3OverAllSourcesCounts) {
    Vulnerability record;
    record.metrics = {{Origin::kNvd, 31, 75, "a", ""}, {Origin::kAdp, 40, 93, "b", ""}, {Origin::kNvd, 20, 100, "c", ""}, {Origin::kCna, 30, 93, "d", ""}};
    ASSERT_NE(DecidingMetric(record), nullptr);
    EXPECT_EQ(DecidingMetric(record)->source, "b");
}

TEST(Rating, AScoreOfVersion2CountsWhereThereIsNoOther) {
    Vulnerability record;
    record.metrics = {{Origin::kNvd, 20, 93, "a", ""}, {Origin::kNvd, 40, Metric::kUnscored, "b", ""}};
    EXPECT_EQ(RateSeverity(DecidingMetric(record), false), Severity::kHigh) << "version 2 knows no critical";
}

TEST(Rating, WithoutAScoreItIsUnscoredAndNeverLow) {
    EXPECT_EQ(RateSeverity(nullptr, false), Severity::kUnscored);
    EXPECT_EQ(SeverityName(RateSeverity(nullptr, false)), "unscored");
}

TEST(Rating, KnownToBeExploitedCountsAsHighAtLeast) {
    EXPECT_EQ(RateSeverity(nullptr, true), Severity::kHigh);
    EXPECT_EQ(RateSeverity(31, 31, true), Severity::kHigh);
    EXPECT_EQ(RateSeverity(98, 31, true), Severity::kCritical);
}

TEST(Rating, TheScaleHasItsStepsAtTheNumbersOfTheSpecification) {
    EXPECT_EQ(RateSeverity(0, 31, false), Severity::kNone);
    EXPECT_EQ(RateSeverity(39, 31, false), Severity::kLow);
    EXPECT_EQ(RateSeverity(40, 31, false), Severity::kMedium);
    EXPECT_EQ(RateSeverity(69, 40, false), Severity::kMedium);
    EXPECT_EQ(RateSeverity(70, 40, false), Severity::kHigh);
    EXPECT_EQ(RateSeverity(89, 30, false), Severity::kHigh);
    EXPECT_EQ(RateSeverity(90, 30, false), Severity::kCritical);
}

}  // namespace
}  // namespace opsteward::vuln
