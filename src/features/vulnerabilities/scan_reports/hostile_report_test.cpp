// Reports that are cut off, damaged, in another encoding, or made to hurt.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "features/vulnerabilities/scan_reports/json_reading.hpp"
#include "features/vulnerabilities/scan_reports/read_report.hpp"
#include "features/vulnerabilities/scan_reports/testing/report_text.hpp"
#include "features/vulnerabilities/scan_reports/xml_reading.hpp"

namespace opsteward::scans {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

const fs::path kData = fs::path(OPSTEWARD_SOURCE_DIR) / "tests/data/vulnerabilities/scan_reports";

std::string BytesOf(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string Sample(std::string_view name) {
    return BytesOf(kData / name);
}

Error ErrorOf(std::string bytes) {
    auto report = ReadReport(std::move(bytes));
    EXPECT_FALSE(report.ok());
    return report.ok() ? Error{} : report.error();
}

std::string Utf16(std::string_view ascii, bool is_big_endian) {
    std::string text = is_big_endian ? "\xfe\xff" : "\xff\xfe";
    for (const char c : ascii) text += is_big_endian ? std::string{'\0', c} : std::string{c, '\0'};
    return text;
}

TEST(HostileReport, IsRefusedWhereverXmlOrJsonIsCutOff) {
    std::size_t tried = 0;
    for (const auto& entry : fs::directory_iterator(kData)) {
        const std::string extension = entry.path().extension();
        if (extension != ".xml" && extension != ".json" && extension != ".nessus" && extension != ".sarif") continue;
        const std::string whole = BytesOf(entry.path());
        // White space after the end may go.
        const std::size_t end = whole.find_last_not_of(" \r\n\t");
        const std::size_t step = std::max<std::size_t>(1, whole.size() / 150);
        for (std::size_t size = 0; size <= end; size += step) {
            const Error error = ErrorOf(whole.substr(0, size));
            EXPECT_EQ(error.code, ErrorCode::kInvalidInput) << entry.path() << " cut at " << size;
            ++tried;
        }
        EXPECT_EQ(ErrorOf(whole.substr(0, end)).code, ErrorCode::kInvalidInput) << entry.path();
    }
    EXPECT_GT(tried, 1000U);
}

TEST(HostileReport, SaysWhereACutFileEnds) {
    EXPECT_THAT(ErrorOf(R"({"bomFormat":"CycloneDX","vulnerabilities":[{"id":"CV)").caller_text.en, HasSubstr("at byte 53"));
    EXPECT_THAT(ErrorOf("<nmaprun><host>").caller_text.en, HasSubstr("of 15"));
    const std::string csv = Sample("openvas_detail.csv");
    EXPECT_THAT(ErrorOf(csv.substr(0, 1000)).caller_text.en, HasSubstr("line"));
    EXPECT_THAT(ErrorOf("IP,NVT OID\n1.2.3.4\n").caller_text.en, HasSubstr("Line 2 of the CSV has 1 fields, its header 2"));
    EXPECT_THAT(ErrorOf("SPDXVersion: SPDX-2.3\nPackageComment: <text>abc\n").caller_text.en, HasSubstr("line 2"));
}

TEST(HostileReport, NamesTheByteAtWhichJsonGoesWrong) {
    EXPECT_THAT(ErrorOf(R"({"bomFormat":x})").caller_text.en, HasSubstr("at byte 13"));
    EXPECT_THAT(ErrorOf(R"({"bomFormat":"CycloneDX"} x)").caller_text.en, HasSubstr("at byte 26"));
}

TEST(HostileReport, MayNotDeclareEntities) {
    const std::string laughs =
        "<?xml version=\"1.0\"?><!DOCTYPE nmaprun [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;\">]>"
        "<nmaprun args=\"&c;\"><host/></nmaprun>";
    EXPECT_THAT(ErrorOf(laughs).caller_text.en, HasSubstr("declares entities"));
    const std::string external = "<!DOCTYPE report [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><report><results/><a>&x;</a></report>";
    EXPECT_THAT(ErrorOf(external).caller_text.en, HasSubstr("declares entities"));
    EXPECT_THAT(ErrorOf("<!DOCTYPE a [<!ENTITY % p SYSTEM \"http://example.org/\"> %p;]><nmaprun/>").caller_text.en, HasSubstr("declares entities"));
    EXPECT_TRUE(ReadReport("<!DOCTYPE nmaprun><nmaprun><runstats><finished time='1' exit='success'/></runstats></nmaprun>").ok());
    EXPECT_TRUE(ReadReport("<!DOCTYPE nmaprun SYSTEM \"nmap.dtd\"><nmaprun/>").ok()) << "named, but never fetched";
}

TEST(HostileReport, MayNotBeTooDeep) {
    std::string xml = "<nmaprun>";
    for (std::size_t i = 0; i < kMaxXmlDepth; ++i) xml += "<a>";
    for (std::size_t i = 0; i < kMaxXmlDepth; ++i) xml += "</a>";
    const Error deep = ErrorOf(xml + "</nmaprun>");
    EXPECT_EQ(deep.code, ErrorCode::kTooLarge);
    EXPECT_THAT(deep.caller_text.en, HasSubstr("200 levels"));
    EXPECT_EQ(ErrorOf(std::string(2'000'000, '[')).code, ErrorCode::kTooLarge);
    EXPECT_EQ(ErrorOf("{\"runs\":" + std::string(kMaxJsonDepth, '[') + std::string(kMaxJsonDepth, ']') + "}").code, ErrorCode::kTooLarge);
    std::string open;
    for (int i = 0; i < 300'000; ++i) open += "<a>";
    EXPECT_EQ(ErrorOf(open).code, ErrorCode::kInvalidInput);
}

TEST(HostileReport, IsReadInUtf16WithAMark) {
    for (const char* name : {"trivy_jar.json", "nmap_vulners.xml"}) {
        std::string text = Sample(name);
        std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
        const auto plain = ReadReport(text);
        ASSERT_TRUE(plain.ok());
        for (const bool is_big_endian : {false, true}) {
            const auto report = ReadReport(Utf16(text, is_big_endian));
            ASSERT_TRUE(report.ok()) << name << report.error().operator_text;
            EXPECT_EQ(testing::Describe(*report), testing::Describe(*plain));
        }
    }
    EXPECT_THAT(ErrorOf(Utf16("<nmaprun/>", false) + "\n").caller_text.en, HasSubstr("UTF-16"));
    EXPECT_THAT(ErrorOf(std::string("\xff\xfe\x00\xd8<\x00", 6)).caller_text.en, HasSubstr("byte 2"));
}

TEST(HostileReport, InBig5IsRefusedWhenItSaysSoAndNotedWhenNot) {
    const std::string big5 = "\xb4\xfa\xb8\xd5";  // 測試
    EXPECT_THAT(ErrorOf("<?xml version=\"1.0\" encoding=\"Big5\"?><nmaprun args=\"" + big5 + "\"/>").caller_text.en, HasSubstr("encoding big5"));
    const auto report = ReadReport("<nmaprun args=\"" + big5 + "\"/>");
    ASSERT_TRUE(report.ok());
    ASSERT_FALSE(report->not_understood.empty());
    EXPECT_EQ(report->not_understood.front().place, "@ 15");
    EXPECT_THAT(report->title, HasSubstr("\xef\xbf\xbd"));
}

TEST(HostileReport, WithZeroBytesIsRefused) {
    std::string xml = "<nmaprun></nmaprun>";
    xml += '\0';
    EXPECT_THAT(ErrorOf(xml + "<nmaprun/>").caller_text.en, HasSubstr("Byte 19"));
}

std::string Repeated(std::string_view text, std::size_t count) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i) all += text;
    return all;
}

TEST(HostileReport, MayNotListMoreThanIsKept) {
    EXPECT_EQ(ErrorOf("{\"runs\":[0" + Repeated(",0", 20'000) + "]}").code, ErrorCode::kTooLarge);
    EXPECT_EQ(ErrorOf("<NessusClientData_v2><Policy><Preferences><ServerPreferences><preference><name>plugin_set</name><value>" + Repeated("1;", 1'000'000) +
                      "</value></preference></ServerPreferences></Preferences></Policy><Report/></NessusClientData_v2>")
                  .code,
              ErrorCode::kTooLarge);
    EXPECT_EQ(ErrorOf("{\"runs\":[{\"tool\":{\"driver\":{\"rules\":[{}" + Repeated(",{}", 1'000'000) + "]}}}]}").code, ErrorCode::kTooLarge);
}

TEST(HostileReport, HoldsOneDocument) {
    EXPECT_THAT(ErrorOf("<nmaprun/><nmaprun/>").caller_text.en, HasSubstr("second document"));
    EXPECT_THAT(ErrorOf("<?xml version='1.0'?>").caller_text.en, HasSubstr("ends too early"));
}

}  // namespace
}  // namespace opsteward::scans
