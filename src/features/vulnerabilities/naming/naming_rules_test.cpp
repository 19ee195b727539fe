#include "features/vulnerabilities/naming/naming_rules.hpp"

#include <algorithm>
#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/vulnerabilities/naming/testing/table_file.hpp"

namespace opsteward::vuln {
namespace {

using ::testing::HasSubstr;

NamingRules Rules(std::string_view text) { return NamingRules::Read(text).value(); }

std::string Named(const NamingRules& rules, std::string_view name, std::string_view publisher, std::string_view version = "") {
    const NormalizedTitle title = NormalizeTitle(name);
    const NamingRule* rule = rules.Find(title, NormalizePublisher(publisher));
    if (rule == nullptr) return "";
    if (rule->none) return "none";
    return NamingRules::NamesOf(*rule, title, version).front().FormattedString().substr(8);
}

TEST(NamingRules, TheFirstThatFitsDecidesTheWholeNameBeforeItsStem) {
    const NamingRules rules = Rules(R"(rules = [
        { names = ["thing 2"], is = ["a:x:thing_two"] },
        { pattern = 'thing.*', is = ["a:x:thing"] },
        { names = ["thing"], is = ["a:x:never"] },
    ])");
    EXPECT_THAT(Named(rules, "Thing 2", ""), HasSubstr("thing_two"));
    EXPECT_THAT(Named(rules, "Thing 3", ""), HasSubstr("a:x:thing:"));
    EXPECT_THAT(Named(rules, "Thing", ""), HasSubstr("a:x:thing:"));
    EXPECT_EQ(Named(rules, "Other", ""), "");
}

TEST(NamingRules, AskForThePublisherIfTheySayOne) {
    const NamingRules rules = Rules(R"(
        publishers = [ { id = "acme", names = ["acme systems"], vendors = ["acme", "old_acme"] } ]
        rules = [ { names = ["thing"], by = ["acme"], is = ["a:acme:thing"] }, { names = ["code"], by = ["acme"], strict = true, is = ["a:acme:code"] } ])");
    EXPECT_NE(Named(rules, "Thing", "Acme Systems, Inc."), "");
    EXPECT_NE(Named(rules, "Thing", ""), "");
    EXPECT_EQ(Named(rules, "Thing", "Somebody"), "");
    EXPECT_NE(Named(rules, "Code", "ACME"), "");
    EXPECT_EQ(Named(rules, "Code", ""), "");
    ASSERT_NE(rules.FindPublisher("acme systems"), nullptr);
    EXPECT_EQ(rules.FindPublisher("acme systems")->vendors.size(), 2U);
}

TEST(NamingRules, WriteVersionAndUpdateFromWhatTheNameSays) {
    const NamingRules rules = Rules(R"(rules = [
        { pattern = 'run (?P<major>\d+) update (?P<update>\d+)', is = ["a:x:run"], version = "1.{major}.0", update = "update{update}", sw_edition = "lts" },
        { names = ["short"], is = ["a:x:short"], parts = 2 },
        { names = ["whole"], is = ["a:x:whole"], whole = true },
        { names = ["any"], is = ["a:x:any"], version = "*" },
        { names = ["na"], is = ["a:x:na"], version = "-" },
    ])");
    EXPECT_EQ(Named(rules, "Run 8 Update 5", ""), "a:x:run:1.8.0:update5:*:*:lts:*:*:*");
    EXPECT_EQ(Named(rules, "Short", "", "1.2.3.4"), "a:x:short:1.2:*:*:*:*:*:*:*");
    EXPECT_EQ(Named(rules, "Whole", "", "4.3.3-4469"), "a:x:whole:4.3.3-4469:*:*:*:*:*:*:*");
    EXPECT_EQ(Named(rules, "Any", "", "1"), "a:x:any:*:*:*:*:*:*:*:*");
    EXPECT_EQ(Named(rules, "Na", "", "1"), "a:x:na:-:*:*:*:*:*:*:*");
}

TEST(NamingRules, OfALanguageAreForTitlesThatNameOne) {
    const NamingRules rules = Rules(R"(rules = [ { names = ["thing"], language = true, none = "language" }, { names = ["thing"], is = ["a:x:thing"] } ])");
    EXPECT_EQ(Named(rules, "Thing (CHT)", ""), "none");
    EXPECT_NE(Named(rules, "Thing", ""), "none");
}

