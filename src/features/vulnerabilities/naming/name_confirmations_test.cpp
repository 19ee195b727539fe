#include "features/vulnerabilities/naming/name_confirmations.hpp"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/vulnerabilities/naming/name_mapper.hpp"

namespace opsteward::vuln {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kFile = R"(
[[confirmation]]
name = "PC-cillin 雲端版 17.8"
publisher = "Trend Micro Inc."
cpe = "cpe:2.3:a:trendmicro:internet_security:*:*:*:*:*:*:*:*"
author = "王小明"
date = 2026-11-27

[[confirmation]]
name = "7-Zip"
publisher = "Igor Pavlov"
none = true
author = "Lin"
date = 2026-11-26
reason = "removed by policy"
)";

TEST(NameConfirmations, GoBeforeRulesAndTakeTheVersionOfTheTitle) {
    const auto mapper = NameMapper::BuiltIn(NameConfirmations::Read(kFile).value());
    ASSERT_TRUE(mapper.ok());
    const auto choice = std::get<NameChoice>(mapper->Map({.name = "PC-cillin 雲端版", .publisher = "Trend Micro, Inc", .version = "17.9.1"}));
    EXPECT_EQ(choice.name.FormattedString(), "cpe:2.3:a:trendmicro:internet_security:17.9.1:*:*:*:*:*:*:*");
    EXPECT_EQ(choice.evidence, Evidence::kConfirmation);
    EXPECT_EQ(choice.confidence, 100);
    EXPECT_EQ(choice.why.en, "confirmed by 王小明 on 2026-11-27");
    const auto none = std::get<Withheld>(mapper->Map({.name = "7-Zip 23.01 (x64)", .publisher = "Igor Pavlov", .version = "23.01"}));
    EXPECT_EQ(none.evidence, Evidence::kConfirmation);
    EXPECT_EQ(none.reason.en, "confirmed by Lin on 2026-11-26: removed by policy");
    EXPECT_TRUE(std::holds_alternative<NameChoice>(mapper->Map({.name = "7-Zip 23.01 (x64)", .publisher = "", .version = "23.01"}))) << "of another publisher";
}

TEST(NameConfirmations, AreRefusedAsAWholeWithEveryFaultByItsLine) {
    static constexpr auto kCases = std::to_array<std::array<std::string_view, 2>>({
        {"name = \"a\"\ncpe = \"cpe:2.3:a:b:c:*:*:*:*:*:*:*:*\"\ndate = 2026-01-01", "author is missing"},
        {"name = \"a\"\ncpe = \"cpe:2.3:a:b:c:*:*:*:*:*:*:*:*\"\nauthor = \"x\"", "date has to be there"},
        {"name = \"a\"\ncpe = \"cpe:2.3:a:b:c:*:*:*:*:*:*:*:*\"\nauthor = \"x\"\ndate = \"2026-01-01\"", "date has to be there"},
        {"name = \"a\"\nauthor = \"x\"\ndate = 2026-01-01", "one of cpe and none = true"},
        {"name = \"a\"\nnone = true\ncpe = \"cpe:2.3:a:b:c:*:*:*:*:*:*:*:*\"\nreason = \"r\"\nauthor = \"x\"\ndate = 2026-01-01", "one of cpe and none = true"},
        {"name = \"a\"\nnone = true\nauthor = \"x\"\ndate = 2026-01-01", "none asks for a reason"},
        {"name = \"a\"\ncpe = \"cpe:2.3:a:*:c:*:*:*:*:*:*:*:*\"\nauthor = \"x\"\ndate = 2026-01-01", "values of one product"},
        {"name = \"a\"\ncpe = \"cpe:2.3:a:b:c*:*:*:*:*:*:*:*:*\"\nauthor = \"x\"\ndate = 2026-01-01", "values of one product"},
        {"name = \"1.2.3\"\nnone = true\nreason = \"r\"\nauthor = \"x\"\ndate = 2026-01-01", "nothing but a version"},
        {"name = \"a\"\nnone = true\nreason = \"r\"\nauthor = \"x\"\ndate = 2026-01-01\nnote = 1", "unknown key note"},
    });
    for (const auto& [entry, said] : kCases) {
        const auto confirmations = NameConfirmations::Read("[[confirmation]]\n" + std::string(entry) + "\n");
        ASSERT_FALSE(confirmations.ok()) << entry;
        EXPECT_EQ(confirmations.error().code, ErrorCode::kInvalidInput);
        EXPECT_THAT(confirmations.error().caller_text.en, HasSubstr(std::string(said))) << entry;
        EXPECT_THAT(confirmations.error().caller_text.en, HasSubstr("line ")) << entry;
    }
}

TEST(NameConfirmations, ThatDecideOtherwiseAboutOneTitleAreToldWithBothLines) {
    const std::string text = std::string(kFile) +
                             "[[confirmation]]\nname = \"7-zip (x64)\"\npublisher = \"igor pavlov\"\n"
                             "cpe = \"cpe:/a:7-zip:7-zip\"\nauthor = \"Chen\"\ndate = 2026-11-27\n";
    const auto confirmations = NameConfirmations::Read(text);
    ASSERT_FALSE(confirmations.ok());
    EXPECT_THAT(confirmations.error().caller_text.en, HasSubstr("line 16: decides otherwise than line 9"));
}

TEST(NameConfirmations, OfTheSameDecisionTwiceCountOnce) {
    const auto confirmations = NameConfirmations::Read(std::string(kFile) + std::string(kFile));
    ASSERT_TRUE(confirmations.ok());
    EXPECT_EQ(confirmations->size(), 2U);
    EXPECT_EQ(NameConfirmations::Read("").value().size(), 0U);
}

}  // namespace
}  // namespace opsteward::vuln
