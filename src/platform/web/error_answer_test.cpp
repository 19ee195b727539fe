#include "platform/web/error_answer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.hpp"

namespace opsteward::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct StatusCase {
    ErrorCode code;
    int page;
    int api;
};
constexpr StatusCase kStatuses[] = {
    {ErrorCode::kInvalidInput, 422, 400}, {ErrorCode::kUnauthenticated, 401, 401}, {ErrorCode::kForbidden, 403, 403},
    {ErrorCode::kNotFound, 404, 404},     {ErrorCode::kConflict, 409, 409},        {ErrorCode::kTooLarge, 413, 413},
    {ErrorCode::kTooMany, 429, 429},      {ErrorCode::kUnavailable, 503, 503},     {ErrorCode::kTimeout, 504, 504},
    {ErrorCode::kCancelled, 503, 503},    {ErrorCode::kCorrupt, 500, 500},         {ErrorCode::kFull, 507, 507},
    {ErrorCode::kInternal, 500, 500}};

TEST(StatusFor, GivesEveryCodeItsStatus) {
    for (const StatusCase& each : kStatuses) {
        EXPECT_EQ(StatusFor(each.code, false), each.page) << ErrorCodeName(each.code);
        EXPECT_EQ(StatusFor(each.code, true), each.api) << ErrorCodeName(each.code);
    }
    EXPECT_EQ(std::size(kStatuses), static_cast<std::size_t>(ErrorCode::kInternal) + 1) << "a code has no row here";
}

TEST(ErrorJson, HasTheCodeAndBothLanguagesAndNothingElse) {
    for (const StatusCase& each : kStatuses) {
        const Error error{each.code, "SQLSTATE 08006 at /var/lib", {"資料庫「甲」", "The \"database\""}};
        const net::Response response = ErrorJson(error, each.api);
        EXPECT_EQ(response.status, each.api);
        EXPECT_EQ(response.headers.Get("Content-Type"), net::Response::Json("").headers.Get("Content-Type"));
        const json::object message{{"zh", "資料庫「甲」"}, {"en", "The \"database\""}};
        const json::object expected{{"error", json::object{{"code", ErrorCodeName(each.code)}, {"message", message}}}};
        EXPECT_EQ(json::parse(response.body), json::value(expected));
    }
}

TEST(ErrorPage, SaysInTheReadersLanguageWhatHappenedAndHidesTheRest) {
    for (const StatusCase& each : kStatuses) {
        const Error error{each.code, "SQLSTATE 08006 at /var/lib", {"資料庫<b>", "Database<b>"}};
        PageFrame frame;
        const net::Response chinese = ErrorPage(frame, error, each.page);
        frame.language = Language::kEnglish;
        const net::Response english = ErrorPage(frame, error, each.page);
        EXPECT_EQ(chinese.status, each.page);
        EXPECT_THAT(chinese.body, HasSubstr("資料庫&lt;b&gt;"));
        EXPECT_THAT(chinese.body, Not(HasSubstr("Database")));
        EXPECT_THAT(english.body, HasSubstr("Database&lt;b&gt;"));
        EXPECT_THAT(english.body, HasSubstr(fmt::format("{} {}", each.page, ErrorCodeName(each.code))));
        EXPECT_THAT(chinese.body + english.body, Not(HasSubstr("SQLSTATE")));
    }
}

TEST(ErrorPage, HasAHeadingOfItsOwnForEveryStatusBelow500) {
    const Error error = Error::Of(ErrorCode::kNotFound, "沒有。", "None.");
    PageFrame frame;
    frame.language = Language::kEnglish;
    for (const int status : {401, 403, 404, 405, 409, 413, 422, 429}) {
        EXPECT_THAT(ErrorPage(frame, error, status).body, Not(HasSubstr("Something went wrong"))) << status;
    }
    EXPECT_THAT(ErrorPage(frame, error, 500).body, HasSubstr("<h1>Something went wrong</h1>"));
}

TEST(ErrorPage, LeadsOnToTheTasksOrToSigningIn) {
    const Error error = Error::Of(ErrorCode::kForbidden, "不行。", "No.");
    PageFrame frame;
    EXPECT_THAT(ErrorPage(frame, error, 403).body, HasSubstr(R"(href="/login")"));
    EXPECT_THAT(ErrorPage(frame, error, 403).body, Not(HasSubstr(R"(action="/sign-out")")));
    frame.is_signed_in = true;
    EXPECT_THAT(ErrorPage(frame, error, 403).body, Not(HasSubstr(R"(href="/login")")));
    EXPECT_THAT(ErrorPage(frame, error, 403).body, HasSubstr(R"(action="/sign-out")"));
}

}  // namespace
}  // namespace opsteward::web
