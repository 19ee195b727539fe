#include "features/vulnerabilities/scan_reports/compare.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "features/vulnerabilities/scan_reports/read_report.hpp"
#include "features/vulnerabilities/scan_reports/report_json.hpp"

namespace opsteward::scans {
namespace {

using ::testing::HasSubstr;

Report Read(const std::string& text) {
    auto report = ReadReport(text);
    EXPECT_TRUE(report.ok()) << report.error().operator_text;
    return report.ok() ? *report : Report{};
}

Report Sample(std::string_view name) {
    std::ifstream file(std::filesystem::path(OPSTEWARD_SOURCE_DIR) / "tests/data/vulnerabilities/scan_reports" / name, std::ios::binary);
    return Read(std::string(std::istreambuf_iterator<char>(file), {}));
}

/// "fixed still not_looked_at new"
std::string Counts(const Comparison& comparison) {
    return std::to_string(comparison.fixed.size()) + ' ' + std::to_string(comparison.still_there.size()) + ' ' +
           std::to_string(comparison.not_looked_at.size()) + ' ' + std::to_string(comparison.added.size());
}

std::string WhyNot(const Comparison& comparison) {
    return comparison.not_looked_at.empty() ? "" : comparison.not_looked_at.front().reason.en;
}

struct NessusScan {
    std::string plugin_set = "1;2;3";
    std::string port_range = "1-1024";
    std::string host = "10.1.1.1";
    std::string properties = "<tag name='HOST_END_TIMESTAMP'>1648044472</tag>";
    std::string items = "";  // NOLINT(readability-redundant-string-init): designated initialisers leave it out

