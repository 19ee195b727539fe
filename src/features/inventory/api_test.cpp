// The API as a program meets it, and its descriptions held against real answers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "features/inventory/testing/json_schema.hpp"
#include "features/inventory/testing/site_test.hpp"

namespace opsteward::inventory {
namespace {

using net::Method;
using testing::ElementsAre;
using testing::IsEmpty;

class Api : public SiteTest {
  protected:
    /// The answer, after a look at its status and at whether the description of its route fits it.
    json::value Call(Method method, const std::string& target, const std::string& body, int status) {
        const net::Response response = site().Send(method, target, body);
        EXPECT_EQ(response.status, status) << target << " " << response.body;
        const auto answer = ParseJson(response.body);
        if (!answer.ok()) {
            ADD_FAILURE() << target << " answered no JSON: " << response.body;
            return nullptr;
        }
        const web::Route& route = RouteOf(method);
        if (status < 300) {
            EXPECT_EQ(status, route.api->success_status) << target;
            EXPECT_THAT(SchemaFaults(json::parse(route.api->response_schema), *answer, Schemas()), IsEmpty()) << target;
            if (!body.empty()) {
                EXPECT_THAT(SchemaFaults(json::parse(route.api->request_schema), json::parse(body), Schemas()), IsEmpty())
                    << body;
            }
            answered_.insert(fmt::format("{} {}", net::MethodName(method), route.path));
        }
        return *answer;
    }
    json::value Get(const std::string& target, int status = 200) { return Call(Method::kGet, target, {}, status); }
    json::value Post(const std::string& target, const std::string& body, int status) {
        return Call(Method::kPost, target, body, status);
    }

    static std::vector<std::int64_t> Ids(const json::value& answer) {
        std::vector<std::int64_t> ids;
        for (const auto& item : answer.at("items").as_array()) ids.push_back(item.at("id").as_int64());
        return ids;
    }

    const web::Route& RouteOf(Method method) {
        for (const web::Route& route : site().module().routes) {
            if (route.method == method && route.path == site().last_route()) return route;
        }
        ADD_FAILURE() << "no route";
        return site().module().routes.front();
    }
    json::object Schemas() {
        json::object schemas{{"Text", json::parse(R"({"type":"object","additionalProperties":false,"required":["zh","en"],
            "properties":{"zh":{"type":"string"},"en":{"type":"string"}}})")}};
        for (const web::SchemaSpec& schema : site().module().schemas) schemas[schema.name] = json::parse(schema.schema);
        return schemas;
    }

    std::set<std::string> answered_;
};
OPS_ON_BOTH_DATABASES(Api);

TEST_P(Api, AnswersEveryRouteAsItIsDescribed) {
    RegisterAndObserveHost();
    Post("/api/v1/devices",
         R"({"name":"web01","kind":"workstation","unit_id":2,"owner_id":1,"is_core":false,"address":"192.0.2.9","notes":"𠀀"})",
         201);
    Get("/api/v1/devices");
    Get("/api/v1/devices/1");
    Call(Method::kPatch, "/api/v1/devices/2", R"({"state":"retired"})", 200);
    Get("/api/v1/devices?state=any");
    Post("/api/v1/devices/1/observe", {}, 202);
    for (const Topic& topic : AllTopics()) Get(fmt::format("/api/v1/devices/1/facts/{}", topic.name));
    Get("/api/v1/devices/1/coverage");
    Get("/api/v1/devices/2/coverage");
    Get("/api/v1/devices/1/approvals/seen");
    Post(
        "/api/v1/devices/1/approvals",
        R"({"subjects":[{"kind":"listener","protocol":"tcp","port":22,"program":"sshd","address":"any"},{"kind":"account","name":"root"}],
             "reason":"業務需要","until_at":"2026-12-31"})",
        201);
    Get("/api/v1/devices/1/facts/listening_sockets");
    Post("/api/v1/devices/1/approvals/1/withdraw", R"({"reason":"關閉"})", 200);
    Get("/api/v1/devices/1/approvals?state=any");
    See(1, 1, "listening_sockets", {});
    SeeNot(1, 2, "services", {"無", "none"});
    Get("/api/v1/devices/1/changes");
    Get("/api/v1/devices/1/findings");

