#include "platform/web/cookies.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "platform/web/gate.hpp"

namespace opsteward::web {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

/// What a browser sends back after `set_cookie`.
net::Request RequestAfter(std::string_view set_cookie, bool is_tls) {
    net::Request request;
    request.is_tls = is_tls;
    request.headers.Set("Cookie", set_cookie.substr(0, set_cookie.find(';')));
    return request;
}

TEST(SessionCookie, IsBoundToThisHostOverTls) {
    EXPECT_EQ(SessionCookie("s3cret", true), "__Host-opsteward=s3cret; Path=/; HttpOnly; SameSite=Lax; Secure");
    EXPECT_EQ(SessionCookie("", true), "__Host-opsteward=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure");
}

TEST(SessionCookie, IsPlainOnLoopback) {
    EXPECT_EQ(SessionCookie("s3cret", false), "opsteward=s3cret; Path=/; HttpOnly; SameSite=Lax");
    EXPECT_EQ(SessionCookie("", false), "opsteward=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax");
}

TEST(SessionSecret, IsReadFromTheCookieOfItsTransportOnly) {
    for (const bool is_tls : {false, true}) {
        EXPECT_EQ(SessionSecret(RequestAfter(SessionCookie("s3cret", is_tls), is_tls)), "s3cret");
        EXPECT_EQ(SessionSecret(RequestAfter(SessionCookie("s3cret", !is_tls), is_tls)), "")
            << "a cookie without the prefix can be set by others, for example over plain HTTP";
    }
    EXPECT_EQ(SessionSecret({}), "");
}

TEST(PreferenceCookie, LastsAYear) {
    EXPECT_EQ(PreferenceCookie(kLanguageCookie, "en", true),
              "language=en; Max-Age=31536000; Path=/; HttpOnly; SameSite=Lax; Secure");
    EXPECT_EQ(PreferenceCookie(kThemeCookie, "dark", false),
              "theme=dark; Max-Age=31536000; Path=/; HttpOnly; SameSite=Lax");
}

TEST(NoticeCookie, CarriesBothLanguagesAsTheyAre) {
    const Text texts[] = {
        {"已儲存。", "Saved."}, {"「a;b=c&d%41」", "\"a; b=c&d\" + %41, \xF0\x9F\x98\x80"}, {"只有中文", ""}};
    for (const Text& text : texts) {
        for (const bool is_tls : {false, true}) {
            const std::string cookie = NoticeCookie(text, is_tls);
            EXPECT_THAT(cookie, StartsWith(is_tls ? "__Host-notice=" : "notice="));
            EXPECT_THAT(cookie, HasSubstr("; Max-Age=60;"));
            EXPECT_THAT(cookie, is_tls ? EndsWith("; Secure") : EndsWith("; SameSite=Lax"));
            EXPECT_EQ(NoticeOf(RequestAfter(cookie, is_tls)), text) << cookie;
            EXPECT_TRUE(NoticeOf(RequestAfter(cookie, !is_tls)).empty());
        }
    }
}

TEST(NoticeCookie, CanBreakNeitherTheHeaderNorTheCookie) {
    const std::string cookie = NoticeCookie({"a\r\nSet-Cookie: x=1; Domain=evil.example", "b, \"c\"\\"}, true);
    const std::string_view value = std::string_view(cookie).substr(0, cookie.find(';'));
    EXPECT_THAT(value, HasSubstr("evil.example"));
    for (const char c : value.substr(value.find('=') + 1)) {
        EXPECT_TRUE(c > 0x20 && c < 0x7F && std::string_view("\",;\\").find(c) == std::string_view::npos) << c;
    }
}

TEST(NoticeCookie, StaysBelowWhatBrowsersKeepHoweverLongTheNoticeIs) {
    std::string zh;
    std::string en;
    for (int i = 0; i < 5000; ++i) {
        zh += "長";
        en += "é";
    }
    const std::string cookie = NoticeCookie({zh, en}, true);
    EXPECT_LT(cookie.size(), 4096U);
    const Text shown = NoticeOf(RequestAfter(cookie, true));
    EXPECT_THAT(shown.zh, StartsWith("長長長"));
    EXPECT_THAT(shown.en, StartsWith("ééé"));
    EXPECT_LT(CountCodePoints(shown.zh), 160U);
}

TEST(NoticeCookie, IsRemovedWhenThereIsNothingToSay) {
    EXPECT_EQ(NoticeCookie({}, false), "notice=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax");
    EXPECT_THAT(NoticeCookie({}, true), StartsWith("__Host-notice=; Max-Age=0;"));
}

TEST(NoticeOf, TakesNothingFromACookieThatItCanNotRead) {
    for (const std::string_view value : {"", "%", "zh=%FF", "zh=%ZZ", "x=1", "plain text"}) {
        net::Request request;
        request.headers.Set("Cookie", "notice=" + std::string(value));
        EXPECT_TRUE(NoticeOf(request).empty()) << value;
    }
}

}  // namespace
}  // namespace opsteward::web
