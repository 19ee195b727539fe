#include "base/civil_time.hpp"
#include "platform/console/records/settings_page.hpp"
#include "platform/console/records/settings_reading.hpp"

namespace opsteward::console::records {

namespace {

json::value CertificateJson(const SettingsFacts& facts) {
    if (!facts.certificate) return nullptr;
    const net::CertificateFacts& certificate = *facts.certificate;
    return json::object{{"subject", certificate.subject},
                        {"issuer", certificate.issuer},
                        {"names", json::value_from(certificate.names)},
                        {"begins_at", web::TimeJson(certificate.begins)},
                        {"ends_at", web::TimeJson(certificate.ends)},
                        {"sha256", certificate.sha256}};
}

json::object PackJson(const SettingsFacts& facts, const ProgramInfo& program) {
    json::array faults;
    for (const procedure::PackFault& fault : facts.faults) {
        faults.push_back(json::object{{"file", fault.place.file},
                                      {"line", fault.place.line},
                                      {"column", fault.place.column},
                                      {"expected", web::TextJson(fault.expected)}});
    }
    json::array refused;
    for (const Text& text : facts.refused_checks) refused.push_back(web::TextJson(text));
    const procedure::Pack& pack = *facts.pack;
    return {{"id", pack.id},
            {"version", pack.version},
            {"effective", FormatIsoDate(pack.effective)},
            {"digest", pack.digest},
            {"folder", program.pack_folder},
            {"faults", std::move(faults)},
            {"refused_checks", std::move(refused)}};
}

json::object PolicyJson(const identity::Policy& policy) {
    return {{"min_password_length", policy.min_password_length}, {"remembered_passwords", policy.remembered_passwords},
            {"password_days", policy.password_age.count()},      {"max_failures", policy.max_failures},
            {"lock_minutes", policy.lock_time.count()},          {"session_idle_minutes", policy.session_idle.count()},
            {"session_hours", policy.session_absolute.count()}};
}

Result<net::Response> GetSettings(const web::RequestContext& context, const Services& services) {
    OPS_TRY(const SettingsFacts facts, ReadSettings(services, context.now));
    const ProgramInfo& program = services.program;
    json::array concerns;
    for (const Concern& concern : facts.concerns) {
        concerns.push_back(
            json::object{{"title", web::TextJson(concern.title)}, {"detail", web::TextJson(concern.detail)}});
    }
    return web::JsonResponse(json::object{
        {"version", program.version},
        {"started_at", web::TimeJson(program.started_at)},
        {"listen", program.listen},
        {"data_folder", program.data_folder},
        {"database",
         json::object{{"kind", program.database}, {"bytes", facts.database_bytes}, {"audit_rows", facts.audit_rows}}},
        {"disk_free_bytes", facts.disk ? json::value(facts.disk->available) : json::value(nullptr)},
        {"certificate", CertificateJson(facts)},
        {"pack", PackJson(facts, program)},
        {"policy", PolicyJson(services.identity.policy())},
        {"concerns", std::move(concerns)}});
}

constexpr std::string_view kSettingsSchema = R"({
    "type": "object", "additionalProperties": false,
    "required": ["version", "started_at", "listen", "data_folder", "database", "disk_free_bytes", "certificate", "pack", "policy", "concerns"],
    "properties": {
        "version": {"type": "string"},
        "started_at": {"type": "string", "format": "date-time"},
        "listen": {"type": "string"},
        "data_folder": {"type": "string"},
        "database": {"type": "object", "additionalProperties": false, "required": ["kind", "bytes", "audit_rows"], "properties": {
            "kind": {"type": "string", "enum": ["SQLite", "PostgreSQL"]},
            "bytes": {"type": "integer", "minimum": 0},
            "audit_rows": {"type": "integer", "minimum": 0}}},
        "disk_free_bytes": {"type": ["integer", "null"]},
        "certificate": {"type": ["object", "null"], "additionalProperties": false,
            "required": ["subject", "issuer", "names", "begins_at", "ends_at", "sha256"], "properties": {
                "subject": {"type": "string"}, "issuer": {"type": "string"},
                "names": {"type": "array", "items": {"type": "string"}},
                "begins_at": {"type": "string", "format": "date-time"},
                "ends_at": {"type": "string", "format": "date-time"},
                "sha256": {"type": "string"}}},
        "pack": {"type": "object", "additionalProperties": false,
            "required": ["id", "version", "effective", "digest", "folder", "faults", "refused_checks"], "properties": {
                "id": {"type": "string"}, "version": {"type": "string"},
                "effective": {"type": "string", "format": "date"},
                "digest": {"type": "string"}, "folder": {"type": "string"},
                "faults": {"type": "array", "description": "of the files on disk; the pack in use has none", "items": {
                    "type": "object", "additionalProperties": false, "required": ["file", "line", "column", "expected"], "properties": {
                        "file": {"type": "string"}, "line": {"type": "integer"}, "column": {"type": "integer"},
                        "expected": {"$ref": "#/components/schemas/Text"}}}},
                "refused_checks": {"type": "array", "items": {"$ref": "#/components/schemas/Text"}}}},
        "policy": {"type": "object", "additionalProperties": false,
            "required": ["min_password_length", "remembered_passwords", "password_days", "max_failures", "lock_minutes",
                         "session_idle_minutes", "session_hours"], "properties": {
                "min_password_length": {"type": "integer"}, "remembered_passwords": {"type": "integer"},
                "password_days": {"type": "integer"}, "max_failures": {"type": "integer"}, "lock_minutes": {"type": "integer"},
                "session_idle_minutes": {"type": "integer"}, "session_hours": {"type": "integer"}}},
        "concerns": {"type": "array", "description": "what has to be seen to", "items": {
            "type": "object", "additionalProperties": false, "required": ["title", "detail"], "properties": {
                "title": {"$ref": "#/components/schemas/Text"}, "detail": {"$ref": "#/components/schemas/Text"}}}}}})";

}  // namespace

std::vector<web::Route> SettingsApiRoutes(std::shared_ptr<const Services> services) {
    const web::ApiDoc doc{.summary = "How the program runs: version, database, certificate, procedure pack, policies",
                          .response_schema = R"({"$ref":"#/components/schemas/Settings"})"};
    return {{net::Method::kGet, "/api/v1/settings", kMayReadSettings,
             [services](const web::RequestContext& context) { return GetSettings(context, *services); }, doc}};
}

std::vector<web::SchemaSpec> SettingsSchemas() {
    return {{"Settings", kSettingsSchema}};
}

}  // namespace opsteward::console::records