TEST(NamingRules, NameTheLineAndWhatIsWrongThere) {
    static constexpr auto kCases = std::to_array<std::array<std::string_view, 2>>({
        {"rules = [\n{ names = [\"a\"] } ]", "line 2: one of is and none has to be there"},
        {"rules = [\n{ names = [\"a\"], is = [\"a:b:c\"], none = \"update\" } ]", "line 2: one of is and none"},
        {"rules = [\n{ is = [\"a:b:c\"] } ]", "line 2: names or pattern is missing"},
        {"rules = [\n{ pattern = '(', is = [\"a:b:c\"] } ]", "line 2: pattern is no valid expression"},
        {"rules = [\n{ names = [\"a\"], is = [\"b:c\"] } ]", "is not \"part:vendor:product\""},
        {"rules = [\n{ names = [\"a\"], is = [\"a:*:c\"] } ]", "is not \"part:vendor:product\""},
        {"rules = [\n{ names = [\"a\"], none = \"other\" } ]", "unknown none: other"},
        {"rules = [\n{ names = [\"a\"], is = [\"a:b:c\"], parts = 9 } ]", "parts has to be a whole number from 1 to 8"},
        {"rules = [\n{ names = [\"a\"], is = [\"a:b:c\"], strict = true } ]", "strict asks for by"},
        {"rules = [\n{ names = [\"a\"], is = [\"a:b:c\"], more = 1 } ]", "unknown key more"},
        {"rules = [\n{ names = [1], is = [\"a:b:c\"] } ]", "every element of names"},
        {"rules = 1", "rules has to be an array of tables"},
        {"rules = [ 1 ]", "every element of rules has to be a table"},
        {"publishers = [ { id = \"a\" } ]", "vendors is missing"},
        {"publishers = [\n{ id = \"a\", vendors = [\"a\"] },\n{ id = \"b\", names = [\"a\"], vendors = [\"b\"] } ]",
         "line 3: a is the name of another publisher already"},
        {"other = 1", "unknown key other"},
        {"rules = [", "no valid TOML"},
    });
    for (const auto& [text, said] : kCases) {
        const auto rules = NamingRules::Read(text);
        ASSERT_FALSE(rules.ok()) << text;
        EXPECT_THAT(rules.error().caller_text.en, HasSubstr(std::string(said))) << text;
    }
}

/// Rule by rule, without sets and tables.
const NamingRule* FindPlainly(const NamingRules& rules, const NormalizedTitle& title, const std::string& publisher) {
    const Publisher* group = rules.FindPublisher(publisher);
    for (const std::string* name : {&title.name, &title.stem}) {
        for (const NamingRule& rule : rules.rules()) {
            const bool is_named = std::ranges::find(rule.names, *name) != rule.names.end() || (rule.pattern && RE2::FullMatch(*name, *rule.pattern));
            if (!is_named || (rule.is_of_language && !title.has_language)) continue;
            const bool is_by = rule.publishers.empty() || (publisher.empty() && !rule.is_strict) ||
                               std::ranges::any_of(rule.publishers, [&](const std::string& one) {
                                   return !publisher.empty() && (one == publisher || (group != nullptr && one == group->id));
                               });
            if (is_by) return &rule;
        }
    }
    return nullptr;
}

TEST(NamingRules, AreFoundAsBySearchingThemOneByOne) {
    const auto rules = NamingRules::BuiltIn();
    ASSERT_TRUE(rules.ok()) << rules.error().operator_text;
    for (const auto& row : testing::ReadTable("titles.tsv")) {
        const NormalizedTitle title = NormalizeTitle(row[2]);
        const std::string publisher = NormalizePublisher(row[3]);
        EXPECT_EQ((*rules)->Find(title, publisher), FindPlainly(**rules, title, publisher)) << row[2];
    }
}

TEST(NamingRules, HaveAReasonInBothLanguagesForEachKindOfNone) {
    for (int i = 0; i <= static_cast<int>(NoProduct::kUpdate); ++i) {
        const Phrase reason = ReasonOf(static_cast<NoProduct>(i));
        EXPECT_FALSE(reason.zh.empty() || reason.en.empty());
    }
    EXPECT_EQ(FindNoProduct("driver"), NoProduct::kDriver);
    EXPECT_EQ(FindNoProduct("nothing"), std::nullopt);
}

}  // namespace
}  // namespace opsteward::vuln
