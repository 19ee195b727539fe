#include "features/vulnerabilities/naming/name_mapper.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "features/vulnerabilities/naming/testing/table_file.hpp"

namespace opsteward::vuln {
namespace {

using cpe::Attribute;
using ::testing::HasSubstr;

const NameMapper& Mapper() {
    static const NameMapper kMapper = NameMapper::BuiltIn().value();
    return kMapper;
}

std::string KeyOf(const cpe::Name& name) { return name[Attribute::kPart] + ":" + name[Attribute::kVendor] + ":" + name[Attribute::kProduct]; }

std::string Answered(const NameAnswer& answer) {
    const auto* choice = std::get_if<NameChoice>(&answer);
    return choice == nullptr ? "none" : KeyOf(choice->name);
}

/// At "|" that is not quoted.
std::vector<std::string> LabelsOf(std::string_view cell) {
    std::vector<std::string> labels(1);
    for (std::size_t i = 0; i < cell.size(); ++i) {
        const bool is_cut = cell[i] == '|' && (i == 0 || cell[i - 1] != '\\');
        if (is_cut) labels.emplace_back();
        else labels.back() += cell[i];
    }
    return labels;
}

struct Score {
    int titles = 0;
    int given = 0;
    int right = 0;
    int with_product = 0;

    double Precision() const { return given == 0 ? 1.0 : static_cast<double>(right) / given; }
    double Recall() const { return with_product == 0 ? 1.0 : static_cast<double>(right) / with_product; }
    std::string ToText(std::string_view of) const {
        return fmt::format("{}: {} titles, {} with a product, {} given, {} right: precision {:.3f}, recall {:.3f}\n", of,
                           titles, with_product, given, right, Precision(),
                           Recall());
    }
};

void Count(Score& score, const std::vector<std::string>& labels, const std::string& answered) {
    const bool is_right = std::ranges::find(labels, answered) != labels.end();
    // A title that may be a product or none counts as the one that was answered.
    const bool has_none = std::ranges::find(labels, "none") != labels.end();
    ++score.titles;
    if (!has_none || (labels.size() > 1 && answered != "none")) ++score.with_product;
    if (answered == "none") return;
    ++score.given;
    if (is_right) ++score.right;
}

TEST(NameMapper, NamesTheProductsOfTheLabelledTitles) {
    std::map<std::string, Score> parts;
    Score all;
    std::string wrong;
    for (const auto& row : testing::ReadTable("titles.tsv")) {
        ASSERT_EQ(row.size(), 6U) << row.at(0);
        const std::string answered = Answered(Mapper().Map({.name = row[2], .publisher = row[3], .version = row[4]}));
        const auto labels = LabelsOf(row[5]);
        Count(parts[row[0]], labels, answered);
        Count(all, labels, answered);
        if (std::ranges::find(labels, answered) != labels.end()) continue;
        wrong += fmt::format("  {} [{}] by [{}]: {} instead of {}\n", row[0], row[2], row[3], answered, row[5]);
    }
    fmt::print("{}", wrong);
    for (const auto& [part, score] : parts) fmt::print("{}", score.ToText(part));
    fmt::print("{}", all.ToText("all"));
    EXPECT_GE(all.Precision(), 0.98);
    EXPECT_GE(all.Recall(), 0.85);
}

TEST(NameMapper, EveryProductOfTheRulesIsInTheDictionary) {
    for (const NamingRule& rule : Mapper().rules().rules()) {
        for (const cpe::Name& product : rule.products) {
            EXPECT_TRUE(Mapper().dictionary().Find(product[Attribute::kPart][0], product[Attribute::kVendor], product[Attribute::kProduct]))
                << "rules.toml:" << rule.line << ": " << KeyOf(product);
        }
    }
}

TEST(NameMapper, EveryVendorOfThePublishersIsInTheDictionary) {
    for (const Publisher& publisher : Mapper().rules().publishers()) {
        for (const std::string& vendor : publisher.vendors) EXPECT_TRUE(Mapper().dictionary().HasVendor(vendor)) << publisher.id << ": " << vendor;
    }
}

TEST(NameMapper, EveryNameOfTheRulesIsNormalised) {
    for (const NamingRule& rule : Mapper().rules().rules()) {
        for (const std::string& name : rule.names) EXPECT_EQ(NormalizeTitle(name).name, name) << "rules.toml:" << rule.line;
    }
    for (const Publisher& publisher : Mapper().rules().publishers()) {
        for (const std::string& name : publisher.names) EXPECT_EQ(NormalizePublisher(name), name) << publisher.id;
    }
}

TEST(NameMapper, WritesVersionsAsNvdDoes) {
    for (const auto& row : testing::ReadTable("versions.tsv")) {
        ASSERT_EQ(row.size(), 4U) << row.at(0);
        const NameAnswer answer = Mapper().Map({.name = row[0], .publisher = row[1], .version = row[2]});
        const auto* choice = std::get_if<NameChoice>(&answer);
        ASSERT_NE(choice, nullptr) << row[0];
        std::string written = choice->name.FormattedString().substr(8);
        while (written.ends_with(":*")) written.resize(written.size() - 2);
        EXPECT_EQ(written, row[3]) << row[0];
    }
}

TEST(NameMapper, WithholdsWithCandidatesWhatCouldBeSeveral) {
    const auto withheld = std::get<Withheld>(Mapper().Map({.name = "Photoshop Helper Thing", .publisher = "Adobe Inc.", .version = "1.0"}));
    EXPECT_EQ(withheld.evidence, Evidence::kNothing);
    ASSERT_FALSE(withheld.candidates.empty());
    EXPECT_LE(withheld.candidates.size(), 5U);
    EXPECT_EQ(KeyOf(withheld.candidates.front()), "a:adobe:photoshop");
}

TEST(NameMapper, FindsBySameNameAndBySameWordsWhatNoRuleKnows) {
    const std::shared_ptr<const NamingRules> none = std::make_shared<const NamingRules>(NamingRules::Read("").value());
    const std::shared_ptr<const ProductDictionary> dictionary = std::make_shared<const ProductDictionary>(
        ProductDictionary::Read("a:acme:data_mover\t5\na:acme:data_mover_agent\t2\n"
                                "a:acme_systems:data_mover\t9\na:solo:solo\t1\na:web:solo\t2\twordpress\n").value());
    const NameMapper mapper(dictionary, none);
    const auto same = std::get<NameChoice>(mapper.Map({.name = "Acme Data Mover 2.1 (x64)", .publisher = "Acme Systems, Inc.", .version = "2.1.5"}));
    EXPECT_EQ(same.name.FormattedString(), "cpe:2.3:a:acme_systems:data_mover:2.1.5:*:*:*:*:*:*:*");
    EXPECT_EQ(same.evidence, Evidence::kNormalizedName);
    ASSERT_EQ(same.also.size(), 1U);
    EXPECT_EQ(KeyOf(same.also.front()), "a:acme:data_mover");
    EXPECT_EQ(Answered(mapper.Map({.name = "Data Mover Agent for Windows", .publisher = "Acme", .version = "1"})), "a:acme:data_mover_agent");
    EXPECT_EQ(Answered(mapper.Map({.name = "Data Mover Console", .publisher = "Acme", .version = "1"})), "none") << "another word matters";
    EXPECT_EQ(Answered(mapper.Map({.name = "Data Mover", .publisher = "Somebody", .version = "1"})), "none") << "another maker";
    EXPECT_EQ(Answered(mapper.Map({.name = "Solo", .publisher = "", .version = "1"})), "none") << "too short a name to stand alone";
}

TEST(NameMapper, SaysAReasonInBothLanguages) {
    for (const auto& row : testing::ReadTable("titles.tsv")) {
        const NameAnswer answer = Mapper().Map({.name = row[2], .publisher = row[3], .version = row[4]});
        const Text& why = std::holds_alternative<NameChoice>(answer) ? std::get<NameChoice>(answer).why : std::get<Withheld>(answer).reason;
        EXPECT_FALSE(why.zh.empty() || why.en.empty()) << row[2];
    }
}

TEST(NameMapper, DoesNotReadFieldsBeyondTheLimit) {
    EXPECT_TRUE(std::holds_alternative<NameChoice>(Mapper().Map({.name = "7-Zip", .publisher = "", .version = std::string(1024, '1')})));
    EXPECT_TRUE(std::holds_alternative<Withheld>(Mapper().Map({.name = "7-Zip", .publisher = "", .version = std::string(1025, '1')})));
    EXPECT_TRUE(std::holds_alternative<Withheld>(Mapper().Map({})));
}

}  // namespace
}  // namespace opsteward::vuln
