#include "features/vulnerabilities/scan_reports/read_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "features/vulnerabilities/scan_reports/testing/report_text.hpp"

namespace opsteward::scans {
namespace {

namespace fs = std::filesystem;

const fs::path kData = fs::path(OPSTEWARD_SOURCE_DIR) / "tests/data/vulnerabilities/scan_reports";
const fs::path kShared = fs::path(OPSTEWARD_SOURCE_DIR) / "../shared/data/vulnerabilities/scans";

std::string BytesOf(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<fs::path> Samples() {
    std::vector<fs::path> samples;
    for (const auto& entry : fs::directory_iterator(kData)) {
        const std::string extension = entry.path().extension();
        if (extension != ".expected" && extension != ".md") samples.push_back(entry.path());
    }
    std::ranges::sort(samples);
    return samples;
}

TEST(ReadReport, ReadsEverySampleAsWrittenBesideIt) {
    const auto samples = Samples();
    ASSERT_GE(samples.size(), 18U);
    for (const fs::path& sample : samples) {
        const auto report = ReadReport(BytesOf(sample));
        ASSERT_TRUE(report.ok()) << sample << report.error().operator_text;
        fs::path expected = sample;
        expected += ".expected";
        EXPECT_EQ(testing::Describe(*report), BytesOf(expected)) << sample;
    }
}

struct Shared {
    const char* path;
    Format format;
    std::size_t findings;
    std::size_t duplicates;
    std::map<Severity, std::size_t> open;
};

// Counted in the samples' own text.
TEST(ReadReport, CountsTheLargerSamplesRight) {
    if (!fs::is_directory(kShared)) GTEST_SKIP() << "the larger samples are not here (../shared)";
    const std::vector<Shared> samples{
        {"anchore_grype/check_all_fields.json", Format::kGrype, 5, 1, {{Severity::kInfo, 1}, {Severity::kHigh, 2}, {Severity::kCritical, 2}}},
        {"cyclonedx/issue_9277.json", Format::kCycloneDxJson, 14, 0, {{Severity::kLow, 2}, {Severity::kMedium, 7}, {Severity::kHigh, 5}}},
        {"nmap/issue4406.xml", Format::kNmap, 39, 0, {{Severity::kInfo, 31}, {Severity::kLow, 1}, {Severity::kMedium, 7}}},
        {"sarif/bash-report.sarif", Format::kSarif, 12, 15, {{Severity::kLow, 12}}},
        {"sarif/flawfinder.sarif", Format::kSarif, 54, 0, {{Severity::kLow, 50}, {Severity::kMedium, 1}, {Severity::kHigh, 2}}},
        {"tenable/nessus/nessus_many_vuln.xml", Format::kNessus, 7, 0, {{Severity::kInfo, 7}}},
        {"tenable/nessus/issue_6992.nessus", Format::kNessus, 1, 0, {{Severity::kMedium, 1}}},
    };
    for (const Shared& sample : samples) {
        const auto report = ReadReport(BytesOf(kShared / sample.path));
        ASSERT_TRUE(report.ok()) << sample.path << report.error().operator_text;
        EXPECT_EQ(report->format, sample.format) << sample.path;
        EXPECT_EQ(report->findings.size(), sample.findings) << sample.path;
        EXPECT_EQ(report->duplicates, sample.duplicates) << sample.path;
        std::map<Severity, std::size_t> open;
        for (const Finding& finding : report->findings) open[finding.severity] += finding.state == State::kOpen ? 1 : 0;
        EXPECT_EQ(open, sample.open) << sample.path;
    }
}

TEST(ReadReport, NamesWhatItLookedForInAnUnknownFile) {
    for (const std::string text : {"", "hello", "a,b\n1,2\n", "<html/>", R"({"a":1})", "[]", "[1]", "{\"runs\":3}"}) {
        const auto report = ReadReport(text);
        ASSERT_FALSE(report.ok()) << text;
        EXPECT_EQ(report.error().code, ErrorCode::kInvalidInput);
        EXPECT_THAT(report.error().caller_text.en, ::testing::HasSubstr("NessusClientData_v2")) << text;
        EXPECT_THAT(report.error().caller_text.zh, ::testing::HasSubstr("nmaprun")) << text;
    }
}

TEST(ReadReport, RefusesWhatIsAboveTheLimitOfBytes) {
    const auto report = ReadReport(std::string(100, '<'), 99);
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.error().code, ErrorCode::kTooLarge);
}

TEST(ReadReport, ReadsAPolicyOrABenchmarkAsNoReport) {
    EXPECT_THAT(ReadReport("<NessusClientData_v2><Policy/></NessusClientData_v2>").error().caller_text.en, ::testing::HasSubstr("policy"));
    EXPECT_THAT(ReadReport("<Benchmark id='x'/>").error().caller_text.en, ::testing::HasSubstr("benchmark"));
}

}  // namespace
}  // namespace opsteward::scans
