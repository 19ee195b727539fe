#include <fmt/format.h>

#include "base/text.hpp"
#include "features/vulnerabilities/scan_reports/cyclonedx.hpp"
#include "features/vulnerabilities/scan_reports/format_readers.hpp"
#include "features/vulnerabilities/scan_reports/scan_time.hpp"

namespace opsteward::scans {
namespace {

Component ReadComponent(JsonValue node) {
    Component component;
    const std::string_view group = StringOf(node, "group");
    component.name = group.empty() ? std::string(StringOf(node, "name")) : fmt::format("{}/{}", group, StringOf(node, "name"));
    component.version = StringOf(node, "version");
    component.purl = StringOf(node, "purl");
    component.cpe = StringOf(node, "cpe");
    return component;
}

// The depth of the document is bounded.
Result<void> ReadComponents(JsonValue parent, CycloneDxBuilder& builder) {
    for (const JsonValue node : ElementsOf(parent, "components")) {
        OPS_CHECK(builder.AddComponent(StringOf(node, "bom-ref"), ReadComponent(node)));
        OPS_CHECK(ReadComponents(node, builder));
    }
    return Ok();
}

void ReadTool(std::optional<JsonValue> metadata, Report& report) {
    const auto tools = MemberOf(metadata, "tools");
    // A list until 1.4, since then an object of components as well.
    for (const JsonValue tool : IsObject(tools) ? ElementsOf(tools, "components") : ElementsOf(tools)) {
        report.tool = Bounded(StringOf(tool, "name"), kMaxWord);
        report.tool_version = Bounded(StringOf(tool, "version"), kMaxWord);
        return;
    }
}

bool IsUnaffected(JsonValue affected) {
    bool has_version = false;
    for (const JsonValue version : ElementsOf(affected, "versions")) {
        if (StringOf(version, "status") != "unaffected") return false;
        has_version = true;
    }
    return has_version;
}

CycloneDxVulnerability ReadVulnerability(JsonValue node) {
    CycloneDxVulnerability vulnerability;
    vulnerability.id = StringOf(node, "id");
    vulnerability.description = StringOf(node, "description");
    vulnerability.detail = StringOf(node, "detail");
    vulnerability.recommendation = StringOf(node, "recommendation");
    for (const JsonValue rating : ElementsOf(node, "ratings")) {
        if (!vulnerability.HasRoom(vulnerability.ratings.size())) break;
        vulnerability.ratings.push_back({StringOf(rating, "severity"), NumberOf(rating, "score"), StringOf(rating, "method"), StringOf(rating, "vector")});
    }
    for (const JsonValue reference : ElementsOf(node, "references")) {
        if (!vulnerability.HasRoom(vulnerability.aliases.size())) break;
        vulnerability.aliases.push_back(StringOf(reference, "id"));
    }
    for (const JsonValue affected : ElementsOf(node, "affects")) vulnerability.affected.push_back({StringOf(affected, "ref"), IsUnaffected(affected)});
    const auto analysis = MemberOf(node, "analysis");
    vulnerability.analysis_state = StringOf(analysis, "state");
    vulnerability.justification = StringOf(analysis, "justification");
    vulnerability.analysis_detail = StringOf(analysis, "detail");
    return vulnerability;
}

}  // namespace

Result<void> ReadCycloneDxJson(JsonValue root, ReportBuilder& report) {
    CycloneDxBuilder builder(report);
    NoteUnknownMembers(
        root,
        {"$schema", "bomFormat", "specVersion", "serialNumber", "version", "metadata", "components", "services", "externalReferences", "dependencies",
         "compositions", "vulnerabilities", "annotations", "formulation", "declarations", "definitions", "properties", "signature"},
        "$", report);
    const auto metadata = MemberOf(root, "metadata");
    ReadTool(metadata, report.report());
    report.report().start = ReadScanTime(StringOf(metadata, "timestamp"), "metadata.timestamp", report);
    const auto subject = MemberOf(metadata, "component");
    OPS_CHECK(builder.Begin(TargetKindOfComponent(StringOf(subject, "type")), StringOf(subject, "name"), StringOf(root, "serialNumber"),
                            IsArray(MemberOf(root, "vulnerabilities"))));
    if (subject) {
        OPS_CHECK(builder.AddComponent(StringOf(subject, "bom-ref"), ReadComponent(*subject)));
        OPS_CHECK(ReadComponents(*subject, builder));
    }
    OPS_CHECK(ReadComponents(root, builder));
    std::size_t number = 0;
    for (const JsonValue node : ElementsOf(root, "vulnerabilities")) {
        CycloneDxVulnerability vulnerability = ReadVulnerability(node);
        vulnerability.place = fmt::format("vulnerabilities[{}]", number++);
        OPS_CHECK(builder.Add(vulnerability));
    }
    return Ok();
}

}  // namespace opsteward::scans
