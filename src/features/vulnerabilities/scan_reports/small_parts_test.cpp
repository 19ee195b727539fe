#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/civil_time.hpp"
#include "features/vulnerabilities/scan_reports/csv_rows.hpp"
#include "features/vulnerabilities/scan_reports/cve_list.hpp"
#include "features/vulnerabilities/scan_reports/host_identity.hpp"
#include "features/vulnerabilities/scan_reports/port_ranges.hpp"
#include "features/vulnerabilities/scan_reports/report_builder.hpp"
#include "features/vulnerabilities/scan_reports/scan_time.hpp"
#include "features/vulnerabilities/scan_reports/severity.hpp"

namespace opsteward::scans {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> CvesIn(std::string_view text) {
    std::vector<std::string> cves;
    AddCves(text, cves);
    return cves;
}

TEST(CveList, FindsNamesInUpperCaseEachOnce) {
    EXPECT_THAT(CvesIn("cve-2024-12345, CVE-2020-0001;CVE-2024-12345 (CVE-1999-0001)"), ElementsAre("CVE-2024-12345", "CVE-2020-0001", "CVE-1999-0001"));
    EXPECT_THAT(CvesIn("https://example.org/CVE-2024-10001/"), ElementsAre("CVE-2024-10001"));
}

TEST(CveList, TakesNoPartOfALongerWordAndNoShortNumber) {
    for (const auto* text : {"", "c", "CVE-", "CVE-2024", "CVE-2024-", "CVE-2024-123", "xCVE-2024-1234", "CVE-2024-1234a", "CVE-24-12345",
                             "CVE-2024-12345678901234567890", "NOCVE"}) {
        EXPECT_THAT(CvesIn(text), IsEmpty()) << text;
    }
    EXPECT_TRUE(IsCve("CVE-2024-1234"));
    EXPECT_FALSE(IsCve("CVE-2024-1234 "));
    EXPECT_FALSE(IsCve("GHSA-v6rh-hp5x-86rv"));
}

TEST(Severity, OfWordsInAnyCase) {
    EXPECT_EQ(SeverityOfWord("CRITICAL"), Severity::kCritical);
    EXPECT_EQ(SeverityOfWord(" Important "), Severity::kHigh);
    EXPECT_EQ(SeverityOfWord("moderate"), Severity::kMedium);
    EXPECT_EQ(SeverityOfWord("Negligible"), Severity::kInfo);
    EXPECT_EQ(SeverityOfWord("Log"), Severity::kInfo);
    EXPECT_EQ(SeverityOfWord("grave"), Severity::kUnknown) << "never taken for a low one";
    EXPECT_TRUE(IsUnknownWord("UNKNOWN"));
    EXPECT_FALSE(IsUnknownWord("grave"));
}

TEST(Severity, OfScoresByTheBandsOfCvss) {
    EXPECT_EQ(SeverityOfScore(0), Severity::kNone);
    EXPECT_EQ(SeverityOfScore(0.1), Severity::kLow);
    EXPECT_EQ(SeverityOfScore(3.9), Severity::kLow);
    EXPECT_EQ(SeverityOfScore(4), Severity::kMedium);
    EXPECT_EQ(SeverityOfScore(6.9), Severity::kMedium);
    EXPECT_EQ(SeverityOfScore(7), Severity::kHigh);
    EXPECT_EQ(SeverityOfScore(8.9), Severity::kHigh);
    EXPECT_EQ(SeverityOfScore(9), Severity::kCritical);
    EXPECT_EQ(SeverityOfScore(10.1), Severity::kUnknown);
    EXPECT_EQ(SeverityOfScore(-1), Severity::kUnknown);
    EXPECT_FALSE(ReadScore("nan"));
    EXPECT_FALSE(ReadScore("11"));
    EXPECT_EQ(ReadScore(" 7.5 "), 7.5);
}

TEST(Severity, KnowsTheVersionOfAVector) {
    EXPECT_EQ(ScoreSystemOf("CVSS:4.0/AV:N"), "CVSS:4.0");
    EXPECT_EQ(ScoreSystemOf("CVSS:3.1/AV:N"), "CVSS:3.1");
    EXPECT_EQ(ScoreSystemOf("CVSS2#AV:N/AC:L/Au:N/C:N/I:N/A:P"), "CVSS:2.0");
    EXPECT_EQ(ScoreSystemOf("AV:L/AC:L/Au:N/C:N/I:P/A:N"), "CVSS:2.0");
    EXPECT_EQ(ScoreSystemOf("AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"), "CVSS");
    std::optional<Score> kept;
    Consider(kept, {9.8, "CVSS:3.1", ""});
    Consider(kept, {10, "CVSS:2.0", ""});
    EXPECT_EQ(kept->value, 9.8) << "the later version says more";
    Consider(kept, {6.3, "CVSS:4.0", ""});
    EXPECT_EQ(kept->value, 6.3);
}

TEST(PortRanges, AreReadJoinedAndFound) {
    std::vector<PortRange> ranges;
    EXPECT_TRUE(AddPortRanges("80-90,22,91,T:443,U:53,S:9", "tcp", ranges));
    JoinRanges(ranges);
    EXPECT_THAT(ranges,
                ElementsAre(PortRange{"sctp", 9, 9}, PortRange{"tcp", 22, 22}, PortRange{"tcp", 80, 91}, PortRange{"tcp", 443, 443}, PortRange{"udp", 53, 53}));
    for (const std::uint16_t port : {22, 80, 85, 91, 443}) EXPECT_TRUE(Contains(ranges, "tcp", port)) << port;
    for (const std::uint16_t port : {1, 21, 23, 79, 92, 53, 65535}) EXPECT_FALSE(Contains(ranges, "tcp", port)) << port;
    EXPECT_TRUE(Contains(ranges, "udp", 53));
    EXPECT_FALSE(Contains({}, "udp", 53));
}

TEST(PortRanges, KnowEveryPortAndRefuseNames) {
    std::vector<PortRange> ranges;
    EXPECT_TRUE(AddPortRanges("all", "", ranges));
    EXPECT_TRUE(Contains(ranges, "udp", 65535));
    ranges.clear();
    for (const auto* list : {"default", "", ",", "1-", "-5-3", "9-3", "1-70000", "X:1", "1,x"}) EXPECT_FALSE(AddPortRanges(list, "tcp", ranges)) << list;
    EXPECT_THAT(ranges, IsEmpty());
}

TEST(CsvRows, KeepsQuotedLineEndsAndDoubledQuotes) {
    CsvRows rows("a,\"b\nc\",\"d\"\"e\"\r\n\r\n,\n");
    EXPECT_THAT(*rows.Next().value(), ElementsAre("a", "b\nc", "d\"e"));
    EXPECT_EQ(rows.line(), 1U);
    EXPECT_THAT(*rows.Next().value(), ElementsAre("", ""));
    EXPECT_EQ(rows.line(), 4U);
    EXPECT_FALSE(rows.Next().value());
}

TEST(CsvRows, RefusesAQuoteThatDoesNotEndOrGoesOn) {
    EXPECT_FALSE(CsvRows("a,\"b").Next().ok());
    EXPECT_FALSE(CsvRows("\"a\"b,c").Next().ok());
    EXPECT_FALSE(CsvRows(std::string(CsvRows::kMaxFields + 1, ',')).Next().ok());
}

TEST(ScanTime, ReadsEveryFormAndNotesAMissingZone) {
    ReportBuilder builder(Format::kNessus);
    EXPECT_EQ(ReadScanTime("2025-08-22T15:01:38+02:00", "x", builder), ParseRfc3339("2025-08-22T13:01:38Z").value());
    EXPECT_EQ(ReadEpoch("1396104416"), ParseRfc3339("2014-03-29T14:46:56Z").value());
    EXPECT_THAT(builder.report().not_understood, IsEmpty());
    EXPECT_EQ(ReadScanTime("Tue Jun 25 10:39:42 2013", "x", builder), ParseRfc3339("2013-06-25T10:39:42+08:00").value());
    EXPECT_EQ(ReadScanTime("Wed Mar  2 15:07:52 2022", "x", builder), ParseRfc3339("2022-03-02T15:07:52+08:00").value());
    EXPECT_EQ(ReadScanTime("2025-08-22T15:01:38", "x", builder), ParseRfc3339("2025-08-22T15:01:38+08:00").value());
    EXPECT_EQ(builder.report().not_understood.at(0).count, 3U);
    for (const auto* text : {"yesterday", "Tue Jun 31 10:39:42 2013", "Tue Jun 25 24:39:42 2013", "2025-13-01T00:00:00Z"})
        EXPECT_FALSE(ReadScanTime(text, "x", builder)) << text;
    EXPECT_FALSE(ReadEpoch("99999999999999999"));
    EXPECT_FALSE(ReadScanTime("", "x", builder));
}

Target Host(std::vector<std::string> identities) {
    Target target;
    for (const auto& identity : identities) AddHostIdentity(target, identity);
    return target;
}

TEST(HostIdentity, ComparesAddressesInOneForm) {
    EXPECT_EQ(CanonicalAddress("0:0:0:0:0:0:0:1"), "::1");
    EXPECT_EQ(CanonicalAddress("2001:DB8::0010"), "2001:db8::10");
    EXPECT_EQ(CanonicalAddress("fe80::1%eth0"), "fe80::1");
    EXPECT_EQ(CanonicalAddress("10.1.1.1"), "10.1.1.1");
    EXPECT_EQ(CanonicalAddress("10.1.1"), "");
    EXPECT_TRUE(IsSameTarget(Host({"2001:db8:0:0::10"}), Host({"2001:DB8::10"})));
}

TEST(HostIdentity, IsANameOrAnAddress) {
    EXPECT_TRUE(IsSameTarget(Host({"10.1.1.1", "Web1.Example.gov.tw."}), Host({"10.9.9.9", "web1.example.gov.tw"}))) << "by name";
    EXPECT_TRUE(IsSameTarget(Host({"10.1.1.1", "web1"}), Host({"10.1.1.1", "web1.example.gov.tw"}))) << "the short name agrees";
    EXPECT_TRUE(IsSameTarget(Host({"10.1.1.1"}), Host({"10.1.1.1", "web1"}))) << "one has no name";
    EXPECT_FALSE(IsSameTarget(Host({"10.1.1.1", "pc1"}), Host({"10.1.1.1", "pc2"}))) << "the address has passed on";
    EXPECT_FALSE(IsSameTarget(Host({"web1"}), Host({"web1.example.gov.tw"}))) << "a short name alone is no identity of a full one";
    EXPECT_FALSE(IsSameTarget(Host({"10.1.1.1"}), Host({"10.1.1.2"})));
}

TEST(HostIdentity, LeavesOutWhatEveryMachineHas) {
    const Target one = Host({"127.0.0.1", "::1", "localhost", "localhost.localdomain", "fe80::1", "169.254.1.1", "10.1.1.1"});
    EXPECT_THAT(one.addresses, ElementsAre("10.1.1.1"));
    EXPECT_THAT(one.host_names, IsEmpty());
    Target loopback = Host({"127.0.0.1"});
    loopback.name = "127.0.0.1";
    EnsureHostIdentity(loopback);
    EXPECT_THAT(loopback.addresses, ElementsAre("127.0.0.1")) << "when it has nothing else";
}

Finding Some(std::string check, std::string evidence) {
    Finding finding;
    finding.check = std::move(check);
    finding.evidence = std::move(evidence);
    return finding;
}

TEST(ReportBuilder, MakesOneOfWhatIsReportedTwice) {
    ReportBuilder builder(Format::kNessus);
    Finding first = Some("1", "seen at /a");
    first.cves = {"CVE-2020-0001"};
    first.state = State::kSuppressed;
    first.reason = "accepted";
    first.severity = Severity::kLow;
    Finding second = Some("1", "seen at /b");
    second.cves = {"CVE-2020-0002", "CVE-2020-0001"};
    second.severity = Severity::kHigh;
    second.severity_word = "3";
    ASSERT_TRUE(builder.Add(first).ok());
    ASSERT_TRUE(builder.Add(second).ok());
    ASSERT_TRUE(builder.Add(second).ok());
    Finding elsewhere = second;
    elsewhere.port = 80;
    ASSERT_TRUE(builder.Add(elsewhere).ok());
    const Report report = builder.Take();
    ASSERT_EQ(report.findings.size(), 2U);
    EXPECT_EQ(report.duplicates, 2U);
    const Finding& merged = report.findings.front();
    EXPECT_EQ(merged.evidence, "seen at /a\nseen at /b") << "the same evidence is not added twice";
    EXPECT_THAT(merged.cves, ElementsAre("CVE-2020-0001", "CVE-2020-0002"));
    EXPECT_EQ(merged.severity, Severity::kHigh);
    EXPECT_EQ(merged.severity_word, "3");
    EXPECT_EQ(merged.state, State::kOpen) << "open stands before suppressed";
    EXPECT_EQ(merged.times_reported, 3U);
}

TEST(ReportBuilder, CutsBetweenCharacters) {
    EXPECT_EQ(FrontOf("測試", 6), "測試");
    EXPECT_EQ(FrontOf("測試", 5), "測");
    EXPECT_EQ(FrontOf("測試", 3), "測");
    EXPECT_EQ(FrontOf("測試", 2), "");
}

TEST(ReportBuilder, BoundsTextsAndNotes) {
    ReportBuilder builder(Format::kNessus);
    ASSERT_TRUE(builder.Add(Some("1", std::string(1'000'000, 'x'))).ok());
    ASSERT_TRUE(builder.Add(Some("1", std::string(1'000'000, 'y'))).ok());
    for (int i = 0; i < 2000; ++i) builder.NoteUnread("place", {"", std::to_string(i)});
    const Report report = builder.Take();
    EXPECT_LE(report.findings.front().evidence.size(), kMaxEvidence + 3);
    EXPECT_EQ(report.not_understood.size(), kMaxNotes + 1);
    EXPECT_EQ(report.not_understood.back().count, 1500U);
}

}  // namespace
}  // namespace opsteward::scans
