// What each format may have beyond the samples: made up after the tools' documentation.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/vulnerabilities/scan_reports/read_report.hpp"

namespace opsteward::scans {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Report Read(std::string text) {
    auto report = ReadReport(std::move(text));
    EXPECT_TRUE(report.ok()) << report.error().operator_text;
    return report.ok() ? *report : Report{};
}

std::vector<std::string> NotesOf(const Report& report) {
    std::vector<std::string> notes;
    for (const Note& note : report.not_understood) notes.push_back(note.what.en);
    return notes;
}

std::string Nessus(const std::string& policy, const std::string& items, const std::string& properties = "<tag name='HOST_END_TIMESTAMP'>1648044472</tag>") {
    return "<NessusClientData_v2><Policy>" + policy + "</Policy><Report name='r'><ReportHost name='10.1.1.1'><HostProperties>" + properties +
           "</HostProperties>" + items + "</ReportHost></Report></NessusClientData_v2>";
}

TEST(Nessus, ReadsSeverityFamiliesAndLogin) {
    const Report report =
        Read(Nessus("<FamilySelection><FamilyItem><FamilyName>Windows</FamilyName><Status>enabled</Status></FamilyItem>"
                    "<FamilyItem><FamilyName>CGI abuses</FamilyName><Status>mixed</Status></FamilyItem></FamilySelection>"
                    "<IndividualPluginSelection><PluginItem><PluginId>2</PluginId><Status>enabled</Status></PluginItem>"
                    "<PluginItem><PluginId>3</PluginId><Status>disabled</Status></PluginItem></IndividualPluginSelection>",
                    "<ReportItem port='445' protocol='tcp' severity='4' pluginID='1' pluginName='A' pluginFamily='Windows'>"
                    "<plugin_type>local</plugin_type><cve>CVE-2020-0001</cve><cve>cve-2020-0002</cve><cvss3_base_score>9.8</cvss3_base_score>"
                    "<cvss4_base_score>9.3</cvss4_base_score><cvss4_vector>CVSS:4.0/AV:N</cvss4_vector><plugin_output><![CDATA[a < b]]></plugin_output>"
                    "<novelty>x</novelty></ReportItem>"
                    "<ReportItem port='0' protocol='tcp' severity='9' pluginID='19506' pluginName='Info' pluginFamily='Settings'>"
                    "<plugin_output>Nessus version : 10.7.2 (build 1)\nCredentialed checks : yes, as admin via ssh\n</plugin_output></ReportItem>"));
    EXPECT_EQ(report.tool_version, "10.7.2");
    EXPECT_EQ(report.check_sets.at(0).basis, CheckSet::Basis::kFamilies);
    EXPECT_THAT(report.check_sets.at(0).families, ElementsAre("Windows"));
    EXPECT_THAT(report.check_sets.at(0).listed, ElementsAre("2"));
    EXPECT_THAT(report.check_sets.at(0).switched_off, ElementsAre("3"));
    const Finding& finding = report.findings.at(0);
    EXPECT_EQ(finding.severity, Severity::kCritical);
    EXPECT_EQ(finding.score->system, "CVSS:4.0");
    EXPECT_EQ(finding.evidence, "a < b");
    EXPECT_TRUE(finding.needs_login);
    EXPECT_EQ(report.targets.at(0).has_login, true);
    EXPECT_EQ(report.findings.at(1).severity, Severity::kUnknown);
    EXPECT_THAT(NotesOf(report), ElementsAre("The element novelty in ReportItem is not read.", "An item's severity is not 0 to 4, and it has no risk_factor."));
    EXPECT_THAT(report.not_understood.at(0).place, HasSubstr("<novelty> @ "));
}

TEST(Nessus, TellsPointsOfAnAuditApart) {
    const auto item = [](const std::string& name, const std::string& result) {
        return "<ReportItem port='0' severity='3' pluginID='21157' pluginName='Unix Compliance Checks' pluginFamily='Policy "
               "Compliance'><compliance>true</compliance>"
               "<cm:compliance-check-name xmlns:cm='x'>" +
               name + "</cm:compliance-check-name><cm:compliance-result xmlns:cm='x'>" + result + "</cm:compliance-result></ReportItem>";
    };
    const Report report = Read(Nessus("", item("1.1 a", "PASSED") + item("1.2 b", "FAILED") + item("1.3 c", "ERROR") + item("1.4 d", "MAYBE")));
    ASSERT_EQ(report.findings.size(), 4U);
    EXPECT_EQ(report.findings[0].state, State::kPassed);
    EXPECT_EQ(report.findings[1].state, State::kOpen);
    EXPECT_EQ(report.findings[1].check, "21157:1.2 b");
    EXPECT_EQ(report.findings[2].state, State::kNoAnswer);
    EXPECT_EQ(report.findings[3].state, State::kNoAnswer);
    EXPECT_THAT(NotesOf(report), ElementsAre("The compliance-result “MAYBE” is not known."));
}

TEST(Nessus, KnowsAHostThatWasNotScannedToItsEnd) {
    EXPECT_THAT(Read(Nessus("", "", "<tag name='HOST_START_TIMESTAMP'>1648042311</tag>")).targets.at(0).interruption.en, HasSubstr("HOST_END"));
    const Report dead =
        Read(Nessus("",
                    "<ReportItem port='0' severity='0' pluginID='10180'><plugin_output>The remote host (10.1.1.1) is considered as dead - not scanning"
                    "</plugin_output></ReportItem>"));
    EXPECT_THAT(dead.targets.at(0).interruption.en, HasSubstr("dead"));
}

TEST(OpenVas, ReadsErrorsLoginsAndOverrides) {
    const Report report = Read(
        "<get_reports_response><report><report><scan_run_status>Stopped</scan_run_status><task id='t'/><filters><term>rows=2 first=1 levels=hm</term></filters>"
        "<host><ip>10.1.1.1</ip><start>2026-01-01T00:00:00Z</start><end></end><detail><name>hostname</name><value>web1.example.gov.tw</value></detail>"
        "<detail><name>Auth-SSH-Failure</name><value>x</value></detail></host>"
        "<results><result><host>10.1.1.1</host><port>https (443/tcp)</port><nvt oid='1.2'><cve>CVE-2020-1, CVE-2020-0001</cve></nvt><threat>False "
        "Positive</threat>"
        "<severity>-1.0</severity><original_threat>High</original_threat></result>"
        "<result><host>10.1.1.2</host><port>general/icmp</port><nvt oid='1.3'/><threat>Peculiar</threat><severity></severity></result></results>"
        "<errors><error><host>10.1.1.2</host><nvt oid='1.4'/><description>NVT timed out after 320 seconds.</description></error></errors>"
        "</report></report></get_reports_response>");
    EXPECT_THAT(report.interruption.en, HasSubstr("Stopped"));
    EXPECT_EQ(report.check_sets.at(0).configuration, "task t levels=hm min_qod=");
    ASSERT_EQ(report.targets.size(), 2U);
    EXPECT_THAT(report.targets[0].host_names, ElementsAre("web1.example.gov.tw"));
    EXPECT_EQ(report.targets[0].has_login, false);
    EXPECT_FALSE(report.targets[0].interruption.empty());
    EXPECT_THAT(report.targets[1].failed_checks, ElementsAre("1.4"));
    const Finding& suppressed = report.findings.at(0);
    EXPECT_EQ(suppressed.state, State::kSuppressed);
    EXPECT_THAT(suppressed.reason, HasSubstr("override: High -> False Positive"));
    EXPECT_THAT(suppressed.cves, ElementsAre("CVE-2020-0001"));
    EXPECT_EQ(suppressed.port, 443);
    EXPECT_EQ(suppressed.service, "https");
    EXPECT_EQ(report.findings.at(1).severity, Severity::kUnknown);
    EXPECT_EQ(report.findings.at(1).port, 0);
}

TEST(OpenVas, KnowsAPageOfTheResults) {
    const Report report = Read(
        "<report><scan_run_status>Done</scan_run_status><filters><term>rows=1 first=1</term></filters><results><result><host>1.1.1.1</host>"
        "<nvt oid='1'/><threat>Low</threat></result></results></report>");
    EXPECT_THAT(report.interruption.en, HasSubstr("rows, first"));
}

std::string Nmap(const std::string& inner, const std::string& args = "nmap -sV --script=vuln") {
    return "<nmaprun scanner='nmap' args='" + args + "' start='1'><scaninfo type='syn' protocol='tcp' services='22,80'/>" + inner +
           "<runstats><finished time='2' exit='success'/></runstats></nmaprun>";
}

TEST(Nmap, ReadsTheVulnsLibrary) {
    const Report report =
        Read(Nmap("<host><status state='up'/><address addr='10.1.1.1' addrtype='ipv4'/><address addr='00:00:5E:00:53:01' addrtype='mac'/><ports>"
                  "<extraports state='filtered' count='1'/><port protocol='tcp' portid='80'><state state='open'/><script id='http-vuln-x' output='VULNERABLE'>"
                  "<table key='CVE-2014-0160'><elem key='title'>Heart</elem><elem key='state'>LIKELY VULNERABLE</elem><table "
                  "key='ids'><elem>CVE:CVE-2014-0160</elem></table>"
                  "<table key='description'><elem>Text.</elem></table></table>"
                  "<table key='CVE-2014-0161'><elem key='title'>No</elem><elem key='state'>NOT VULNERABLE</elem></table></script>"
                  "<script id='broken' output='ERROR: Script execution failed'/></port>"
                  "<port protocol='tcp' portid='22'><state state='filtered'/></port></ports>"
                  "<hostscript><script id='smb-os' output='Windows'/></hostscript></host>"
                  "<host timedout='true'><status state='up'/><address addr='10.1.1.2' addrtype='ipv4'/></host>"
                  "<host><status state='down'/><address addr='10.1.1.3' addrtype='ipv4'/></host><postscript><script id='p' output='o'/></postscript>"));
    ASSERT_EQ(report.findings.size(), 4U);
    EXPECT_EQ(report.findings[0].check, "http-vuln-x:CVE-2014-0160");
    EXPECT_EQ(report.findings[0].severity, Severity::kUnknown);
    EXPECT_THAT(report.findings[0].cves, ElementsAre("CVE-2014-0160"));
    EXPECT_THAT(report.findings[0].evidence, HasSubstr("Text."));
    EXPECT_EQ(report.findings[1].state, State::kPassed);
    EXPECT_EQ(report.findings[2].check, "open-port");
    EXPECT_EQ(report.findings[3].check, "smb-os");
    EXPECT_THAT(report.targets.at(0).failed_checks, ElementsAre("broken"));
    EXPECT_THAT(report.targets.at(0).unanswered, ElementsAre(PortRange{"tcp", 22, 22}));
    EXPECT_TRUE(report.targets.at(0).others_may_be_unanswered);
    EXPECT_THAT(report.targets.at(1).interruption.en, HasSubstr("timed out"));
    EXPECT_THAT(report.targets.at(2).interruption.en, HasSubstr("did not answer"));
    EXPECT_EQ(report.not_understood.size(), 2U);
}

TEST(Nmap, ReadsVulnersOfOldReleasesFromItsText) {
    const Report report =
        Read(Nmap("<host><address addr='10.1.1.1' addrtype='ipv4'/><ports><port protocol='tcp' portid='22'><state state='closed'/><script id='vulners' "
                  "output='&#xa;  cpe:/a:x:y:1.0: &#xa;    &#x9;CVE-2018-15919&#x9;9.1&#x9;https://vulners.com/x'/></port></ports></host>"));
    ASSERT_EQ(report.findings.size(), 1U);
    EXPECT_EQ(report.findings[0].severity, Severity::kCritical);
    EXPECT_EQ(report.findings[0].component.name, "y");
    EXPECT_EQ(report.findings[0].component.version, "1.0");
}

TEST(Nmap, KnowsScriptsByTheirNamesOnTheCommandLine) {
    const Report with_versions = Read(Nmap("", "nmap -A --script=default,/x/vulners.nse,+http-title"));
    EXPECT_THAT(with_versions.check_sets.at(0).families, ElementsAre("default", "http-title", "open-port", "vulners"));
    EXPECT_EQ(with_versions.check_sets.at(0).configuration, "-A --script=default,/x/vulners.nse,+http-title");
    const Report without = Read(Nmap("", "nmap --script vulners -p 22"));
    EXPECT_THAT(without.check_sets.at(0).families, ElementsAre("open-port")) << "it judges by versions, and none are found out";
    EXPECT_THAT(Read("<nmaprun args='nmap x'></nmaprun>").interruption.en, HasSubstr("no record of the end"));
}

TEST(Xccdf, ReadsEveryOutcome) {
    std::string rules;
    for (const auto* result : {"pass", "fail", "error", "unknown", "notapplicable", "notchecked", "notselected", "informational", "fixed", "odd"}) {
        rules += std::string("<rule-result idref='r-") + result + "' severity='high'><result>" + result + "</result></rule-result>";
    }
    const Report report =
        Read("<TestResult end-time='2026-01-01T00:00:00Z' test-system='cpe:/a:redhat:openscap:1.3.7'><target>web1</target>" + rules + "</TestResult>");
    EXPECT_EQ(report.tool, "openscap");
    ASSERT_EQ(report.findings.size(), 9U) << "what was not selected is no finding";
    const std::vector<State> states{State::kPassed,   State::kOpen, State::kNoAnswer, State::kNoAnswer, State::kNotApplicable,
                                    State::kNoAnswer, State::kOpen, State::kPassed,   State::kNoAnswer};
    for (std::size_t i = 0; i < states.size(); ++i) EXPECT_EQ(report.findings[i].state, states[i]) << report.findings[i].check;
    EXPECT_EQ(report.findings[6].severity, Severity::kInfo);
    EXPECT_THAT(report.check_sets.at(0).listed, ElementsAre("r-fail", "r-fixed", "r-informational", "r-notapplicable", "r-pass"));
    EXPECT_THAT(NotesOf(report), ElementsAre("The result “odd” is not known."));
}

TEST(Sarif, ReadsRulesKindsSuppressionsAndScores) {
    const Report report = Read(R"({"version":"2.1.0","runs":[{"tool":{"driver":{"name":"T","semanticVersion":"1","rules":[
        {"id":"CVE-2024-1000","properties":{"security-severity":"9.1","tags":["cve-2024-1001"]},"messageStrings":{"m":{"text":"{0} in {1} {{x}"}}},
        {"id":"off","defaultConfiguration":{"enabled":false}},{"id":"note","defaultConfiguration":{"level":"note"}}]},
        "extensions":[{"name":"E","rules":[{"id":"ext"}]}]},
        "invocations":[{"executionSuccessful":false,"ruleConfigurationOverrides":[{"descriptor":{"id":"note"},"configuration":{"enabled":false}}]}],
        "artifacts":[{"location":{"uri":"a.c"},"roles":["analysisTarget"]},{"location":{"uri":"b.c"},"roles":["added"]}],
        "results":[
        {"ruleIndex":0,"message":{"id":"m","arguments":["one","two"]},"locations":[{"physicalLocation":{"artifactLocation":{"index":0},
            "region":{"startLine":3}}}]},
        {"rule":{"index":0,"toolComponent":{"index":0}},"kind":"open","message":{"text":"x"}},
        {"ruleId":"note/7","message":{"text":"x"},"suppressions":[{"kind":"inSource","justification":"why"}]},
        {"ruleId":"note","level":"error","message":{"text":"x"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"b.c"}}}],
            "suppressions":[{"kind":"external","status":"rejected"}],"baselineState":"absent"},
        {"ruleId":"none","kind":"informational","message":{"text":"x"}},
        {"ruleId":"w","message":{"text":"x"},"level":"odd"}]}]})");
    ASSERT_EQ(report.findings.size(), 6U);
    EXPECT_EQ(report.findings[0].severity, Severity::kCritical);
    EXPECT_THAT(report.findings[0].cves, ElementsAre("CVE-2024-1000", "CVE-2024-1001"));
    EXPECT_EQ(report.findings[0].evidence, "one in two {x}");
    EXPECT_EQ(report.findings[0].component.location, "a.c");
    EXPECT_EQ(report.findings[1].check, "ext");
    EXPECT_EQ(report.findings[1].state, State::kNoAnswer);
    EXPECT_EQ(report.findings[2].check, "note");
    EXPECT_EQ(report.findings[2].severity, Severity::kLow);
    EXPECT_EQ(report.findings[2].state, State::kSuppressed);
    EXPECT_EQ(report.findings[2].reason, "inSource: why");
    EXPECT_EQ(report.findings[3].state, State::kPassed);
    EXPECT_EQ(report.findings[4].severity, Severity::kInfo);
    EXPECT_EQ(report.findings[5].severity, Severity::kUnknown);
    EXPECT_THAT(NotesOf(report), ElementsAre("The level “odd” is not known."));
    EXPECT_THAT(report.check_sets.at(0).listed, ElementsAre("CVE-2024-1000", "ext"));
    EXPECT_EQ(report.targets.at(0).name, "a.c");
    EXPECT_THAT(report.targets.at(0).interruption.en, HasSubstr("executionSuccessful"));
}

