#include "platform/console/procedure/api.hpp"

namespace opsteward::console::compliance {

namespace {

constexpr std::string_view kState = R"({"type":"string","enum":["met","attention","not_met","not_set_up","not_applicable"]})";

constexpr std::string_view kRole = R"({"type":"object","required":["key","title"],"additionalProperties":false,"properties":{
    "key":{"type":"string"},"title":{"$ref":"#/components/schemas/Text"}}})";

constexpr std::string_view kFinding = R"({"type":"object",
    "required":["check","unit_id","device_id","subject","severity","reason","since","evidence"],"additionalProperties":false,"properties":{
    "check":{"type":"string"},"unit_id":{"type":"integer"},"device_id":{"type":["integer","null"]},"subject":{"type":"string"},
    "severity":{"type":"string","enum":["not_met","attention"]},"reason":{"$ref":"#/components/schemas/Text"},
    "since":{"type":"string","format":"date-time"},"evidence":{"type":"string"}}})";

constexpr std::string_view kUnitState = R"({"type":"object","required":["unit_id","unit","state","why","since"],"additionalProperties":false,
    "properties":{"unit_id":{"type":"integer"},"unit":{"type":"string"},"state":{"$ref":"#/components/schemas/State"},
    "why":{"$ref":"#/components/schemas/Text"},"since":{"type":"string","format":"date-time"}}})";

constexpr std::string_view kClause = R"({"type":"object","required":["id","title","chapter","mode","owner","state","why","since","judged_at",
    "finding_count","findings","units"],"additionalProperties":false,"properties":{
    "id":{"type":"string"},"title":{"$ref":"#/components/schemas/Text"},"chapter":{"type":["string","null"]},
    "mode":{"type":"array","items":{"type":"string","enum":["gate","automatic","form","duty","policy","reference"]}},
    "owner":{"$ref":"#/components/schemas/RoleName"},"state":{"$ref":"#/components/schemas/State"},
    "why":{"$ref":"#/components/schemas/Text"},"since":{"type":["string","null"],"format":"date-time"},
    "judged_at":{"type":["string","null"],"format":"date-time"},"finding_count":{"type":"integer"},
    "findings":{"type":"array","items":{"$ref":"#/components/schemas/Finding"}},
    "units":{"type":"array","items":{"$ref":"#/components/schemas/UnitState"}}}})";

constexpr std::string_view kClauseList = R"({"type":"object","required":["as_of","items"],"additionalProperties":false,"properties":{
    "as_of":{"type":"string","format":"date-time"},"items":{"type":"array","items":{"$ref":"#/components/schemas/Clause"}}}})";

constexpr std::string_view kClauseDetail = R"({"type":"object","required":["clause","text","missing","action","checks","duties"],
    "additionalProperties":false,"properties":{"clause":{"$ref":"#/components/schemas/Clause"},"text":{"$ref":"#/components/schemas/Text"},
    "missing":{"$ref":"#/components/schemas/Text"},
    "action":{"anyOf":[{"type":"null"},{"type":"object","required":["label","href"],"additionalProperties":false,"properties":{
        "label":{"$ref":"#/components/schemas/Text"},"href":{"type":"string"}}}]},
    "checks":{"type":"array","items":{"type":"object","required":["id","title","topics","parameters","population","sql","place"],
        "additionalProperties":false,"properties":{"id":{"type":"string"},"title":{"$ref":"#/components/schemas/Text"},
        "topics":{"type":"array","items":{"type":"string"}},"parameters":{"type":"object"},"population":{"type":"string"},
        "sql":{"type":"string"},"place":{"type":"string"}}}},
    "duties":{"type":"array","items":{"type":"object","required":["id","title","instructions","cycle","owner","scope"],
        "additionalProperties":false,"properties":{"id":{"type":"string"},"title":{"$ref":"#/components/schemas/Text"},
        "instructions":{"$ref":"#/components/schemas/Text"},"cycle":{"type":"string"},
        "owner":{"$ref":"#/components/schemas/RoleName"},"scope":{"type":"string","enum":["unit","bureau"]}}}}}})";

