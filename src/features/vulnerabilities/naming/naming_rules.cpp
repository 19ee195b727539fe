#include "features/vulnerabilities/naming/naming_rules.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "features/vulnerabilities/naming/built_in_data.hpp"

namespace opsteward::vuln {

using cpe::Attribute;

namespace {

struct NoProductRow {
    std::string_view word;
    NoProduct reason;
    Phrase phrase;
};
constexpr auto kNoProducts = std::to_array<NoProductRow>({
    {"component", NoProduct::kComponent, {"這是其他產品的元件，弱點以該產品計算", "a component of another product, with which its vulnerabilities are counted"}},
    {"content", NoProduct::kContent, {"這是文件或內容，不是程式", "documentation or content, not a program"}},
    {"driver", NoProduct::kDriver, {"這是驅動程式，NVD 沒有列為產品", "a driver that NVD has as no product"}},
    {"game", NoProduct::kGame, {"這是遊戲，NVD 沒有列為產品", "a game that NVD has as no product"}},
    {"language", NoProduct::kLanguage, {"這是語言套件，弱點以其所屬產品計算", "a language pack, whose vulnerabilities are those of its product"}},
    {"local", NoProduct::kLocal, {"這是國內或機關專用軟體，NVD 沒有列為產品", "software of the country or of the agency, which NVD has as no product"}},
    {"tool", NoProduct::kTool, {"NVD 沒有這個產品", "NVD has no such product"}},
    {"update", NoProduct::kUpdate, {"這是更新程式，不是產品", "an update, not a product"}},
});

constexpr std::size_t kSetMemory = 24U << 20U;

/// "{major}.{minor}" filled in; an unknown field is empty.
std::string Fill(std::string_view form, const std::map<std::string, std::string, std::less<>>& fields) {
    std::string filled;
    for (std::size_t i = 0; i < form.size(); ++i) {
        const auto end = form[i] == '{' ? form.find('}', i) : std::string_view::npos;
        if (end == std::string_view::npos) {
            filled += form[i];
            continue;
        }
        const auto field = fields.find(form.substr(i + 1, end - i - 1));
        if (field != fields.end()) filled += field->second;
        i = end;
    }
    return filled;
}

std::string FirstParts(const std::string& version, int parts) {
    std::size_t end = 0;
    for (int i = 0; i < parts && end != std::string::npos; ++i) end = version.find('.', end + (i > 0 ? 1 : 0));
    // "2.6.8-i001": the third is 8.
    return version.substr(0, std::min(end, version.find('-')));
}

std::map<std::string, std::string, std::less<>> FieldsOf(const NamingRule& rule, const NormalizedTitle& title, std::string_view reported) {
    std::map<std::string, std::string, std::less<>> fields{
        {"version", VersionOfTitle(title.version, reported)}, {"named", NormalizeVersion(title.version)}, {"reported", NormalizeVersion(reported)}};
    if (!rule.pattern) return fields;
    const std::size_t count = static_cast<std::size_t>(rule.pattern->NumberOfCapturingGroups()) + 1;
    for (const std::string* name : {&title.name, &title.stem}) {
        std::vector<re2::StringPiece> groups(count);
        if (!rule.pattern->Match(*name, 0, name->size(), RE2::ANCHOR_BOTH, groups.data(), static_cast<int>(count))) continue;
        for (const auto& [word, index] : rule.pattern->NamedCapturingGroups()) fields[word] = std::string(groups[static_cast<std::size_t>(index)]);
        break;
    }
    return fields;
}

}  // namespace

std::optional<NoProduct> FindNoProduct(std::string_view word) {
    const auto row = std::ranges::find(kNoProducts, word, &NoProductRow::word);
    return row == kNoProducts.end() ? std::nullopt : std::optional(row->reason);
}

Phrase ReasonOf(NoProduct reason) { return std::ranges::find(kNoProducts, reason, &NoProductRow::reason)->phrase; }

Result<std::shared_ptr<const NamingRules>> NamingRules::BuiltIn() {
    static const auto kBuiltIn = []() -> Result<std::shared_ptr<const NamingRules>> {
        OPS_TRY(auto rules, Read(BuiltInRules()));
        return std::make_shared<const NamingRules>(std::move(rules));
    }();
    return kBuiltIn;
}

void NamingRules::Index() {
    for (std::size_t i = 0; i < publishers_.size(); ++i) {
        publisher_by_name_.emplace(publishers_[i].id, i);
        for (const std::string& name : publishers_[i].names) publisher_by_name_.emplace(name, i);
    }
    RE2::Options options;
    options.set_max_mem(kSetMemory);
    patterns_ = std::make_unique<RE2::Set>(options, RE2::ANCHOR_BOTH);
    for (std::size_t i = 0; i < rules_.size(); ++i) {
        for (const std::string& name : rules_[i].names) rules_by_name_[name].push_back(i);
        if (!rules_[i].pattern) continue;
        patterns_->Add(rules_[i].pattern->pattern(), nullptr);
        rule_of_pattern_.push_back(i);
    }
    patterns_->Compile();
}

const Publisher* NamingRules::FindPublisher(std::string_view normalized) const {
    const auto found = publisher_by_name_.find(std::string(normalized));
    return found == publisher_by_name_.end() ? nullptr : &publishers_[found->second];
}

std::vector<std::size_t> NamingRules::FittingPatterns(const std::string& name) const {
    std::vector<std::size_t> found;
    std::vector<int> numbers;
    RE2::Set::ErrorInfo failure{};
    if (patterns_->Match(name, &numbers, &failure)) {
        for (const int number : numbers) found.push_back(rule_of_pattern_[static_cast<std::size_t>(number)]);
    } else if (failure.kind != RE2::Set::kNoError) {
        // The automaton of all together outgrew its memory: one by one, none does.
        for (const std::size_t rule : rule_of_pattern_) {
            if (RE2::FullMatch(name, *rules_[rule].pattern)) found.push_back(rule);
        }
    }
    return found;
}

std::vector<std::size_t> NamingRules::Candidates(const std::string& name) const {
    std::vector<std::size_t> found = FittingPatterns(name);
    if (const auto named = rules_by_name_.find(name); named != rules_by_name_.end()) found.insert(found.end(), named->second.begin(), named->second.end());
    std::ranges::sort(found);
    return found;
}

bool NamingRules::Fits(const NamingRule& rule, const NormalizedTitle& title, std::string_view publisher, const Publisher* group) {
    if (rule.is_of_language && !title.has_language) return false;
    if (rule.publishers.empty()) return true;
    if (publisher.empty()) return !rule.is_strict;
    return std::ranges::any_of(rule.publishers, [&](const std::string& named) { return named == publisher || (group != nullptr && named == group->id); });
}

const NamingRule* NamingRules::Find(const NormalizedTitle& title, std::string_view publisher) const {
    const Publisher* group = FindPublisher(publisher);
    for (const std::string* name : {&title.name, &title.stem}) {
        for (const std::size_t rule : Candidates(*name)) {
            if (Fits(rules_[rule], title, publisher, group)) return &rules_[rule];
        }
        if (title.name == title.stem) break;
    }
    return nullptr;
}

std::vector<cpe::Name> NamingRules::NamesOf(const NamingRule& rule, const NormalizedTitle& title, std::string_view reported) {
    const auto fields = FieldsOf(rule, title, reported);
    std::string version = rule.is_whole ? ToLowerAscii(Trim(reported)) : Fill(rule.version.empty() ? "{version}" : rule.version, fields);
    if (rule.parts > 0) version = FirstParts(version, rule.parts);
    const std::string update = Fill(rule.update, fields);
    std::vector<cpe::Name> names = rule.products;
    for (cpe::Name& name : names) {
        if (version == "-" || version == "*") name.SetComponent(Attribute::kVersion, version);
        else name.SetLiteral(Attribute::kVersion, version);
        if (!update.empty()) name.SetLiteral(Attribute::kUpdate, update);
        if (!rule.sw_edition.empty()) name.SetLiteral(Attribute::kSwEdition, rule.sw_edition);
    }
    return names;
}

}  // namespace opsteward::vuln
