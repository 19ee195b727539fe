// Which tables of routes a gate is made from.
#include "platform/web/gate_test_support.hpp"

namespace opsteward::web {
namespace {

using net::Method;
using ::testing::HasSubstr;

class GateRoutesTest : public GateTest {
  protected:
    /// The operator's text of the refusal; "" when a gate was made.
    std::string RefusalOf(Gate::Options options) {
        const auto made = Gate::Make(std::move(options), *identity_, clock_);
        if (made.ok()) return {};
        EXPECT_EQ(made.error().code, ErrorCode::kInternal);
        return made.error().operator_text;
    }
    std::string RefusalOf(std::vector<Route> routes) {
        Gate::Options options;
        options.routes = std::move(routes);
        return RefusalOf(std::move(options));
    }
};

TEST_F(GateRoutesTest, MayBeNoneAtAll) {
    EXPECT_EQ(RefusalOf(Gate::Options()), "");
}

TEST_F(GateRoutesTest, AreThereOnce) {
    EXPECT_THAT(RefusalOf(std::vector<Route>{{Method::kGet, "/devices/{id}", kPublic, Page()},
                                             {Method::kGet, "/devices/{name}", kPublic, Page()}}),
                HasSubstr("GET /devices/{name} is there twice"));
    EXPECT_EQ(RefusalOf(std::vector<Route>{{Method::kGet, "/devices/{id}", kPublic, Page()},
                                           {Method::kPost, "/devices/{id}", kPublic, Page()}}),
              "");
}

TEST_F(GateRoutesTest, AreWellFormed) {
    EXPECT_THAT(RefusalOf(std::vector<Route>{{Method::kGet, "devices", kPublic, Page()}}),
                HasSubstr("devices is not well formed"));
}

TEST_F(GateRoutesTest, AskForAPermissionThatThereIs) {
    for (const std::string_view permission : {kPublic, kSignedIn, kOwnAccount, std::string_view("devices.read")}) {
        EXPECT_EQ(RefusalOf(std::vector<Route>{{Method::kGet, "/x", permission, Page()}}), "") << permission;
    }
    for (const std::string_view permission : {"devices.raed", "", "Public"}) {
        EXPECT_THAT(RefusalOf(std::vector<Route>{{Method::kGet, "/x", permission, Page()}}),
                    HasSubstr(fmt::format("/x asks for the unknown permission \"{}\"", permission)));
    }
}

TEST_F(GateRoutesTest, AskForAPermissionThatThereIsInTheMenuToo) {
    Gate::Options options;
    options.menu = {{{"設備", "Devices"}, "/devices", "server", "assets", "devices.raed", 1}};
    EXPECT_THAT(RefusalOf(std::move(options)), HasSubstr("/devices asks for the unknown permission"));
}

TEST_F(GateRoutesTest, AreDescribedUnderApi) {
    EXPECT_THAT(RefusalOf(std::vector<Route>{{Method::kPost, "/api/v1/x", kPublic, Json()}}),
                HasSubstr("POST /api/v1/x has no description"));
    EXPECT_THAT(RefusalOf(std::vector<Route>{{Method::kGet, "/api/v1/x", kPublic, Json(), ApiDoc{}}}),
                HasSubstr("has no description"));
    EXPECT_EQ(RefusalOf(std::vector<Route>{{Method::kGet, "/api/v1/x", kPublic, Json(), ApiDoc{.summary = "X"}}}), "");
}

TEST_F(GateRoutesTest, AreDescribedBySchemasThatAreJson) {
    const ApiDoc broken[] = {{.summary = "X", .request_schema = "{"},
                             {.summary = "X", .response_schema = "{'type':1}"},
                             {.summary = "X", .query = {{"q", "Words", "string"}}}};
    for (const ApiDoc& doc : broken) {
        EXPECT_THAT(RefusalOf(std::vector<Route>{{Method::kPost, "/api/v1/x", kPublic, Json(), doc}}),
                    HasSubstr("a schema that is not JSON"));
    }
}

TEST_F(GateRoutesTest, CanBeAnswered) {
    EXPECT_THAT(RefusalOf(std::vector<Route>{{Method::kHead, "/x", kPublic, Page()}}),
                HasSubstr("/x can't be answered"));
    EXPECT_THAT(RefusalOf(std::vector<Route>{{Method::kOther, "/x", kPublic, Page()}}),
                HasSubstr("/x can't be answered"));
    EXPECT_THAT(RefusalOf(std::vector<Route>{{Method::kGet, "/x", kPublic, nullptr}}),
                HasSubstr("/x can't be answered"));
}

}  // namespace
}  // namespace opsteward::web
