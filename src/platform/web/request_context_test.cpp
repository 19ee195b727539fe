#include "platform/web/request_context.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/web/cookies.hpp"

namespace opsteward::web {
namespace {

using namespace std::string_literals;
using ::testing::HasSubstr;

RequestContext ContextOf(const net::Request& request) {
    return {request, nullptr, Instant(), Language::kEnglish, {}, {}, {}};
}

TEST(RequestContext, TakesPositiveNumbersForIds) {
    const net::Request request;
    RequestContext context = ContextOf(request);
    context.path_parameters = {{"id", "42"}, {"unit", "9223372036854775807"}};
    EXPECT_EQ(context.IdParameter().value(), 42);
    EXPECT_EQ(context.IdParameter("unit").value(), INT64_MAX);
    EXPECT_EQ(context.Parameter("id"), "42");
    EXPECT_EQ(context.Parameter("name"), "");
    for (const std::string_view text : {"", "0", "-1", "+1", " 1", "1 ", "1.0", "x", "9223372036854775808", "１"}) {
        context.path_parameters["id"] = text;
        const auto id = context.IdParameter();
        ASSERT_FALSE(id.ok()) << text;
        EXPECT_EQ(id.error().code, ErrorCode::kNotFound);
    }
    EXPECT_EQ(context.IdParameter("name").error().code, ErrorCode::kNotFound);
}

TEST(RequestContext, TakesOneJsonObjectForABody) {
    net::Request request;
    request.headers.Set("Content-Type", "Application/JSON; charset=utf-8");
    request.body = R"({"name":"甲"})";
    EXPECT_EQ(ContextOf(request).JsonBody().value().at("name"), "甲");
    for (const std::string_view body : {"", "{", "[]", "1", "null", "{} {}"}) {
        request.body = body;
        const auto read = ContextOf(request).JsonBody();
        ASSERT_FALSE(read.ok()) << body;
        EXPECT_EQ(read.error().code, ErrorCode::kInvalidInput) << body;
    }
}

TEST(RequestContext, TakesJsonOnlyUnderItsOwnName) {
    net::Request request;
    request.body = "{}";
    for (const std::string_view type : {"", "text/plain", "application/x-www-form-urlencoded", "application/jsonp"}) {
        request.headers.Set("Content-Type", type);
        EXPECT_EQ(ContextOf(request).JsonBody().error().code, ErrorCode::kInvalidInput) << type;
    }
}

TEST(RequestContext, HoldsNoPermissionForNobody) {
    const net::Request request;
    EXPECT_EQ(ContextOf(request).RequireIn("devices.read", 1).error().code, ErrorCode::kForbidden);
}

TEST(RequestContext, RequiresThePermissionInTheVeryUnit) {
    const identity::PermissionSpec permissions[] = {
        {"devices.read", {"檢視設備", "Read devices"}, {identity::Role::kAuditor}}};
    const identity::Authentication authentication{
        identity::Principal({7, "lin", ""}, "林", {{identity::Role::kAuditor, 2}}, {{2, {2, 5}}}, permissions),
        std::nullopt, true};
    const net::Request request;
    RequestContext context = ContextOf(request);
    context.authentication = &authentication;
    EXPECT_TRUE(context.RequireIn("devices.read", 2).ok());
    EXPECT_TRUE(context.RequireIn("devices.read", 5).ok());
    EXPECT_EQ(context.RequireIn("devices.read", 1).error().code, ErrorCode::kForbidden);
    EXPECT_EQ(context.RequireIn("devices.change", 2).error().code, ErrorCode::kForbidden);
}

TEST(RequestContext, RedirectsWithinThisSiteWithItsNotice) {
    net::Request request;
    request.is_tls = true;
    const Text notice{"已儲存。", "Saved."};
    const net::Response there = ContextOf(request).RedirectWithNotice("/devices?page=2", notice);
    EXPECT_EQ(there.status, 303);
    EXPECT_EQ(there.headers.Get("Location"), "/devices?page=2");
    EXPECT_EQ(there.headers.Get("Set-Cookie"), NoticeCookie(notice, true));
    EXPECT_EQ(ContextOf(request).RedirectWithNotice("//evil.example", notice).headers.Get("Location"), "/");
}

TEST(Json, WritesTextsAndTimes) {
    EXPECT_EQ(json::serialize(TextJson({"甲", "A"})), R"({"zh":"甲","en":"A"})");
    EXPECT_EQ(TimeJson(std::nullopt), nullptr);
    EXPECT_EQ(TimeJson(FromMillis(1'754'373'780'000)), "2025-08-05T06:03:00.000Z");
    EXPECT_EQ(JsonResponse(json::array(), 201).status, 201);
}

TEST(RequiredString, TakesTextWithinItsLimit) {
    const json::object object{{"name", "甲"},    {"empty", ""},    {"number", 1},
                              {"null", nullptr}, {"nul", "a\0b"s}, {"broken", "\xFF"}};
    EXPECT_EQ(RequiredString(object, "name").value(), "甲");
    EXPECT_EQ(RequiredString(object, "name", 3).value(), "甲");
    EXPECT_EQ(RequiredString(object, "empty").value(), "");
    for (const std::string_view key : {"absent", "number", "null", "nul", "broken"}) {
        const auto refused = RequiredString(object, key);
        ASSERT_FALSE(refused.ok()) << key;
        EXPECT_EQ(refused.error().code, ErrorCode::kInvalidInput);
        EXPECT_THAT(refused.error().caller_text.en, HasSubstr(key));
        EXPECT_THAT(refused.error().caller_text.zh, HasSubstr(key));
    }
    EXPECT_THAT(RequiredString(object, "name", 2).error().caller_text.en, HasSubstr("at most 2 bytes"));
}

TEST(RequiredInt, TakesIntegersOnly) {
    const auto object =
        json::parse(R"({"n":-5,"big":9223372036854775808,"text":"5","part":5.0,"null":null})").as_object();
    EXPECT_EQ(RequiredInt(object, "n").value(), -5);
    for (const std::string_view key : {"absent", "big", "text", "part", "null"}) {
        const auto refused = RequiredInt(object, key);
        ASSERT_FALSE(refused.ok()) << key;
        EXPECT_EQ(refused.error().code, ErrorCode::kInvalidInput);
        EXPECT_THAT(refused.error().caller_text.en, HasSubstr(key));
    }
}

}  // namespace
}  // namespace opsteward::web
