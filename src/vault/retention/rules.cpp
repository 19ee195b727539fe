#include "vault/retention/rules.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <toml++/toml.h>

#include "base/text.hpp"
#include "vault/store/file.hpp"

namespace opsteward::vault {

namespace {

constexpr std::size_t kMaxFile = 1U << 20;
constexpr std::size_t kMaxName = 255;  // record.hpp: no source or kind is longer
constexpr std::size_t kMaxReason = 1000;

/// Reads the tables of one file; its errors say where in it.
class RulesReader {
  public:
    explicit RulesReader(const std::string& name) : name_(name) {}

    Error Wrong(const toml::source_region& where, std::string_view zh, std::string_view en) const {
        const std::string place = fmt::format("{}:{}:{}", name_, where.begin.line, where.begin.column);
        return Error::Of(ErrorCode::kInvalidInput, fmt::format("{}：{}", place, zh), fmt::format("{}: {}", place, en));
    }

    Result<RetentionRules> Read(const toml::table& table) const {
        OPS_CHECK(HasOnly(table, {"days", "rule", "hold"}));
        RetentionRules rules;
        if (const toml::node* days = table.get("days")) {
            OPS_TRY(const unsigned number, DaysOf(*days));
            rules.rules.push_back({{}, number});
        }
        OPS_CHECK(ForEachTable(table, "rule", [&](const toml::table& part) -> Result<void> {
            OPS_TRY(RetentionRule rule, RuleOf(part));
            rules.rules.push_back(std::move(rule));
            return Ok();
        }));
        OPS_CHECK(ForEachTable(table, "hold", [&](const toml::table& part) -> Result<void> {
            OPS_TRY(Hold hold, HoldOf(part));
            rules.holds.push_back(std::move(hold));
            return Ok();
        }));
        return rules;
    }

  private:
    Result<void> HasOnly(const toml::table& table, const std::set<std::string_view>& known) const {
        for (const auto& [key, node] : table) {
            if (known.contains(key.str())) continue;
            const std::string names = fmt::format("{}", fmt::join(known, ", "));
            return Wrong(key.source(), fmt::format("未知的鍵 {}；可用：{}。", key.str(), names), fmt::format("unknown key {}; known are {}.", key.str(), names));
        }
        return Ok();
    }

    template <typename Take>
    Result<void> ForEachTable(const toml::table& table, std::string_view key, const Take& take) const {
        const toml::node* node = table.get(key);
        if (node == nullptr) return Ok();
        if (!node->is_array_of_tables()) {
            return Wrong(node->source(), fmt::format("{0} 應寫成 [[{0}]]。", key), fmt::format("{0} has to be written as [[{0}]].", key));
        }
        for (const toml::node& part : *node->as_array()) OPS_CHECK(take(*part.as_table()));
        return Ok();
    }

    Result<unsigned> DaysOf(const toml::node& node) const {
        const auto days = node.value_exact<std::int64_t>();
        if (days && *days >= kLeastDays && *days <= kMostDays) return static_cast<unsigned>(*days);
        return Wrong(node.source(), fmt::format("days 應為 {} 至 {} 的整數：紀錄依法至少保存六個月。", kLeastDays, kMostDays),
                     fmt::format("days has to be a whole number from {} to {}: logs are kept for six months at least.", kLeastDays, kMostDays));
    }

    Result<std::optional<std::string>> TextOf(const toml::table& table, std::string_view key, std::size_t longest) const {
        const toml::node* node = table.get(key);
        if (node == nullptr) return std::optional<std::string>();
        auto text = node->value_exact<std::string>();
        if (text && text->size() <= longest && !Trim(*text).empty()) return text;
        return Wrong(node->source(), fmt::format("{} 應為 1 至 {} 位元組的字串。", key, longest),
                     fmt::format("{} has to be a string of 1 to {} bytes.", key, longest));
    }

    /// A date of TOML, or in a string as people here write it.
    Result<std::optional<Date>> DayOf(const toml::table& table, std::string_view key) const {
        const toml::node* node = table.get(key);
        if (node == nullptr) return std::optional<Date>();
        if (const auto day = node->value_exact<toml::date>()) {
            return std::optional(Date(std::chrono::year(day->year), std::chrono::month(day->month), std::chrono::day(day->day)));
        }
        if (const auto text = node->value_exact<std::string>()) {
            if (const auto day = ParseDate(*text); day.ok()) return std::optional(*day);
        }
        return Wrong(node->source(), fmt::format("{} 應為日期，例如 2026-07-01 或 \"115.7.1\"。", key),
                     fmt::format("{} has to be a day, as 2026-07-01 or \"115.7.1\".", key));
    }

