#include "features/vulnerabilities/naming/normalized_title.hpp"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace opsteward::vuln {
namespace {

using ::testing::ElementsAre;

struct TitleCase {
    std::string_view written;
    std::string_view name;
    std::string_view stem;
    std::string_view version;
    bool has_language;
};

TEST(NormalizedTitle, IsTheNameWithoutWhatDiffersFromOneInstallationToTheNext) {
    static constexpr auto kCases = std::to_array<TitleCase>({
        {"7-Zip 23.01 (x64 edition)", "7-zip", "7-zip", "23.01", false},
        {"WinRAR 6.02 (64-位元)", "winrar", "winrar", "6.02", false},
        {"WinRAR 5.71 (64 位元)", "winrar", "winrar", "5.71", false},
        {"Mozilla Firefox 78.15.0 ESR (x86 zh-TW)", "mozilla firefox esr", "mozilla firefox esr", "78.15.0", true},
        {"Adobe Acrobat Reader DC - Chinese Traditional", "adobe acrobat reader dc", "adobe acrobat reader dc", "", true},
        {"AutoCAD 2024 - 繁體中文 (Traditional Chinese)", "autocad 2024", "autocad", "", true},
        {"Microsoft Visual C++ 2015-2022 Redistributable (x64) - 14.38.33130", "microsoft visual c++ 2015-2022 redistributable",
         "microsoft visual c++ 2015-2022 redistributable", "14.38.33130", false},
        {"LibreOffice 7.6 Help Pack (Chinese (traditional))", "libreoffice help pack", "libreoffice help pack", "7.6", true},
        {"Java 8 Update 391 (64-bit)", "java 8 update 391", "java 8 update", "", false},
        {"PuTTY release 0.79 (64-bit)", "putty", "putty", "0.79", false},
        {"PotPlayer-64 bit", "potplayer", "potplayer", "", false},
        {"PowerShell 7-x64", "powershell 7", "powershell", "", false},
        {"zoom.us.app", "zoom.us", "zoom.us", "", false},
        {"Notepad2 (Notepad Replacement)", "notepad2 (notepad replacement)", "notepad2 (notepad replacement)", "", false},
        {"Ｎｏｔｅｐａｄ＋＋　８.６", "notepad++", "notepad++", "8.6", false},
        {"Intel® Driver & Support Assistant", "intel driver & support assistant", "intel driver & support assistant", "", false},
        {"Thing {90160000-008C-0000-1000-0000000FF1CE}", "thing", "thing", "", false},
        {"µTorrent", "utorrent", "utorrent", "", false},
        {"(unclosed", "(unclosed", "(unclosed", "", false},
        {"3.11.5", "", "", "3.11.5", false},
        {"", "", "", "", false},
    });
    for (const TitleCase& one : kCases) {
        const NormalizedTitle title = NormalizeTitle(one.written);
        EXPECT_EQ(title.name, one.name) << one.written;
        EXPECT_EQ(title.stem, one.stem) << one.written;
        EXPECT_EQ(title.version, one.version) << one.written;
        EXPECT_EQ(title.has_language, one.has_language) << one.written;
    }
}

TEST(NormalizedTitle, OfItselfIsTheSame) {
    for (const std::string_view name : {"Adobe Acrobat Reader DC - Chinese Traditional", "Microsoft SQL Server 2019 (64-bit)", "a (b) [c"}) {
        const std::string once = NormalizeTitle(name).name;
        EXPECT_EQ(NormalizeTitle(once).name, once);
    }
}

TEST(NormalizedPublisher, IsWithoutTheFormOfTheCompany) {
    static constexpr auto kCases = std::to_array<std::array<std::string_view, 2>>({
        {"Adobe Systems, Inc.", "adobe systems"},
        {"Microsoft Corporation (UBF8T346G9)", "microsoft"},
        {"ESET, spol. s r.o.", "eset"},
        {"PDF-XChange Co Ltd.", "pdf-xchange"},
        {"中華電信股份有限公司", "中華電信"},
        {"Fortinet Technologies (Canada) Inc", "fortinet technologies"},
        {"Oracle and/or its affiliates", "oracle"},
        {"Avira Operations GmbH & Co. KG", "avira operations"},
        {"GN Audio A/S", "gn audio"},
        {"Inc.", "inc."},
        {"", ""},
    });
    for (const auto& [written, normalized] : kCases) EXPECT_EQ(NormalizePublisher(written), normalized) << written;
}

TEST(NormalizedVersion, IsWrittenAsNvdDoes) {
    static constexpr auto kCases = std::to_array<std::array<std::string_view, 2>>({
        {"ad 7.1.13", "7.1.13"},
        {"5:24.0.7-1~debian.12~bookworm", "24.0.7"},
        {"16.7.0-ee.0", "16.7.0"},
        {"15.5-1", "15.5"},
        {"5.17.1 (28914)", "5.17.1"},
        {"2,0,0,1", "2.0.0.1"},
        {"v4.50", "4.50"},
        {"1.0-beta2", "1.0-beta2"},
        {"none", ""},
        {"", ""},
    });
    for (const auto& [written, normalized] : kCases) EXPECT_EQ(NormalizeVersion(written), normalized) << written;
}

TEST(NormalizedVersion, OfTheNameGoesBeforeAnotherCountThatIsReported) {
    EXPECT_EQ(VersionOfTitle("3.11.5", "3.11.5150.0"), "3.11.5");
    EXPECT_EQ(VersionOfTitle("9.0", "9.0.83"), "9.0.83");
    EXPECT_EQ(VersionOfTitle("", "8.0"), "8.0");
    EXPECT_EQ(VersionOfTitle("8.0", ""), "8.0");
}

TEST(Words, AreRunsOfOneScript) {
    EXPECT_THAT(WordsOf("hicos卡片管理工具 c++/c# x"), ElementsAre("hicos", "卡片管理工具", "c++", "c#", "x"));
    EXPECT_EQ(Squash("foxit_pdf-reader"), "foxitpdfreader");
    EXPECT_EQ(Squash("notepad++"), "notepad++");
}

}  // namespace
}  // namespace opsteward::vuln
