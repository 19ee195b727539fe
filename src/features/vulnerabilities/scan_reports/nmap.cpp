// nmap's XML output (nmap.dtd, "Nmap XML Output" in the reference guide): open ports, and what NSE scripts found.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "features/vulnerabilities/scan_reports/cve_list.hpp"
#include "features/vulnerabilities/scan_reports/format_readers.hpp"
#include "features/vulnerabilities/scan_reports/host_identity.hpp"
#include "features/vulnerabilities/scan_reports/port_ranges.hpp"
#include "features/vulnerabilities/scan_reports/scan_time.hpp"
#include "features/vulnerabilities/scan_reports/severity.hpp"

namespace opsteward::scans {
namespace {

constexpr std::string_view kOpenPort = "open-port";  ///< check and family of an open port itself

/// These judge by the version that -sV finds out.
bool NeedsVersions(std::string_view script) {
    return script == "vulners" || script == "vulscan";
}

/// "vulners" of "nmap-vulners/vulners.nse".
std::string ScriptName(std::string_view text) {
    std::string_view name = text.substr(text.rfind('/') == std::string_view::npos ? 0 : text.rfind('/') + 1);
    if (name.starts_with('+')) name.remove_prefix(1);
    if (name.ends_with(".nse")) name.remove_suffix(4);
    return std::string(name);
}

/// Text of an <elem key="…"> of a script's <table>.
std::string_view ElemOf(pugi::xml_node table, std::string_view key) {
    for (const pugi::xml_node elem : table.children()) {
        if (LocalName(elem) == "elem" && AttributeOf(elem, "key") == key) return Trim(elem.child_value());
    }
    return {};
}

pugi::xml_node TableOf(pugi::xml_node table, std::string_view key) {
    for (const pugi::xml_node inner : table.children()) {
        if (LocalName(inner) == "table" && AttributeOf(inner, "key") == key) return inner;
    }
    return {};
}

/// Product and version of "cpe:/a:openbsd:openssh:7.4" (CPE 2.2 URI, NISTIR 7695 section 6.1).
Component ComponentOfCpe(std::string_view cpe) {
    Component component;
    component.cpe = cpe;
    const auto parts = Split(FrontOf(cpe, kMaxWord), ':');
    component.name = parts.size() > 3 ? std::string(parts[3]) : std::string(cpe);
    if (parts.size() > 4) component.version = parts[4];
    return component;
}

class NmapReader {
  public:
    explicit NmapReader(ReportBuilder& builder) : builder_(builder) {}

    Result<void> Read(pugi::xml_node root) {
        Report& report = builder_.report();
        report.tool = AttributeOf(root, "scanner").empty() ? "nmap" : Bounded(AttributeOf(root, "scanner"), kMaxWord);
        report.tool_version = Bounded(AttributeOf(root, "version"), kMaxWord);
        report.title = Bounded(AttributeOf(root, "args"), kMaxTitle);
        report.start = ReadEpoch(AttributeOf(root, "start"));
        ReadPorts(root);
        ReadChecks(AttributeOf(root, "args"));
        ReadEnd(ChildOf(root, "runstats"));
        for (const pugi::xml_node child : root.children()) {
            const std::string_view name = LocalName(child);
            if (name == "host") {
                OPS_CHECK(ReadHost(child));
            } else if (name == "prescript" || name == "postscript") {
                builder_.NoteUnread(PlaceOf(child), {"prescript、postscript 的輸出不屬於任何主機，未讀取。",
                                                     "The output of prescript and postscript belongs to no host and is not read."});
            }
        }
        if (others_ > 0) {
            builder_.NoteUnread("script vulners", {fmt::format("vulners 另列出 {} 個不是 CVE 的項目（攻擊程式、公告）。", others_),
                                                   fmt::format("vulners lists {} entries besides that are no CVE (exploits, advisories).", others_)});
        }
        return Ok();
    }

  private:
    void ReadPorts(pugi::xml_node root) {
        PortChoice ports;
        ports.is_limited = true;
        for (const pugi::xml_node info : root.children()) {
            if (LocalName(info) != "scaninfo") continue;
            const std::string_view services = AttributeOf(info, "services");
            if (!services.empty() && !AddPortRanges(services, AttributeOf(info, "protocol"), ports.ranges)) {
                builder_.NoteUnread(PlaceOf(info), {"scaninfo 的 services 不是埠號清單。", "The services of a scaninfo are no list of ports."});
            }
            if (!ports.choice.empty()) ports.choice += ' ';
            ports.choice += fmt::format("{}:{}", AttributeOf(info, "protocol"), Shorten(services, 200));
        }
        builder_.AddPortChoice(std::move(ports));
    }

