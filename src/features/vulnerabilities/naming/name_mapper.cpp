#include "features/vulnerabilities/naming/name_mapper.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "features/vulnerabilities/naming/normalized_title.hpp"
#include "features/vulnerabilities/naming/product_search.hpp"

namespace opsteward::vuln {

using cpe::Attribute;

namespace {

constexpr std::size_t kMaxField = 1024;
constexpr int kSure = 100;
constexpr int kSameName = 85;
constexpr int kSameWords = 70;
constexpr int kNameAlone = 60;

cpe::Name NameOfEntry(const ProductDictionary& dictionary, std::uint32_t entry, std::string_view version) {
    const ProductKey key = dictionary[entry];
    cpe::Name name;
    name.SetComponent(Attribute::kPart, std::string_view(&key.part, 1));
    name.SetComponent(Attribute::kVendor, key.vendor);
    name.SetComponent(Attribute::kProduct, key.product);
    name.SetLiteral(Attribute::kVersion, version);
    return name;
}

NameChoice ChoiceOf(std::vector<cpe::Name> names, int confidence, Evidence evidence, Text why) {
    NameChoice choice{.name = std::move(names.front()), .also = {}, .confidence = confidence, .evidence = evidence, .why = std::move(why)};
    choice.also.assign(std::make_move_iterator(names.begin() + 1), std::make_move_iterator(names.end()));
    return choice;
}

NameAnswer AnswerOf(const NameConfirmation& decision, const std::string& version) {
    const std::string en_reason = decision.reason.empty() ? "" : ": " + decision.reason;
    const std::string zh_reason = decision.reason.empty() ? "" : "：" + decision.reason;
    Text why{fmt::format("{} 於 {} 確認{}", decision.author, decision.date, zh_reason),
             fmt::format("confirmed by {} on {}{}", decision.author, decision.date, en_reason)};
    if (!decision.product) return Withheld{.reason = std::move(why), .candidates = {}, .evidence = Evidence::kConfirmation};
    cpe::Name name = *decision.product;
    if (name[Attribute::kVersion] == "*") name.SetLiteral(Attribute::kVersion, version);
    return ChoiceOf({std::move(name)}, kSure, Evidence::kConfirmation, std::move(why));
}

NameAnswer AnswerOf(const NamingRule& rule, const NormalizedTitle& title, std::string_view reported) {
    if (rule.none) {
        const Phrase reason = ReasonOf(*rule.none);
        return Withheld{.reason = reason.ToText(), .candidates = {}, .evidence = Evidence::kRule};
    }
    return ChoiceOf(NamingRules::NamesOf(rule, title, reported), kSure, Evidence::kRule,
                    {fmt::format("規則（第 {} 行）認得「{}」", rule.line, title.name), fmt::format("the rule of line {} knows \"{}\"", rule.line, title.name)});
}

Text ReasonForNothing(const std::vector<cpe::Name>& candidates) {
    if (candidates.empty()) return {"字典裡找不到這家廠商的這個產品", "the dictionary has no such product of such a maker"};
    return {"沒有一個產品的廠商與名稱都確定相符；請由人選定", "of no product maker and name agree for sure; a person has to choose"};
}

}  // namespace

std::string_view NameOf(Evidence evidence) {
    switch (evidence) {
        case Evidence::kConfirmation: return "confirmation";
        case Evidence::kRule: return "rule";
        case Evidence::kNormalizedName: return "normalized_name";
        case Evidence::kWords: return "words";
        case Evidence::kNothing: break;
    }
    return "nothing";
}

Result<NameMapper> NameMapper::BuiltIn(NameConfirmations confirmations) {
    OPS_TRY(auto dictionary, ProductDictionary::BuiltIn());
    OPS_TRY(auto rules, NamingRules::BuiltIn());
    return NameMapper(std::move(dictionary), std::move(rules), std::move(confirmations));
}

NameMapper::NameMapper(std::shared_ptr<const ProductDictionary> dictionary, std::shared_ptr<const NamingRules> rules, NameConfirmations confirmations)
    : dictionary_(std::move(dictionary)), rules_(std::move(rules)), confirmations_(std::make_shared<const NameConfirmations>(std::move(confirmations))) {}

NameAnswer NameMapper::Map(const SoftwareTitle& title) const {
    if (std::max({title.name.size(), title.publisher.size(), title.version.size()}) > kMaxField) {
        return Withheld{.reason = {"名稱、廠商或版本超過 1,024 位元組，未讀取", "name, publisher or version has more than 1,024 bytes and was not read"}, .candidates = {}};
    }
    const NormalizedTitle normalized = NormalizeTitle(title.name);
    if (normalized.name.empty()) return Withheld{.reason = {"沒有名稱", "there is no name"}, .candidates = {}};
    const std::string publisher = NormalizePublisher(title.publisher);
    const std::string version = VersionOfTitle(normalized.version, title.version);
    if (const NameConfirmation* decision = confirmations_->Find(normalized.name, publisher)) return AnswerOf(*decision, version);
    if (const NamingRule* rule = rules_->Find(normalized, publisher)) return AnswerOf(*rule, normalized, title.version);

    const ProductSearch search(*dictionary_, normalized, publisher, rules_->FindPublisher(publisher));
    const auto names_of = [&](const std::vector<std::uint32_t>& entries, const std::string& of_version) {
        std::vector<cpe::Name> names;
        for (const std::uint32_t entry : entries) names.push_back(NameOfEntry(*dictionary_, entry, of_version));
        return names;
    };
    if (const auto same = search.ByName(); !same.empty()) {
        if (!search.IsOfMaker(same.front())) {
            return ChoiceOf(names_of(same, version), kNameAlone, Evidence::kNormalizedName,
                            {"產品名稱相同且少見，廠商即以此產品為名；NVD 不認得標題上的廠商",
                             "the same seldom name, of a vendor that is named like it; NVD does not know the title's maker"});
        }
        return ChoiceOf(names_of(same, version), kSameName, Evidence::kNormalizedName, {"廠商與產品名稱相同", "maker and product have the same names"});
    }
    if (const auto alike = search.ByWords()) {
        return ChoiceOf(names_of({*alike}, version), kSameWords, Evidence::kWords,
                        {"廠商相同，產品名稱的字都在其中，且只有一個", "the maker is the same and all words of the product, and of no other, are in it"});
    }
    auto candidates = names_of(search.Candidates(), "");
    Text reason = ReasonForNothing(candidates);
    return Withheld{.reason = std::move(reason), .candidates = std::move(candidates)};
}

}  // namespace opsteward::vuln
