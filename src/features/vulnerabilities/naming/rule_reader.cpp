// How a file of rules is read (docs/formats/naming-rules.md).
#include <set>

#include <fmt/format.h>

#include "base/text.hpp"
#include "features/vulnerabilities/naming/naming_rules.hpp"
#include "features/vulnerabilities/naming/toml_table.hpp"

namespace opsteward::vuln {

using cpe::Attribute;

namespace {

constexpr std::size_t kMaxBytes = 4U << 20U;
constexpr std::size_t kMaxRows = 20'000;
constexpr Phrase kFile{"命名規則", "the file of naming rules"};

/// "a:7-zip:7-zip", of components as NVD writes them.
std::optional<cpe::Name> ReadProduct(const std::string& text) {
    auto name = cpe::Name::Parse("cpe:2.3:" + text + ":*:*:*:*:*:*:*:*");
    if (!name.ok()) return std::nullopt;
    const auto is_named = [&](Attribute attribute) { return (*name)[attribute] != "*" && (*name)[attribute] != "-"; };
    if (!is_named(Attribute::kPart) || !is_named(Attribute::kVendor) || !is_named(Attribute::kProduct)) return std::nullopt;
    return *std::move(name);
}

}  // namespace

class RuleReader {
  public:
    explicit RuleReader(NamingRules& rules) : rules_(rules) {}

    Result<void> Read(std::string_view text) {
        OPS_TRY(const auto file, ParseToml(text, kMaxBytes, kFile));
        for (const auto& [key, node] : file) {
            if (key.str() == "publishers" || key.str() == "rules") continue;
            faults_.Add(static_cast<int>(key.source().begin.line), fmt::format("未知的鍵 {}。", key.str()), fmt::format("unknown key {}.", key.str()));
        }
        const auto publishers = TablesOf(file, "publishers", faults_);
        const auto rules = TablesOf(file, "rules", faults_);
        if (publishers.size() > kMaxRows || rules.size() > kMaxRows) {
            return Error::Of(ErrorCode::kTooLarge, "命名規則過多：規則與公司各最多 20,000。", "There are too many naming rules: at most 20,000 of rules and of publishers.");
        }
        for (const toml::table* table : publishers) ReadPublisher(*table);
        for (const toml::table* table : rules) ReadRule(*table);
        if (!faults_.empty()) return faults_.ToError(kFile);
        rules_.Index();
        return Ok();
    }

  private:
    void ReadPublisher(const toml::table& source) {
        TomlTable table(source, faults_);
        Publisher publisher{.id = table.RequiredString("id"), .names = table.Strings("names"), .vendors = {}};
        for (const std::string& vendor : table.Strings("vendors")) {
            const auto name = ReadProduct("a:" + vendor + ":x");
            if (name) publisher.vendors.push_back((*name)[Attribute::kVendor]);
            else table.Fault(fmt::format("{} 不是 CPE 的 vendor。", vendor), fmt::format("{} is no vendor of a CPE name.", vendor));
        }
        if (publisher.vendors.empty()) table.Fault("需要 vendors。", "vendors is missing.");
        Claim(table, publisher.id);
        for (const std::string& name : publisher.names) Claim(table, name);
        table.Done();
        rules_.publishers_.push_back(std::move(publisher));
    }

    /// A name is one company's.
    void Claim(TomlTable& table, const std::string& name) {
        if (claimed_.insert(name).second) return;
        table.Fault(fmt::format("{} 已是另一家公司的名稱。", name), fmt::format("{} is the name of another publisher already.", name));
    }

    void ReadRule(const toml::table& source) {
        TomlTable table(source, faults_);
        NamingRule rule;
        rule.line = table.line();
        rule.names = table.Strings("names");
        ReadPattern(table, rule);
        rule.publishers = table.Strings("by");
        rule.is_strict = table.Flag("strict");
        rule.is_of_language = table.Flag("language");
        ReadWhat(table, rule);
        rule.version = table.String("version");
        rule.parts = table.Number("parts", 8);
        rule.is_whole = table.Flag("whole");
        rule.update = table.String("update");
        rule.sw_edition = table.String("sw_edition");
        if (rule.names.empty() && !rule.pattern) table.Fault("需要 names 或 pattern。", "names or pattern is missing.");
        if (rule.is_strict && rule.publishers.empty()) table.Fault("strict 需要 by。", "strict asks for by.");
        table.Done();
        rules_.rules_.push_back(std::move(rule));
    }

    static void ReadPattern(TomlTable& table, NamingRule& rule) {
        const std::string pattern = table.String("pattern");
        if (pattern.empty()) return;
        RE2::Options options;
        options.set_log_errors(false);
        rule.pattern = std::make_unique<RE2>(pattern, options);
        if (!rule.pattern->ok()) {
            table.Fault(fmt::format("pattern 不是有效的表示式：{}。", rule.pattern->error()), fmt::format("pattern is no valid expression: {}.", rule.pattern->error()));
            rule.pattern.reset();
        }
    }

    static void ReadWhat(TomlTable& table, NamingRule& rule) {
        for (const std::string& product : table.Strings("is")) {
            if (auto name = ReadProduct(product)) rule.products.push_back(*std::move(name));
            else table.Fault(fmt::format("{} 不是「part:vendor:product」。", product), fmt::format("{} is not \"part:vendor:product\".", product));
        }
        const std::string none = table.String("none");
        rule.none = FindNoProduct(none);
        if (!none.empty() && !rule.none) table.Fault(fmt::format("未知的 none：{}。", none), fmt::format("unknown none: {}.", none));
        if (rule.products.empty() == none.empty()) table.Fault("需要 is 或 none，二者擇一。", "one of is and none has to be there.");
    }

    NamingRules& rules_;
    TomlFaults faults_;
    std::set<std::string> claimed_;  ///< names of publishers
};

Result<NamingRules> NamingRules::Read(std::string_view text) {
    NamingRules rules;
    OPS_CHECK(RuleReader(rules).Read(text));
    return rules;
}

}  // namespace opsteward::vuln