    /// Of the command line: the scripts by name, and everything that chooses scripts.
    void ReadChecks(std::string_view args) {
        CheckSet checks;
        checks.basis = CheckSet::Basis::kFamilies;
        checks.families.emplace_back(kOpenPort);
        checks.evidence = "args, scaninfo";
        std::vector<std::string_view> words;
        for (const std::string_view word : Split(FrontOf(args, kMaxListText), ' ')) {
            if (!word.empty()) words.push_back(word);
        }
        const bool finds_versions = std::ranges::any_of(words, [](std::string_view word) { return word == "-sV" || word == "-A" || word.starts_with("-sSV"); });
        for (std::size_t i = 0; i < words.size(); ++i) {
            std::string_view word = words[i];
            const bool chooses = word == "-sV" || word == "-sC" || word == "-A" || word.starts_with("--script") || word.starts_with("--version-");
            if (!chooses) continue;
            if (!checks.configuration.empty()) checks.configuration += ' ';
            checks.configuration += word;
            std::string_view value;
            if (const std::size_t equals = word.find('='); equals != std::string_view::npos) {
                value = word.substr(equals + 1);
                word = word.substr(0, equals);
            } else if (word.starts_with("--script") && i + 1 < words.size()) {
                value = words[++i];
                checks.configuration += fmt::format(" {}", value);
            }
            if (word != "--script") continue;
            for (const std::string_view script : Split(value, ',')) {
                const std::string name = ScriptName(script);
                if (!name.empty() && (finds_versions || !NeedsVersions(name))) checks.families.push_back(name);
            }
        }
        // Of a longer one nobody could say that it is the same.
        if (checks.configuration.size() > kMaxEvidence) checks.configuration.clear();
        builder_.AddCheckSet(std::move(checks));
    }

    void ReadEnd(pugi::xml_node stats) {
        const pugi::xml_node finished = ChildOf(stats, "finished");
        builder_.report().end = ReadEpoch(AttributeOf(finished, "time"));
        if (!finished) {
            builder_.report().interruption = {"報告沒有結束的紀錄（runstats/finished）。", "The report has no record of the end (runstats/finished)."};
        } else if (const auto exit = AttributeOf(finished, "exit"); !exit.empty() && exit != "success") {
            const std::string message = Shorten(AttributeOf(finished, "errormsg"), 200);
            builder_.report().interruption = {fmt::format("nmap 以錯誤結束：{}", message), fmt::format("nmap ended with an error: {}", message)};
        }
    }

    Result<void> ReadHost(pugi::xml_node host) {
        std::string_view first;
        for (const pugi::xml_node address : host.children()) {
            if (LocalName(address) == "address" && AttributeOf(address, "addrtype") != "mac" && first.empty()) first = AttributeOf(address, "addr");
        }
        if (first.empty()) {
            builder_.NoteUnread(PlaceOf(host), {"有主機沒有 IP 位址，未讀取。", "A host has no IP address and is not read."});
            return Ok();
        }
        OPS_TRY(target_, builder_.AddTarget(TargetKind::kHost, first));
        Target& target = builder_.report().targets[target_];
        target.start = ReadEpoch(AttributeOf(host, "starttime"));
        target.end = ReadEpoch(AttributeOf(host, "endtime"));
        for (const pugi::xml_node address : host.children()) {
            if (LocalName(address) == "address" && AttributeOf(address, "addrtype") != "mac") AddHostIdentity(target, AttributeOf(address, "addr"));
        }
        for (const pugi::xml_node name : ChildOf(host, "hostnames").children()) AddHostIdentity(target, AttributeOf(name, "name"));
        const std::string_view state = AttributeOf(ChildOf(host, "status"), "state");
        if (AttributeOf(host, "timedout") == "true") {
            target.interruption = {"掃描這台主機逾時。", "The scan of this host timed out."};
        } else if (!state.empty() && state != "up") {
            target.interruption = {"這台主機沒有回應，未加以掃描。", "This host did not answer and was not scanned."};
        }
        OPS_CHECK(ReadPortStates(ChildOf(host, "ports")));
        for (const pugi::xml_node script : ChildOf(host, "hostscript").children()) {
            if (LocalName(script) == "script") OPS_CHECK(ReadScript(script, {}));
        }
        return Ok();
    }

    Result<void> ReadPortStates(pugi::xml_node ports) {
        for (const pugi::xml_node node : ports.children()) {
            if (LocalName(node) == "extraports") {
                Target& target = builder_.report().targets[target_];
                target.others_may_be_unanswered |= AttributeOf(node, "state").find("filtered") != std::string_view::npos;
            } else if (LocalName(node) == "port") {
                OPS_CHECK(ReadPortElement(node));
            }
        }
        return Ok();
    }

    Result<void> ReadPortElement(pugi::xml_node node) {
        Finding finding;
        finding.target = target_;
        finding.protocol = AttributeOf(node, "protocol");
        finding.port = ReadPort(AttributeOf(node, "portid")).value_or(0);
        const std::string_view state = AttributeOf(ChildOf(node, "state"), "state");
        if (state.find("filtered") != std::string_view::npos) {
            builder_.report().targets[target_].unanswered.push_back({finding.protocol, finding.port, finding.port});
        }
        const pugi::xml_node service = ChildOf(node, "service");
        finding.service = AttributeOf(service, "name");
        for (const pugi::xml_node script : node.children()) {
            if (LocalName(script) == "script") OPS_CHECK(ReadScript(script, finding));
        }
        if (state != "open") return Ok();
        finding.check = kOpenPort;
        finding.family = kOpenPort;
        finding.title = fmt::format("{}/{}", finding.port, finding.protocol);
        finding.severity = Severity::kInfo;
        finding.severity_word = state;
        finding.component.cpe = ChildOf(service, "cpe").child_value();
        for (const char* part : {"name", "product", "version", "extrainfo"}) {
            const std::string_view text = AttributeOf(service, part);
            if (text.empty()) continue;
            if (!finding.evidence.empty()) finding.evidence += ' ';
            finding.evidence += text;
        }
        return builder_.Add(std::move(finding));
    }

