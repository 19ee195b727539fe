#include "features/firewall/formats/rule_parts.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "features/firewall/formats/lined_json.hpp"
#include "features/firewall/formats/word_tree.hpp"

namespace opsteward::firewall {
namespace {

AddressMatch Addresses(std::string_view text) {
    return AddressMatch::Of(ParseAddresses(text).value());
}

AddressBook MakeBook(RangeBudget& budget) {
    return AddressBook(budget, [](const NameRef& ref) -> std::optional<AddressMatch> {
        if (ref.name == "any") return AddressMatch::Any();
        return std::nullopt;
    });
}

TEST(AddressMatch, ItsBoundsHoldThroughUnionComplementAndExclusion) {
    AddressBuilder builder;
    builder.Add(Addresses("10.0.0.0/8"));
    builder.Add(AddressMatch::Unknown("fqdn", "a.example", 3));
    const AddressMatch match = builder.Finish();
    EXPECT_EQ(match.sure, ParseAddresses("10.0.0.0/8").value());
    EXPECT_EQ(match.most, AddressSet::All());
    EXPECT_EQ(match.Complement().most, ParseAddresses("10.0.0.0/8").value().Complement());
    EXPECT_EQ(match.Complement().sure, AddressSet());
    const AddressMatch rest = Addresses("10.0.0.0-10.255.255.255").Without(match);
    EXPECT_TRUE(rest.most.v4.empty());
    const AddressMatch others = Addresses("11.0.0.0/8").Without(match);
    EXPECT_TRUE(others.sure.v4.empty());
    EXPECT_EQ(others.most, ParseAddresses("11.0.0.0/8").value());
    EXPECT_EQ(others.unknown.size(), 1U);
}

TEST(AddressMatch, AWildcardIsAllAddressesThatAgreeWhereItCounts) {
    std::mt19937 random(3);
    for (int round = 0; round < 200; ++round) {
        std::uint32_t ignored = 0;
        for (int bit = 0; bit < 9; ++bit) ignored |= 1U << std::uniform_int_distribution<unsigned>(0, 31)(random);
        const std::uint32_t address = random();
        const Ipv4Set set = WildcardAddresses(address, ignored).value().v4;
        EXPECT_EQ(set.Size(), static_cast<double>(std::uint64_t{1} << static_cast<unsigned>(__builtin_popcount(ignored))));
        for (int probe = 0; probe < 20; ++probe) {
            const std::uint32_t other = address ^ (random() & ignored);
            EXPECT_TRUE(set.Contains(other));
            const std::uint32_t away = 1U << std::uniform_int_distribution<unsigned>(0, 31)(random);
            EXPECT_EQ(set.Contains(other ^ away), (away & ignored) != 0);
        }
    }
    EXPECT_FALSE(WildcardAddresses(0, 0xAAAAAAAAU).has_value());
    EXPECT_TRUE(WildcardAddresses(5, 0xFFFFFFFFU).value().v4.IsAll());
}

TEST(AddressMatch, TheOnesOfAWildcardsMaskCountOrAreIgnored) {
    EXPECT_EQ(ParseWildcard("10.1.0.4/255.255.252.255", MaskOnes::kCount).value().v4.ranges().size(), 4U);
    EXPECT_EQ(ParseWildcard("10.1.0.4/0.0.3.0", MaskOnes::kAreIgnored), ParseWildcard("10.1.0.4/255.255.252.255", MaskOnes::kCount));
    EXPECT_EQ(ParseWildcard("10.1.0.4/255.255.0.0", MaskOnes::kCount), ParseAddresses("10.1.0.0/16"));
    for (const char* const text : {"10.0.0.0/255.0.0.255", "10.1.0.4", "10.1.0.4/", "10.1.0.4/16", "10.1.0/255.255.255.0"})  // the first: 65 536 ranges
        EXPECT_FALSE(ParseWildcard(text, MaskOnes::kCount).has_value()) << text;
}

TEST(ServiceMatch, ANegatedOneTakesAwayOnlyWhatIsMeantForSure) {
    ServiceBuilder builder;
    builder.Add(ServiceMatch::Of(NumberSet(10, 20)));
    builder.Add(ServiceMatch::Unknown("application", "x", 1, NumberSet(15, 30)));
    builder.Add(ServiceMatch::Of(NumberSet(40, 50), NumberSet(1, 2)));
    const ServiceMatch negated = builder.Finish().Complement(7);
    ASSERT_EQ(negated.boxes.size(), 1U);
    EXPECT_EQ(negated.boxes[0].services, NumberSet(10, 20).Complement(kLastService));
    ASSERT_EQ(negated.unknown.size(), 2U);
    EXPECT_EQ(negated.unknown[1], (UnknownPart{"other", "negated service with source ports", 7}));
}

TEST(Ports, AreReadAsListsAndRanges) {
    EXPECT_EQ(ParsePorts("80"), NumberSet(80U));
    EXPECT_EQ(ParsePorts("80, 443,8000-8010"), NumberSet(80U).Union(NumberSet(443U)).Union(NumberSet(8000, 8010)));
    EXPECT_EQ(ParsePorts("any"), AllPorts());
    EXPECT_EQ(ParsePorts(""), AllPorts());
    for (const std::string_view text : {"x", "80-", "-80", "90-80", "65536", "80,,81", "80,"}) EXPECT_FALSE(ParsePorts(text).has_value()) << text;
}

TEST(ObjectBook, AScopeAsksItsParentAndAGroupItsOwnScope) {
    RangeBudget budget(1000);
    AddressBook book = MakeBook(budget);
    const std::size_t shared = book.AddScope(std::nullopt);
    const std::size_t own = book.AddScope(shared);
    book.Define(shared, "A", Addresses("10.0.0.1"));
    book.Define(own, "A", Addresses("10.0.0.2"));
    book.DefineGroup(shared, "G", {{"A", 1}});
    EXPECT_EQ(book.ResolveName(own, {"A", 1}).most.v4, Ipv4Set(0x0A000002U));
    EXPECT_EQ(book.ResolveName(own, {"G", 1}).most.v4, Ipv4Set(0x0A000001U));
    EXPECT_TRUE(book.ResolveName(own, {"any", 1}).most.v4.IsAll());
    EXPECT_EQ(book.ResolveName(shared, {"nobody", 4}).unknown.at(0), (UnknownPart{"other", "nobody: no such object", 4}));
}

TEST(ObjectBook, GroupsThatNameEachOtherEndAndSayThatTheyAreNotKnown) {
    RangeBudget budget(1000);
    AddressBook book = MakeBook(budget);
    book.AddScope(std::nullopt);
    book.DefineGroup(0, "G", {{"H", 1}});
    book.DefineGroup(0, "H", {{"G", 2}});
    EXPECT_TRUE(book.ResolveName(0, {"G", 1}).most.v4.IsAll());
    EXPECT_FALSE(book.ResolveName(0, {"H", 1}).unknown.empty());
}

TEST(ObjectBook, StopsWhenTheBudgetIsSpent) {
    RangeBudget budget(100);
    AddressBook book = MakeBook(budget);
    book.AddScope(std::nullopt);
    std::vector<NameRef> members;
    for (int i = 0; i < 200; ++i) {
        book.Define(0, std::to_string(i), AddressMatch::Of({Ipv4Set(static_cast<std::uint32_t>(2 * i)), {}}));
        members.push_back({std::to_string(i), 1});
    }
    book.DefineGroup(0, "G", members);
    (void)book.ResolveName(0, {"G", 1});
    EXPECT_TRUE(budget.is_spent());
}

TEST(UnknownParts, AreCountedWhereThereAreTooMany) {
    std::vector<UnknownPart> parts;
    for (int i = 0; i < 200; ++i) AddUnknown(parts, {"fqdn", std::to_string(i), 1});
    ASSERT_EQ(parts.size(), kMaxUnknownParts);
    EXPECT_EQ(parts.back().text, "151 more");
}

/// The tree against a map of paths.
TEST(WordTree, DoesWhatAPlainMapDoes) {
    std::mt19937 random(11);
    WordTree tree;
    std::map<std::vector<std::string>, bool> plain;
    for (int round = 0; round < 20'000; ++round) {
        std::vector<std::string> path;
        for (int i = std::uniform_int_distribution<int>(1, 4)(random); i > 0; --i)
            path.push_back(std::string(1, static_cast<char>('a' + std::uniform_int_distribution<int>(0, 5)(random))));
        WordTree::Id id = 0;
        if (std::uniform_int_distribution<int>(0, 3)(random) > 0) {
            std::vector<std::string> prefix;
            for (const std::string& word : path) {
                id = tree.Add(id, tree.Keep(word), 1);
                prefix.push_back(word);
                plain[prefix] = true;
            }
        } else {
            for (const std::string& word : path) id = id == WordTree::kNone ? id : tree.Find(id, word);
            ASSERT_EQ(id != WordTree::kNone, plain.contains(path));
            if (id == WordTree::kNone) continue;
            tree.Remove(id);
            std::erase_if(plain,
                          [&](const auto& entry) { return entry.first.size() >= path.size() && std::equal(path.begin(), path.end(), entry.first.begin()); });
        }
    }
    std::size_t count = 0;
    const auto walk = [&](auto&& self, WordNode node, std::vector<std::string> path) -> void {
        for (const WordNode child : node.children()) {
            std::vector<std::string> below = path;
            below.emplace_back(child.word());
            EXPECT_TRUE(plain.contains(below));
            ++count;
            self(self, child, below);
        }
    };
    walk(walk, tree.root(), {});
    EXPECT_EQ(count, plain.size());
}

TEST(WordTree, MovesAWordAmongItsBrothersAndSisters) {
    WordTree tree;
    for (const std::string_view word : {"a", "b", "c", "d"}) tree.Add(0, word, 1);
    const auto order = [&] {
        std::string text;
        for (const WordNode child : tree.root().children()) text += child.word();
        return text;
    };
    tree.Move(tree.Find(0, "d"), tree.Find(0, "b"), true);
    EXPECT_EQ(order(), "adbc");
    tree.Move(tree.Find(0, "a"), tree.Find(0, "c"), false);
    EXPECT_EQ(order(), "dbca");
    tree.MoveToEnd(tree.Find(0, "c"), true);
    EXPECT_EQ(order(), "cdba");
    tree.MoveToEnd(tree.Find(0, "c"), false);
    EXPECT_EQ(order(), "dbac");
    tree.Move(tree.Find(0, "b"), tree.Find(0, "b"), true);
    tree.Remove(tree.Find(0, "d"));
    tree.Remove(tree.Find(0, "c"));
    EXPECT_EQ(order(), "ba");
}

TEST(LinedJson, KnowsTheLineOfEachValueAndReadsItsEscapes) {
    const std::string text = "{\"a\":\n [1, true, null,\n \"x\\u00e9\\ud83d\\ude00\\n\\ud800\"],\n\"a\": {\"b\": -1.5e3}}\n\n , [] 7";
    const auto json = LinedJson::Parse(text);
    ASSERT_TRUE(json.ok());
    const auto roots = json->roots();
    ASSERT_EQ(roots.size(), 3U);
    const JsonNode list = *roots[0].children().begin();
    EXPECT_EQ(list.line(), 2U);
    std::vector<std::string> texts;
    for (const JsonNode element : list.children()) texts.emplace_back(element.text());
    EXPECT_EQ(texts, (std::vector<std::string>{"1", "true", "", "x\xC3\xA9\xF0\x9F\x98\x80\n\xEF\xBF\xBD"}));
    EXPECT_EQ(roots[0]["a"]["b"].text(), "-1.5e3");
    EXPECT_EQ(roots[0]["a"].line(), 4U);
    EXPECT_EQ(roots[1].line(), 6U);
    EXPECT_FALSE(roots[0]["c"]);
    for (const std::string_view bad : {"{", "[1 2]", "{\"a\" 1}", "{1:2}", "\"a", "\"\\x\"", "\"\\u12\"", "nul", "[1,]", "{\"a\":1,}", "]", "{\"a\":1"})
        EXPECT_FALSE(LinedJson::Parse(bad).ok()) << bad;
}

}  // namespace
}  // namespace opsteward::firewall
