#include <fmt/format.h>

#include "base/text.hpp"
#include "features/vulnerabilities/scan_reports/cyclonedx.hpp"
#include "features/vulnerabilities/scan_reports/format_readers.hpp"
#include "features/vulnerabilities/scan_reports/scan_time.hpp"

namespace opsteward::scans {
namespace {

Component ReadComponent(pugi::xml_node node) {
    Component component;
    const std::string_view group = PlainText(node, "group");
    component.name = group.empty() ? std::string(PlainText(node, "name")) : fmt::format("{}/{}", group, PlainText(node, "name"));
    component.version = PlainText(node, "version");
    component.purl = PlainText(node, "purl");
    component.cpe = PlainText(node, "cpe");
    return component;
}

void ReadTool(pugi::xml_node metadata, Report& report) {
    const pugi::xml_node tools = ChildOf(metadata, "tools");
    pugi::xml_node tool = ChildOf(tools, "tool");
    if (!tool) tool = ChildOf(ChildOf(tools, "components"), "component");
    report.tool = Bounded(PlainText(tool, "name"), kMaxWord);
    report.tool_version = Bounded(PlainText(tool, "version"), kMaxWord);
}

bool IsUnaffected(pugi::xml_node target) {
    bool has_version = false;
    for (const pugi::xml_node version : ChildOf(target, "versions").children()) {
        if (PlainText(version, "status") != "unaffected") return false;
        has_version = true;
    }
    return has_version;
}

void ReadRatings(pugi::xml_node ratings, CycloneDxVulnerability& vulnerability) {
    for (const pugi::xml_node rating : ratings.children()) {
        const pugi::xml_node score = ChildOf(rating, "score");
        // The extension before 1.4 has a base score within.
        const std::string_view number = ChildOf(score, "base") ? PlainText(score, "base") : Trim(score.child_value());
        vulnerability.ratings.push_back({PlainText(rating, "severity"), ParseDouble(number), PlainText(rating, "method"), PlainText(rating, "vector")});
    }
}

CycloneDxVulnerability ReadVulnerability(pugi::xml_node node) {
    CycloneDxVulnerability vulnerability;
    vulnerability.id = PlainText(node, "id");
    vulnerability.description = PlainText(node, "description");
    vulnerability.detail = PlainText(node, "detail");
    vulnerability.recommendation = PlainText(node, "recommendation");
    for (const pugi::xml_node text : ChildOf(node, "recommendations").children()) {
        if (!vulnerability.recommendation.empty()) vulnerability.recommendation += '\n';
        vulnerability.recommendation += TextOf(text);
    }
    ReadRatings(ChildOf(node, "ratings"), vulnerability);
    for (const pugi::xml_node reference : ChildOf(node, "references").children()) vulnerability.aliases.push_back(PlainText(reference, "id"));
    if (const std::string_view ref = AttributeOf(node, "ref"); !ref.empty()) vulnerability.affected.push_back({ref, false});
    for (const pugi::xml_node target : ChildOf(node, "affects").children()) vulnerability.affected.push_back({PlainText(target, "ref"), IsUnaffected(target)});
    const pugi::xml_node analysis = ChildOf(node, "analysis");
    vulnerability.analysis_state = PlainText(analysis, "state");
    vulnerability.justification = PlainText(analysis, "justification");
    vulnerability.analysis_detail = PlainText(analysis, "detail");
    vulnerability.place = PlaceOf(node);
    return vulnerability;
}

/// Components with those in them, and the lists of vulnerabilities that stand in components.
Result<void> ReadComponents(pugi::xml_node parent, CycloneDxBuilder& builder, std::vector<pugi::xml_node>& lists) {
    for (const pugi::xml_node node : ChildOf(parent, "components").children()) {
        if (LocalName(node) != "component") continue;
        OPS_CHECK(builder.AddComponent(AttributeOf(node, "bom-ref"), ReadComponent(node)));
        if (const pugi::xml_node list = ChildOf(node, "vulnerabilities")) lists.push_back(list);
        OPS_CHECK(ReadComponents(node, builder, lists));
    }
    return Ok();
}

}  // namespace

Result<void> ReadCycloneDxXml(pugi::xml_node root, ReportBuilder& report) {
    CycloneDxBuilder builder(report);
    const pugi::xml_node metadata = ChildOf(root, "metadata");
    ReadTool(metadata, report.report());
    report.report().start = ReadScanTime(PlainText(metadata, "timestamp"), "metadata/timestamp", report);
    const pugi::xml_node subject = ChildOf(metadata, "component");
    std::vector<pugi::xml_node> lists;
    if (const pugi::xml_node list = ChildOf(root, "vulnerabilities")) lists.push_back(list);
    if (subject) OPS_CHECK(builder.AddComponent(AttributeOf(subject, "bom-ref"), ReadComponent(subject)));
    OPS_CHECK(ReadComponents(subject, builder, lists));
    OPS_CHECK(ReadComponents(root, builder, lists));
    OPS_CHECK(
        builder.Begin(TargetKindOfComponent(AttributeOf(subject, "type")), PlainText(subject, "name"), AttributeOf(root, "serialNumber"), !lists.empty()));
    for (const pugi::xml_node list : lists) {
        for (const pugi::xml_node node : list.children()) {
            if (LocalName(node) == "vulnerability") OPS_CHECK(builder.Add(ReadVulnerability(node)));
        }
    }
    return Ok();
}

}  // namespace opsteward::scans
