// The readers of the formats, one file each, and how a format is told by its content.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "features/vulnerabilities/scan_reports/json_reading.hpp"
#include "features/vulnerabilities/scan_reports/report_builder.hpp"
#include "features/vulnerabilities/scan_reports/xml_reading.hpp"

namespace opsteward::scans {

/// By the root element's local name, or the top-level keys; nothing when it is none of ours.
std::optional<Format> FormatOfXml(pugi::xml_node root);
std::optional<Format> FormatOfJson(JsonValue root);
/// By the first line that says something: a header of GVM's CSV, or a tag of SPDX.
std::optional<Format> FormatOfText(std::string_view text);

/// Notes the members of an object that are not among `known`: what a later release of a tool writes must not go unseen.
void NoteUnknownMembers(JsonValue object, std::initializer_list<std::string_view> known, std::string_view place, ReportBuilder& builder);

Result<void> ReadNessus(pugi::xml_node root, ReportBuilder& builder);
Result<void> ReadOpenVasXml(pugi::xml_node root, ReportBuilder& builder);
Result<void> ReadNmap(pugi::xml_node root, ReportBuilder& builder);
Result<void> ReadXccdf(pugi::xml_node root, ReportBuilder& builder);
Result<void> ReadCycloneDxXml(pugi::xml_node root, ReportBuilder& builder);
Result<void> ReadCycloneDxJson(JsonValue root, ReportBuilder& builder);
Result<void> ReadSarif(JsonValue root, ReportBuilder& builder);
Result<void> ReadSpdxJson(JsonValue root, ReportBuilder& builder);
Result<void> ReadTrivy(JsonValue root, ReportBuilder& builder);
Result<void> ReadGrype(JsonValue root, ReportBuilder& builder);
Result<void> ReadOpenVasCsv(std::string_view text, ReportBuilder& builder);
Result<void> ReadSpdxTagValue(std::string_view text, ReportBuilder& builder);

}  // namespace opsteward::scans
