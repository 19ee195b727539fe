#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "features/vulnerabilities/cpe/name.hpp"

namespace opsteward::cpe {
namespace {

Name Parsed(std::string_view text) {
    const auto name = Name::Parse(text);
    EXPECT_TRUE(name.ok()) << text;
    return name.value_or(Name());
}

/// A name that has but a version.
Name OfVersion(std::string_view component) {
    Name name;
    name.SetComponent(Attribute::kVersion, component);
    return name;
}

struct Case {
    const char* source;
    const char* target;
    Relation relation;
};

// NISTIR 7696 table 6-2, line by line.
TEST(CpeMatching, AttributesStandToEachOtherAsTheTableSays) {
    constexpr Case kCases[] = {
        {"*", "*", Relation::kEqual},         // 1: ANY, ANY
        {"*", "-", Relation::kSuperset},      // 2: ANY, NA
        {"*", "i", Relation::kSuperset},      // 3: ANY, i
        {"*", "m*", Relation::kUndefined},    // 4: ANY, m with wildcards
        {"-", "*", Relation::kSubset},        // 5: NA, ANY
        {"-", "-", Relation::kEqual},         // 6: NA, NA
        {"-", "i", Relation::kDisjoint},      // 7: NA, i
        {"-", "m*", Relation::kUndefined},    // 8: NA, m with wildcards
        {"i", "i", Relation::kEqual},         // 9: i, i
        {"i", "k", Relation::kDisjoint},      // 10: i, k
        {"i", "m*", Relation::kUndefined},    // 11: i, m with wildcards
        {"i", "-", Relation::kDisjoint},      // 12: i, NA
        {"i", "*", Relation::kSubset},        // 13: i, ANY
        {"m*", "m2", Relation::kSuperset},    // 14: m1 with wildcards, m2 that it covers
        {"m*", "k", Relation::kDisjoint},     //     and that it does not
        {"m*", "*", Relation::kSubset},       // 15: m with wildcards, ANY
        {"m*", "-", Relation::kDisjoint},     // 16: m with wildcards, NA
        {"m*", "m*", Relation::kUndefined},   // 17: m1 with wildcards, m2 with wildcards
        {"m*", "?m2", Relation::kUndefined},
        {R"(\-)", "-", Relation::kDisjoint},  // a hyphen is a value
        {"-", R"(\-)", Relation::kDisjoint},
        {R"(\*)", R"(\*)", Relation::kEqual},  // as is a quoted wildcard
        {"i", R"(m\*)", Relation::kDisjoint},
        {"i", R"(m\\*)", Relation::kUndefined},  // but behind a quoted backslash it is none
        {"*", R"(m\?)", Relation::kSuperset},
    };
    for (const auto& [source, target, relation] : kCases) EXPECT_EQ(CompareComponents(source, target), relation) << source << " and " << target;
}

TEST(CpeMatching, WildcardsCoverWhatTheyStandFor) {
    constexpr Case kCases[] = {
        {"8.*", "8.0.6001", Relation::kSuperset},
        {"8.*", "8.", Relation::kSuperset},
        {"8.*", "18.0", Relation::kDisjoint},
        {"*.0", "10.0", Relation::kSuperset},
        {"*.0", "10.0.1", Relation::kDisjoint},
        {"*soft*", "microsoft_corp", Relation::kSuperset},
        {"*soft*", "soft", Relation::kSuperset},
        {"*soft*", "sof", Relation::kDisjoint},
        // A run of question marks takes up to as many characters.
        {"sp?", "sp1", Relation::kSuperset},
        {"sp?", "sp", Relation::kSuperset},
        {"sp?", "sp10", Relation::kDisjoint},
        {"sp??", "sp10", Relation::kSuperset},
        {"?1", "11", Relation::kSuperset},
        {"?1", "1", Relation::kSuperset},
        {"?1", "211", Relation::kDisjoint},
        {"??1", "211", Relation::kSuperset},
        {"?a?", "bab", Relation::kSuperset},
        {"?a?", "aaa", Relation::kSuperset},
        {"?a?", "baab", Relation::kDisjoint},
        {"*8.??", "18.10", Relation::kSuperset},
        {"*8.??", "18.100", Relation::kDisjoint},
        {"??", "ab", Relation::kSuperset},
        {"??", "abc", Relation::kDisjoint},
        // A quoted character is one, however it is written.
        {"?", R"(\!)", Relation::kSuperset},
        {"a?", R"(a\!)", Relation::kSuperset},
        {"a?", R"(a\!\!)", Relation::kDisjoint},
        {R"(a\+?)", R"(a\+\+)", Relation::kSuperset},
        {R"(a\+?)", R"(a\+\+\+)", Relation::kDisjoint},
        {R"(?\+)", R"(\+\+)", Relation::kSuperset},
        {R"(*\?)", R"(what\?)", Relation::kSuperset},
        {R"(*\?)", "what", Relation::kDisjoint},
        {R"(what\*)", R"(what\*)", Relation::kEqual},
        {R"(what\*)", "whatever", Relation::kDisjoint},
        {R"(a\\*)", R"(a\\b)", Relation::kSuperset},
    };
    for (const auto& [source, target, relation] : kCases) EXPECT_EQ(CompareComponents(source, target), relation) << source << " and " << target;
}

/// compareStrings as section 7.3 writes it, of values without quoting.
bool CoversByTheBook(std::string source, const std::string& target) {
    int begins = 0;
    int ends = 0;
    if (source.starts_with('*')) {
        begins = -1;
        source.erase(0, 1);
    }
    for (; begins != -1 && source.starts_with('?'); source.erase(0, 1)) ++begins;
    if (source.ends_with('*')) {
        ends = -1;
        source.pop_back();
    }
    for (; ends != -1 && source.ends_with('?'); source.pop_back()) ++ends;
    for (std::size_t index = target.find(source); index != std::string::npos; index = target.find(source, index + 1)) {
        if (begins != -1 && static_cast<int>(index) > begins) return false;
        const int leftover = static_cast<int>(target.size() - index - source.size());
        if (ends == -1 || leftover <= ends) return true;
    }
    return false;
}

TEST(CpeMatching, WildcardsSayWhatTheAlgorithmOfTheSpecificationSays) {
    std::mt19937 random(20261127);
    const auto make = [&](std::size_t most) {
        std::string text(1 + random() % most, 'a');
        for (char& c : text) c = static_cast<char>('a' + random() % 2);
        return text;
    };
    constexpr const char* kEnds[] = {"", "*", "?", "??", "???"};
    for (int i = 0; i < 50'000; ++i) {
        const std::string source = kEnds[random() % 5] + make(3) + kEnds[random() % 5];
        const std::string target = make(7);
        const Relation relation = CompareComponents(source, target);
        ASSERT_EQ(relation == Relation::kSuperset || relation == Relation::kEqual, CoversByTheBook(source, target)) << source << " and " << target;
    }
}

// Table 6-4: a name is disjoint, equal, a subset or a superset by the relations of its attributes.
TEST(CpeMatching, NamesStandToEachOtherAsTheTableSays) {
    const auto relation = [](const char* source, const char* target) { return CompareNames(Parsed(source), Parsed(target)); };
    constexpr const char* kWhole = "cpe:2.3:a:v:p:1:*:*:*:*:*:*:*";
    EXPECT_EQ(relation(kWhole, kWhole), Relation::kEqual);
    EXPECT_EQ(relation(kWhole, "cpe:2.3:a:v:p:1:sp1:*:*:*:*:*:*"), Relation::kSuperset);
    EXPECT_EQ(relation("cpe:2.3:a:v:p:1:sp1:*:*:*:*:*:*", kWhole), Relation::kSubset);
    EXPECT_EQ(relation(kWhole, "cpe:2.3:a:v:p:2:sp1:*:*:*:*:*:*"), Relation::kDisjoint);
    EXPECT_EQ(relation("cpe:2.3:a:v:p:1:sp1:*:*:*:*:*:*", "cpe:2.3:a:v:p:1:*:en:*:*:*:*:*"), Relation::kUndefined);
    EXPECT_EQ(relation(kWhole, "cpe:2.3:a:v:p:1:sp*:*:*:*:*:*:*"), Relation::kUndefined);
    EXPECT_EQ(relation(kWhole, "cpe:2.3:a:v:p:2:sp*:*:*:*:*:*:*"), Relation::kDisjoint);
    EXPECT_EQ(relation("cpe:2.3:a:V:P:1:*:*:*:*:*:*:*", kWhole), Relation::kEqual);
}

// The names that NISTIR 7696 compares: equal, subset, three times superset, disjoint, five times equal.
TEST(CpeMatching, TheExampleOfTheSpecificationHolds) {
    const Name source = Parsed("cpe:/a:Adobe::9.*::PalmOS");
    const Name target = Parsed("cpe:/a::Reader:9.3.2:-:-");
    const Relation expected[kAttributes] = {Relation::kEqual,    Relation::kSubset,   Relation::kSuperset, Relation::kSuperset,
                                            Relation::kSuperset, Relation::kDisjoint, Relation::kEqual,    Relation::kEqual,
                                            Relation::kEqual,    Relation::kEqual,    Relation::kEqual};
    for (std::size_t i = 0; i < kAttributes; ++i) {
        const auto attribute = static_cast<Attribute>(i);
        EXPECT_EQ(CompareComponents(source[attribute], target[attribute]), expected[i]) << i;
    }
    EXPECT_EQ(CompareNames(source, target), Relation::kDisjoint);
    EXPECT_FALSE(IsMatch(source, target));
}

TEST(CpeMatching, AMatchStringTakesInWhatItCoversAlone) {
    EXPECT_TRUE(IsMatch(OfVersion("*"), OfVersion("1.0")));
    EXPECT_TRUE(IsMatch(OfVersion("*"), OfVersion("-")));
    EXPECT_TRUE(IsMatch(OfVersion("1.0"), OfVersion("1.0")));
    EXPECT_TRUE(IsMatch(OfVersion("1.*"), OfVersion("1.0")));
    EXPECT_FALSE(IsMatch(OfVersion("1.0"), OfVersion("*")));
    EXPECT_FALSE(IsMatch(OfVersion("1.0"), OfVersion("-")));
    EXPECT_FALSE(IsMatch(OfVersion("-"), OfVersion("1.0")));
    EXPECT_FALSE(IsMatch(OfVersion("1.*"), OfVersion("1.*")));
    EXPECT_FALSE(IsMatch(OfVersion("1.0"), OfVersion("1.1")));
}

}  // namespace
}  // namespace opsteward::cpe
