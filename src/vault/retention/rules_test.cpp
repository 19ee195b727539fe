// retention.toml: what is kept how long, what is held, and what is wrong with a file.
#include "vault/retention/rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vault/store/file.hpp"
#include "vault/testing/scratch_folder.hpp"

namespace opsteward::vault {
namespace {

using ::testing::HasSubstr;

constexpr Date Day(int year, unsigned month, unsigned day) { return std::chrono::year(year) / static_cast<int>(month) / static_cast<int>(day); }

TEST(RetentionRules, TheLongestRuleThatCoversAStreamWins) {
    const auto rules = ParseRetentionRules(R"(
        days = 190
        [[rule]]
        kind = "firewall"
        days = 365
        [[rule]]
        source = "fw-1"
        days = 200
        [[rule]]
        source = "fw-2"
        kind = "firewall"
        days = 1000
        [[rule]]
        kind = "web"
        days = 183
    )", "retention.toml").value();
    EXPECT_EQ(rules.DaysFor({"ap-1", "os"}), 190U);
    EXPECT_EQ(rules.DaysFor({"fw-1", "os"}), 200U);
    EXPECT_EQ(rules.DaysFor({"fw-1", "firewall"}), 365U);
    EXPECT_EQ(rules.DaysFor({"fw-2", "firewall"}), 1000U);
    EXPECT_EQ(rules.DaysFor({"fw-2", "os"}), 190U);
    EXPECT_EQ(rules.DaysFor({"ap-1", "web"}), 190U) << "a shorter rule shortens nothing";
}

TEST(RetentionRules, WithoutDaysForAllRecordsOnlyWhatARuleCoversEverGoes) {
    const auto rules = ParseRetentionRules("[[rule]]\nkind = 'web'\ndays = 183\n", "retention.toml").value();
    EXPECT_EQ(rules.DaysFor({"ap-1", "web"}), 183U);
    EXPECT_EQ(rules.DaysFor({"ap-1", "os"}), std::nullopt);
    EXPECT_EQ(ParseRetentionRules("", "retention.toml").value(), RetentionRules{});
}

TEST(RetentionRules, AHoldCoversStreamsAndDaysWithItsFirstAndLast) {
    const auto rules = ParseRetentionRules("[[hold]]\nreason = '調查'\nsource = 'fw-1'\nfrom = 2026-07-01\nto = '115.7.31'\n", "retention.toml").value();
    const Hold& hold = rules.holds.at(0);
    EXPECT_EQ(hold.reason, "調查");
    EXPECT_EQ(hold.to, Day(2026, 7, 31));
    EXPECT_TRUE(hold.Covers({"fw-1", "os"}, Day(2026, 7, 31), Day(2026, 8, 1)));
    EXPECT_TRUE(hold.Covers({"fw-1", "web"}, Day(2026, 6, 1), Day(2026, 7, 1)));
    EXPECT_FALSE(hold.Covers({"fw-1", "os"}, Day(2026, 6, 1), Day(2026, 6, 30)));
    EXPECT_FALSE(hold.Covers({"fw-1", "os"}, Day(2026, 8, 1), Day(2026, 8, 2)));
    EXPECT_FALSE(hold.Covers({"fw-2", "os"}, Day(2026, 7, 5), Day(2026, 7, 5)));
    EXPECT_TRUE((Hold{.reason = "all"}.Covers({"any", ""}, Day(1999, 1, 1), Day(1999, 1, 1))));
}

TEST(RetentionRules, AFileThatIsWrongIsRefusedWithLineAndColumn) {
    const struct {
        std::string_view text;
        std::string_view place;
        std::string_view says;
    } kCases[] = {
        {"days = 182\n", "r.toml:1:8", "from 183"},
        {"days = 36501\n", "r.toml:1:8", "to 36500"},
        {"days = -1\n", "r.toml:1:8", "whole number"},
        {"days = 190.0\n", "r.toml:1:8", "whole number"},
        {"days = \"190\"\n", "r.toml:1:8", "whole number"},
        {"\ndaysss = 190\n", "r.toml:2:1", "unknown key daysss"},
        {"rule = 5\n", "r.toml:1:8", "[[rule]]"},
        {"[rule]\ndays = 190\n", "r.toml:1:1", "[[rule]]"},
        {"rule = []\n", "r.toml:1:8", "[[rule]]"},
        {"[[rule]]\nkind = 'web'\n", "r.toml:1:1", "no days"},
        {"[[rule]]\ndays = 30\n", "r.toml:2:8", "from 183"},
        {"[[rule]]\ndays = 190\nsorce = 'x'\n", "r.toml:3:1", "unknown key sorce"},
        {"[[rule]]\ndays = 190\nsource = ''\n", "r.toml:3:10", "1 to 255 bytes"},
        {"[[hold]]\nsource = 'x'\n", "r.toml:1:1", "no reason"},
        {"[[hold]]\nreason = ' '\n", "r.toml:2:10", "1 to 1000 bytes"},
        {"[[hold]]\nreason = 'x'\nfrom = 'yesterday'\n", "r.toml:3:8", "has to be a day"},
        {"[[hold]]\nreason = 'x'\nfrom = 2026-02-30\n", "r.toml:3:", ""},
        {"[[hold]]\nreason = 'x'\nfrom = 2026-02-03\nto = 2026-02-02\n", "r.toml:1:1", "before from"},
        {"days = \n", "r.toml:1:", ""},
        {"days = 190\ndays = 200\n", "r.toml:2:", ""},
    };
    for (const auto& one : kCases) {
        const auto rules = ParseRetentionRules(one.text, "r.toml");
        ASSERT_FALSE(rules.ok()) << one.text;
        EXPECT_EQ(rules.error().code, ErrorCode::kInvalidInput);
        EXPECT_THAT(rules.error().caller_text.en, HasSubstr(one.place)) << one.text;
        EXPECT_THAT(rules.error().caller_text.en, HasSubstr(one.says)) << one.text;
        EXPECT_THAT(rules.error().caller_text.zh, HasSubstr(one.place)) << one.text;
    }
}

class RetentionFileOnDisk : public ::testing::Test {
  protected:
    ScratchFolder folder_;
    std::filesystem::path file_ = folder_.path() / "retention.toml";
};

TEST_F(RetentionFileOnDisk, IsNoneWhereThereIsNoneAndRefusedWhereItIsNoFile) {
    EXPECT_EQ(ReadRetentionRules(file_).value(), std::nullopt);
    EXPECT_EQ(ReadRetentionRules(folder_.path()).error().code, ErrorCode::kInvalidInput);
}

TEST_F(RetentionFileOnDisk, AHoldThatIsAddedIsReadBackAsItWasGivenAndLeavesTheRestAsItWas) {
    constexpr std::string_view kBefore = "# 本府規定\ndays = 190";
    ScratchFolder::Write(file_, kBefore);
    const Hold hold{{"fw \"1\"\\", "防火牆"}, Day(2026, 1, 2), Day(2026, 3, 4), "第 12 號\n\x7f偵查"};
    const Hold all{.reason = "everything"};
    EXPECT_EQ(AddHold(file_, hold).value().holds, std::vector{hold});
    const auto rules = AddHold(file_, all).value();
    EXPECT_EQ(rules.holds, (std::vector{hold, all}));
    EXPECT_EQ(ReadRetentionRules(file_).value(), rules);
    EXPECT_EQ(rules.DaysFor({"x", "y"}), 190U);
    EXPECT_TRUE(ReadFile(file_).value().starts_with(kBefore));
}

TEST_F(RetentionFileOnDisk, AHoldWhereThereWasNoFileLetsNothingBeDeleted) {
    const auto rules = AddHold(file_, {.of = {"fw-1", {}}, .reason = "x"}).value();
    EXPECT_EQ(rules.DaysFor({"fw-2", "os"}), std::nullopt);
}

TEST_F(RetentionFileOnDisk, AHoldIsNotAddedToAFileThatIsWrongOrWhenItIsWrongItself) {
    EXPECT_FALSE(AddHold(file_, {.from = Day(2026, 2, 2), .to = Day(2026, 2, 1), .reason = "x"}).ok());
    EXPECT_FALSE(AddHold(file_, {.reason = ""}).ok());
    EXPECT_FALSE(std::filesystem::exists(file_));
    ScratchFolder::Write(file_, "days = 1\n");
    EXPECT_FALSE(AddHold(file_, {.reason = "x"}).ok());
    EXPECT_EQ(ReadFile(file_).value(), "days = 1\n");
}

}  // namespace
}  // namespace opsteward::vault
