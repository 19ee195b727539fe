#include "features/inventory/host/deb_version.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace opsteward::inventory::host {
namespace {

TEST(DebVersion, OrdersAsDebVersion7Says) {
    struct Case {
        const char* less;
        const char* more;
    };
    const std::vector<Case> cases = {
        // The parts are found as the manual says: epoch before the first colon, revision after the last hyphen.
        {"1.0", "1:0.1"},
        {"1:0.1", "2:0.0"},
        {"9:1", "10:1"},
        {"1.0-1", "1.0-2"},
        {"1.0-9", "1.0-10"},
        {"1.0", "1.0-1"},
        {"1.0-1-1", "1.0-2-0"},
        // The example of the manual for '~'.
        {"~~", "~~a"},
        {"~~a", "~"},
        {"~", ""},
        {"", "a"},
        // Numbers by value, however long.
        {"1.9", "1.10"},
        {"1.2", "1.2.1"},
        {"1.99999999999999999998", "1.99999999999999999999"},
        {"1.99999999999999999999", "1.100000000000000000000"},
        // Letters before what is no letter.
        {"1a", "1+"},
        {"1z", "1."},
        {"1.0a", "1.0b"},
        {"1.0", "1.0a"},
        {"1.0", "1.0+dfsg"},
        {"1.0a", "1.0+a"},
        {"1.0~rc1", "1.0"},
        {"1.0~rc1", "1.0~rc2"},
        {"1.0~beta1~svn1245", "1.0~beta1"},
        // Versions as they are met.
        {"2.0~bpo12+1", "2.0"},
        {"3.0.11-1~deb12u2", "3.0.13-1~deb12u1"},
        {"12.4+deb12u5", "12.4+deb12u11"},
        {"1.22.1-9", "1.22.1-9+deb12u1"},
        {"1.22.1-9+b1", "1.22.1-9+deb12u1"},
        {"6.1.0-9-amd64", "6.1.0-25-amd64"},
        {"2:8.2.2434-3+deb12u1", "2:9.0.1378-2"},
        // What is no proper version has a place all the same.
        {"1.0", "a:1.0"},
        {"0:0-0", "0:0-0a"},
    };
    for (const Case& each : cases) {
        EXPECT_TRUE(CompareDebVersions(each.less, each.more) < 0) << each.less << " < " << each.more;
        EXPECT_TRUE(CompareDebVersions(each.more, each.less) > 0) << each.more << " > " << each.less;
    }
}

TEST(DebVersion, SomeThatAreWrittenDifferentlyAreEqual) {
    const std::vector<std::pair<const char*, const char*>> cases = {
        {"", ""},        {"1.0", "1.0"},         {"0:1.0", "1.0"}, {"1.0-0", "1.0"},
        {"1.01", "1.1"}, {"1.0-1", "0:1.00-01"}, {"a0", "a"},      {"1.0-", "1.0"}};
    for (const auto& [a, b] : cases) EXPECT_TRUE(CompareDebVersions(a, b) == 0) << a << " = " << b;
}

}  // namespace
}  // namespace opsteward::inventory::host
