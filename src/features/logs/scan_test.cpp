#include "features/logs/scan.hpp"

#include <gtest/gtest.h>

#include "features/logs/key_map.hpp"
#include "features/logs/message_pattern.hpp"

namespace opsteward::logs {
namespace {

TEST(ReadQuoted, ABackslashKeepsAQuoteFromClosing) {
    const Quoted quoted = ReadQuoted(R"("a\"b" c)", 1, '"', Encoding::kUtf8);
    EXPECT_EQ(quoted.text, R"(a\"b)");
    EXPECT_TRUE(quoted.has_escape);
    EXPECT_EQ(quoted.end, 6U);
}

TEST(ReadQuoted, WhatNeverClosesGoesToTheEnd) {
    EXPECT_EQ(ReadQuoted("\"abc", 1, '"', Encoding::kUtf8).text, "abc");
    EXPECT_EQ(ReadQuoted("\"abc\\", 1, '"', Encoding::kUtf8).text, "abc\\");
    EXPECT_EQ(ReadQuoted("\"", 1, '"', Encoding::kUtf8).end, 1U);
}

TEST(ReadQuoted, HalfABig5CharacterIsNoBackslash) {
    constexpr std::string_view kSuccess = "\"\xA6\xA8\xA5\x5C\" next";  // 成功
    EXPECT_EQ(ReadQuoted(kSuccess, 1, '"', Encoding::kBig5).text, "\xA6\xA8\xA5\x5C");
    EXPECT_FALSE(ReadQuoted(kSuccess, 1, '"', Encoding::kBig5).has_escape);
    EXPECT_NE(ReadQuoted(kSuccess, 1, '"', Encoding::kUtf8).text, "\xA6\xA8\xA5\x5C");
}

TEST(Unescape, TakesAwayOnlyBackslashesThatEscape) {
    TextStore owned;
    EXPECT_EQ(Unescape(R"(C:\a\"b\]\\)", "\"\\]", Encoding::kUtf8, owned), R"(C:\a"b]\)");
    EXPECT_EQ(Unescape("\xA5\x5C\\\"", "\"\\", Encoding::kBig5, owned), "\xA5\x5C\"");
    EXPECT_EQ(Unescape("a\\", "\\", Encoding::kUtf8, owned), "a\\");
}

TEST(KeyMap, FindsItsKeysAndNoOthers) {
    static constexpr KeyMap kMap({{"a", FieldId::kSrcIp}, {"ab", FieldId::kDstIp}, {"aab", FieldId::kUser}});
    EXPECT_EQ(kMap.Find("a"), FieldId::kSrcIp);
    EXPECT_EQ(kMap.Find("ab"), FieldId::kDstIp);
    EXPECT_EQ(kMap.Find("aab"), FieldId::kUser);
    EXPECT_EQ(kMap.Find("abb"), FieldId::kVendor);
    EXPECT_EQ(kMap.Find(""), FieldId::kVendor);
}

TEST(Endpoint, ReadsEveryWayAnEndIsWritten) {
    struct Row {
        std::string_view text, interface, address, port, user;
    };
    for (const Row& row : {
             Row{"outside:10.1.1.1/443", "outside", "10.1.1.1", "443", ""},
             Row{"outside/10.1.1.1(443)", "outside", "10.1.1.1", "443", ""},
             Row{"10.1.1.1(443)", "", "10.1.1.1", "443", ""},
             Row{"10.1.1.1/443", "", "10.1.1.1", "443", ""},
             Row{"10.1.1.1", "", "10.1.1.1", "", ""},
             Row{"dmz-1:web01/80", "dmz-1", "web01", "80", ""},
             Row{"inside:10.1.1.1/50(LOCAL\\alice)", "inside", "10.1.1.1", "50", "LOCAL\\alice"},
             Row{"outside:2001:db8::1/443", "outside", "2001:db8::1", "443", ""},
             Row{"outside/2001:db8::1(443)", "outside", "2001:db8::1", "443", ""},
             Row{"2001:db8::1/443", "", "2001:db8::1", "443", ""},
         }) {
        ParsedLine line;
        AddEndpoint(row.text, {FieldId::kSrcIp, FieldId::kSrcPort, FieldId::kInInterface, FieldId::kUser}, line);
        EXPECT_EQ(line.Value(FieldId::kInInterface), row.interface) << row.text;
        EXPECT_EQ(line.Value(FieldId::kSrcIp), row.address) << row.text;
        EXPECT_EQ(line.Value(FieldId::kSrcPort), row.port) << row.text;
        EXPECT_EQ(line.Value(FieldId::kUser), row.user) << row.text;
    }
}

TEST(MessagePattern, KeepsTheFieldsBeforeThePlaceWhereTheMessageWasCut) {
    static constexpr MessagePattern kPattern("Deny {proto} src {src} dst {dst} by access-group \"{rule}\"");
    ParsedLine line;
    EXPECT_TRUE(kPattern.Read("Deny tcp src outside:10.1.1.1/5 dst ins", line));
    EXPECT_EQ(line.Value(FieldId::kSrcIp), "10.1.1.1");
    EXPECT_EQ(line.Value(FieldId::kRule), "");
    EXPECT_FALSE(kPattern.Read("Permit tcp", line));
}

TEST(MessagePattern, WhatFollowsAFirstSlotStandsRightBehindTheFirstWord) {
    static constexpr MessagePattern kPattern("{action} inbound {proto} connection");
    ParsedLine line;
    EXPECT_FALSE(kPattern.Read("Built outbound TCP inbound connection", line));
    EXPECT_TRUE(line.fields.empty());
    EXPECT_TRUE(kPattern.Read("Built inbound TCP connection", line));
    EXPECT_EQ(line.Value(FieldId::kProto), "TCP");
}

}  // namespace
}  // namespace opsteward::logs
