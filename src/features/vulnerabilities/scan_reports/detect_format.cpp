#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "features/vulnerabilities/scan_reports/format_readers.hpp"

namespace opsteward::scans {

std::optional<Format> FormatOfXml(pugi::xml_node root) {
    const std::string_view name = LocalName(root);
    if (name == "NessusClientData_v2") return Format::kNessus;
    if (name == "nmaprun") return Format::kNmap;
    if (name == "bom") return Format::kCycloneDxXml;
    if (name == "TestResult" || name == "Benchmark" || name == "asset-report-collection") return Format::kXccdf;
    // What the GMP answers, or what is exported of it.
    if (name == "get_reports_response" || (name == "report" && (ChildOf(root, "report") || ChildOf(root, "results")))) return Format::kOpenVasXml;
    return std::nullopt;
}

std::optional<Format> FormatOfJson(JsonValue root) {
    // Trivy before its schema had a number: the results alone.
    if (root.is_array()) {
        for (const JsonValue first : ElementsOf(root)) {
            if (MemberOf(first, "Target") && (MemberOf(first, "Vulnerabilities") || MemberOf(first, "Type"))) return Format::kTrivy;
            break;
        }
        return std::nullopt;
    }
    if (IsArray(MemberOf(root, "runs"))) return Format::kSarif;
    if (StringOf(root, "bomFormat") == "CycloneDX") return Format::kCycloneDxJson;
    if (MemberOf(root, "spdxVersion")) return Format::kSpdxJson;
    if (MemberOf(root, "SchemaVersion") && (MemberOf(root, "ArtifactName") || MemberOf(root, "Results"))) return Format::kTrivy;
    if (IsArray(MemberOf(root, "matches")) && (MemberOf(root, "descriptor") || MemberOf(root, "source"))) return Format::kGrype;
    return std::nullopt;
}

std::optional<Format> FormatOfText(std::string_view text) {
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const std::string_view line = Trim(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (line.empty() || line.starts_with('#')) continue;
        if (line.starts_with("SPDXVersion:")) return Format::kSpdxTagValue;
        if (line.find("NVT OID") != std::string_view::npos && line.find("IP") != std::string_view::npos) return Format::kOpenVasCsv;
        return std::nullopt;
    }
    return std::nullopt;
}

void NoteUnknownMembers(JsonValue object, std::initializer_list<std::string_view> known, std::string_view place, ReportBuilder& builder) {
    simdjson::dom::object members;
    if (object.get_object().get(members) != simdjson::SUCCESS) {
        builder.NoteUnread(place, {"有應為物件的值不是物件，未讀取。", "A value that should be an object is none and is not read."});
        return;
    }
    for (const auto member : members) {
        if (std::ranges::find(known, member.key) != known.end()) continue;
        const std::string key = Shorten(member.key, 60);
        builder.NoteUnread(place, {fmt::format("成員 {} 未知，未讀取。", key), fmt::format("The member {} is not known and not read.", key)});
    }
}

}  // namespace opsteward::scans