TEST(CycloneDx, ReadsAnalysesRatingsAndUnknownComponents) {
    const Report report =
        Read(R"({"bomFormat":"CycloneDX","metadata":{"tools":{"components":[{"name":"grype","version":"1"}]},"component":{"type":"container","name":"img"}},
        "components":[{"bom-ref":"a","name":"x","group":"g","components":[{"bom-ref":"b","name":"inner"}]}],
        "vulnerabilities":[
        {"id":"GHSA-1","references":[{"id":"CVE-2020-0001"}],"ratings":[{"score":7.5,"method":"CVSSv31"},{"severity":"odd"}],"affects":[{"ref":"a"},
            {"ref":"b"},{"ref":"c"}]},
        {"id":"V2","ratings":[{"severity":"unknown"}],"analysis":{"state":"not_affected","justification":"code_not_present","detail":"d"}},
        {"id":"V3","analysis":{"state":"resolved"}},{"id":"V4","analysis":{"state":"false_positive"}},{"id":"V5","analysis":{"state":"who_knows"}},
        {"id":"V6","affects":[{"ref":"a","versions":[{"version":"1","status":"unaffected"}]}]}]})");
    EXPECT_EQ(report.targets.at(0).kind, TargetKind::kImage);
    ASSERT_EQ(report.findings.size(), 8U);
    EXPECT_EQ(report.findings[0].component.name, "g/x");
    EXPECT_EQ(report.findings[0].severity, Severity::kHigh);
    EXPECT_THAT(report.findings[0].cves, ElementsAre("CVE-2020-0001"));
    EXPECT_EQ(report.findings[1].component.name, "inner");
    EXPECT_EQ(report.findings[2].component.name, "c");
    EXPECT_EQ(report.findings[3].state, State::kNotApplicable);
    EXPECT_EQ(report.findings[3].reason, "not_affected; code_not_present; d");
    EXPECT_EQ(report.findings[3].severity, Severity::kUnknown);
    EXPECT_EQ(report.findings[4].state, State::kPassed);
    EXPECT_EQ(report.findings[5].state, State::kSuppressed);
    EXPECT_EQ(report.findings[6].state, State::kOpen);
    EXPECT_EQ(report.findings[7].state, State::kNotApplicable);
    EXPECT_EQ(report.not_understood.size(), 3U);
}