    /// `place` holds host, port and service.
    Result<void> ReadScript(pugi::xml_node script, Finding place) {
        place.target = target_;
        place.family = AttributeOf(script, "id");
        place.check = place.family;
        place.title = place.family;
        const std::string_view output = AttributeOf(script, "output");
        if (output.starts_with("ERROR:")) {
            builder_.report().targets[target_].failed_checks.push_back(Bounded(place.family, kMaxWord));
            builder_.NoteUnread(PlaceOf(script), {"有指令碼以錯誤結束。", "A script ended with an error."});
            return Ok();
        }
        if (NeedsVersions(place.family)) return ReadVulners(script, output, place);
        bool has_vulnerability = false;
        for (const pugi::xml_node table : script.children()) {
            if (LocalName(table) != "table" || ElemOf(table, "state").empty()) continue;
            has_vulnerability = true;
            OPS_CHECK(AddVulnerability(table, place));
        }
        if (has_vulnerability) return Ok();
        place.severity = Severity::kInfo;
        place.evidence = output;
        return builder_.Add(std::move(place));
    }

    /// A table per CPE, in it one per entry (cvss, id, type, is_exploit); releases before 1.3 have the output text alone.
    Result<void> ReadVulners(pugi::xml_node script, std::string_view output, const Finding& place) {
        bool has_tables = false;
        for (const pugi::xml_node cpe : script.children()) {
            if (LocalName(cpe) != "table") continue;
            has_tables = true;
            for (const pugi::xml_node entry : cpe.children()) {
                if (LocalName(entry) == "table") OPS_CHECK(AddVulnersEntry(ElemOf(entry, "id"), ElemOf(entry, "cvss"), AttributeOf(cpe, "key"), place));
            }
        }
        if (has_tables) return Ok();
        std::string_view cpe;
        for (const std::string_view raw : SplitLines(FrontOf(output, kMaxListText))) {
            const std::string_view line = Trim(raw);
            if (line.starts_with("cpe:")) cpe = line.substr(0, line.find_last_not_of(": ") + 1);
            const auto words = Split(line, '\t');
            if (words.size() >= 2) OPS_CHECK(AddVulnersEntry(Trim(words[0]), Trim(words[1]), cpe, place));
        }
        return Ok();
    }

    Result<void> AddVulnersEntry(std::string_view id, std::string_view cvss, std::string_view cpe, const Finding& place) {
        if (!IsCve(id)) {
            ++others_;
            return Ok();
        }
        Finding finding = place;
        AddCves(id, finding.cves);
        finding.check = fmt::format("{}:{}", place.family, finding.cves.front());
        finding.title = finding.cves.front();
        finding.component = ComponentOfCpe(cpe);
        finding.severity_word = cvss;
        if (const auto value = ReadScore(cvss)) {
            finding.score = Score{*value, "CVSS", ""};
            finding.severity = SeverityOfScore(*value);
        }
        finding.evidence = cpe;
        return builder_.Add(std::move(finding));
    }

    /// A table of NSE's library "vulns": title, state, ids, description.
    Result<void> AddVulnerability(pugi::xml_node table, Finding finding) {
        const std::string_view state = ElemOf(table, "state");
        finding.check = fmt::format("{}:{}", finding.family, Shorten(AttributeOf(table, "key"), 200));
        finding.title = ElemOf(table, "title");
        AddCves(AttributeOf(table, "key"), finding.cves);
        AddCves(TextOf(TableOf(table, "ids")), finding.cves);
        for (const pugi::xml_node id : TableOf(table, "ids").children()) AddCves(id.child_value(), finding.cves);
        finding.severity_word = ElemOf(table, "risk_factor");
        finding.severity = SeverityOfWord(finding.severity_word);
        finding.evidence = fmt::format("{}\n{}\n{}", state, TextOf(TableOf(table, "description")), TextOf(TableOf(table, "extra_info")));
        if (state.starts_with("NOT VULNERABLE")) {
            finding.state = State::kPassed;
        } else if (state.find("VULNERABLE") == std::string_view::npos) {
            finding.state = State::kNoAnswer;
        }
        if (finding.state != State::kOpen) finding.reason = state;
        return builder_.Add(std::move(finding));
    }

    ReportBuilder& builder_;
    std::size_t target_ = 0;
    std::uint64_t others_ = 0;
};

}  // namespace

Result<void> ReadNmap(pugi::xml_node root, ReportBuilder& builder) {
    return NmapReader(builder).Read(root);
}

}  // namespace opsteward::scans
