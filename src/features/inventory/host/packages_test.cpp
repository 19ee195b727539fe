#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/civil_time.hpp"
#include "features/inventory/host/dpkg_status.hpp"
#include "features/inventory/host/package_offers.hpp"
#include "features/inventory/host/packages.hpp"
#include "features/inventory/host/testing/machine_folder.hpp"

namespace opsteward::inventory::host {
namespace {

std::vector<InstalledPackage> ReadStatus(std::string_view text, std::size_t piece_size = 4096) {
    DpkgStatusReader reader;
    for (std::size_t at = 0; at < text.size(); at += piece_size) reader.Feed(text.substr(at, piece_size));
    return reader.Finish();
}

std::string Names(const std::vector<InstalledPackage>& packages) {
    std::string names;
    for (const InstalledPackage& package : packages) {
        names += fmt::format("{} {} {} [{}];", package.name, package.version, package.architecture, package.maintainer);
    }
    return names;
}

TEST(DpkgStatus, KeepsWhatHasFilesOnTheMachine) {
    struct Case {
        const char* status;
        bool is_kept;
    };
    for (const Case& each :
         {Case{"install ok installed", true}, Case{"hold ok installed", true}, Case{"install ok half-configured", true},
          Case{"install ok unpacked", true}, Case{"install reinstreq half-installed", true},
          Case{"install ok triggers-pending", true}, Case{"deinstall ok config-files", false},
          Case{"unknown ok not-installed", false}, Case{"", false}}) {
        const auto packages =
            ReadStatus(fmt::format("Package: a\nStatus: {}\nVersion: 1\nArchitecture: amd64\n\n", each.status));
        EXPECT_EQ(packages.size(), each.is_kept ? 1u : 0u) << each.status;
    }
}

TEST(DpkgStatus, IsTheSameInPiecesOfAnySize) {
    const std::string text =
        "Package: one\nStatus: install ok installed\nMaintainer: A <a@b>\nArchitecture: amd64\nVersion: 1:2-3\n"
        "Description: first\n Package: not-this\n .\n more\nConffiles:\n /etc/x 0\n\n\n\n"
        "Package: two\r\nStatus: install ok installed\r\nArchitecture: all\r\nVersion: 0\r\n\r\n"
        "Package: last\nVersion:\t7 \nStatus: install ok installed";
    const std::string expected = "one 1:2-3 amd64 [A <a@b>];two 0 all [];last 7  [];";
    for (std::size_t size = 1; size <= text.size(); ++size) EXPECT_EQ(Names(ReadStatus(text, size)), expected) << size;
}

TEST(DpkgStatus, WhatIsDamagedIsPassedOver) {
    struct Case {
        const char* text;
        const char* expected;
    };
    for (const Case& each : {
             Case{"", ""},
             Case{"\n\n\n", ""},
             Case{"no colon at all\n\n", ""},
             Case{"Package: a\nStatus: install ok installed\n\n", ""},  // no version
             Case{"Status: install ok installed\nVersion: 1\n\n", ""},  // no name
             Case{"Package: a\nVersion: 1\nStatus: install ok insta", "a 1  [];"},
             Case{"Package: a\nPackage: b\nVersion: 1\nStatus: install ok installed\n",
                  "a 1  [];"},  // the first counts
             Case{"package: a\nVersion: 1\nStatus: install ok installed\n", ""},
             Case{"Packages: a\nVersion: 1\nStatus: install ok installed\n", ""},
             Case{" Package: a\nVersion: 1\nStatus: install ok installed\n", ""},
         }) {
        EXPECT_EQ(Names(ReadStatus(each.text)), each.expected) << each.text;
    }
}

TEST(StanzaReader, CutsALineThatHasNoEnd) {
    std::string seen;
    StanzaReader reader({"A"}, [&](std::span<const std::string> values) { seen = values[0]; });
    reader.Feed("A: ");
    for (int i = 0; i < 100; ++i) reader.Feed(std::string(10'000, 'x'));
    reader.Finish();
    EXPECT_EQ(seen.size(), 64u * 1024 - 3);
}

TEST(ReleaseFile, TellsWhatItsPackagesAreGoodFor) {
    struct Case {
        const char* text;
        const char* list;
        bool is_security;
        bool is_automatic;
        bool upgrades_its_own;
        const char* valid_until;
    };
    for (const Case& each : {
             Case{"Suite: stable\nCodename: bookworm\n", "x_main_Packages", false, true, false, ""},
             Case{"Suite: stable-security\nValid-Until: Sat, 28 Nov 2026 00:53:02 UTC\n", "x", true, true, false,
                  "2026-11-28T00:53:02.000Z"},
             Case{"Codename: jammy-security\n", "x", true, true, false, ""},
             Case{"Label: Debian-Security\n", "x", true, true, false, ""},
             Case{"", "a_dists_bookworm-security_main_binary-amd64_Packages", true, true, false, ""},
             Case{"NotAutomatic: Yes\nButAutomaticUpgrades: yes\n", "x", false, false, true, ""},
             Case{"NotAutomatic: no\n", "x", false, true, false, ""},
             Case{"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nSuite: x-security\n", "x", true, true, false,
                  ""},
             Case{"Suite: a\n\nSuite: x-security\n", "x", false, true, false, ""},  // of the signature
             Case{"Valid-Until: Sat, 31 Feb 2026 00:00:00 UTC\n", "x", false, true, false, ""},
             Case{"Valid-Until: Sat, 28 Nov 2026 25:00:00 UTC\n", "x", false, true, false, ""},
             Case{"Valid-Until: Sat, 28 Nov 2026 00:00:00 CST\n", "x", false, true, false, ""},
             Case{"Valid-Until: tomorrow\n", "x", false, true, false, ""},
         }) {
        SCOPED_TRACE(each.text);
        const ReleaseTraits traits = ParseReleaseFile(each.text, each.list);
        EXPECT_EQ(traits.is_security, each.is_security);
        EXPECT_EQ(traits.is_automatic, each.is_automatic);
        EXPECT_EQ(traits.upgrades_its_own, each.upgrades_its_own);
        EXPECT_EQ(traits.valid_until ? FormatRfc3339(*traits.valid_until) : "", each.valid_until);
    }
}

const ReleaseTraits kStable{false, true, false, std::nullopt};
const ReleaseTraits kSecurity{true, true, false, std::nullopt};
const ReleaseTraits kBackports{false, false, true, std::nullopt};
const ReleaseTraits kExperimental{false, false, false, std::nullopt};

TEST(PackageOffers, NameAnUpdateAsAptWould) {
    struct Offer {
        const char* version;
        const ReleaseTraits& release;
    };
    struct Case {
        const char* installed;
        std::vector<Offer> offers;
        const char* update;  ///< "" for none
        bool is_security;
    };
    for (const Case& each : std::vector<Case>{
             {"1.0", {}, "", false},
             {"1.0", {{"1.0", kStable}}, "", false},
             {"1.0", {{"0.9", kStable}}, "", false},
             {"1.0", {{"1.1", kStable}, {"1.2", kStable}, {"1.1~x", kStable}}, "1.2", false},
             {"1.0", {{"1.0+deb12u1", kSecurity}}, "1.0+deb12u1", true},
             {"1.0", {{"1.0+deb12u1", kSecurity}, {"1.1", kStable}}, "1.1", true},
             {"1.0+deb12u1", {{"1.0+deb12u1", kSecurity}, {"1.1", kStable}}, "1.1", false},
             {"1.0", {{"1.0", kStable}, {"2.0~bpo1", kBackports}}, "", false},  // backports are not taken by themselves
             {"1.5~bpo1", {{"1.0", kStable}, {"2.0~bpo1", kBackports}}, "2.0~bpo1", false},  // what came from there is
             {"1.0", {{"2.0", kExperimental}}, "", false},
         }) {
        const std::vector<InstalledPackage> installed = {{"a", each.installed, "amd64", ""}};
        PackageOffers offers(installed);
        for (const Offer& offer : each.offers) offers.Add("a", offer.version, "amd64", offer.release);
        const auto update = offers.UpdateOf(0);
        EXPECT_EQ(update ? update->version : "", each.update) << each.installed;
        EXPECT_EQ(update && update->is_security, each.is_security) << each.installed;
        EXPECT_EQ(offers.IsOffered(0), !each.offers.empty());
    }
}

TEST(PackageOffers, KeepArchitecturesApart) {
    const std::vector<InstalledPackage> installed = {
        {"a", "1", "amd64", ""}, {"a", "1", "i386", ""}, {"b", "1", "all", ""}};
    PackageOffers offers(installed);
    offers.Add("a", "2", "i386", kStable);
    offers.Add("b", "2", "amd64", kStable);
    offers.Add("c", "2", "amd64", kStable);
    EXPECT_FALSE(offers.UpdateOf(0));
    EXPECT_TRUE(offers.UpdateOf(1));
    EXPECT_TRUE(offers.UpdateOf(2));
}

class PackagesOfAMachine : public testing::Test {
  protected:
    void WriteStatus() {
        machine_.Write("/var/lib/dpkg/status",
                       "Package: a\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\n");
    }
    void WriteList(std::string_view name, std::string_view text) {
        machine_.Write(std::string("/var/lib/apt/lists/").append(name), text);
    }
    const PackageFacts& Read() { return reader_.Read(); }

    MachineFolder machine_;
    HostFiles files_{machine_.root()};
    PackageReader reader_{files_};
};

TEST_F(PackagesOfAMachine, WithoutDpkgTheFileIsNamed) {
    const auto& facts = Read();
    ASSERT_TRUE(facts.not_observed);
    EXPECT_EQ(facts.not_observed->en, "There is no /var/lib/dpkg/status.");
    EXPECT_EQ(facts.not_observed->zh, "沒有 /var/lib/dpkg/status 這個檔案。");
}

TEST_F(PackagesOfAMachine, WithoutListsItIsNotKnownWhatIsOffered) {
    WriteStatus();
    EXPECT_EQ(Read().sources_unknown->en, "There is no /var/lib/apt/lists.");
    WriteList("lock", "");
    EXPECT_EQ(Read().sources_unknown->en, "There are no package lists in /var/lib/apt/lists: run apt update.");
    EXPECT_EQ(Read().sources_unknown->zh, "/var/lib/apt/lists 內沒有套件清單，請先執行 apt update。");
    EXPECT_EQ(Read().packages.at(0).is_offered, std::nullopt);
}

TEST_F(PackagesOfAMachine, WhatAReadableListOffersIsKnownEvenIfAnotherIsDamaged) {
    WriteStatus();
    WriteList("a_Packages", "Package: a\nVersion: 2\nArchitecture: amd64\n");
    WriteList("b_Packages.gz", "no gzip");
    const auto& facts = Read();
    ASSERT_TRUE(facts.sources_unknown);
    EXPECT_EQ(facts.sources_unknown->en, "The gzip data is damaged. (/var/lib/apt/lists/b_Packages.gz)");
    EXPECT_EQ(facts.packages.at(0).is_offered, true);
    EXPECT_EQ(facts.packages.at(0).offered_version, "2");
}

TEST_F(PackagesOfAMachine, AListInAFormThatIsNotReadIsNamed) {
    WriteStatus();
    WriteList("a_Packages.xz", "whatever");
    EXPECT_EQ(Read().sources_unknown->en,
              "A package list compressed in this form is not read: a_Packages.xz (/var/lib/apt/lists/a_Packages.xz)");
}

TEST_F(PackagesOfAMachine, TheReleaseFileWithTheLongestCommonNameCounts) {
    WriteStatus();
    WriteList("m_dists_x_InRelease", "Suite: x\n");
    WriteList("m_dists_x-security_InRelease", "Suite: x-security\n");
    WriteList("m_dists_x-security_main_binary-amd64_Packages", "Package: a\nVersion: 2\nArchitecture: amd64\n");
    EXPECT_TRUE(Read().packages.at(0).is_security);
}

}  // namespace
}  // namespace opsteward::inventory::host
