#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "versions/version.hpp"

namespace opsteward::versions {
namespace {

struct Release {
    const char* version;
    const char* update = "";
};

std::string KeyOf(const Release& release) { return Key(Scheme::kGeneric, release.version, release.update); }

std::string Show(const Release& release) { return std::string(release.version) + " " + release.update; }

void ExpectAscending(const std::vector<Release>& releases) {
    for (std::size_t i = 0; i + 1 < releases.size(); ++i) {
        EXPECT_LT(KeyOf(releases[i]), KeyOf(releases[i + 1])) << Show(releases[i]) << " < " << Show(releases[i + 1]);
    }
}

void ExpectSame(const std::vector<Release>& releases) {
    for (const Release& each : releases) EXPECT_EQ(KeyOf(each), KeyOf(releases[0])) << Show(each) << " = " << Show(releases[0]);
}

TEST(GenericVersion, NumbersCountByTheirValue) {
    ExpectAscending({{"0.9"},
                     {"1"},
                     {"1.0.1"},
                     {"1.2"},
                     {"1.10"},
                     {"1.223"},
                     {"1.224"},
                     {"1.65536"},
                     {"2"},
                     {"20240727"},
                     {"999999999999999999999"},
                     {"1000000000000000000000"}});
    ExpectSame({{"1.0"}, {"1"}, {"1.0.0"}, {"01.00"}, {"v1.0"}, {"V1"}, {"v.1.0"}, {"version 1.0"}, {"1_0"}, {"1.0-"}});
    ExpectSame({{"0"}, {"0.0"}, {""}});
    ExpectSame({{"1.2+3"}, {"1.2.3"}, {"1:2_3"}, {"1,2 3"}});
}

TEST(GenericVersion, LettersStandBetweenTheEndAndAFurtherNumber) {
    ExpectAscending({{"1.0.1z"}, {"1.0.2"}, {"1.0.2a"}, {"1.0.2k"}, {"1.0.2l"}, {"1.0.2za"}, {"1.0.2.1"}, {"1.0.3"}});
    ExpectAscending({{"9i"}, {"10"}, {"10g"}, {"10.1"}});
    ExpectSame({{"1.0.2K"}, {"1.0.2k"}, {"1.0.2-k"}});
}

TEST(GenericVersion, WhatPrecedesAReleaseSortsBeforeIt) {
    ExpectAscending({{"1.9"},
                     {"2.0-dev"},
                     {"2.0 alpha"},
                     {"2.0-alpha1"},
                     {"2.0-alpha.2"},
                     {"2.0_beta"},
                     {"2.0b1"},
                     {"2.0-beta2"},
                     {"2.0.m3"},
                     {"2.0-pre1"},
                     {"2.0rc1"},
                     {"2.0-rc1.1"},
                     {"2.0", "rc2"},
                     {"2.0-SNAPSHOT"},
                     {"2.0"},
                     {"2.0.1-rc1"},
                     {"2.0.1"}});
    ExpectAscending({{"4.2.5", "p17_rc1"}, {"4.2.5p17"}, {"4.2.5", "p18"}});
    ExpectSame({{"2.0-rc1"}, {"2.0rc1"}, {"2.0.0_RC_1"}, {"2.0", "rc1"}, {"2.0", "rc_1"}, {"2.0", "release_candidate_1"}, {"2.0.cr1"}});
    ExpectSame({{"9.7.2b1"}, {"9.7.2", "b1"}, {"9.7.2", "beta1"}});
}

TEST(GenericVersion, WhatFollowsAReleaseSortsBehindItAndBeforeTheNext) {
    ExpectAscending({{"8.0"},
                     {"8.0", "hotfix1"},
                     {"8.0", "hf2"},
                     {"8.0", "p1"},
                     {"8.0", "p2"},
                     {"8.0", "fp1"},
                     {"8.0", "fp1a"},
                     {"8.0", "update_1"},
                     {"8.0", "mr1"},
                     {"8.0", "sp1"},
                     {"8.0", "sp1_rollup3"},
                     {"8.0", "sp2"},
                     {"8.0.1"}});
    ExpectSame({{"8.0", "sp1"}, {"8.0 sp1"}, {"8.0_sp1"}, {"8.0 Service Pack 1"}, {"8.0", "service_pack_1"}});
    ExpectSame({{"7.4", "p1"}, {"7.4p1"}, {"7.4-p1"}, {"7.4", "patch1"}, {"7.4 patch level 1"}});
    ExpectSame({{"1.8.0", "update_45"}, {"1.8.0u45"}, {"1.8.0_update45"}, {"1.8.0", "update45"}});
    ExpectSame({{"7.1", "fix_pack_8"}, {"7.1", "fixpack_8"}, {"7.1.fp8"}});
    ExpectSame({{"12.5", "build125100"}, {"12.5 build 125100"}, {"12.5", "125100"}});
}

TEST(GenericVersion, SomeUpdatesAreNone) {
    ExpectSame({{"5.1"}, {"5.1", "*"}, {"5.1", "-"}, {"5.1", "ga"}, {"5.1.0.final"}, {"5.1-RELEASE"}, {"5.1", "gold"}, {"5.1_base"}});
}

TEST(GenericVersion, NetworkSystemsAreOrdered) {
    // Junos: an R release is an update of the version, a service release one of that; X releases count in D.
    ExpectAscending({{"12.3"}, {"12.3", "r1"}, {"12.3", "r1-s2"}, {"12.3r1-s10"}, {"12.3", "r2"}, {"12.3r10"}, {"13.1"}});
    ExpectSame({{"12.3r1"}, {"12.3", "r1"}, {"12.3R1"}, {"12.3", "r1.0"}});
    ExpectSame({{"15.1X49-D20"}, {"15.1x49", "d20"}});
    ExpectAscending({{"21.4-EVO"}, {"21.4R1-EVO"}, {"21.4R3-S5-EVO"}, {"22.1-EVO"}});
    // IOS: what stands behind the parenthesis is a train, whatever its letters would say elsewhere.
    ExpectAscending({{"12.2(17)"}, {"12.2(18)"}, {"12.2(18)SXF"}, {"12.2(18)SXF1"}, {"12.2(18)SXF1a"}, {"12.2(18)SXF10"}, {"12.2(19)"}});
    ExpectAscending({{"15.0(1)"}, {"15.0(1)M"}, {"15.0(1)M2"}, {"15.0(1)M10"}});
    ExpectAscending({{"12.1(22)"}, {"12.1(22)EA1"}, {"12.1(22)EA10b"}});
    ExpectSame({{"15.1\\(2\\)s"}, {"15.1(2)S"}});
    ExpectSame({{"4.1\\(3\\)sr2"}, {"4.1\\(3\\)", "sr2"}});
    ExpectSame({{"9.1.0-h1"}, {"9.1.0", "h1"}, {"9.1.0", "hotfix1"}});
    // Firmware: the letters of a build are none of a beta.
    ExpectAscending({{"2.03"}, {"2.03.b02"}});
    ExpectAscending({{"1.0.0"}, {"1.0.0-b20230221"}});
    ExpectAscending({{"V500R001C20SPC300"}, {"V500R001C20SPC300B078"}, {"V500R001C30"}});
}

TEST(GenericVersion, WhatIsNoVersionHasAPlace) {
    const std::vector<Release> all = {{""},
                                      {"-"},
                                      {"rc1"},
                                      {"tokyo"},
                                      {"tokyo", "patch_5_hotfix_1"},
                                      {"29d67d9044f6f93378e6eb6ff92272217ff7225c"},
                                      {"版本"},
                                      {"\xFF\x01\\"},
                                      {"release_2004-10-19"}};
    for (const Release& each : all) EXPECT_FALSE(KeyOf(each).empty());
    EXPECT_NE(KeyOf({"版本"}), KeyOf({""}));
    ExpectAscending({{"tokyo", "patch_5"}, {"tokyo", "patch_5_hotfix_1"}, {"tokyo", "patch_6"}});
}

TEST(GenericVersion, TheKeysOfAVersionTakeInItsUpdatesAlone) {
    for (const char* version : {"1.0.2", "8.0", "12.1x46", "", "tokyo", "0.1"}) {
        const KeyRange range = KeysOf(Scheme::kGeneric, version);
        for (const char* update : {"", "rc1", "alpha", "sp1", "9999999999999999999999999", "-", "d40", "zzz", "\xFF", "dev", "service_pack_4_build_7"}) {
            const std::string key = Key(Scheme::kGeneric, version, update);
            EXPECT_LT(range.lowest, key) << version << ' ' << update;
            EXPECT_LT(key, range.highest) << version << ' ' << update;
        }
    }
    const KeyRange range = KeysOf(Scheme::kGeneric, "1.0.2");
    for (const char* other : {"1", "1.0.1", "1.0.2a", "1.0.2.1", "1.0.3", "1.0.1.9", "1.0.1z", "2", "a"}) {
        const std::string key = Key(Scheme::kGeneric, other);
        EXPECT_TRUE(key < range.lowest || key > range.highest) << other;
    }
}

TEST(GenericVersion, AnAsteriskAtTheEndTakesInAllThatBeginSo) {
    const auto takes_in = [](const char* version, const char* other) {
        const KeyRange range = KeysOf(Scheme::kGeneric, version);
        const std::string key = Key(Scheme::kGeneric, other);
        return range.lowest < key && key < range.highest;
    };
    for (const char* inside : {"6.2", "6.2.0", "6.2.0-rc1", "6.2.1", "6.2.99999999999999999999.1", "6.2a", "6.2 sp1"})
        EXPECT_TRUE(takes_in("6.2.*", inside)) << inside;
    for (const char* outside : {"6", "6.1", "6.1.9", "6.3", "6.3-rc1", "7"}) EXPECT_FALSE(takes_in("6.2.*", outside)) << outside;
    EXPECT_TRUE(takes_in("6.0.*", "6.0.5"));
    EXPECT_FALSE(takes_in("6.0.*", "6.1"));
    EXPECT_FALSE(takes_in("6.2.\\*", "6.2.1"));
    EXPECT_TRUE(takes_in("*", "99"));
}

TEST(GenericVersion, AVersionThatNamesItsUpdateIsOneKey) {
    for (const char* version : {"2.0-rc1", "8.0 sp1", "2.0-final"}) {
        const KeyRange range = KeysOf(Scheme::kGeneric, version);
        EXPECT_EQ(range.lowest, Key(Scheme::kGeneric, version));
        EXPECT_EQ(range.highest, range.lowest);
    }
}

}  // namespace
}  // namespace opsteward::versions
