#include "features/firewall/formats/fortigate/tree.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace opsteward::firewall {
namespace {

using Words = std::vector<std::string>;

Words WordTexts(std::string_view command) {
    Words texts;
    for (const FortigateWord& word : FortigateWords(command)) texts.push_back(word.text);
    return texts;
}
bool NothingStandsAtTop(std::string_view) { return false; }

TEST(FortigateText, WordsAreQuotedAndEscaped) {
    EXPECT_EQ(WordTexts(R"(set comment "a \"b\" c\\d" e)"), (Words{"set", "comment", R"(a "b" c\d)", "e"}));
    EXPECT_EQ(WordTexts("set member 'a b' it's"), (Words{"set", "member", "a b", "it's"}));
    EXPECT_EQ(WordTexts("set a \"\""), (Words{"set", "a", ""}));
    EXPECT_EQ(WordTexts("set a \"one\r\ntwo\""), (Words{"set", "a", "one\ntwo"}));
}

TEST(FortigateText, WrittenWordsAreReadBackTheSame) {
    for (const char* const command : {R"(set comment "a \"b\" c\\d" e)", "set a \"\"", "set a \"one\ntwo\"", "set member 'a b' it\\'s", "set \"x\" y\\ z"}) {
        const std::string line = FortigateLine(FortigateWords(command));
        EXPECT_EQ(WordTexts(line), WordTexts(command)) << command;
        EXPECT_EQ(FortigateLine(FortigateWords(line)), line) << command;
    }
}

TEST(FortigateText, ACommandGoesOnOverLinesWithinAQuotation) {
    FortigateCommands commands("set buffer \"<html>\nedit 1\n</html>\"\n--More-- \r        next\n\n# end\n");
    const auto first = commands.Next();
    EXPECT_EQ(first->line, 1U);
    EXPECT_EQ(first->last_line, 3U);
    const auto second = commands.Next();
    EXPECT_EQ(second->line, 4U);
    EXPECT_EQ(second->end - second->begin, 4U);
    const auto third = commands.Next();
    EXPECT_TRUE(third->is_comment);
    EXPECT_EQ(third->line, 6U);
    EXPECT_FALSE(commands.Next());
}

TEST(FortigateText, AQuotationThatNeverEndsIsCutAtItsLine) {
    FortigateCommands commands("set a \"open\nset b c\n");
    const auto first = commands.Next();
    EXPECT_TRUE(first->is_unclosed);
    EXPECT_EQ(first->last_line, 1U);
    EXPECT_EQ(commands.Next()->line, 2U);
}

TEST(FortigateTree, EntriesOfOneNameAreOneEntry) {
    const std::string text = "config a\nedit x\nset p 1\nnext\nedit y\nnext\nend\nconfig a\nedit x\nset q 2\nend\n";
    std::vector<UnknownLine> unknown;
    const auto tree = FortigateTree::Read(text, NothingStandsAtTop, unknown);
    ASSERT_TRUE(tree.ok());
    EXPECT_TRUE(unknown.empty());
    const FortigateNodeId a = tree->Child(FortigateTree::kRoot, "a");
    const FortigateNodeId x = tree->Child(a, "x");
    EXPECT_EQ(tree->SettingsOf(x).First("p"), "1");
    EXPECT_EQ(tree->SettingsOf(x).First("q"), "2");
    std::vector<std::string> names;
    tree->ForEachChild(a, [&](FortigateNodeId id) { names.push_back(tree->node(id).name); });
    EXPECT_EQ(names, (std::vector<std::string>{"x", "y"}));
}

TEST(FortigateTree, CommandsUponASettingAddUp) {
    const std::string text = "config a\nset m x y\nappend m z\nunselect m x\nset n 1\nunset n\nselect o b\nend\n";
    std::vector<UnknownLine> unknown;
    const auto tree = FortigateTree::Read(text, NothingStandsAtTop, unknown);
    const FortigateSettings settings = tree->SettingsOf(tree->Child(FortigateTree::kRoot, "a"));
    EXPECT_EQ(settings.Of("m").values, (std::vector<std::string>{"y", "z"}));
    EXPECT_EQ(settings.Of("m").line, 4U);
    EXPECT_FALSE(settings.Of("n").is_set);
    EXPECT_EQ(settings.First("o"), "b");
}

TEST(FortigateTree, ACloneOfAClonedTableStaysWithinItsBound) {
    std::string text = "config a\nedit 0\n";
    for (int i = 0; i < 20'000; ++i) text += "set s" + std::to_string(i) + " 1\n";
    text += "next\n";
    for (int i = 1; i < 5000; ++i) text += "clone 0 to " + std::to_string(i) + "\n";
    std::vector<UnknownLine> unknown;
    const auto tree = FortigateTree::Read(text + "end\n", NothingStandsAtTop, unknown);
    ASSERT_FALSE(tree.ok());
    EXPECT_EQ(tree.error().code, ErrorCode::kTooLarge);
}

TEST(FortigateTree, BrokenNestingIsListed) {
    std::vector<UnknownLine> unknown;
    const auto tree = FortigateTree::Read("next\nset a b\nconfig x\nnext\nedit 1\nedit 2\nmove 1 before 9\nend\nend\n", NothingStandsAtTop, unknown);
    ASSERT_TRUE(tree.ok());
    std::vector<std::size_t> lines;
    for (const UnknownLine& line : unknown) lines.push_back(line.line);
    EXPECT_EQ(lines, (std::vector<std::size_t>{1, 2, 4, 6, 7, 9}));
}

}  // namespace
}  // namespace opsteward::firewall
