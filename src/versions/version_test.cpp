#include "versions/version.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace opsteward::versions {
namespace {

constexpr Scheme kSchemes[] = {Scheme::kGeneric, Scheme::kDpkg, Scheme::kRpm, Scheme::kWindowsBuild};

/// Texts of pieces that mean something in one scheme or another.
std::vector<std::string> MakeVersions(std::size_t count) {
    const std::vector<std::string> pieces = {"0",
                                             "1",
                                             "00",
                                             "9",
                                             "10",
                                             "255",
                                             "4294967296",
                                             ".",
                                             "-",
                                             ":",
                                             "~",
                                             "^",
                                             "_",
                                             " ",
                                             "+",
                                             "(",
                                             ")",
                                             "a",
                                             "b",
                                             "k",
                                             "p",
                                             "r",
                                             "u",
                                             "v",
                                             "x",
                                             "rc",
                                             "beta",
                                             "sp",
                                             "dev",
                                             "ga",
                                             "service_pack",
                                             "\\",
                                             "\xFF",
                                             std::string(1, '\0'),
                                             "\1"};
    std::mt19937 random(20261127);
    std::vector<std::string> versions(count);
    for (std::string& version : versions) {
        for (auto left = random() % 8; left > 0; --left) version += pieces[random() % pieces.size()];
    }
    return versions;
}

TEST(Version, NoKeyBeginsAnother) {
    for (const Scheme scheme : kSchemes) {
        std::vector<std::string> keys;
        for (const std::string& version : MakeVersions(30'000)) keys.push_back(Key(scheme, version));
        std::ranges::sort(keys);
        keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
        // What began another would stand right before one that it begins.
        for (std::size_t i = 0; i + 1 < keys.size(); ++i) ASSERT_FALSE(keys[i + 1].starts_with(keys[i])) << i;
    }
}

TEST(Version, TheRangesOfVersionsAreTheSameOrApart) {
    const auto versions = MakeVersions(3'000);
    std::vector<KeyRange> ranges;
    for (const std::string& version : versions) ranges.push_back(KeysOf(Scheme::kGeneric, version));
    std::ranges::sort(ranges, {}, [](const KeyRange& range) { return std::pair(range.lowest, range.highest); });
    for (std::size_t i = 0; i + 1 < ranges.size(); ++i) {
        const bool are_updates = ranges[i + 1].lowest == ranges[i + 1].highest;  // of a version that names one, which may lie in the range of its version
        if (ranges[i].lowest == ranges[i + 1].lowest || are_updates) continue;
        ASSERT_LT(ranges[i].highest, ranges[i + 1].lowest);
    }
}

TEST(Version, ComparingIsComparingKeys) {
    const auto versions = MakeVersions(2'000);
    for (const Scheme scheme : kSchemes) {
        for (std::size_t i = 0; i + 1 < versions.size(); ++i) {
            const auto order = Key(scheme, versions[i]) <=> Key(scheme, versions[i + 1]);
            ASSERT_EQ(Compare(scheme, versions[i], versions[i + 1]), order);
            ASSERT_EQ(Compare(scheme, versions[i + 1], versions[i]), 0 <=> order);
        }
    }
}

TEST(Version, SchemesWithoutUpdatesLookAtNone) {
    for (const Scheme scheme : {Scheme::kDpkg, Scheme::kRpm, Scheme::kWindowsBuild}) {
        EXPECT_EQ(Key(scheme, "1.0", "sp1"), Key(scheme, "1.0"));
        EXPECT_EQ(KeysOf(scheme, "1.0").lowest, Key(scheme, "1.0"));
        EXPECT_EQ(KeysOf(scheme, "1.0").highest, Key(scheme, "1.0"));
    }
}

TEST(Version, SchemesHaveNames) {
    EXPECT_EQ(SchemeNamed("generic"), Scheme::kGeneric);
    EXPECT_EQ(SchemeNamed("dpkg"), Scheme::kDpkg);
    EXPECT_EQ(SchemeNamed("rpm"), Scheme::kRpm);
    EXPECT_EQ(SchemeNamed("windows"), Scheme::kWindowsBuild);
    EXPECT_EQ(SchemeNamed("deb"), std::nullopt);
}

/// What stores keys relies on these bytes: kKeyRevision goes up when they change.
TEST(Version, TheBytesOfKeysAreThoseOfTheirRevision) {
    using namespace std::string_literals;
    EXPECT_EQ(kKeyRevision, 1U);
    EXPECT_EQ(Key(Scheme::kGeneric, "1.0.2k"), "\x11\x10\x12\x02k\0\x01\x40"s);
    EXPECT_EQ(Key(Scheme::kGeneric, "10.0.17763.2452"), "\x1A\x10\xF1\x45\x63\xF1\x09\x94\x01\x40"s);
    EXPECT_EQ(Key(Scheme::kGeneric, "8.0", "sp1"), "\x18\x01\x67\x81\x40"s);
    EXPECT_EQ(KeysOf(Scheme::kGeneric, "8.0").lowest, "\x18\x01\x00"s);
    EXPECT_EQ(KeysOf(Scheme::kGeneric, "8.0").highest, "\x18\x01\xFF"s);
    EXPECT_EQ(Key(Scheme::kDpkg, "1:2.0~rc1-3"), "\x01\x02\x02\x65\x02\x00\x01\x2E\x1F\x02\x01\x02\x02\x03\x02"s);
    EXPECT_EQ(Key(Scheme::kRpm, "1:2.0~rc1-3.el9"), "\x01\x12\x10\x01\x04rc\0\x11\x02\x01\x13\x04" "el\0\x19\x02"s);
    EXPECT_EQ(Key(Scheme::kWindowsBuild, "10.0.17763"), "\x1A\x10\xF1\x45\x63\x01\x00"s);
}

TEST(WindowsBuild, NumbersAloneDecide) {
    const auto key = [](std::string_view version) { return Key(Scheme::kWindowsBuild, version); };
    const std::vector<const char*> ascending = {"",
                                                "6.1.7601",
                                                "6.1.7601.17514",
                                                "6.1.7601.17514 (win7sp1_rtm.101119-1850)",
                                                "6.1.7601.17515",
                                                "6.3",
                                                "10.0.17763",
                                                "10.0.17763.2451",
                                                "10.0.17763.2452",
                                                "10.0.17763.10000",
                                                "10.0.20348",
                                                "10.1",
                                                "99999999999999999999"};
    for (std::size_t i = 0; i + 1 < ascending.size(); ++i) EXPECT_LT(key(ascending[i]), key(ascending[i + 1])) << ascending[i];
    for (const char* same : {"10.0.17763.0", "10.0.17763.0.0", "10.00.017763", " 10.0.17763 ", "10..17763", "10.0.17763."})
        EXPECT_EQ(key(same), key("10.0.17763")) << same;
    EXPECT_NE(key("unknown"), key(""));
}

}  // namespace
}  // namespace opsteward::versions
