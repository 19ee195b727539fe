#include <gtest/gtest.h>

#include "features/vulnerabilities/match/package_url.hpp"

namespace opsteward::vuln {
namespace {

struct Case {
    std::string_view text;
    std::string_view type, name_space, name, version;
};

// The examples of the specification's README, and what inventories of Debian and npm write.
constexpr Case kCases[] = {
    {"pkg:bitbucket/birkenfeld/pygments-main@244fd47e07d1014f0aed9c", "bitbucket", "birkenfeld", "pygments-main", "244fd47e07d1014f0aed9c"},
    {"pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=jessie", "deb", "debian", "curl", "7.50.3-1"},
    {"pkg:golang/google.golang.org/genproto#googleapis/api/annotations", "golang", "google.golang.org", "genproto", ""},
    {"pkg:maven/org.apache.xmlgraphics/batik-anim@1.9.1?packaging=sources", "maven", "org.apache.xmlgraphics", "batik-anim", "1.9.1"},
    {"pkg:npm/%40angular/animation@12.3.1", "npm", "@angular", "animation", "12.3.1"},
    {"pkg:npm/@angular/animation@12.3.1", "npm", "@angular", "animation", "12.3.1"},
    {"pkg:npm/foobar@12.3.1", "npm", "", "foobar", "12.3.1"},
    {"PKG:PyPI/Django_Package@1.11.1.dev1", "pypi", "", "Django_Package", "1.11.1.dev1"},
    {"pkg:rpm/fedora/curl@7.50.3-1.fc25?arch=i386&distro=fedora-25", "rpm", "fedora", "curl", "7.50.3-1.fc25"},
    {"pkg:deb/debian/libssl3@3.0.11-1~deb12u2?upstream=openssl", "deb", "debian", "libssl3", "3.0.11-1~deb12u2"},
    {"pkg://npm/foobar/", "npm", "", "foobar", ""},
};

TEST(PackageUrl, IsCutIntoItsParts) {
    for (const Case& one : kCases) {
        const auto url = ParsePackageUrl(one.text);
        ASSERT_TRUE(url.has_value()) << one.text;
        EXPECT_EQ(url->type, one.type) << one.text;
        EXPECT_EQ(url->name_space, one.name_space) << one.text;
        EXPECT_EQ(url->name, one.name) << one.text;
        EXPECT_EQ(url->version, one.version) << one.text;
    }
}

TEST(PackageUrl, QualifiersAreDecoded) {
    const auto url = ParsePackageUrl("pkg:deb/debian/x@1?Distro=debian-12&upstream=a%2Bb%401.0-1&lonely");
    ASSERT_TRUE(url.has_value());
    EXPECT_EQ(url->qualifiers.at("distro"), "debian-12");
    EXPECT_EQ(url->qualifiers.at("upstream"), "a+b@1.0-1");
}

TEST(PackageUrl, WhatIsNoneIsRefused) {
    for (const std::string_view text : {"", "pkg:", "pkg:npm", "pkg:/name", "pkg:npm/", "http://example.org", "pkg:npm/%4", "pkg:npm/%zz", "npm/foobar@1"}) {
        EXPECT_FALSE(ParsePackageUrl(text).has_value()) << text;
    }
    EXPECT_FALSE(ParsePackageUrl("pkg:npm/" + std::string(5000, 'a')).has_value());
}

TEST(PackageUrl, LanguagePackagesAreNamedAsOsvNamesThem) {
    const auto named = [](std::string_view text) {
        const auto package = LanguagePackageOf(ParsePackageUrl(text).value());
        return package ? package->ecosystem + " " + package->name : std::string();
    };
    EXPECT_EQ(named("pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"), "Maven org.apache.logging.log4j:log4j-core");
    EXPECT_EQ(named("pkg:npm/%40angular/animation@12"), "npm @angular/animation");
    EXPECT_EQ(named("pkg:pypi/Django_.Package@1"), "PyPI django-package");
    EXPECT_EQ(named("pkg:golang/github.com/gorilla/websocket@v1"), "Go github.com/gorilla/websocket");
    EXPECT_EQ(named("pkg:deb/debian/curl@1"), "");
}

}  // namespace
}  // namespace opsteward::vuln
