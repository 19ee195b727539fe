#include "features/vulnerabilities/scan_reports/report_json.hpp"

#include "base/civil_time.hpp"

namespace opsteward::scans {
namespace {

json::value TimeJson(const std::optional<Instant>& time) {
    return time ? json::value(FormatRfc3339(*time)) : json::value(nullptr);
}

json::value TextJson(const Text& text) {
    if (text.empty()) return nullptr;
    return json::object{{"zh", text.zh}, {"en", text.en}};
}

json::array ListJson(const std::vector<std::string>& list) {
    json::array array;
    array.reserve(list.size());
    for (const std::string& text : list) array.emplace_back(text);
    return array;
}

json::array RangesJson(const std::vector<PortRange>& ranges) {
    json::array array;
    for (const PortRange& range : ranges) array.push_back(json::object{{"protocol", range.protocol}, {"first", range.first}, {"last", range.last}});
    return array;
}

std::string_view NameOf(CheckSet::Basis basis) {
    switch (basis) {
        case CheckSet::Basis::kUnknown:
            return "unknown";
        case CheckSet::Basis::kListed:
            return "listed";
        case CheckSet::Basis::kFamilies:
            return "families";
        case CheckSet::Basis::kAll:
            return "all";
    }
    return "";
}

json::object CheckSetJson(const CheckSet& checks) {
    return {{"basis", NameOf(checks.basis)},         {"listed", ListJson(checks.listed)},
            {"families", ListJson(checks.families)}, {"switched_off", ListJson(checks.switched_off)},
            {"configuration", checks.configuration}, {"evidence", checks.evidence}};
}

json::object TargetJson(const Target& target) {
    return {{"kind", scans::NameOf(target.kind)},
            {"name", target.name},
            {"host_names", ListJson(target.host_names)},
            {"addresses", ListJson(target.addresses)},
            {"start", TimeJson(target.start)},
            {"end", TimeJson(target.end)},
            {"interruption", TextJson(target.interruption)},
            {"has_login", target.has_login ? json::value(*target.has_login) : json::value(nullptr)},
            {"check_set", target.check_set},
            {"port_choice", target.port_choice},
            {"failed_checks", ListJson(target.failed_checks)},
            {"unanswered_ports", RangesJson(target.unanswered)},
            {"others_may_be_unanswered", target.others_may_be_unanswered}};
}

json::object ComponentJson(const Component& component) {
    return {{"name", component.name}, {"version", component.version}, {"purl", component.purl}, {"cpe", component.cpe}, {"location", component.location}};
}

json::object FindingJson(const Finding& finding) {
    json::object object{{"check", finding.check},
                        {"family", finding.family},
                        {"title", finding.title},
                        {"cves", ListJson(finding.cves)},
                        {"port", finding.port},
                        {"protocol", finding.protocol},
                        {"service", finding.service},
                        {"component", ComponentJson(finding.component)},
                        {"line", finding.line},
                        {"fingerprint", finding.fingerprint},
                        {"severity", scans::NameOf(finding.severity)},
                        {"severity_word", finding.severity_word},
                        {"score", nullptr},
                        {"evidence", finding.evidence},
                        {"solution", finding.solution},
                        {"state", scans::NameOf(finding.state)},
                        {"reason", finding.reason},
                        {"needs_login", finding.needs_login},
                        {"times_reported", finding.times_reported}};
    if (finding.score) object["score"] = json::object{{"value", finding.score->value}, {"system", finding.score->system}, {"vector", finding.score->vector}};
    return object;
}

json::array ComparedJson(const std::vector<ComparedFinding>& list, const Report& earlier, const Report& later) {
    json::array array;
    for (const ComparedFinding& compared : list) {
        json::object object =
            (compared.later ? ToJson(later, later.findings[*compared.later]) : ToJson(earlier, earlier.findings[*compared.earlier])).as_object();
        object["comparison"] = TextJson(compared.reason);
        array.push_back(std::move(object));
    }
    return array;
}

}  // namespace

json::value ToJson(const Report& report, const Finding& finding) {
    json::object object = FindingJson(finding);
    object["target"] = report.targets[finding.target].name;
    return object;
}

json::value ToJson(const Report& report) {
    json::object object{{"format", NameOf(report.format)},     {"tool", report.tool},
                        {"tool_version", report.tool_version}, {"title", report.title},
                        {"start", TimeJson(report.start)},     {"end", TimeJson(report.end)},
                        {"is_complete", report.is_complete()}, {"interruption", TextJson(report.interruption)},
                        {"duplicates", report.duplicates}};
    json::array targets;
    for (const Target& target : report.targets) targets.push_back(TargetJson(target));
    json::array check_sets;
    for (const CheckSet& checks : report.check_sets) check_sets.push_back(CheckSetJson(checks));
    json::array ports;
    for (const PortChoice& choice : report.port_choices) {
        ports.push_back(json::object{{"choice", choice.choice}, {"is_limited", choice.is_limited}, {"ranges", RangesJson(choice.ranges)}});
    }
    json::array findings;
    for (const Finding& finding : report.findings) {
        json::object one = FindingJson(finding);
        one["target"] = finding.target;
        findings.push_back(std::move(one));
    }
    json::array notes;
    for (const Note& note : report.not_understood) notes.push_back(json::object{{"place", note.place}, {"what", TextJson(note.what)}, {"count", note.count}});
    object["targets"] = std::move(targets);
    object["check_sets"] = std::move(check_sets);
    object["port_choices"] = std::move(ports);
    object["findings"] = std::move(findings);
    object["not_understood"] = std::move(notes);
    return object;
}

json::value ToJson(const Comparison& comparison, const Report& earlier, const Report& later) {
    return json::object{{"counts",
                         {{"fixed", comparison.fixed.size()},
                          {"still_there", comparison.still_there.size()},
                          {"not_looked_at", comparison.not_looked_at.size()},
                          {"new", comparison.added.size()}}},
                        {"fixed", ComparedJson(comparison.fixed, earlier, later)},
                        {"still_there", ComparedJson(comparison.still_there, earlier, later)},
                        {"not_looked_at", ComparedJson(comparison.not_looked_at, earlier, later)},
                        {"new", ComparedJson(comparison.added, earlier, later)}};
}

}  // namespace opsteward::scans
