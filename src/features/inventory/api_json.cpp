#include "features/inventory/api_json.hpp"

#include "features/inventory/change_text.hpp"
#include "platform/web/request_context.hpp"

namespace opsteward::inventory {
namespace {

using web::TextJson;
using web::TimeJson;

json::value OrNull(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(json::string(text)); }

}  // namespace

json::object DeviceAnswer(const Device& device) {
    json::object answer{{"id", device.id},
                        {"name", device.name},
                        {"kind", InfoOf(device.kind).key},
                        {"unit", json::object{{"id", device.unit_id}, {"name", device.unit_name}}},
                        {"owner", nullptr},
                        {"is_core", device.is_core},
                        {"address", device.address},
                        {"notes", device.notes},
                        {"state", device.is_in_service() ? "in_service" : "retired"},
                        {"is_observable", device.is_in_service() && !device.host_key.empty()},
                        {"registered_at", TimeJson(device.registered_at)},
                        {"retired_at", TimeJson(device.retired_at)},
                        {"last_observed_at", TimeJson(device.last_observed_at)}};
    if (device.owner_id) answer["owner"] = json::object{{"id", *device.owner_id}, {"name", device.owner_name}};
    return answer;
}

json::object SummaryAnswer(const DeviceSummary& summary, int findings) {
    json::object answer = DeviceAnswer(summary.device);
    answer["operating_system"] = OrNull(summary.operating_system);
    answer["tightest_resource"] = nullptr;
    if (summary.worst_used_ratio) {
        answer["tightest_resource"] = json::object{
            {"resource", summary.worst_resource}, {"subject", summary.worst_subject}, {"used_ratio", *summary.worst_used_ratio}};
    }
    answer["findings"] = findings;
    return answer;
}

json::object FactAnswer(const Topic& topic, const FactRow& row) {
    json::object answer{{"id", row.id},
                        {"values", RowJson(topic, row.values)},
                        {"approval", nullptr},
                        {"first_seen_at", TimeJson(row.first_seen_at)}};
    if (row.approval_id) {
        answer["approval"] =
            json::object{{"id", *row.approval_id}, {"reason", row.approval_reason}, {"until_at", TimeJson(row.approved_until)}};
    }
    return answer;
}

json::object CoverageAnswer(const Topic& topic, const Coverage* coverage, const TopicCount& count) {
    const bool is_observed = coverage != nullptr && coverage->is_observed;
    json::object answer{{"topic", topic.name},
                        {"title", TextJson(topic.title.ToText())},
                        {"status", is_observed           ? "observed"
                                   : coverage == nullptr ? "not_yet"
                                                         : "not_observed"},
                        {"reason", nullptr},
                        {"observed_at", nullptr},
                        {"rows", count.rows},
                        {"unapproved", nullptr},
                        {"to_decide", nullptr}};
    if (coverage != nullptr) {
        answer["observed_at"] = TimeJson(coverage->observed_at);
        if (!is_observed) answer["reason"] = TextJson(coverage->reason);
    }
    if (topic.approval != Approval::kNone) {
        answer["unapproved"] = count.unapproved;
        answer["to_decide"] = count.to_decide;
    }
    return answer;
}

json::object ChangeAnswer(const StoredChange& stored) {
    return {{"id", stored.id},
            {"at", TimeJson(stored.at)},
            {"topic", stored.topic},
            {"kind", ChangeKindKey(stored.change.kind)},
            {"subject", stored.change.subject},
            {"before", stored.change.before},
            {"after", stored.change.after},
            {"text", TextJson({ChangeText(stored, Language::kZhHant), ChangeText(stored, Language::kEnglish)})}};
}

json::object ApprovalAnswer(const ApprovalRecord& record) {
    return {{"id", record.id},
            {"subject", SubjectJson(record.subject)},
            {"reason", record.reason},
            {"approved_by", record.approved_by},
            {"approved_at", TimeJson(record.approved_at)},
            {"until_at", TimeJson(record.until_at)},
            {"state", record.is_in_force() ? "in_force" : record.ended_why},
            {"ended_at", TimeJson(record.ended_at)},
            {"ended_by", OrNull(record.ended_by)},
            {"covers", record.covers}};
}

json::object CandidateAnswer(const Candidate& candidate) {
    return {{"subject", SubjectJson(candidate.subject)}, {"detail", candidate.detail}};
}

json::object FindingAnswer(const DeviceFinding& finding) {
    return {{"clause", json::object{{"id", finding.clause_id}, {"title", TextJson(finding.clause_title)}}},
            {"check_id", finding.finding.check_id},
            {"severity", procedure::StateKey(finding.finding.severity)},
            {"subject", finding.finding.subject},
            {"reason", TextJson(finding.finding.reason)},
            {"since", TimeJson(finding.finding.since)},
            {"evidence", finding.finding.evidence}};
}

}  // namespace opsteward::inventory