constexpr std::string_view kStateChange = R"({"type":"object","required":["unit_id","unit","from","to","why","at"],"additionalProperties":false,
    "properties":{"unit_id":{"type":"integer"},"unit":{"type":"string"},"from":{"$ref":"#/components/schemas/State"},
    "to":{"$ref":"#/components/schemas/State"},"why":{"$ref":"#/components/schemas/Text"},"at":{"type":"string","format":"date-time"}}})";

constexpr std::string_view kDuty = R"({"type":"object","required":["id","duty","title","owner","clauses","unit_id","unit","period_start","due_at",
    "state","done_at","done_by","note"],"additionalProperties":false,"properties":{
    "id":{"type":"integer"},"duty":{"type":"string"},"title":{"$ref":"#/components/schemas/Text"},
    "owner":{"anyOf":[{"type":"null"},{"$ref":"#/components/schemas/RoleName"}]},"clauses":{"type":"array","items":{"type":"string"}},
    "unit_id":{"type":"integer"},"unit":{"type":"string"},"period_start":{"type":"string","format":"date"},
    "due_at":{"type":"string","format":"date-time"},"state":{"type":"string","enum":["overdue","due","coming","done"]},
    "done_at":{"type":["string","null"],"format":"date-time"},"done_by":{"type":"string"},"note":{"type":"string"}}})";

constexpr std::string_view kExemption = R"({"type":"object","required":["id","clause","unit_id","unit","reason","ends","state","requested_by",
    "requested_at","decided_by","decided_at"],"additionalProperties":false,"properties":{
    "id":{"type":"integer"},"clause":{"type":"string"},"unit_id":{"type":"integer"},"unit":{"type":"string"},"reason":{"type":"string"},
    "ends":{"type":"string","format":"date"},
    "state":{"type":"string","enum":["waiting","in_force","ended","rejected","withdrawn"]},"requested_by":{"type":"string"},
    "requested_at":{"type":"string","format":"date-time"},"decided_by":{"type":"string"},
    "decided_at":{"type":["string","null"],"format":"date-time"}}})";

constexpr std::string_view kTask = R"({"type":"object","required":["title","detail","href","tone","due_at"],"additionalProperties":false,
    "properties":{"title":{"type":"string"},"detail":{"type":"string"},"href":{"type":"string"},
    "tone":{"type":"string","enum":["met","attention","not_met","not_set_up","not_applicable","neutral","info"]},
    "due_at":{"type":["string","null"],"format":"date-time"}}})";

constexpr std::string_view kProcedure = R"({"type":"object","required":["id","title","version","effective","digest","clauses","checks","duties",
    "faults","refused_checks","judged_at"],"additionalProperties":false,"properties":{
    "id":{"type":"string"},"title":{"$ref":"#/components/schemas/Text"},"version":{"type":"string"},
    "effective":{"type":"string","format":"date"},"digest":{"type":"string"},"clauses":{"type":"integer"},"checks":{"type":"integer"},
    "duties":{"type":"integer"},"faults":{"type":"array","items":{"$ref":"#/components/schemas/Text"}},
    "refused_checks":{"type":"array","items":{"$ref":"#/components/schemas/Text"}},
    "judged_at":{"type":["string","null"],"format":"date-time"}}})";

}  // namespace

std::vector<web::SchemaSpec> ApiSchemas() {
    return {{"State", kState},           {"RoleName", kRole},       {"Finding", kFinding},           {"UnitState", kUnitState},
            {"Clause", kClause},         {"ClauseList", kClauseList}, {"ClauseDetail", kClauseDetail}, {"StateChange", kStateChange},
            {"DutyRound", kDuty},        {"Exemption", kExemption}, {"Task", kTask},                 {"Procedure", kProcedure}};
}

}  // namespace opsteward::console::compliance