TEST(CycloneDx, ReadsTheSameOfXml) {
    const Report report = Read(R"(<bom xmlns="http://cyclonedx.org/schema/bom/1.5"><metadata><tools><tool><name>T</name><version>2</version></tool></tools>
        <component type="application"><name>app</name></component></metadata><components><component bom-ref="a"><name>x</name><version>1</version>
            </component></components>
        <vulnerabilities><vulnerability><id>CVE-2020-0001</id><ratings><rating><score>9.1</score><severity>critical</severity>
            <method>CVSSv31</method></rating></ratings>
        <affects><target><ref>a</ref><versions><version><version>1</version><status>affected</status></version></versions></target></affects>
        <analysis><state>in_triage</state></analysis></vulnerability></vulnerabilities></bom>)");
    ASSERT_EQ(report.findings.size(), 1U);
    EXPECT_EQ(report.findings[0].component.version, "1");
    EXPECT_EQ(report.findings[0].score, (Score{9.1, "CVSS:3.1", ""}));
    EXPECT_EQ(report.findings[0].state, State::kOpen);
    EXPECT_EQ(report.check_sets.at(0).basis, CheckSet::Basis::kAll);
    EXPECT_EQ(Read("<bom serialNumber='s'/>").check_sets.at(0).basis, CheckSet::Basis::kUnknown);
}

