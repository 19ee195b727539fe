#include "net/response_head.hpp"

#include <gtest/gtest.h>

namespace opsteward::net {
namespace {

constexpr std::string_view kDate = "Sun, 06 Nov 1994 08:49:37 GMT";

TEST(HttpDate, IsTheExampleOfTheStandard) {
    EXPECT_EQ(FormatHttpDate(std::chrono::sys_seconds(std::chrono::seconds(784111777))), kDate);
}

TEST(ResponseHead, HasLengthAndDate) {
    EXPECT_EQ(SerializeHead(Response::PlainText("hello"), kDate, {}),
              "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
              "Content-Length: 5\r\n\r\n");
}

TEST(ResponseHead, AnEmptyBodyHasALengthToo) {
    EXPECT_NE(SerializeHead(Response::Redirect("/x"), kDate, {}).find("Content-Length: 0\r\n"), std::string::npos);
}

TEST(ResponseHead, FramingFieldsOfTheHandlerAreLeftOut) {
    Response response = Response::PlainText("hello");
    response.headers.Set("content-length", "999");
    response.headers.Set("Transfer-Encoding", "chunked");
    response.headers.Set("CONNECTION", "upgrade");
    response.headers.Set("Date", "never");
    const std::string head = SerializeHead(response, kDate, {});
    EXPECT_EQ(head.find("999"), std::string::npos);
    EXPECT_EQ(head.find("chunked"), std::string::npos);
    EXPECT_EQ(head.find("upgrade"), std::string::npos);
    EXPECT_EQ(head.find("never"), std::string::npos);
}

TEST(ResponseHead, SaysWhetherTheConnectionStays) {
    const Response response;
    ResponseFraming framing;
    framing.keep_alive = false;
    EXPECT_NE(SerializeHead(response, kDate, framing).find("Connection: close\r\n"), std::string::npos);
    framing = {};
    framing.to_http_1_0 = true;
    EXPECT_NE(SerializeHead(response, kDate, framing).find("Connection: keep-alive\r\n"), std::string::npos);
    framing = {};
    framing.ends_with_close = true;
    const std::string stream = SerializeHead(response, kDate, framing);
    EXPECT_NE(stream.find("Connection: close\r\n"), std::string::npos);
    EXPECT_EQ(stream.find("Content-Length"), std::string::npos);
}

TEST(ResponseHead, NoContentAndNotModifiedHaveNeitherBodyNorLength) {
    for (const int status : {204, 304}) {
        const Response response = Response::PlainText("ignored", status);
        EXPECT_EQ(BodyOf(response), "");
        EXPECT_EQ(SerializeHead(response, kDate, {}).find("Content-Length"), std::string::npos);
    }
}

TEST(ResponseHead, StaticOrSharedBytesAreTheBodyWhenThereAreAny) {
    Response response = Response::PlainText("owned");
    EXPECT_EQ(BodyOf(response), "owned");
    response.static_body = "static";
    EXPECT_EQ(BodyOf(response), "static");
    response.shared_body = std::make_shared<const std::string>("shared");
    EXPECT_EQ(BodyOf(response), "shared");
    EXPECT_NE(SerializeHead(response, kDate, {}).find("Content-Length: 6\r\n"), std::string::npos);
}

TEST(ResponseHead, WhatWouldBreakOutOfItsLineIsNotSendable) {
    const auto sendable = [](std::string_view name, std::string_view value) {
        Response response;
        response.headers.Add(name, value);
        return IsSendable(response);
    };
    EXPECT_TRUE(sendable("X-Name", "text; 台北\tx"));
    EXPECT_TRUE(sendable("X-Name", ""));
    EXPECT_FALSE(sendable("Location", "/a\r\nSet-Cookie: x=1"));
    EXPECT_FALSE(sendable("Location", "/a\nb"));
    EXPECT_FALSE(sendable("Location", std::string_view("/a\0b", 4)));
    EXPECT_FALSE(sendable("X: Y", "z"));
    EXPECT_FALSE(sendable("X\r\nY", "z"));
    EXPECT_FALSE(sendable("", "z"));
    for (const int status : {-1, 0, 100, 199, 600, 1000}) EXPECT_FALSE(IsSendable(Response::PlainText("", status)));
}

}  // namespace
}  // namespace opsteward::net
