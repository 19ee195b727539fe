// JSON Schemas (2020-12, as OpenAPI 3.1 takes them) of what api_json.cpp writes and api_input.cpp reads.
#include <deque>

#include <fmt/format.h>

#include "base/json.hpp"
#include "features/inventory/http_api.hpp"
#include "features/inventory/topic.hpp"

namespace opsteward::inventory {
namespace {

constexpr std::string_view kDevice = R"({
    "type": "object", "additionalProperties": false,
    "required": ["id", "name", "kind", "unit", "owner", "is_core", "address", "notes", "state", "is_observable", "registered_at",
                 "retired_at", "last_observed_at"],
    "properties": {
        "id": {"type": "integer"}, "name": {"type": "string"}, "kind": {"enum": ["server", "workstation", "network", "firewall"]},
        "unit": {"type": "object", "required": ["id", "name"], "additionalProperties": false,
                 "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}},
        "owner": {"type": ["object", "null"], "required": ["id", "name"], "additionalProperties": false,
                  "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}},
        "is_core": {"type": "boolean"}, "address": {"type": "string"}, "notes": {"type": "string"},
        "state": {"enum": ["in_service", "retired"]},
        "is_observable": {"type": "boolean", "description": "This program can observe it"},
        "registered_at": {"type": "string", "format": "date-time"},
        "retired_at": {"type": ["string", "null"], "format": "date-time"},
        "last_observed_at": {"type": ["string", "null"], "format": "date-time"}}})";

/// What a list adds to it.
constexpr std::string_view kSummaryProperties = R"({
    "operating_system": {"type": ["string", "null"]},
    "tightest_resource": {"type": ["object", "null"], "required": ["resource", "subject", "used_ratio"], "additionalProperties": false,
                          "properties": {"resource": {"type": "string"}, "subject": {"type": "string"}, "used_ratio": {"type": "number"}}},
    "findings": {"type": "integer", "description": "Open findings of the procedure on it"}})";

constexpr std::string_view kNewDevice = R"({
    "type": "object", "additionalProperties": false, "required": ["name", "kind", "unit_id"],
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 200}, "kind": {"enum": ["server", "workstation", "network", "firewall"]},
        "unit_id": {"type": "integer"},
        "owner_id": {"type": ["integer", "null"], "description": "An account that holds a role"},
        "is_core": {"type": "boolean"}, "address": {"type": "string", "maxLength": 200}, "notes": {"type": "string", "maxLength": 4000}}})";

constexpr std::string_view kDeviceChange = R"({
    "type": "object", "additionalProperties": false, "description": "What is absent stays as it is",
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 200}, "kind": {"enum": ["server", "workstation", "network", "firewall"]},
        "unit_id": {"type": "integer"},
        "owner_id": {"type": ["integer", "null"], "description": "An account that holds a role"},
        "is_core": {"type": "boolean"}, "address": {"type": "string", "maxLength": 200}, "notes": {"type": "string", "maxLength": 4000},
        "state": {"enum": ["in_service", "retired"]}}})";

constexpr std::string_view kQueuedJob = R"({
    "type": "object", "additionalProperties": false, "required": ["job"],
    "properties": {"job": {"type": "object", "additionalProperties": false, "required": ["id"],
                           "properties": {"id": {"type": "integer"}}}}})";

constexpr std::string_view kCoverage = R"({
    "type": "object", "additionalProperties": false,
    "required": ["topic", "title", "status", "reason", "observed_at", "rows", "unapproved", "to_decide"],
    "properties": {
        "topic": {"type": "string"}, "title": {"$ref": "#/components/schemas/Text"},
        "status": {"enum": ["observed", "not_observed", "not_yet"]},
        "reason": {"anyOf": [{"$ref": "#/components/schemas/Text"}, {"type": "null"}]},
        "observed_at": {"type": ["string", "null"], "format": "date-time"}, "rows": {"type": "integer"},
        "unapproved": {"type": ["integer", "null"], "description": "Null for topics that are not approved"},
        "to_decide": {"type": ["integer", "null"],
                      "description": "Of the unapproved those that somebody should approve or remove: reachable from outside, able to log in, of unknown source"}}})";