TEST(Spdx, ReadsTagValueAsItReadsJson) {
    const Report report = Read(
        "# comment\nSPDXVersion: SPDX-2.3\nDocumentName: doc\nCreator: Organization: O\nCreator: Tool: syft-1.50.0\nCreated: 2026-07-29T00:00:00Z\n"
        "DocumentComment: <text>two\nlines: of text</text>\n"
        "PackageName: busybox\nPackageVersion: 1.30.1\nExternalRef: SECURITY cpe23Type cpe:2.3:a:busybox:busybox:1.30.1:*:*:*:*:*:*:*\n"
        "ExternalRef: PACKAGE-MANAGER purl pkg:apk/alpine/busybox@1.30.1\nExternalRef: SECURITY advisory https://example.com/CVE-2024-10001\n"
        "ExternalRef: SECURITY fix https://example.com/fix/CVE-2024-10001\nExternalRefComment: Fixed upstream\n"
        "ExternalRef: SECURITY fix https://example.com/fix/CVE-2024-10009\nExternalRef: SECURITY url https://example.com/\n"
        "ExternalRef: SECURITY strange x\nFileName: ./a\nExternalRef: SECURITY advisory CVE-2024-10002\n");
    EXPECT_EQ(report.format, Format::kSpdxTagValue);
    EXPECT_EQ(report.tool, "syft");
    EXPECT_EQ(report.tool_version, "1.50.0");
    ASSERT_EQ(report.findings.size(), 1U);
    EXPECT_EQ(report.findings[0].check, "CVE-2024-10001");
    EXPECT_EQ(report.findings[0].solution, "https://example.com/fix/CVE-2024-10001 (Fixed upstream)");
    EXPECT_EQ(report.findings[0].component.purl, "pkg:apk/alpine/busybox@1.30.1");
    EXPECT_EQ(report.not_understood.size(), 3U);
    EXPECT_FALSE(ReadReport("SPDXVersion: SPDX-3.0\n").ok());
    EXPECT_FALSE(ReadReport("SPDXVersion: SPDX-2.3\nno tag\n").ok());
    EXPECT_FALSE(ReadReport(R"({"spdxVersion":"SPDX-3.0"})").ok());
}