    std::set<std::string> described;
    for (const web::Route& route : site().module().routes) {
        if (route.api) described.insert(fmt::format("{} {}", net::MethodName(route.method), route.path));
    }
    EXPECT_EQ(answered_, described);
}

TEST_P(Api, DescribesEverythingItReadsAndWritesInFull) {
    for (const web::Route& route : site().module().routes) {
        EXPECT_EQ(route.api.has_value(), route.path.starts_with("/api/")) << route.path;
        if (!route.api) continue;
        EXPECT_FALSE(route.api->summary.empty()) << route.path;
        EXPECT_TRUE(ParseJson(route.api->response_schema).ok()) << route.path;
        for (const auto& parameter : route.api->query) EXPECT_TRUE(ParseJson(parameter.schema).ok()) << route.path;
    }
}

TEST_P(Api, GoesThroughTheRegisterPageByPage) {
    for (int i = 0; i < 5; ++i) AddServer(fmt::format("server{}", 9 - i));
    json::value page = Get("/api/v1/devices?limit=2");
    EXPECT_THAT(Ids(page), ElementsAre(1, 2));
    page = Get(fmt::format("/api/v1/devices?limit=2&after={}", page.at("next").as_int64()));
    EXPECT_THAT(Ids(page), ElementsAre(3, 4));
    page = Get(fmt::format("/api/v1/devices?limit=2&after={}", page.at("next").as_int64()));
    EXPECT_THAT(Ids(page), ElementsAre(5));
    EXPECT_TRUE(page.at("next").is_null());
    EXPECT_TRUE(Get("/api/v1/devices?limit=5").at("next").is_null());
}

TEST_P(Api, FiltersTheRegister) {
    AddServer("civil01", kCivil);
    Device device{.name = "fw01", .kind = DeviceKind::kFirewall, .unit_id = kWorks, .owner_id = 1, .retired_at = start_};
    Add(device);
    EXPECT_THAT(Ids(Get("/api/v1/devices?unit=2")), ElementsAre(1));
    EXPECT_THAT(Ids(Get("/api/v1/devices?kind=firewall")), IsEmpty());
    EXPECT_THAT(Ids(Get("/api/v1/devices?kind=firewall&state=retired")), ElementsAre(2));
    EXPECT_THAT(Ids(Get("/api/v1/devices?state=any&text=FW")), ElementsAre(2));
    EXPECT_THAT(Ids(Get("/api/v1/devices?state=any&owner=none")), ElementsAre(1));
}

TEST_P(Api, NamesTheParameterThatIsWrong) {
    RegisterAndObserveHost();
    for (const std::string query :
         {"unit=x", "unit=0", "kind=toaster", "state=new", "owner=me", "after=-1", "limit=0", "limit=1001", "limit=ten"}) {
        const json::value answer = Get("/api/v1/devices?" + query, 400);
        const std::string name = query.substr(0, query.find('='));
        EXPECT_THAT(std::string(answer.at("error").at("message").at("en").as_string()), testing::HasSubstr(name));
    }
    Get("/api/v1/devices/1/facts/services?approval=maybe", 400);
    Get("/api/v1/devices/1/facts/secrets", 404);
    Get("/api/v1/devices/1/changes?kind=vanished", 400);
    Get("/api/v1/devices/1/changes?topic=secrets", 404);
    Get("/api/v1/devices/1/approvals?state=old", 400);
    Get("/api/v1/devices/1/approvals/seen?kind=none", 400);
}

TEST_P(Api, RefusesBodiesThatDoNotFitTheirDescription) {
    AddServer("web01");
    for (const std::string body :
         {R"([])", R"({"name":"x"})", R"({"name":"x","kind":"server"})", R"({"name":1,"kind":"server","unit_id":1})",
          R"({"name":"x","kind":"toaster","unit_id":1})", R"({"name":"x","kind":"server","unit_id":"1"})",
          R"({"name":"x","kind":"server","unit_id":1,"is_core":1})", R"({"name":"x","kind":"server","unit_id":1,"owner_id":"a"})",
          R"({"name":"x","kind":"server","unit_id":1,"color":"red"})",
          R"({"name":"x","kind":"server","unit_id":1,"state":"retired"})", R"({"name":"","kind":"server","unit_id":1})",
          R"({"name":"a\u0000b","kind":"server","unit_id":1})", "{"}) {
        Post("/api/v1/devices", body, 400);
    }
    Post("/api/v1/devices", R"({"name":"web01","kind":"server","unit_id":1})", 409);
    for (const std::string body : {R"({"state":"gone"})", R"({"host_key":"x"})", R"({"name":null})", R"({"notes":7})"}) {
        Call(Method::kPatch, "/api/v1/devices/1", body, 400);
    }
    for (const std::string body :
         {R"({})", R"({"subjects":[],"reason":"x"})", R"({"subjects":{},"reason":"x"})", R"({"subjects":["root"],"reason":"x"})",
          R"({"subjects":[{"kind":"account"}],"reason":"x"})", R"({"subjects":[{"kind":"dog","name":"x"}],"reason":"x"})",
          R"({"subjects":[{"kind":"account","name":"x","port":1}],"reason":"x"})",
          R"({"subjects":[{"kind":"account","name":"x"}],"reason":""})",
          R"({"subjects":[{"kind":"account","name":"x"}],"reason":"x","until_at":"soon"})",
          R"({"subjects":[{"kind":"account","name":"x"}],"reason":"x","until_at":"2020-01-01"})",
          R"({"subjects":[{"kind":"listener","protocol":"tcp","port":99999,"address":"any"}],"reason":"x"})"}) {
        Post("/api/v1/devices/1/approvals", body, 400);
    }
    EXPECT_EQ(CountRows("inventory_devices"), 1);
    EXPECT_EQ(CountRows("inventory_approvals"), 0);
}

TEST_P(Api, ChangesOnlyWhatIsGiven) {
    Device device{.name = "web01", .unit_id = kCivil, .owner_id = 1, .is_core = true, .address = "192.0.2.1", .notes = "x"};
    Add(device);
    json::value answer = Call(Method::kPatch, "/api/v1/devices/1", R"({"notes":"y"})", 200);
    EXPECT_EQ(answer.at("notes"), "y");
    EXPECT_EQ(answer.at("owner").at("name"), "admin");
    EXPECT_EQ(answer.at("is_core"), true);
    answer = Call(Method::kPatch, "/api/v1/devices/1", R"({"owner_id":null,"state":"retired"})", 200);
    EXPECT_TRUE(answer.at("owner").is_null());
    EXPECT_EQ(answer.at("retired_at"), "2026-03-02T01:00:00.000Z");
    answer = Call(Method::kPatch, "/api/v1/devices/1", R"({"state":"in_service"})", 200);
    EXPECT_TRUE(answer.at("retired_at").is_null());
}

TEST_P(Api, GivesTheJobThatObserves) {
    RegisterAndObserveHost();
    AddServer("web01");
    const std::int64_t job = Post("/api/v1/devices/1/observe", {}, 202).at("job").at("id").as_int64();
    EXPECT_EQ(CountRows(fmt::format("jobs WHERE id = {} AND kind = 'inventory.observe' AND requested_by = 'admin'", job)), 1);
    Post("/api/v1/devices/2/observe", {}, 409);
    EXPECT_EQ(jobs_woken(), 1);
}

TEST_P(Api, ApprovesAndJudgesAnew) {
    RegisterAndObserveHost();
    const json::value seen = Get("/api/v1/devices/1/approvals/seen?kind=listener");
    json::array subjects;
    for (const auto& item : seen.at("items").as_array()) subjects.push_back(item.at("subject"));
    EXPECT_EQ(subjects.size(), 3U);
    const json::object grant{{"subjects", subjects}, {"reason", "baseline"}};
    EXPECT_EQ(Post("/api/v1/devices/1/approvals", json::serialize(grant), 201).at("items").as_array().size(), 3U);
    EXPECT_EQ(CountQueued("procedure.evaluate"), 1);
    EXPECT_EQ(changes_told(), 1);
    EXPECT_THAT(Get("/api/v1/devices/1/approvals/seen?kind=listener").at("items").as_array(), IsEmpty());
    EXPECT_THAT(Get("/api/v1/devices/1/facts/listening_sockets?approval=to_decide").at("items").as_array(), IsEmpty());
    EXPECT_EQ(Get("/api/v1/devices/1/facts/listening_sockets?text=sshd").at("items").at(0).at("approval").at("reason"),
              "baseline");
    EXPECT_EQ(Post("/api/v1/devices/1/approvals/2/withdraw", R"({"reason":"closed"})", 200).at("state"), "withdrawn");
    Post("/api/v1/devices/1/approvals/2/withdraw", R"({"reason":"closed"})", 409);
    Post("/api/v1/devices/1/approvals/2/withdraw", R"({})", 400);
    Post("/api/v1/devices/1/approvals/99/withdraw", R"({"reason":"closed"})", 404);
    EXPECT_THAT(Ids(Get("/api/v1/devices/1/approvals")), ElementsAre(3, 1));
    EXPECT_THAT(Ids(Get("/api/v1/devices/1/approvals?limit=1&state=any")), ElementsAre(3));
    EXPECT_THAT(Ids(Get("/api/v1/devices/1/approvals?limit=1&state=any&after=3")), ElementsAre(2));
}

TEST_P(Api, GoesThroughFactsAndHistoryPageByPage) {
    const auto device = AddServer("web01");
    See(device, 0, "services", {});
    See(device, 1, "services", {{"a", true}, {"b", true}, {"c", true}});
    const auto walk = [&](const std::string& path) {
        std::size_t items = 0;
        std::string after;
        for (int page = 0; page < 10; ++page) {
            const json::value answer = Get(path + "?limit=2" + after);
            items += answer.at("items").as_array().size();
            if (answer.at("next").is_null()) return items;
            after = fmt::format("&after={}", answer.at("next").as_int64());
        }
        return std::size_t{0};
    };
    EXPECT_EQ(walk("/api/v1/devices/1/facts/services"), 3U);
    EXPECT_EQ(walk("/api/v1/devices/1/changes"), 4U);
}

TEST_P(Api, LooksAsIfDevicesOfOtherUnitsWereNotThere) {
    AddServer("works01", kWorks);
    site().SignIn(identity::Role::kSystemAdmin, {kCivil});
    EXPECT_THAT(Ids(Get("/api/v1/devices?state=any")), IsEmpty());
    for (const std::string part :
         {"", "/facts/services", "/coverage", "/changes", "/approvals", "/approvals/seen", "/findings"}) {
        Get("/api/v1/devices/1" + part, 404);
    }
    Call(Method::kPatch, "/api/v1/devices/1", R"({"notes":"mine"})", 404);
    Post("/api/v1/devices/1/observe", {}, 404);
    Post("/api/v1/devices/1/approvals", R"({"subjects":[{"kind":"account","name":"x"}],"reason":"x"})", 404);
    Post("/api/v1/devices/1/approvals/1/withdraw", R"({"reason":"x"})", 404);
    Post("/api/v1/devices", R"({"name":"x","kind":"server","unit_id":3})", 403);
}

TEST_P(Api, LetsReadersReadAndNothingElse) {
    RegisterAndObserveHost();
    site().SignIn(identity::Role::kAuditor, {kTop});
    Get("/api/v1/devices/1/approvals/seen");
    Call(Method::kPatch, "/api/v1/devices/1", R"({"notes":"mine"})", 403);
    Post("/api/v1/devices/1/observe", {}, 403);
    Post("/api/v1/devices/1/approvals", R"({"subjects":[{"kind":"account","name":"x"}],"reason":"x"})", 403);
    site().SignIn(identity::Role::kNetworkUser, {kTop});
    Get("/api/v1/devices", 403);
}

TEST_P(Api, KeepsHostileNamesUntouched) {
    const std::string name = "<script>\"\\\u202E𠀀";
    Post("/api/v1/devices", json::serialize(json::object{{"name", name}, {"kind", "server"}, {"unit_id", 1}}), 201);
    EXPECT_EQ(Get("/api/v1/devices/1").at("name"), json::value(name));
}

}  // namespace
}  // namespace opsteward::inventory
