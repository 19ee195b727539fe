#include "net/http_message.hpp"

#include <gtest/gtest.h>

namespace opsteward::net {
namespace {

TEST(Headers, NamesCompareWithoutRegardToCase) {
    Headers headers;
    headers.Add("Content-Type", "text/plain");
    EXPECT_EQ(headers.Get("content-TYPE"), "text/plain");
    EXPECT_TRUE(headers.Has("CONTENT-TYPE"));
    EXPECT_FALSE(headers.Has("Content-Typ"));
    EXPECT_EQ(headers.Get("Accept"), "");
}

TEST(Headers, AddKeepsEarlierOnesAndSetReplacesThemAll) {
    Headers headers;
    headers.Add("Set-Cookie", "a=1");
    headers.Add("set-cookie", "b=2");
    EXPECT_EQ(headers.all().size(), 2u);
    EXPECT_EQ(headers.Get("Set-Cookie"), "a=1");
    headers.Set("SET-COOKIE", "c=3");
    ASSERT_EQ(headers.all().size(), 1u);
    EXPECT_EQ(headers.Get("Set-Cookie"), "c=3");
}

std::string CookieOf(std::string_view field, std::string_view name) {
    Request request;
    request.headers.Add("Cookie", field);
    return std::string(request.Cookie(name));
}

TEST(Cookie, IsFoundAmongOthers) {
    EXPECT_EQ(CookieOf("a=1; session=x.y-z; b=2", "session"), "x.y-z");
    EXPECT_EQ(CookieOf("a=1;session=2", "session"), "2");
    EXPECT_EQ(CookieOf("  session = 2  ", "session"), "2");
}

TEST(Cookie, TheFirstOfSeveralCounts) { EXPECT_EQ(CookieOf("s=1; s=2", "s"), "1"); }

TEST(Cookie, AValueMayHoldEqualsSigns) { EXPECT_EQ(CookieOf("s=YQ==", "s"), "YQ=="); }

TEST(Cookie, NamesAreWholeAndCaseSensitive) {
    EXPECT_EQ(CookieOf("mysession=1; Session=2", "session"), "");
    EXPECT_EQ(CookieOf("session", "session"), "");
    EXPECT_EQ(CookieOf(";;; =x;", "session"), "");
    EXPECT_EQ(CookieOf("", "session"), "");
}

TEST(Cookie, SeveralFieldsAreReadInOrder) {
    Request request;
    request.headers.Add("Cookie", "a=1");
    request.headers.Add("cookie", "b=2; a=3");
    EXPECT_EQ(request.Cookie("a"), "1");
    EXPECT_EQ(request.Cookie("b"), "2");
}

TEST(Response, FactoriesSayTheirType) {
    EXPECT_EQ(Response::Html("<p>").headers.Get("Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(Response::Json("{}", 201).status, 201);
    EXPECT_EQ(Response::Json("{}").headers.Get("Content-Type"), "application/json");
    EXPECT_EQ(Response::PlainText("x").headers.Get("Content-Type"), "text/plain; charset=utf-8");
    const Response redirect = Response::Redirect("/devices");
    EXPECT_EQ(redirect.status, 303);
    EXPECT_EQ(redirect.headers.Get("Location"), "/devices");
    EXPECT_EQ(redirect.body, "");
}

TEST(Method, HasAName) {
    EXPECT_EQ(MethodName(Method::kGet), "GET");
    EXPECT_EQ(MethodName(Method::kDelete), "DELETE");
}

}  // namespace
}  // namespace opsteward::net