    Report report() const {
        return Read("<NessusClientData_v2><Policy><Preferences><ServerPreferences><preference><name>plugin_set</name><value>" + plugin_set +
                    "</value></preference><preference><name>port_range</name><value>" + port_range +
                    "</value></preference></ServerPreferences></Preferences></Policy><Report><ReportHost name='" + host + "'><HostProperties>" + properties +
                    "</HostProperties>" + items + "</ReportHost></Report></NessusClientData_v2>");
    }
};

std::string Item(const std::string& plugin, const std::string& port = "80", const std::string& inner = "") {
    return "<ReportItem pluginID='" + plugin + "' port='" + port + "' protocol='tcp' severity='3' pluginName='p'>" + inner + "</ReportItem>";
}

TEST(Compare, SaysWhatIsFixedStillThereAndNew) {
    const Report earlier = NessusScan{.items = Item("1") + Item("2")}.report();
    const Report later = NessusScan{.items = Item("2") + Item("3")}.report();
    const Comparison comparison = Compare(earlier, later);
    EXPECT_EQ(Counts(comparison), "1 1 0 1");
    EXPECT_EQ(earlier.findings[*comparison.fixed[0].earlier].check, "1");
    EXPECT_EQ(later.findings[*comparison.still_there[0].later].check, "2");
    EXPECT_EQ(later.findings[*comparison.added[0].later].check, "3");
    EXPECT_EQ(Counts(Compare(earlier, earlier)), "0 2 0 0");
}

TEST(Compare, ClosesNothingThatWasNotLookedAt) {
    const Report earlier = NessusScan{.items = Item("1")}.report();
    struct Case {
        NessusScan later;
        const char* why;
    };
    const std::vector<Case> cases{
        {{.plugin_set = "2;3"}, "The check 1 did not run"},
        {{.host = "10.1.1.2"}, "target is not in the new report"},
        {{.properties = "<tag name='HOST_START_TIMESTAMP'>1</tag>"}, "HOST_END"},
        {{.port_range = "1-79,81-1000"}, "did not try port 80/tcp"},
        {{.port_range = "default"}, "did not try port 80/tcp"},
        {{.items = "<ReportItem pluginID='10180' port='0' severity='0'><plugin_output>considered as dead</plugin_output></ReportItem>"}, "dead"},
    };
    for (const Case& a_case : cases) {
        const Comparison comparison = Compare(earlier, a_case.later.report());
        EXPECT_EQ(comparison.fixed.size(), 0U) << a_case.why;
        EXPECT_THAT(WhyNot(comparison), HasSubstr(a_case.why));
    }
    EXPECT_EQ(Counts(Compare(earlier, NessusScan{}.report())), "1 0 0 0");
    const Report by_name = NessusScan{.port_range = "default", .items = Item("1")}.report();
    EXPECT_EQ(Counts(Compare(by_name, NessusScan{.port_range = "default"}.report())), "1 0 0 0") << "the same choice of ports, by its name";
}

TEST(Compare, NeedsALoginForWhatWasFoundByOne) {
    const std::string end = "<tag name='HOST_END_TIMESTAMP'>1648044472</tag>";
    const std::string local = Item("1", "0", "<plugin_type>local</plugin_type>");
    const auto scan = [&](const char* login, const std::string& items) {
        return NessusScan{.properties = end + "<tag name='Credentialed_Scan'>" + login + "</tag>", .items = items}.report();
    };
    EXPECT_THAT(WhyNot(Compare(scan("true", local), scan("false", ""))), HasSubstr("log in"));
    EXPECT_EQ(Counts(Compare(scan("true", local), scan("true", ""))), "1 0 0 0");
    EXPECT_EQ(Counts(Compare(scan("false", local), scan("false", ""))), "1 0 0 0") << "it was found without one";
    EXPECT_THAT(WhyNot(Compare(scan("true", local), NessusScan{}.report())), HasSubstr("log in")) << "not said";
}

TEST(Compare, ClosesPortsThatWereTriedAndNoOthers) {
    const Report open = Sample("nmap_http.xml");
    const Comparison closed = Compare(open, Sample("nmap_closed.xml"));
    EXPECT_EQ(closed.fixed.size(), 1U) << "the port itself";
    EXPECT_EQ(closed.not_looked_at.size(), 2U) << "the scripts, which did not run";
    EXPECT_THAT(WhyNot(closed), HasSubstr("did not run"));
    const Comparison other = Compare(open, Sample("nmap_other.xml"));
    EXPECT_EQ(Counts(other), "0 0 3 0");
    EXPECT_THAT(other.not_looked_at.back().reason.en, HasSubstr("did not try port 18080/tcp"));
    EXPECT_EQ(Counts(Compare(open, open)), "0 3 0 0");
}

TEST(Compare, ClosesNothingOnAPortThatDoesNotAnswer) {
    const auto scan = [](const std::string& ports) {
        return Read(
            "<nmaprun args='nmap -sV --script vulners'><scaninfo protocol='tcp' services='22,80'/><host><address addr='10.1.1.1' addrtype='ipv4'/><ports>" +
            ports + "</ports></host><runstats><finished time='2' exit='success'/></runstats></nmaprun>");
    };
    const Report open = scan(
        "<port protocol='tcp' portid='22'><state state='open'/><script id='vulners' output=''><table key='cpe:/a:x:y:1'><table>"
        "<elem key='id'>CVE-2020-0001</elem><elem key='cvss'>5.0</elem></table></table></script></port>");
    ASSERT_EQ(open.findings.size(), 2U);
    EXPECT_EQ(Counts(Compare(open, scan("<port protocol='tcp' portid='22'><state state='closed'/></port>"))), "2 0 0 0");
    EXPECT_EQ(Counts(Compare(open, scan("<port protocol='tcp' portid='22'><state state='filtered'/></port>"))), "0 0 2 0");
    EXPECT_EQ(Counts(Compare(open, scan("<extraports state='filtered' count='2'/>"))), "0 0 2 0");
    EXPECT_EQ(Counts(Compare(open, scan("<extraports state='closed' count='2'/>"))), "2 0 0 0");
}

TEST(Compare, MatchesOtherToolsByCveAndFixesNothing) {
    const Report nessus =
        NessusScan{.items = Item("1", "80", "<cve>CVE-2020-0001</cve><cve>CVE-2020-0002</cve>") + Item("2", "80", "<cve>CVE-2020-0003</cve>")}.report();
    const Report openvas = Read(
        "<report><scan_run_status>Done</scan_run_status><results><result><host>10.1.1.1</host><port>80/tcp</port><nvt oid='1.9'><refs>"
        "<ref type='cve' id='CVE-2020-0002'/></refs></nvt><threat>High</threat></result><result><host>10.1.1.1</host><nvt oid='1.8'><refs>"
        "<ref type='cve' id='CVE-2020-0007'/></refs></nvt><threat>High</threat></result></results></report>");
    const Comparison comparison = Compare(nessus, openvas);
    EXPECT_EQ(Counts(comparison), "0 1 1 1");
    EXPECT_THAT(WhyNot(comparison), HasSubstr("another tool"));
    EXPECT_EQ(openvas.findings[*comparison.added[0].later].check, "1.8");
}

TEST(Compare, TrustsATaskOfOpenVasOnlyWithTheSameFilter) {
    const auto scan = [](const std::string& filter, const std::string& results, const std::string& status = "Done") {
        return Read("<report><scan_run_status>" + status + "</scan_run_status><task id='t1'/><filters><term>" + filter +
                    "</term></filters><host><ip>10.1.1.1</ip>"
                    "<end>2026-01-01T00:00:00Z</end></host><results>" +
                    results + "</results></report>");
    };
    const Report earlier = scan("levels=hml min_qod=70", "<result><host>10.1.1.1</host><nvt oid='1'/><threat>Low</threat></result>");
    EXPECT_EQ(Counts(Compare(earlier, scan("levels=hml min_qod=70", ""))), "1 0 0 0");
    EXPECT_EQ(Counts(Compare(earlier, scan("levels=h min_qod=70", ""))), "0 0 1 0");
    EXPECT_THAT(WhyNot(Compare(earlier, scan("levels=hml min_qod=70", "", "Stopped"))), HasSubstr("Stopped"));
}

TEST(Compare, CountsARuleThatPassesAsFixedAndOthersByTheirOutcome) {
    const auto scan = [](const std::string& a, const std::string& b, const std::string& c) {
        const auto rule = [](const std::string& id, const std::string& result) {
            return "<rule-result idref='" + id + "'><result>" + result + "</result></rule-result>";
        };
        return Read("<TestResult end-time='2026-01-01T00:00:00Z'><target>web1</target>" + rule("a", a) + rule("b", b) + rule("c", c) + "</TestResult>");
    };
    const Report earlier = scan("fail", "fail", "fail");
    const Comparison comparison = Compare(earlier, scan("pass", "fail", "notchecked"));
    EXPECT_EQ(Counts(comparison), "1 1 1 0");
    EXPECT_THAT(comparison.fixed[0].reason.en, HasSubstr("passes"));
    EXPECT_THAT(WhyNot(comparison), HasSubstr("no answer"));
    EXPECT_EQ(Counts(Compare(earlier, scan("notselected", "notapplicable", "error"))), "0 0 3 0");
    EXPECT_EQ(Counts(Compare(scan("pass", "notchecked", "fail"), scan("fail", "fail", "fail"))), "0 1 0 2");
}

std::string Grype(const std::string& version, const std::string& ids) {
    std::string matches;
    for (const char id : ids) {
        matches += std::string(matches.empty() ? "" : ",") + R"({"vulnerability":{"id":"CVE-2020-000)" + id +
                   R"(","severity":"High"},"artifact":{"name":"p","version":")" + version + R"(","purl":"pkg:deb/debian/p@)" + version +
                   R"(?arch=amd64","locations":[{"path":"/lib/)" + version + R"("}]}})";
    }
    return R"({"matches":[)" + matches + R"(],"source":{"type":"image","target":{"userInput":"img:1"}},"descriptor":{"name":"grype"}})";
}

