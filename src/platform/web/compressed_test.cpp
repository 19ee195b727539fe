#include "platform/web/compressed.hpp"

#include <gtest/gtest.h>

#include "net/response_head.hpp"
#include "platform/web/unzip_test_support.hpp"

namespace opsteward::web {
namespace {

TEST(Gzip, UnpacksToWhatWasPacked) {
    std::string repeated;
    for (int i = 0; i < 100'000; ++i) repeated += "不符合 not met ";
    for (const std::string& plain : {std::string(), std::string("{}"), std::string("\0\x1f\x8b", 3), repeated}) {
        EXPECT_EQ(Unzip(Gzip(plain), plain.size()), plain);
    }
    EXPECT_LT(Gzip(repeated).size(), repeated.size() / 100);
}

TEST(SharedJson, SaysHowItsBytesArePacked) {
    const auto bytes = std::make_shared<const std::string>("{}");
    const net::Response plain = SharedJson(bytes, false);
    EXPECT_EQ(net::BodyOf(plain), "{}");
    EXPECT_EQ(plain.headers.Get("Content-Type"), "application/json");
    EXPECT_EQ(plain.headers.Get("Vary"), "Accept-Encoding");
    EXPECT_FALSE(plain.headers.Has("Content-Encoding"));
    EXPECT_EQ(SharedJson(bytes, true).headers.Get("Content-Encoding"), "gzip");
}

}  // namespace
}  // namespace opsteward::web