    Result<RecordScope> ScopeOf(const toml::table& table) const {
        RecordScope scope;
        OPS_TRY(scope.source, TextOf(table, "source", kMaxName));
        OPS_TRY(scope.kind, TextOf(table, "kind", kMaxName));
        return scope;
    }

    Result<RetentionRule> RuleOf(const toml::table& table) const {
        OPS_CHECK(HasOnly(table, {"source", "kind", "days"}));
        const toml::node* days = table.get("days");
        if (days == nullptr) return Wrong(table.source(), "規則缺少 days。", "the rule has no days.");
        RetentionRule rule;
        OPS_TRY(rule.of, ScopeOf(table));
        OPS_TRY(rule.days, DaysOf(*days));
        return rule;
    }

    Result<Hold> HoldOf(const toml::table& table) const {
        OPS_CHECK(HasOnly(table, {"source", "kind", "from", "to", "reason"}));
        Hold hold;
        OPS_TRY(hold.of, ScopeOf(table));
        OPS_TRY(hold.from, DayOf(table, "from"));
        OPS_TRY(hold.to, DayOf(table, "to"));
        OPS_TRY(const auto reason, TextOf(table, "reason", kMaxReason));
        if (!reason) return Wrong(table.source(), "保全缺少 reason（理由）。", "the hold has no reason.");
        if (hold.from && hold.to && *hold.to < *hold.from) return Wrong(table.source(), "to 早於 from。", "to lies before from.");
        hold.reason = *reason;
        return hold;
    }

    const std::string& name_;
};

/// A basic string of TOML (toml.io, v1.0.0, "String").
std::string Quoted(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            quoted += '\\';
            quoted += c;
        } else if (byte < 0x20 || byte == 0x7F) {
            quoted += fmt::format("\\u{:04X}", byte);
        } else {
            quoted += c;
        }
    }
    return quoted + '"';
}

std::string ToToml(const Hold& hold) {
    std::string text = "[[hold]]\n";
    if (hold.of.source) text += fmt::format("source = {}\n", Quoted(*hold.of.source));
    if (hold.of.kind) text += fmt::format("kind = {}\n", Quoted(*hold.of.kind));
    if (hold.from) text += fmt::format("from = {}\n", FormatIsoDate(*hold.from));
    if (hold.to) text += fmt::format("to = {}\n", FormatIsoDate(*hold.to));
    return text + fmt::format("reason = {}\n", Quoted(hold.reason));
}

/// What the file holds; nothing when there is none.
Result<std::optional<std::string>> ReadText(const std::filesystem::path& file) {
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0) {
        if (errno == ENOENT) return std::optional<std::string>();
        return Error::System("reading " + file.string(), errno);
    }
    if (!S_ISREG(status.st_mode) || static_cast<std::uint64_t>(status.st_size) > kMaxFile) {
        return Error::Of(ErrorCode::kInvalidInput, file.string() + " 必須是 1 MiB 以內的一般檔案。", file.string() + " must be a regular file of at most 1 MiB.");
    }
    OPS_TRY(std::string text, ReadFile(file));
    return std::optional(std::move(text));
}

}  // namespace

bool Hold::Covers(const SourceAndKind& stream, Date first, Date last) const {
    return of.Covers(stream) && (!from || *from <= last) && (!to || first <= *to);
}

std::optional<unsigned> RetentionRules::DaysFor(const SourceAndKind& stream) const {
    std::optional<unsigned> longest;
    for (const RetentionRule& rule : rules) {
        if (rule.of.Covers(stream)) longest = std::max(longest.value_or(0), rule.days);
    }
    return longest;
}

Result<RetentionRules> ParseRetentionRules(std::string_view toml, const std::string& name) {
    const RulesReader reader(name);
    try {
        return reader.Read(toml::parse(toml, name));
    } catch (const toml::parse_error& error) {
        return reader.Wrong(error.source(), "不是有效的 TOML。", std::string(error.description()) + ".");
    }
}

Result<std::optional<RetentionRules>> ReadRetentionRules(const std::filesystem::path& file) {
    OPS_TRY(const auto text, ReadText(file));
    if (!text) return std::optional<RetentionRules>();
    OPS_TRY(RetentionRules rules, ParseRetentionRules(*text, file.string()));
    return std::optional(std::move(rules));
}

Result<RetentionRules> AddHold(const std::filesystem::path& file, const Hold& hold) {
    OPS_TRY(const auto before, ReadText(file));
    std::string text = before.value_or("");
    OPS_CHECK(ParseRetentionRules(text, file.string()));
    if (!text.empty()) text += text.ends_with('\n') ? "\n" : "\n\n";
    text += ToToml(hold);
    // The text of the command line is held to the same bounds as the file's.
    OPS_TRY(RetentionRules rules, ParseRetentionRules(text, file.string()));
    OPS_CHECK(ReplaceFile(file, text));
    return rules;
}

}  // namespace opsteward::vault
