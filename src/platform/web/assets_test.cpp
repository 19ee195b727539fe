#include "platform/web/assets.hpp"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "platform/web/components.hpp"
#include "platform/web/embedded_files.hpp"
#include "platform/web/unzip_test_support.hpp"

namespace opsteward::web {
namespace {

TEST(Assets, EveryFileIsFoundAtItsUrlAndMayBeKeptForEver) {
    ASSERT_FALSE(EmbeddedFiles().empty());
    for (const EmbeddedFile& file : EmbeddedFiles()) {
        const net::Response response = FindAsset(AssetUrl(file.name), false);
        EXPECT_EQ(response.status, 200) << file.name;
        EXPECT_EQ(response.static_body, file.plain);
        EXPECT_EQ(response.headers.Get("Content-Type"), file.type);
        EXPECT_EQ(response.headers.Get("Cache-Control"), "public, max-age=31536000, immutable");
        EXPECT_EQ(response.headers.Get("X-Content-Type-Options"), "nosniff");
        EXPECT_EQ(response.headers.Get("Vary"), "Accept-Encoding");
        EXPECT_FALSE(response.headers.Has("Content-Encoding"));
    }
}

TEST(Assets, TheCompressedFormUnpacksToThePlainOne) {
    for (const EmbeddedFile& file : EmbeddedFiles()) {
        const net::Response response = FindAsset(AssetUrl(file.name), true);
        EXPECT_EQ(response.headers.Get("Content-Encoding"), "gzip");
        EXPECT_EQ(Unzip(response.static_body, file.plain.size()), file.plain) << file.name;
    }
}

TEST(Assets, TypesAreThoseThatBrowsersInsistOn) {
    EXPECT_EQ(FindAsset(AssetUrl("app.css"), false).headers.Get("Content-Type"), "text/css; charset=utf-8");
    EXPECT_EQ(FindAsset(AssetUrl("app.js"), false).headers.Get("Content-Type"), "text/javascript; charset=utf-8");
    EXPECT_EQ(FindAsset(AssetUrl("icons.svg"), false).headers.Get("Content-Type"), "image/svg+xml");
}

TEST(Assets, APageFromBeforeAnUpgradeGetsTheFileOfTodayWithoutKeepingIt) {
    const net::Response response = FindAsset("/assets/0123456789abcdef/app.css", false);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.headers.Get("Cache-Control"), "no-cache");
}

TEST(Assets, AnythingElseIsNotFound) {
    for (const std::string_view path : {"/assets/", "/assets/app.css", "/assets/0123456789abcdef/",
                                        "/assets/0123456789abcdef", "/assets/0123456789abcdef/none.css",
                                        "/assets/0123456789ABCDEF/app.css", "/assets/xyz/app.css", "/other", ""}) {
        EXPECT_EQ(FindAsset(path, true).status, 404) << path;
    }
}

TEST(Assets, NothingIsLoadedFromAnotherHost) {
    for (const std::string_view name : {"app.css", "app.js", "palette.js", "live.js"}) {
        const std::string_view text = FindAsset(AssetUrl(name), false).static_body;
        EXPECT_EQ(text.find("url(http"), std::string_view::npos) << name;
        EXPECT_EQ(text.find("@import"), std::string_view::npos) << name;
        EXPECT_EQ(text.find("from 'http"), std::string_view::npos) << name;
    }
}

TEST(Icons, EveryListedNameIsInTheSprite) {
    const std::string_view sprite = FindAsset(AssetUrl("icons.svg"), false).static_body;
    ASSERT_FALSE(IconNames().empty());
    for (const std::string_view name : IconNames()) {
        EXPECT_NE(sprite.find("<symbol id=\"" + std::string(name) + "\""), std::string_view::npos) << name;
        EXPECT_TRUE(HasIcon(name));
    }
    EXPECT_FALSE(HasIcon("no-such-icon"));
}

}  // namespace
}  // namespace opsteward::web
