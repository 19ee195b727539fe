#include "platform/web/security_headers.hpp"

#include <gtest/gtest.h>

namespace opsteward::web {
namespace {

net::Response WithHeaders(bool is_tls) {
    net::Response response;
    AddSecurityHeaders(response, is_tls);
    return response;
}

TEST(SecurityHeaders, AllowNothingFromElsewhereAndNothingInline) {
    const auto headers = WithHeaders(true).headers;
    EXPECT_EQ(headers.Get("Content-Security-Policy"),
              "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
              "connect-src 'self'; "
              "form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
    EXPECT_EQ(headers.Get("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(headers.Get("Referrer-Policy"), "same-origin");
    EXPECT_EQ(headers.Get("Cross-Origin-Opener-Policy"), "same-origin");
    EXPECT_EQ(headers.Get("Cross-Origin-Resource-Policy"), "same-origin");
    for (const std::string_view feature : {"camera=()", "geolocation=()", "microphone=()", "usb=()"}) {
        EXPECT_NE(headers.Get("Permissions-Policy").find(feature), std::string_view::npos) << feature;
    }
}

TEST(SecurityHeaders, BindBrowsersToTlsOnlyOverTls) {
    EXPECT_EQ(WithHeaders(true).headers.Get("Strict-Transport-Security"), "max-age=31536000");
    EXPECT_FALSE(WithHeaders(false).headers.Has("Strict-Transport-Security"));
}

TEST(SecurityHeaders, LetNothingBeStoredUnlessTheAnswerSaysOtherwise) {
    EXPECT_EQ(WithHeaders(false).headers.Get("Cache-Control"), "no-store");
    net::Response asset;
    asset.headers.Set("Cache-Control", "public, max-age=31536000, immutable");
    AddSecurityHeaders(asset, false);
    EXPECT_EQ(asset.headers.Get("Cache-Control"), "public, max-age=31536000, immutable");
}

TEST(SecurityHeaders, ReplaceWhatAHandlerSaidAboutThem) {
    net::Response response;
    response.headers.Set("Content-Security-Policy", "default-src *");
    AddSecurityHeaders(response, false);
    int policies = 0;
    for (const auto& [name, value] : response.headers.all()) {
        if (name != "Content-Security-Policy") continue;
        ++policies;
        EXPECT_TRUE(value.starts_with("default-src 'none'"));
    }
    EXPECT_EQ(policies, 1);
}

}  // namespace
}  // namespace opsteward::web
