#include "net/request_target.hpp"

#include <gtest/gtest.h>

namespace opsteward::net {
namespace {

TEST(RequestTarget, IsSplitAndDecoded) {
    const auto target = ParseRequestTarget("/devices/%E5%8F%B0%20x?page=2&q=%41");
    ASSERT_TRUE(target);
    EXPECT_EQ(target->path, "/devices/台 x");
    EXPECT_EQ(target->query, "page=2&q=%41");
    EXPECT_EQ(target->authority, "");
}

TEST(RequestTarget, APlusInAPathIsAPlus) { EXPECT_EQ(ParseRequestTarget("/a+b")->path, "/a+b"); }

TEST(RequestTarget, ALastEmptySegmentStays) {
    EXPECT_EQ(ParseRequestTarget("/")->path, "/");
    EXPECT_EQ(ParseRequestTarget("/devices/")->path, "/devices/");
    EXPECT_EQ(ParseRequestTarget("/?")->path, "/");
}

TEST(RequestTarget, DotsWithinANameAreHarmless) {
    for (const char* fine : {"/a..b", "/...", "/.well-known/x", "/v1.2", "/..a"}) {
        EXPECT_TRUE(ParseRequestTarget(fine)) << fine;
    }
}

TEST(RequestTarget, TheAbsoluteFormNamesItsHost) {
    const auto target = ParseRequestTarget("http://host.example:8443/a?b=1");
    ASSERT_TRUE(target);
    EXPECT_EQ(target->authority, "host.example:8443");
    EXPECT_EQ(target->path, "/a");
    EXPECT_EQ(target->query, "b=1");
    EXPECT_EQ(ParseRequestTarget("HTTPS://h")->path, "/");
    EXPECT_EQ(ParseRequestTarget("https://h?x=1")->query, "x=1");
    EXPECT_EQ(ParseRequestTarget("http://[::1]:80/")->authority, "[::1]:80");
}

TEST(RequestTarget, WhatCouldBeReadInTwoWaysIsRefused) {
    const std::vector<std::string> refused = {
        "", "*", "a", "?x", "//", "//a", "/a//b", "/a//", "/.", "/..", "/a/..", "/a/../b", "/a/./b", "/%2e%2e/b",
        "/.%2E/b", "/%2e", "/a%2fb", "/a%2Fb", "/%5c", "/a\\b", "/..\\b", "/a%5Cb", "/%00", "/a%0d%0ab", "/%7f", "/a%1fb",
        "/%", "/%4", "/%zz", "/%ff", "/%c0%af", "/%c0%ae%c0%ae/", "/%ed%a0%80", "/\xe5\x8f\xb0", "/a b", "/a#b", "/a\tb",
        "/a?x#y", std::string("/a\0b", 4), "http://", "http:///a", "http://user@host/", "http://h:x/", "http://h:123456/",
        "ftp://h/", "http://h\\a/", "http://[::1/", "http://[]/", "http://h/../x"};
    for (const std::string& target : refused) EXPECT_FALSE(ParseRequestTarget(target)) << target;
}

TEST(Authority, IsAHostWithAnOptionalPort) {
    for (const char* fine : {"localhost", "a.example:8443", "192.0.2.7", "[::1]", "[2001:db8::1]:80", "h:", "a_b-c"}) {
        EXPECT_TRUE(IsValidAuthority(fine)) << fine;
    }
    for (const char* bad : {"", "a b", "a/b", "u@h", ":80", "h:80:80", "h:8o", "[::1", "::1", "[x]", "[::1]80", "h,i",
                            "h\\i", "<h>", "h\r\nx"}) {
        EXPECT_FALSE(IsValidAuthority(bad)) << bad;
    }
}

}  // namespace
}  // namespace opsteward::net
