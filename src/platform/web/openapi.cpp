// The OpenAPI 3.1 document (spec.openapis.org/oas/v3.1.0), made from the route table, so that it can't lag behind it.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "platform/web/gate.hpp"
#include "platform/web/openapi.hpp"

namespace opsteward::web {

namespace {

constexpr std::string_view kErrorSchema = R"({
    "type": "object", "required": ["error"], "additionalProperties": false,
    "properties": {"error": {
        "type": "object", "required": ["code", "message"], "additionalProperties": false,
        "properties": {
            "code": {"type": "string", "enum": ["invalid_input", "unauthenticated", "forbidden", "not_found", "conflict",
                "too_large", "too_many", "unavailable", "timeout", "cancelled", "corrupt", "full", "internal"]},
            "message": {"$ref": "#/components/schemas/Text"}}}}})";
constexpr std::string_view kTextSchema = R"({
    "type": "object", "required": ["zh", "en"], "additionalProperties": false,
    "description": "The same text in Traditional Chinese and English",
    "properties": {"zh": {"type": "string"}, "en": {"type": "string"}}})";

/// Precondition: JSON, which Gate::Make has checked.
json::value Parsed(std::string_view text) { return json::parse(text); }

std::string_view MethodKey(net::Method method) {
    switch (method) {
        case net::Method::kPost: return "post";
        case net::Method::kPut: return "put";
        case net::Method::kPatch: return "patch";
        case net::Method::kDelete: return "delete";
        default: return "get";
    }
}

/// "get_api_v1_jobs_id": unique because method and path are.
std::string OperationId(const Route& route) {
    std::string id(MethodKey(route.method));
    for (const char c : route.path) {
        const bool is_word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (is_word) {
            id += c;
        } else if (id.back() != '_' && c != '}') {
            id += '_';
        }
    }
    return id;
}

json::array Parameters(const Route& route) {
    json::array parameters;
    for (const std::string_view segment : Split(route.path.substr(1), '/')) {
        if (!segment.starts_with('{')) continue;
        parameters.push_back(json::object{{"name", segment.substr(1, segment.size() - 2)},
                                          {"in", "path"},
                                          {"required", true},
                                          {"schema", json::object{{"type", "string"}}}});
    }
    for (const QueryParameter& query : route.api->query) {
        parameters.push_back(json::object{{"name", query.name},
                                          {"in", "query"},
                                          {"required", false},
                                          {"description", query.description},
                                          {"schema", Parsed(query.schema)}});
    }
    return parameters;
}

json::object JsonContent(json::value schema) {
    return {{"application/json", json::object{{"schema", std::move(schema)}}}};
}

json::object Responses(const Route& route) {
    json::object success{{"description", "Done"}};
    if (!route.api->response_schema.empty()) success["content"] = JsonContent(Parsed(route.api->response_schema));
    return {{fmt::format("{}", route.api->success_status), std::move(success)},
            {"default", json::object{{"$ref", "#/components/responses/Error"}}}};
}

json::object Operation(const Route& route) {
    json::object operation{{"operationId", OperationId(route)}, {"summary", route.api->summary}};
    if (auto parameters = Parameters(route); !parameters.empty()) operation["parameters"] = std::move(parameters);
    if (!route.api->request_schema.empty()) {
        operation["requestBody"] = json::object{{"required", true}, {"content", JsonContent(Parsed(route.api->request_schema))}};
    }
    operation["responses"] = Responses(route);
    if (route.permission == kPublic) {
        operation["security"] = json::array{};
    } else {
        operation["x-permission"] = route.permission;
    }
    return operation;
}

}  // namespace

std::string OpenApiDocument(std::span<const Route> routes, std::span<const SchemaSpec> schemas, std::string_view version) {
    json::object paths;
    for (const Route& route : routes) {
        if (!route.api) continue;
        json::value& path = paths[route.path];
        if (!path.is_object()) path = json::object{};
        path.as_object()[MethodKey(route.method)] = Operation(route);
    }
    json::object all_schemas{{"Error", Parsed(kErrorSchema)}, {"Text", Parsed(kTextSchema)}};
    for (const SchemaSpec& schema : schemas) all_schemas[schema.name] = Parsed(schema.schema);

    const json::object document{
        {"openapi", "3.1.0"},
        {"info", json::object{{"title", "Opsteward 通作管家"},
                              {"version", version},
                              {"description", "Everything the console shows and does. Times are RFC 3339 in UTC."},
                              {"license", json::object{{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}}},
        {"servers", json::array{json::object{{"url", "/"}}}},
        {"security", json::array{json::object{{"bearer", json::array{}}}}},
        {"paths", std::move(paths)},
        {"components",
         json::object{
             {"securitySchemes",
              json::object{{"bearer", json::object{{"type", "http"},
                                                   {"scheme", "bearer"},
                                                   {"description", "A token made on the account page or by `opsteward user token`."}}}}},
             {"schemas", std::move(all_schemas)},
             {"responses",
              json::object{{"Error", json::object{{"description", "Refused, or failed"},
                                                  {"content", JsonContent(json::object{{"$ref", "#/components/schemas/Error"}})}}}}}}}};
    return json::serialize(document);
}

Route OpenApiRoute(std::shared_ptr<const std::string> document) {
    return {.method = net::Method::kGet,
            .path = "/api/v1/openapi.json",
            .permission = kSignedIn,
            .handler = [document = std::move(document)](const RequestContext&) -> Result<net::Response> {
                return net::Response::Json(*document);
            },
            .api = ApiDoc{.summary = "This description (OpenAPI 3.1)", .response_schema = R"({"type":"object"})"}};
}

}  // namespace opsteward::web