TEST(Compare, FindsAVulnerabilityAgainInAnotherVersionOfItsComponent) {
    const Comparison comparison = Compare(Read(Grype("1.0", "12")), Read(Grype("1.1", "13")));
    EXPECT_EQ(Counts(comparison), "1 1 0 1");
}

std::string Sarif(const std::vector<int>& lines, const std::string& more = "") {
    std::string results;
    for (const int line : lines) {
        results += std::string(results.empty() ? "" : ",") +
                   R"({"ruleId":"R1","message":{"text":"m"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"a.c"},)" +
                   R"("region":{"startLine":)" + std::to_string(line) + "}}}]}";
    }
    return R"({"version":"2.1.0","runs":[{"tool":{"driver":{"name":"T","rules":[{"id":"R1"}]}},)" + more + R"("results":[)" + results + "]}]}";
}

TEST(Compare, FollowsFindingsThatMovedToOtherLines) {
    const std::string root = R"("versionControlProvenance":[{"repositoryUri":"https://example.org/r"}],)";
    EXPECT_EQ(Counts(Compare(Read(Sarif({3, 9, 20}, root)), Read(Sarif({5, 9}, root)))), "1 2 0 0");
    EXPECT_EQ(Counts(Compare(Read(Sarif({3}, root)), Read(Sarif({}, root)))), "1 0 0 0");
    EXPECT_EQ(Counts(Compare(Read(Sarif({3})), Read(Sarif({})))), "0 0 1 0") << "nothing shows that the file was looked at";
    EXPECT_EQ(Counts(Compare(Read(Sarif({3})), Read(Sarif({}, R"("artifacts":[{"location":{"uri":"a.c"}}],)")))), "1 0 0 0");
}

TEST(Compare, OfDocumentsThatShowNoSearchClosesNothing) {
    const Report spdx = Sample("spdx.json");
    const Report empty = Read(R"({"spdxVersion":"SPDX-2.3","name":"generic-image","creationInfo":{"creators":["Tool: syft-1.50.0"]}})");
    EXPECT_EQ(Counts(Compare(spdx, empty)), "0 0 4 0");
    EXPECT_EQ(Counts(Compare(Sample("openvas_detail.csv"), Read("IP,NVT OID\n10.99.99.99,1\n"))), "0 0 1 1");
}

TEST(Compare, GivesJsonWithCountsAndReasons) {
    const Report earlier = NessusScan{.items = Item("1")}.report();
    const Report later = NessusScan{.plugin_set = "2"}.report();
    const json::value value = ToJson(Compare(earlier, later), earlier, later);
    EXPECT_EQ(value.at("counts").at("not_looked_at").to_number<int>(), 1);
    EXPECT_EQ(value.at("not_looked_at").at(0).at("target").as_string(), "10.1.1.1");
    EXPECT_THAT(std::string(value.at("not_looked_at").at(0).at("comparison").at("en").as_string()), HasSubstr("did not run"));
    const json::value whole = ToJson(earlier);
    EXPECT_EQ(whole.at("findings").at(0).at("severity").as_string(), "high");
    EXPECT_EQ(whole.at("check_sets").at(0).at("listed").as_array().size(), 3U);
}

}  // namespace
}  // namespace opsteward::scans
