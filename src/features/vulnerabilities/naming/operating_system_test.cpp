#include "features/vulnerabilities/naming/operating_system.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "features/vulnerabilities/naming/testing/table_file.hpp"

namespace opsteward::vuln {
namespace {

using ::testing::ElementsAre;

/// Behind "cpe:2.3:", without what is ANY at its end.
std::string Short(const cpe::Name& name) {
    std::string text = name.FormattedString().substr(8);
    while (text.ends_with(":*")) text.resize(text.size() - 2);
    return text;
}

/// As the table writes it: a version that is ANY stays.
std::string OwnNames(const OperatingSystem& system) {
    std::string text;
    for (std::size_t i = 0; i < system.own_names; ++i) {
        std::string name = Short(system.names[i]);
        if (std::ranges::count(name, ':') < 3) name += ":*";
        text += (text.empty() ? "" : " ") + name;
    }
    return text;
}

std::string DistributionOf(const OperatingSystem& system) {
    if (!system.distribution) return "";
    return system.distribution->id + (system.distribution->release.empty() ? "" : " " + system.distribution->release);
}

TEST(OperatingSystem, IsReadFromWhatInventoriesWrite) {
    for (const auto& row : testing::ReadTable("systems.tsv")) {
        const std::string text = row.size() > 1 ? row[0] : "";
        const auto cell = [&](std::size_t i) { return i < row.size() ? row[i] : std::string(); };
        const auto system = ReadOperatingSystem(text);
        EXPECT_EQ(system ? NameOf(system->family) : "none", cell(1)) << text;
        if (!system) continue;
        EXPECT_EQ(DistributionOf(*system), cell(2)) << text;
        EXPECT_EQ(system->ecosystem, cell(3)) << text;
        std::string expected = cell(4);
        if (!expected.empty() && expected.find(' ') == std::string::npos && std::ranges::count(expected, ':') < 3) expected += ":*";
        EXPECT_EQ(OwnNames(*system), expected) << text;
    }
}

std::vector<std::string> Implied(std::string_view text) {
    const auto system = ReadOperatingSystem(text);
    std::vector<std::string> names;
    for (std::size_t i = system->own_names; i < system->names.size(); ++i) names.push_back(Short(system->names[i]));
    return names;
}

TEST(OperatingSystem, ImpliesThePlatformsThatConfigurationsAskFor) {
    EXPECT_THAT(Implied("Windows 10 22H2"), ElementsAre("o:microsoft:windows_10:-", "o:microsoft:windows:-"));
    EXPECT_THAT(Implied("Windows Server 2019"), ElementsAre("o:microsoft:windows:-"));
    EXPECT_THAT(Implied("Debian GNU/Linux 12"), ElementsAre("o:linux:linux_kernel:-"));
    EXPECT_THAT(Implied("macOS 14.2.1"), ElementsAre("o:apple:macos:-", "o:apple:mac_os_x:-"));
    EXPECT_THAT(Implied("FortiOS 7.0.12"), ElementsAre());
}

TEST(OperatingSystem, KnowsTheWordsOfTargetSw) {
    EXPECT_THAT(ReadOperatingSystem("Windows 7 SP1")->target_sw, ElementsAre("windows"));
    EXPECT_THAT(ReadOperatingSystem("Ubuntu 22.04")->target_sw, ElementsAre("linux", "linux_kernel"));
    EXPECT_THAT(ReadOperatingSystem("macOS 13")->target_sw, ElementsAre("macos", "mac_os_x"));
}

TEST(OperatingSystem, IsNotReadFromATextBeyondTheLimit) {
    EXPECT_TRUE(ReadOperatingSystem("Ubuntu 22.04" + std::string(1012, '.')));
    EXPECT_FALSE(ReadOperatingSystem("Ubuntu 22.04" + std::string(1013, '.')));
}

}  // namespace
}  // namespace opsteward::vuln