constexpr std::string_view kChange = R"({
    "type": "object", "additionalProperties": false, "required": ["id", "at", "topic", "kind", "subject", "before", "after", "text"],
    "properties": {
        "id": {"type": "integer"}, "at": {"type": "string", "format": "date-time"}, "topic": {"type": "string"},
        "kind": {"enum": ["appeared", "changed", "disappeared", "first_observed", "observed", "not_observed"]},
        "subject": {"type": "string", "description": "The values that tell the row from others"},
        "before": {"type": ["object", "null"], "description": "Values by column; of a change only those that differ"},
        "after": {"type": ["object", "null"]}, "text": {"$ref": "#/components/schemas/Text"}}})";

constexpr std::string_view kSubject = R"({
    "anyOf": [
        {"type": "object", "additionalProperties": false, "required": ["kind", "name"],
         "properties": {"kind": {"enum": ["account", "software"]}, "name": {"type": "string", "minLength": 1}}},
        {"type": "object", "additionalProperties": false, "required": ["kind", "protocol", "port", "address"],
         "properties": {
            "kind": {"enum": ["listener"]}, "protocol": {"enum": ["tcp", "udp"]},
            "port": {"type": "integer", "minimum": 0, "maximum": 65535},
            "program": {"type": ["string", "null"], "description": "Null: whatever program listens"},
            "address": {"type": "string", "description": "any, loopback, or one address as observed"}}}]})";

constexpr std::string_view kApproval = R"({
    "type": "object", "additionalProperties": false,
    "required": ["id", "subject", "reason", "approved_by", "approved_at", "until_at", "state", "ended_at", "ended_by", "covers"],
    "properties": {
        "id": {"type": "integer"}, "subject": {"$ref": "#/components/schemas/ApprovalSubject"}, "reason": {"type": "string"},
        "approved_by": {"type": "string"}, "approved_at": {"type": "string", "format": "date-time"},
        "until_at": {"type": ["string", "null"], "format": "date-time", "description": "From then on it does not hold"},
        "state": {"enum": ["in_force", "withdrawn", "replaced", "expired"]},
        "ended_at": {"type": ["string", "null"], "format": "date-time"}, "ended_by": {"type": ["string", "null"]},
        "covers": {"type": "integer", "description": "Rows of facts it covers now"}}})";

constexpr std::string_view kGrant = R"({
    "type": "object", "additionalProperties": false, "required": ["subjects", "reason"],
    "properties": {
        "subjects": {"type": "array", "minItems": 1, "maxItems": 10000, "items": {"$ref": "#/components/schemas/ApprovalSubject"}},
        "reason": {"type": "string", "minLength": 1, "maxLength": 1000},
        "until_at": {"type": ["string", "null"], "description": "RFC 3339; a bare date is the end of that day in Taipei"}}})";

constexpr std::string_view kCandidate = R"({
    "type": "object", "additionalProperties": false, "required": ["subject", "detail"],
    "properties": {"subject": {"$ref": "#/components/schemas/ApprovalSubject"}, "detail": {"type": "string", "description": "What was seen"}}})";

constexpr std::string_view kFinding = R"({
    "type": "object", "additionalProperties": false,
    "required": ["clause", "check_id", "severity", "subject", "reason", "since", "evidence"],
    "properties": {
        "clause": {"type": "object", "additionalProperties": false, "required": ["id", "title"],
                   "properties": {"id": {"type": "string"}, "title": {"$ref": "#/components/schemas/Text"}}},
        "check_id": {"type": "string"}, "severity": {"enum": ["not_met", "attention"]}, "subject": {"type": "string"},
        "reason": {"$ref": "#/components/schemas/Text"}, "since": {"type": "string", "format": "date-time"},
        "evidence": {"type": "string"}}})";

