#include "features/vulnerabilities/naming/product_dictionary.hpp"

#include <algorithm>
#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/vulnerabilities/cpe/name.hpp"
#include "features/vulnerabilities/naming/normalized_title.hpp"

namespace opsteward::vuln {
namespace {

constexpr std::string_view kLines =
    "a:7-zip:7-zip\t14\n"
    "a:foxit:pdf_reader\t144\n"
    "a:notepad-plus-plus:notepad\\+\\+\t15\n"
    "a:plugin\\:maker:seo\t3\twordpress\n"
    "h:cisco:asa\t2\n"
    "o:cisco:asa\t7\n";

ProductDictionary Small() { return ProductDictionary::Read(kLines).value(); }

TEST(ProductDictionary, FindsByKeyByNameAndByWord) {
    const ProductDictionary dictionary = Small();
    EXPECT_EQ(dictionary.size(), 5U) << "hardware is left out";
    const auto found = dictionary.Find('a', "foxit", "pdf_reader");
    ASSERT_TRUE(found);
    EXPECT_EQ(dictionary[*found].cves, 144U);
    EXPECT_FALSE(dictionary.Find('o', "foxit", "pdf_reader"));
    EXPECT_TRUE(dictionary.HasVendor("plugin\\:maker"));
    EXPECT_FALSE(dictionary.HasVendor("plugin"));
    ASSERT_EQ(dictionary.FindSquashed("notepad++").size(), 1U);
    EXPECT_EQ(dictionary[dictionary.FindSquashed("notepad++").front()].vendor, "notepad-plus-plus");
    EXPECT_EQ(dictionary.FindWord("reader", 9).size(), 1U);
    EXPECT_EQ(dictionary.CountWord("reader"), 1U);
    EXPECT_EQ(dictionary[dictionary.FindWord("seo", 9).front()].target_sw, "wordpress");
}

TEST(ProductDictionary, SortsWhatComesInAnyOrder) {
    const std::array<ProductKey, 3> keys{ProductKey{.part = 'a', .vendor = "z", .product = "one", .cves = 1, .target_sw = ""},
                                         ProductKey{.part = 'a', .vendor = "b", .product = "two", .cves = 2, .target_sw = ""},
                                         ProductKey{.part = 'o', .vendor = "b", .product = "one", .cves = 3, .target_sw = ""}};
    const auto dictionary = ProductDictionary::Make(keys);
    ASSERT_TRUE(dictionary.ok());
    EXPECT_EQ((*dictionary)[0].product, "one");
    EXPECT_EQ((*dictionary)[2].vendor, "z");
    const auto range = dictionary->ProductsOf("b");
    EXPECT_EQ(range.last - range.first, 2U);
}

TEST(ProductDictionary, NamesTheLineThatIsNone) {
    for (const std::string_view bad : {"a:b\t1", "a:b:c", "a:b:c\tx", "a:b:c:d\t1", "ab:c:d\t1", "a::c\t1", "a:b:\t1", "a:b:c\t1\tx\ty", "a:b:c\t-1"}) {
        const auto dictionary = ProductDictionary::Read("a:x:y\t1\n" + std::string(bad) + "\n");
        ASSERT_FALSE(dictionary.ok()) << bad;
        EXPECT_EQ(dictionary.error().code, ErrorCode::kCorrupt);
        EXPECT_THAT(dictionary.error().caller_text.en, ::testing::HasSubstr("Line 2"));
    }
}

TEST(ProductDictionary, FindsWhatLookingAtEveryEntryFinds) {
    const auto built_in = ProductDictionary::BuiltIn();
    ASSERT_TRUE(built_in.ok());
    const ProductDictionary& dictionary = **built_in;
    for (const std::string_view name : {"pdfreader", "notepad++", "office", "nothingofthatname"}) {
        std::vector<std::uint32_t> plain;
        for (std::uint32_t i = 0; i < dictionary.size(); ++i) {
            if (Squash(cpe::Unquote(dictionary[i].product)) == name) plain.push_back(i);
        }
        EXPECT_EQ(dictionary.FindSquashed(name), plain) << name;
    }
    for (const std::string_view word : {"reader", "anyconnect", "nothingofthatname"}) {
        std::vector<std::uint32_t> plain;
        for (std::uint32_t i = 0; i < dictionary.size(); ++i) {
            const auto words = WordsOf(cpe::Unquote(dictionary[i].product));
            if (std::ranges::find(words, word) != words.end()) plain.push_back(i);
        }
        EXPECT_EQ(dictionary.FindWord(word, 100'000), plain) << word;
        EXPECT_EQ(dictionary.CountWord(word), plain.size()) << word;
    }
}

TEST(ProductDictionary, ThatComesWithTheProgramHoldsWhatNvdNames) {
    const auto dictionary = ProductDictionary::BuiltIn();
    ASSERT_TRUE(dictionary.ok());
    EXPECT_GT((*dictionary)->size(), 70'000U);
    for (const auto& [vendor, product] : std::to_array<std::array<std::string_view, 2>>({{"microsoft", "office"}, {"oracle", "jre"}, {"7-zip", "7-zip"}})) {
        EXPECT_TRUE((*dictionary)->Find('a', vendor, product)) << vendor << product;
    }
}

}  // namespace
}  // namespace opsteward::vuln
