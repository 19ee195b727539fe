#include <gtest/gtest.h>

#include "net/server.hpp"

namespace opsteward::net {
namespace {

TEST(Endpoint, IsAnAddressAndAPort) {
    const auto v4 = ParseEndpoint("127.0.0.1:8443");
    ASSERT_TRUE(v4);
    EXPECT_EQ(v4->address, "127.0.0.1");
    EXPECT_EQ(v4->port, 8443);
    const auto v6 = ParseEndpoint("[::1]:0");
    ASSERT_TRUE(v6);
    EXPECT_EQ(v6->address, "::1");
    EXPECT_EQ(v6->port, 0);
    EXPECT_EQ(ParseEndpoint("0.0.0.0:65535")->port, 65535);
}

TEST(Endpoint, AnythingElseIsRefusedInBothLanguages) {
    for (const char* bad : {"", ":", ":80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:x",
                            "localhost:80", "::1:80", "[::1]", "[::1]80", "[127.0.0.1]:80", "1.2.3:80", "127.0.0.1:80 ",
                            "[::1%lo]:80", "[]:80"}) {
        const auto parsed = ParseEndpoint(bad);
        ASSERT_FALSE(parsed) << bad;
        EXPECT_EQ(parsed.error().code, ErrorCode::kInvalidInput);
        EXPECT_FALSE(parsed.error().caller_text.zh.empty());
        EXPECT_FALSE(parsed.error().caller_text.en.empty());
    }
}

TEST(Endpoint, KnowsLoopbackAddresses) {
    for (const char* loopback : {"127.0.0.1", "127.255.0.3", "::1", "::ffff:127.0.0.1"}) {
        EXPECT_TRUE(IsLoopback({loopback, 1})) << loopback;
    }
    for (const char* other : {"0.0.0.0", "::", "192.0.2.1", "128.0.0.1", "fe80::1", "::ffff:192.0.2.1", "localhost", ""}) {
        EXPECT_FALSE(IsLoopback({other, 1})) << other;
    }
}

}  // namespace
}  // namespace opsteward::net
