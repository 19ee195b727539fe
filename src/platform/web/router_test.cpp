#include "platform/web/router.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace opsteward::web {
namespace {

using net::Method;
using Outcome = RouteMatch::Outcome;

Router MakeRouter(const std::vector<std::pair<Method, std::string_view>>& routes) {
    Router router;
    for (std::size_t i = 0; i < routes.size(); ++i) EXPECT_TRUE(router.Add(routes[i].first, routes[i].second, i).ok());
    return router;
}

TEST(Router, FindsTheRootAndLiteralPaths) {
    const Router router = MakeRouter({{Method::kGet, "/"}, {Method::kGet, "/devices"}, {Method::kGet, "/devices/new"}});
    EXPECT_EQ(router.Find(Method::kGet, "/").index, 0U);
    EXPECT_EQ(router.Find(Method::kGet, "/devices").index, 1U);
    EXPECT_EQ(router.Find(Method::kGet, "/devices/new").index, 2U);
    EXPECT_EQ(router.Find(Method::kGet, "/devices/other").outcome, Outcome::kNoSuchPath);
    EXPECT_EQ(router.Find(Method::kGet, "/device").outcome, Outcome::kNoSuchPath);
}

TEST(Router, APlaceholderTakesOneWholeSegmentAsItIs) {
    const Router router = MakeRouter({{Method::kGet, "/units/{unit}/devices/{id}"}});
    const auto match = router.Find(Method::kGet, "/units/資訊室/devices/6.9.5");
    ASSERT_EQ(match.outcome, Outcome::kFound);
    EXPECT_EQ(match.parameters.at("unit"), "資訊室");
    EXPECT_EQ(match.parameters.at("id"), "6.9.5");
    EXPECT_EQ(router.Find(Method::kGet, "/units/1/devices").outcome, Outcome::kNoSuchPath);
    EXPECT_EQ(router.Find(Method::kGet, "/units/1/devices/2/3").outcome, Outcome::kNoSuchPath);
}

TEST(Router, APlaceholderNeedsSomething) {
    const Router router = MakeRouter({{Method::kGet, "/devices/{id}"}, {Method::kGet, "/devices"}});
    EXPECT_EQ(router.Find(Method::kGet, "/devices/").outcome, Outcome::kNoSuchPath);
}

TEST(Router, ALiteralWinsOverAPlaceholder) {
    const Router router = MakeRouter({{Method::kGet, "/devices/{id}"}, {Method::kGet, "/devices/new"}});
    EXPECT_EQ(router.Find(Method::kGet, "/devices/new").index, 1U);
    EXPECT_EQ(router.Find(Method::kGet, "/devices/7").index, 0U);
}

TEST(Router, GoesBackToThePlaceholderWhenTheLiteralLeadsNowhere) {
    const Router router = MakeRouter({{Method::kGet, "/a/b/y"}, {Method::kGet, "/a/{id}/x"}, {Method::kPost, "/a/b/x"}});
    const auto match = router.Find(Method::kGet, "/a/b/x");
    ASSERT_EQ(match.outcome, Outcome::kFound);
    EXPECT_EQ(match.index, 1U);
    EXPECT_EQ(match.parameters.at("id"), "b");
}

TEST(Router, HeadIsAnsweredByTheGetRoute) {
    const Router router = MakeRouter({{Method::kGet, "/devices"}, {Method::kPost, "/devices"}});
    EXPECT_EQ(router.Find(Method::kHead, "/devices").index, 0U);
}

TEST(Router, NamesTheMethodsAPathHas) {
    const Router router = MakeRouter({{Method::kGet, "/devices/{id}"}, {Method::kDelete, "/devices/{name}"}, {Method::kGet, "/devices/new"}});
    const auto match = router.Find(Method::kPost, "/devices/new");
    EXPECT_EQ(match.outcome, Outcome::kOtherMethodsOnly);
    EXPECT_THAT(match.allowed, testing::ElementsAre(Method::kGet, Method::kHead, Method::kDelete));
    EXPECT_EQ(router.Find(Method::kOther, "/devices/1").outcome, Outcome::kOtherMethodsOnly);
}

TEST(Router, RefusesARouteThatIsThereAlreadyUnderOtherNames) {
    Router router = MakeRouter({{Method::kGet, "/devices/{id}"}});
    const auto refused = router.Add(Method::kGet, "/devices/{name}", 1);
    ASSERT_FALSE(refused.ok());
    EXPECT_THAT(refused.error().operator_text, testing::HasSubstr("GET /devices/{name}"));
    EXPECT_TRUE(router.Add(Method::kPost, "/devices/{name}", 1).ok());
}

TEST(Router, RefusesMalformedPatterns) {
    for (const std::string_view pattern : {"", "devices", "/devices/", "//", "/a/{", "/a/{}", "/a/{id", "/a/x{id}", "/a/{I}", "/{a}/{a}"}) {
        Router router;
        EXPECT_FALSE(router.Add(Method::kGet, pattern, 0).ok()) << pattern;
    }
}

}  // namespace
}  // namespace opsteward::web