std::string_view JsonType(ColumnType type) {
    switch (type) {
        case ColumnType::kInteger: return "integer";
        case ColumnType::kReal: return "number";
        case ColumnType::kBoolean: return "boolean";
        case ColumnType::kText:
        case ColumnType::kInstant: break;
    }
    return "string";
}

/// "listening_sockets" → "ListeningSocketsValues"
std::string SchemaName(const Topic& topic) {
    std::string name;
    bool is_start = true;
    for (const char c : topic.name) {
        if (c != '_') name += is_start ? static_cast<char>(c - 'a' + 'A') : c;
        is_start = c == '_';
    }
    return name + "Values";
}

json::object ValuesSchema(const Topic& topic) {
    json::object properties;
    json::array required;
    for (const Column& column : topic.columns) {
        json::object property{{"type", json::array{JsonType(column.type), "null"}}, {"description", column.title.en}};
        if (column.type == ColumnType::kInstant) property["format"] = "date-time";
        properties[column.name] = std::move(property);
        required.push_back(json::value(column.name));
    }
    return {{"type", "object"},
            {"additionalProperties", false},
            {"required", std::move(required)},
            {"properties", std::move(properties)}};
}

json::object SummarySchema() {
    json::object schema = json::parse(kDevice).as_object();
    const json::value more = json::parse(kSummaryProperties);
    for (const auto& property : more.as_object()) {
        schema["properties"].as_object().insert(property);
        schema["required"].as_array().push_back(json::value(property.key()));
    }
    return schema;
}

json::object FactSchema() {
    json::array values;
    for (const Topic& topic : AllTopics()) values.push_back(json::object{{"$ref", "#/components/schemas/" + SchemaName(topic)}});
    json::object schema = json::parse(R"({
        "type": "object", "additionalProperties": false, "required": ["id", "values", "approval", "first_seen_at"],
        "properties": {
            "id": {"type": "integer"},
            "values": {"description": "The columns of the topic; null is what could not be read"},
            "approval": {"type": ["object", "null"], "additionalProperties": false, "required": ["id", "reason", "until_at"],
                         "properties": {"id": {"type": "integer"}, "reason": {"type": "string"},
                                        "until_at": {"type": ["string", "null"], "format": "date-time"}}},
            "first_seen_at": {"type": "string", "format": "date-time"}}})")
                              .as_object();
    schema["properties"].as_object()["values"].as_object()["anyOf"] = std::move(values);
    return schema;
}

}  // namespace

std::vector<web::SchemaSpec> ApiSchemas() {
    // Made once; the specs only point at the texts.
    static const std::deque<std::pair<std::string, std::string>> made = [] {
        std::deque<std::pair<std::string, std::string>> all;
        for (const Topic& topic : AllTopics()) all.emplace_back(SchemaName(topic), json::serialize(ValuesSchema(topic)));
        all.emplace_back("DeviceSummary", json::serialize(SummarySchema()));
        all.emplace_back("Fact", json::serialize(FactSchema()));
        return all;
    }();
    std::vector<web::SchemaSpec> schemas = {{"Device", kDevice},
                                            {"NewDevice", kNewDevice},
                                            {"DeviceChange", kDeviceChange},
                                            {"QueuedJob", kQueuedJob},
                                            {"TopicCoverage", kCoverage},
                                            {"FactChange", kChange},
                                            {"ApprovalSubject", kSubject},
                                            {"Approval", kApproval},
                                            {"ApprovalGrant", kGrant},
                                            {"ApprovalCandidate", kCandidate},
                                            {"DeviceFinding", kFinding}};
    for (const auto& [name, schema] : made) schemas.push_back({name, schema});
    return schemas;
}

}  // namespace opsteward::inventory
