#include "platform/web/openapi.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "platform/web/gate.hpp"

namespace opsteward::web {
namespace {

using net::Method;
using ::testing::IsSupersetOf;

Result<net::Response> Nothing(const RequestContext&) {
    return net::Response();
}

const std::vector<Route>& Routes() {
    static const std::vector<Route> routes = {
        {Method::kGet, "/devices", kSignedIn, Nothing},
        {Method::kGet, "/api/v1/devices", "devices.read", Nothing,
         ApiDoc{.summary = "Devices",
                .response_schema = R"({"type":"array","items":{"$ref":"#/components/schemas/Device"}})",
                .query = {{"q", "Words to look for"},
                          {"limit", "At most so many", R"({"type":"integer","maximum":500})"}}}},
        {Method::kPost, "/api/v1/devices", "devices.change", Nothing,
         ApiDoc{.summary = "Register a device",
                .request_schema = R"({"$ref":"#/components/schemas/Device"})",
                .response_schema = R"({"$ref":"#/components/schemas/Device"})",
                .success_status = 201}},
        {Method::kDelete, "/api/v1/units/{unit}/devices/{id}", "devices.change", Nothing,
         ApiDoc{.summary = "Retire a device", .success_status = 204}},
        {Method::kGet, "/api/v1/version", kPublic, Nothing,
         ApiDoc{.summary = "Version", .response_schema = R"({"type":"string"})"}},
    };
    return routes;
}

json::value Document() {
    static constexpr SchemaSpec kSchemas[] = {
        {"Device", R"({"type":"object","properties":{"name":{"$ref":"#/components/schemas/Text"}}})"}};
    return json::parse(OpenApiDocument(Routes(), kSchemas, "1.2.3"));
}

json::value At(const json::value& value, std::string_view pointer) {
    boost::system::error_code error;
    const json::value* found = value.find_pointer(pointer, error);
    if (found == nullptr) throw std::runtime_error(std::string(pointer) + " is not there");
    return *found;
}

/// Every "$ref" in `value`.
void CollectReferences(const json::value& value, std::set<std::string>& references) {
    if (const auto* array = value.if_array()) {
        for (const json::value& element : *array) CollectReferences(element, references);
    }
    const auto* object = value.if_object();
    if (object == nullptr) return;
    for (const auto& [key, member] : *object) {
        if (key == "$ref") references.emplace(member.as_string());
        CollectReferences(member, references);
    }
}

TEST(OpenApi, IsAVersionOfTheFormatWithAnInfoObject) {
    EXPECT_EQ(At(Document(), "/openapi"), "3.1.0");
    EXPECT_EQ(At(Document(), "/info/version"), "1.2.3");
    EXPECT_EQ(At(Document(), "/info/license/identifier"), "Apache-2.0");
}

TEST(OpenApi, DescribesTheRoutesOfTheApiAndNoPages) {
    std::set<std::string> operations;
    const json::value paths = At(Document(), "/paths");
    for (const auto& [path, methods] : paths.as_object()) {
        for (const auto& [method, operation] : methods.as_object())
            operations.insert(std::string(method) + " " + std::string(path));
    }
    EXPECT_THAT(operations, ::testing::ElementsAre("delete /api/v1/units/{unit}/devices/{id}", "get /api/v1/devices",
                                                   "get /api/v1/version", "post /api/v1/devices"));
}

TEST(OpenApi, DeclaresEveryPlaceholderOfAPath) {
    EXPECT_EQ(At(Document(), "/paths/~1api~1v1~1units~1{unit}~1devices~1{id}/delete/parameters"), json::parse(R"([
        {"name": "unit", "in": "path", "required": true, "schema": {"type": "string"}},
        {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}])"));
}

TEST(OpenApi, DeclaresTheParametersOfTheQueryWithTheirSchemas) {
    EXPECT_EQ(At(Document(), "/paths/~1api~1v1~1devices/get/parameters"), json::parse(R"([
        {"name": "q", "in": "query", "required": false, "description": "Words to look for", "schema": {"type": "string"}},
        {"name": "limit", "in": "query", "required": false, "description": "At most so many",
         "schema": {"type": "integer", "maximum": 500}}])"));
    EXPECT_FALSE(At(Document(), "/paths/~1api~1v1~1devices/post").as_object().contains("parameters"));
}

TEST(OpenApi, SaysWhatIsSentAndWhatComesBack) {
    const json::value device = json::parse(R"({"$ref":"#/components/schemas/Device"})");
    const json::value post = At(Document(), "/paths/~1api~1v1~1devices/post");
    EXPECT_EQ(At(post, "/requestBody/content/application~1json/schema"), device);
    EXPECT_EQ(At(post, "/requestBody/required"), true);
    EXPECT_EQ(At(post, "/responses/201/content/application~1json/schema"), device);
    EXPECT_EQ(At(post, "/responses/default/$ref"), "#/components/responses/Error");
    const json::value removal = At(Document(), "/paths/~1api~1v1~1units~1{unit}~1devices~1{id}/delete");
    EXPECT_FALSE(removal.as_object().contains("requestBody"));
    EXPECT_FALSE(At(removal, "/responses/204").as_object().contains("content"));
}

TEST(OpenApi, NeedsATokenButForPublicOperations) {
    EXPECT_EQ(At(Document(), "/security"), json::parse(R"([{"bearer":[]}])"));
    EXPECT_EQ(At(Document(), "/components/securitySchemes/bearer/scheme"), "bearer");
    EXPECT_EQ(At(Document(), "/paths/~1api~1v1~1version/get/security"), json::array());
    const json::value get = At(Document(), "/paths/~1api~1v1~1devices/get");
    EXPECT_FALSE(get.as_object().contains("security"));
    EXPECT_EQ(At(get, "/x-permission"), "devices.read");
}

TEST(OpenApi, NamesEveryOperationOnce) {
    std::set<std::string> names;
    int operations = 0;
    const json::value paths = At(Document(), "/paths");
    for (const auto& [path, methods] : paths.as_object()) {
        for (const auto& [method, operation] : methods.as_object()) {
            ++operations;
            names.emplace(operation.at("operationId").as_string());
        }
    }
    EXPECT_EQ(names.size(), static_cast<std::size_t>(operations));
    EXPECT_THAT(names, IsSupersetOf({"get_api_v1_devices", "delete_api_v1_units_unit_devices_id"}));
}

TEST(OpenApi, RefersOnlyToWhatIsThere) {
    const json::value document = Document();
    std::set<std::string> references;
    CollectReferences(document, references);
    EXPECT_THAT(references, IsSupersetOf({"#/components/schemas/Device", "#/components/schemas/Text",
                                          "#/components/schemas/Error", "#/components/responses/Error"}));
    for (const std::string& reference : references) {
        ASSERT_TRUE(reference.starts_with("#/")) << reference;
        EXPECT_NO_THROW(At(document, reference.substr(1)));
    }
}

TEST(OpenApi, KnowsEveryCodeOfAnError) {
    std::set<std::string> codes;
    const json::value known = At(Document(), "/components/schemas/Error/properties/error/properties/code/enum");
    for (const json::value& code : known.as_array()) codes.emplace(code.as_string());
    std::set<std::string> expected;
    for (int code = 0; code <= static_cast<int>(ErrorCode::kInternal); ++code)
        expected.emplace(ErrorCodeName(static_cast<ErrorCode>(code)));
    EXPECT_EQ(codes, expected);
}

TEST(OpenApiRoute, AnswersWithTheDocumentAsItIsThen) {
    const auto document = std::make_shared<std::string>();
    const Route route = OpenApiRoute(document);
    *document = R"({"openapi":"3.1.0"})";
    EXPECT_EQ(route.path, "/api/v1/openapi.json");
    EXPECT_EQ(route.permission, kSignedIn);
    const net::Request request;
    const RequestContext context{request, nullptr, Instant(), Language::kEnglish, {}, {}, {}};
    const auto response = route.handler(context);
    ASSERT_TRUE(response.ok());
    EXPECT_EQ(response->body, R"({"openapi":"3.1.0"})");
}

}  // namespace
}  // namespace opsteward::web