TEST(Trivy, ReadsMisconfigurationsSecretsAndWhatWasTakenAway) {
    const Report report = Read(R"({"SchemaVersion":2,"ArtifactName":"repo","ArtifactType":"repository","Results":[
        {"Target":"Dockerfile","Class":"config","Misconfigurations":[{"AVDID":"AVD-DS-0002","Title":"t","Status":"FAIL","Severity":"HIGH",
            "CauseMetadata":{"StartLine":4}},
            {"ID":"DS001","Status":"PASS","Severity":"LOW"},{"ID":"DS003","Status":"EXCEPTION","Severity":"LOW"}]},
        {"Target":"key.pem","Class":"secret","Secrets":[{"RuleID":"private-key","Severity":"CRITICAL","StartLine":1,"Match":"****"}]},
        {"Target":"go.mod","Class":"lang-pkgs","Vulnerabilities":[{"VulnerabilityID":"GHSA-1","VendorIDs":["CVE-2020-0009"],"PkgName":"m",
            "Severity":"ODD","Status":"not_affected",
            "CVSS":{"nvd":{"V2Score":5}}}],
         "Licenses":[{"Name":"GPL"}],"ExperimentalModifiedFindings":[{"Type":"vulnerability","Status":"ignored","Statement":"accepted","Source":".trivyignore",
            "Finding":{"VulnerabilityID":"CVE-2020-0001","PkgName":"n","Severity":"LOW"}}]}]})");
    ASSERT_EQ(report.findings.size(), 6U);
    EXPECT_EQ(report.findings[0].check, "AVD-DS-0002");
    EXPECT_EQ(report.findings[0].line, 4U);
    EXPECT_EQ(report.findings[1].state, State::kPassed);
    EXPECT_EQ(report.findings[2].state, State::kSuppressed);
    EXPECT_EQ(report.findings[3].severity, Severity::kCritical);
    EXPECT_EQ(report.findings[4].state, State::kNotApplicable);
    EXPECT_THAT(report.findings[4].cves, ElementsAre("CVE-2020-0009"));
    EXPECT_EQ(report.findings[4].component.location, "go.mod");
    EXPECT_EQ(report.findings[4].score->system, "CVSS:2.0");
    EXPECT_EQ(report.findings[5].state, State::kSuppressed);
    EXPECT_EQ(report.findings[5].reason, "ignored; accepted (.trivyignore)");
    EXPECT_THAT(report.check_sets.at(0).families, ElementsAre("config", "lang-pkgs", "secret"));
    EXPECT_THAT(NotesOf(report), ElementsAre("The severity “ODD” is not known.", "Licenses are no vulnerabilities and are not read."));
}

