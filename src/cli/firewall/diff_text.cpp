#include "cli/firewall/diff_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "cli/firewall/rule_words.hpp"
#include "cli/logs/one_line.hpp"
#include "cli/more_line.hpp"
#include "features/firewall/model/named_values.hpp"
#include "features/firewall/model/traffic_text.hpp"

namespace opsteward::cli {

namespace {

constexpr std::size_t kMostChanges = 100;
constexpr std::size_t kMostWords = 6;
constexpr std::size_t kMostTraffic = 3;

std::string_view ChangeMark(firewall::ChangeKind change) {
    switch (change) {
        case firewall::ChangeKind::kAdded: return "+";
        case firewall::ChangeKind::kRemoved: return "-";
        case firewall::ChangeKind::kChanged: return "~";
    }
    return " ";
}

std::string WordsOf(std::string_view mark, const std::vector<std::string>& words) {
    std::string text;
    for (std::size_t i = 0; i < std::min(words.size(), kMostWords); ++i) text += fmt::format(" {}{}", mark, OnOneLine(Shorten(words[i], 100)));
    if (words.size() > kMostWords) text += fmt::format(" {}…", mark);
    return text;
}

std::string DetailLines(firewall::ChangeKind change, const std::vector<firewall::DetailChange>& details) {
    // What came or went whole says itself.
    if (change != firewall::ChangeKind::kChanged) return {};
    std::string text;
    for (std::size_t i = 0; i < std::min(details.size(), kMostWords); ++i) {
        text += fmt::format("      {}{}{}\n", OnOneLine(details[i].setting), WordsOf("-", details[i].removed), WordsOf("+", details[i].added));
    }
    if (details.size() > kMostWords) text += "      …\n";
    return text;
}

std::string RuleChangeLine(const firewall::RuleChange& rule, Language language) {
    std::string line = fmt::format("  {} {} {}", ChangeMark(rule.change), OnOneLine(rule.rule_base), OnOneLine(rule.id));
    if (!rule.name.empty() && rule.name != rule.id) line += fmt::format(fmt::runtime(Phrase{"「{}」", " \"{}\""}.In(language)), OnOneLine(rule.name));
    const auto add = [&](bool is_so, Phrase phrase) {
        if (is_so) line += std::string(Phrase{"，", ", "}.In(language)) + std::string(phrase.In(language));
    };
    add(rule.has_moved, {"移動位置", "moved"});
    add(rule.was_enabled, {"啟用", "enabled"});
    add(rule.was_disabled, {"停用", "disabled"});
    add(rule.has_ended, {"已到期", "ended"});
    add(rule.matches_differently && rule.details.empty(), {"所用物件變更", "by an object that it names"});
    return line + "\n" + DetailLines(rule.change, rule.details);
}

/// A rule may be an object of the vendor's too: it is told once.
std::vector<const firewall::ItemChange*> ItemsBesideRules(const firewall::ConfigurationDifference& difference) {
    std::set<std::pair<std::size_t, std::size_t>> lines;
    for (const firewall::RuleChange& rule : difference.rules) lines.emplace(rule.line_before, rule.line_after);
    std::vector<const firewall::ItemChange*> items;
    for (const firewall::ItemChange& item : difference.items) {
        if (!lines.contains({item.line_before, item.line_after})) items.push_back(&item);
    }
    return items;
}

std::string TrafficWords(const firewall::Traffic& traffic, const std::vector<std::string>& zones) {
    std::string words;
    for (const auto& [name, value] : firewall::TrafficFields(traffic, zones, kMostWords))
        words += (words.empty() ? "" : " ") + name + "=" + firewall::QuotedValue(value);
    return OnOneLine(words);
}

}  // namespace

std::string FirewallDifferenceText(const firewall::ConfigurationDifference& difference, Language language) {
    std::string text;
    const auto head = [&](Phrase phrase, std::size_t count) { text += fmt::format("{} ({})\n", phrase.In(language), count); };
    if (const std::size_t count = difference.rule_bases_added.size() + difference.rule_bases_removed.size(); count > 0) {
        head({"規則庫", "Rule bases"}, count);
        for (const std::string& name : difference.rule_bases_added) text += "  + " + OnOneLine(name) + "\n";
        for (const std::string& name : difference.rule_bases_removed) text += "  - " + OnOneLine(name) + "\n";
    }
    if (!difference.rules.empty()) head({"規則", "Rules"}, difference.rules.size());
    for (std::size_t i = 0; i < std::min(difference.rules.size(), kMostChanges); ++i) text += RuleChangeLine(difference.rules[i], language);
    text += MoreLine(difference.rules.size(), kMostChanges, language);
    const std::vector<const firewall::ItemChange*> items = ItemsBesideRules(difference);
    if (!items.empty()) head({"物件與設定", "Objects and settings"}, items.size());
    for (std::size_t i = 0; i < std::min(items.size(), kMostChanges); ++i) {
        const firewall::ItemChange& item = *items[i];
        text += fmt::format("  {} {} {}\n{}", ChangeMark(item.change), OnOneLine(item.kind), OnOneLine(item.name), DetailLines(item.change, item.details));
    }
    return text + MoreLine(items.size(), kMostChanges, language);
}

std::string MeaningText(const firewall::RuleBase& before, const firewall::RuleBase& after, const firewall::MeaningDifference& difference, Language language) {
    const std::string name = OnOneLine(after.name);
    if (difference.changes.empty() && difference.is_complete) {
        return fmt::format(fmt::runtime(Phrase{"{}：流量的結果不變（已證明）\n", "{}: no traffic is treated otherwise (proved)\n"}.In(language)), name);
    }
    std::string text;
    firewall::RuleBase zones;  // for the names of zones that both have together
    zones.zones = difference.zones;
    for (std::size_t i = 0; i < std::min(difference.changes.size(), kMostChanges); ++i) {
        const firewall::MeaningChange& change = difference.changes[i];
        const Phrase direction = change.was_allowed ? Phrase{"{}：原本允許，現在拒絕{}\n", "{}: was allowed, is blocked{}\n"}
                                                    : Phrase{"{}：原本拒絕，現在允許{}\n", "{}: was blocked, is allowed{}\n"};
        const Phrase condition = change.is_conditional ? Phrase{"（視規則的其他條件）", " (under conditions of the rules)"} : Phrase{"", ""};
        text += fmt::format(fmt::runtime(direction.In(language)), name, condition.In(language));
        for (std::size_t k = 0; k < std::min(change.traffic.size(), kMostTraffic); ++k)
            text += fmt::format("    {}\n", TrafficWords(change.traffic[k], difference.zones));
        if (change.traffic.size() > kMostTraffic)
            text += fmt::format(fmt::runtime(Phrase{"    …另有 {} 組\n", "    … and {} more\n"}.In(language)), change.traffic.size() - kMostTraffic);
        text += fmt::format(fmt::runtime(Phrase{"    前：{}\n    後：{}\n    例：{}\n", "    before: {}\n    after: {}\n    example: {}\n"}.In(language)),
                            DecidingWords(before, change.before, language), DecidingWords(after, change.after, language), PacketWords(change.example, zones));
    }
    text += MoreLine(difference.changes.size(), kMostChanges, language);
    if (!difference.is_complete)
        text +=
            fmt::format(fmt::runtime(Phrase{"{}：差異不只這些，或超過計算上限\n", "{}: there is more, or the work allowed was spent\n"}.In(language)), name);
    return text;
}

}  // namespace opsteward::cli
