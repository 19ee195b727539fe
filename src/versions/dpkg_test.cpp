#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "versions/dpkg_order.hpp"
#include "versions/testing/vectors.hpp"
#include "versions/version.hpp"

namespace opsteward::versions {
namespace {

using testing::Sign;

int ByKeys(std::string_view a, std::string_view b) { return Sign(Key(Scheme::kDpkg, a) <=> Key(Scheme::kDpkg, b)); }

void ExpectOrder(std::string_view a, std::string_view b, int order) {
    EXPECT_EQ(ByKeys(a, b), order) << a << " and " << b;
    EXPECT_EQ(ByKeys(b, a), -order) << b << " and " << a;
    EXPECT_EQ(Sign(CompareDpkg(a, b)), order) << a << " and " << b << ", plainly";
    EXPECT_EQ(Sign(CompareDpkg(b, a)), -order) << b << " and " << a << ", plainly";
}

TEST(Dpkg, EveryVectorOfDpkgHolds) {
    const auto vectors = testing::ReadVectors("dpkg-version.tsv");
    EXPECT_EQ(vectors.size(), 43U);
    for (const auto& [a, b, order] : vectors) ExpectOrder(a, b, order);
}

TEST(Dpkg, OrdersAsDebVersion7Says) {
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
        {"1.239", "1.240"},
        {"1.240", "1.255"},
        {"1.65535", "1.65536"},
        {"1.999999999999999999", "1.1000000000000000000"},
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
    for (const auto& [less, more] : cases) ExpectOrder(less, more, -1);
}

TEST(Dpkg, SomeThatAreWrittenDifferentlyAreEqual) {
    const std::vector<std::pair<const char*, const char*>> cases = {
        {"", ""}, {"1.0", "1.0"}, {"0:1.0", "1.0"}, {"1.0-0", "1.0"}, {"1.01", "1.1"}, {"1.0-1", "0:1.00-01"}, {"a0", "a"}, {"1.0-", "1.0"}};
    for (const auto& [a, b] : cases) ExpectOrder(a, b, 0);
}

TEST(Dpkg, KeysSayWhatThePlainOrderSays) {
    std::mt19937 random(20261127);
    constexpr std::string_view kCharacters = "00199aZ~~+.-:\xE4";
    const auto make = [&] {
        std::string text;
        for (auto left = random() % 9; left > 0; --left) text += kCharacters[random() % kCharacters.size()];
        return text;
    };
    for (int i = 0; i < 200'000; ++i) {
        const std::string a = make();
        const std::string b = make();
        ASSERT_EQ(ByKeys(a, b), Sign(CompareDpkg(a, b))) << a << " and " << b;
    }
}

}  // namespace
}  // namespace opsteward::versions