TEST(Trivy, ReadsTheBareListOfOldReleases) {
    const Report report = Read(
        R"([{"Target":"alpine:3.9","Type":"alpine","Vulnerabilities":[{"VulnerabilityID":"CVE-2019-0001","PkgName":"p","InstalledVersion":"1",
            "Severity":"HIGH"}]}])");
    EXPECT_EQ(report.format, Format::kTrivy);
    EXPECT_EQ(report.targets.at(0).name, "alpine:3.9");
    ASSERT_EQ(report.findings.size(), 1U);
}

TEST(Trivy, NotesWhatALaterReleaseMayAdd) {
    const Report report = Read(R"({"SchemaVersion":2,"ArtifactName":"a","Novelty":1,"Results":[3,{"Target":"t","Malware":[{}]}]})");
    EXPECT_THAT(NotesOf(report), ElementsAre("The member Novelty is not known and not read.", "A value that should be an object is none and is not read.",
                                             "The member Malware is not known and not read."));
}

TEST(Grype, ReadsWhatWasIgnoredAndOptionsThatHide) {
    const Report report = Read(R"({"matches":[],"ignoredMatches":[{"vulnerability":{"id":"CVE-2020-0001","severity":"High"},"artifact":{"name":"a"},
        "appliedIgnoreRules":[{"vulnerability":"CVE-2020-0001","reason":"not reachable"}]}],"source":{"type":"directory","target":"/src"},
        "descriptor":{"name":"grype","version":"0.80","timestamp":"2026-01-01T00:00:00Z","configuration":{"only-fixed":true}}})");
    ASSERT_EQ(report.findings.size(), 1U);
    EXPECT_EQ(report.findings[0].state, State::kSuppressed);
    EXPECT_EQ(report.findings[0].reason, "reason: not reachable; vulnerability: CVE-2020-0001");
    EXPECT_EQ(report.targets.at(0).kind, TargetKind::kFiles);
    EXPECT_EQ(report.check_sets.at(0).basis, CheckSet::Basis::kUnknown) << "only-fixed hides findings";
    EXPECT_THAT(report.not_understood, IsEmpty());
}

}  // namespace
}  // namespace opsteward::scans
