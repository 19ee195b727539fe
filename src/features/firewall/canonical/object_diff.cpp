#include "features/firewall/canonical/object_diff.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "base/text.hpp"

namespace opsteward::firewall {

namespace {

/// Words of a line; what is quoted is one word with its marks.
std::vector<std::string> WordsOf(std::string_view line) {
    std::vector<std::string> words;
    for (std::size_t at = 0; at < line.size();) {
        if (line[at] == ' ') {
            ++at;
            continue;
        }
        const std::size_t begin = at;
        bool in_marks = false;
        for (; at < line.size() && (in_marks || line[at] != ' '); ++at) {
            if (line[at] == '\\') {
                ++at;
            } else if (line[at] == '"') {
                in_marks = !in_marks;
            }
        }
        at = std::min(at, line.size());
        words.emplace_back(line.substr(begin, at - begin));
    }
    return words;
}

/// "set member" of "    set member A B"; the words behind it.
struct Setting {
    std::string name;
    std::vector<std::string> values;
};
Setting SettingOf(const std::string& line) {
    std::vector<std::string> words = WordsOf(line);
    if (words.size() < 3) return {};
    Setting setting;
    setting.name = words[0] + " " + words[1];
    setting.values.assign(std::make_move_iterator(words.begin() + 2), std::make_move_iterator(words.end()));
    return setting;
}

/// Lines of `from` that `other` has not, each as often as it has more of them.
std::vector<std::string> LinesBeyond(const std::vector<std::string>& from, const std::vector<std::string>& other) {
    std::unordered_map<std::string_view, std::size_t> count;
    for (const std::string& line : other) ++count[line];
    std::vector<std::string> beyond;
    for (const std::string& line : from) {
        const auto found = count.find(line);
        if (found == count.end() || found->second == 0) {
            beyond.push_back(line);
        } else {
            --found->second;
        }
    }
    return beyond;
}

std::string Trimmed(const std::string& line) { return std::string(Trim(line)); }

/// The lines of `lines` by their setting; settings that stand twice are left out, as are lines of fewer than three words.
std::map<std::string, std::pair<std::size_t, Setting>> SettingsOf(const std::vector<std::string>& lines) {
    std::map<std::string, std::pair<std::size_t, Setting>> settings;
    std::set<std::string> twice;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        Setting setting = SettingOf(lines[i]);
        if (setting.name.empty()) continue;
        std::string name = setting.name;
        if (!settings.try_emplace(name, i, std::move(setting)).second) twice.insert(std::move(name));
    }
    for (const std::string& name : twice) settings.erase(name);
    return settings;
}

std::vector<std::string> LinesOf(const std::string& text) {
    std::vector<std::string> lines;
    for (const std::string_view line : SplitLines(text)) lines.emplace_back(line);
    return lines;
}

/// Places of `values` that belong to a longest rising chain.
std::vector<bool> InRisingChain(const std::vector<std::size_t>& values) {
    std::vector<std::size_t> ends;
    std::vector<std::size_t> previous(values.size(), values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto place = std::ranges::lower_bound(ends, values[i], {}, [&values](std::size_t end) { return values[end]; });
        if (place != ends.begin()) previous[i] = *std::prev(place);
        if (place == ends.end()) {
            ends.push_back(i);
        } else {
            *place = i;
        }
    }
    std::vector<bool> is_in(values.size(), false);
    for (std::size_t i = ends.empty() ? values.size() : ends.back(); i < values.size(); i = previous[i]) is_in[i] = true;
    return is_in;
}

void DiffItems(const std::vector<Item>& before, const std::vector<Item>& after, std::vector<ItemChange>& changes) {
    std::map<std::pair<std::string_view, std::string_view>, const Item*> old;
    for (const Item& item : before) old.try_emplace({item.kind, item.name}, &item);
    std::set<std::pair<std::string_view, std::string_view>> seen;
    for (const Item& item : after) {
        if (!seen.insert({item.kind, item.name}).second) continue;
        const auto found = old.find({item.kind, item.name});
        if (found == old.end()) {
            changes.push_back({ChangeKind::kAdded, item.kind, item.name, 0, item.line, {}});
        } else if (found->second->lines != item.lines) {
            changes.push_back({ChangeKind::kChanged, item.kind, item.name, found->second->line, item.line, DiffDetails(found->second->lines, item.lines)});
        }
    }
    for (const Item& item : before) {
        if (seen.insert({item.kind, item.name}).second) changes.push_back({ChangeKind::kRemoved, item.kind, item.name, item.line, 0, {}});
    }
}

/// Gives each earlier rule that has no counterpart yet the first later one with the same key that is not taken: what is there several times stays in its order.
/// Rules without a key are left out; `may_be` says whether two are one rule after all.
template <typename Key, typename MayBe>
void Pair(const std::vector<Rule>& before, const std::vector<Rule>& after, const Key& key, const MayBe& may_be, std::vector<std::size_t>& counterparts,
          std::vector<bool>& taken) {
    const std::size_t none = after.size();
    std::unordered_map<std::string, std::deque<std::size_t>> waiting;
    for (std::size_t i = 0; i < after.size(); ++i) {
        if (const std::string one = key(after[i]); !one.empty() && !taken[i]) waiting[one].push_back(i);
    }
    for (std::size_t i = 0; i < before.size(); ++i) {
        if (counterparts[i] != none) continue;
        const auto found = waiting.find(key(before[i]));
        if (found == waiting.end() || found->second.empty() || !may_be(before[i], after[found->second.front()])) continue;
        counterparts[i] = found->second.front();
        taken[counterparts[i]] = true;
        found->second.pop_front();
    }
}

/// The later place of each earlier rule, or `after.size()`.
std::vector<std::size_t> Counterparts(const std::vector<Rule>& before, const std::vector<Rule>& after) {
    std::vector<std::size_t> counterparts(before.size(), after.size());
    std::vector<bool> taken(after.size(), false);
    const auto always = [](const Rule&, const Rule&) { return true; };
    // A device may have given one uuid twice: then the id tells which is which.
    Pair(before, after, [](const Rule& rule) { return rule.uuid.empty() ? std::string() : rule.uuid + "\n" + rule.id; }, always, counterparts, taken);
    Pair(before, after, [](const Rule& rule) { return rule.uuid; }, always, counterparts, taken);
    // An id is used again for another rule: two uuids that differ are two rules.
    const auto may_be = [](const Rule& one, const Rule& other) { return one.uuid.empty() || other.uuid.empty(); };
    Pair(before, after, [](const Rule& rule) { return rule.id; }, may_be, counterparts, taken);
    return counterparts;
}

RuleChange Described(ChangeKind change, const std::string& base, const Rule& rule) {
    RuleChange described;
    described.change = change;
    described.rule_base = base;
    described.id = rule.id;
    described.uuid = rule.uuid;
    described.name = rule.name;
    return described;
}

/// Zones have other numbers in another configuration, so numbers alone prove nothing: what matches is compared where the zones are the same.
bool MatchesDifferently(const RuleBase& base_before, const RuleBase& base_after, const Rule& before, const Rule& after) {
    if (before.action != after.action || before.is_logged != after.is_logged) return true;
    if (before.unknown.size() != after.unknown.size()) return true;
    for (std::size_t i = 0; i < before.unknown.size(); ++i) {
        if (before.unknown[i].what != after.unknown[i].what || before.unknown[i].text != after.unknown[i].text) return true;
    }
    if (base_before.zones == base_after.zones) return before.traffic != after.traffic;
    if (before.traffic.size() != after.traffic.size()) return true;
    const auto names = [](const RuleBase& base, const NumberSet& numbers) {
        std::set<std::string_view> named;
        if (numbers == base.AllZones()) return std::set<std::string_view>{"any"};
        for (const Range<std::uint32_t>& range : numbers.ranges()) {
            for (std::uint32_t i = range.first; i <= range.last && i < base.zones.size(); ++i) named.insert(base.zones[i]);
        }
        return named;
    };
    for (std::size_t i = 0; i < before.traffic.size(); ++i) {
        Traffic other = after.traffic[i];
        const Traffic& one = before.traffic[i];
        if (names(base_before, one.in) != names(base_after, other.in) || names(base_before, one.out) != names(base_after, other.out)) return true;
        other.in = one.in;
        other.out = one.out;
        if (!(one == other)) return true;
    }
    return false;
}

void DiffRules(const RuleBase& before, const RuleBase& after, std::vector<RuleChange>& changes) {
    const std::size_t none = after.rules.size();
    const std::vector<std::size_t> counterparts = Counterparts(before.rules, after.rules);
    std::vector<std::size_t> common;       // earlier places
    std::vector<std::size_t> later_places;
    std::vector<std::size_t> earlier(after.rules.size(), before.rules.size());
    for (std::size_t i = 0; i < counterparts.size(); ++i) {
        if (counterparts[i] == none) continue;
        common.push_back(i);
        later_places.push_back(counterparts[i]);
        earlier[counterparts[i]] = i;
    }
    const std::vector<bool> stayed = InRisingChain(later_places);
    std::vector<bool> has_moved(before.rules.size(), false);
    for (std::size_t i = 0; i < common.size(); ++i) has_moved[common[i]] = !stayed[i];
    for (std::size_t place = 0; place < after.rules.size(); ++place) {
        const Rule& rule = after.rules[place];
        if (earlier[place] == before.rules.size()) {
            RuleChange& added = changes.emplace_back(Described(ChangeKind::kAdded, after.name, rule));
            added.line_after = rule.line;
            added.place_after = place;
            continue;
        }
        const Rule& old = before.rules[earlier[place]];
        RuleChange change = Described(ChangeKind::kChanged, after.name, rule);
        change.line_before = old.line;
        change.line_after = rule.line;
        change.place_before = earlier[place];
        change.place_after = place;
        change.has_moved = has_moved[earlier[place]];
        change.was_enabled = rule.is_enabled && !old.is_enabled;
        change.was_disabled = !rule.is_enabled && old.is_enabled;
        change.has_ended = rule.has_ended && !old.has_ended;
        change.matches_differently = MatchesDifferently(before, after, old, rule);
        if (old.text != rule.text) change.details = DiffDetails(LinesOf(old.text), LinesOf(rule.text));
        const bool is_changed = change.has_moved || change.was_enabled || change.was_disabled || change.has_ended || change.matches_differently ||
                                !change.details.empty() || old.has_ended != rule.has_ended;
        if (is_changed) changes.push_back(std::move(change));
    }
    for (std::size_t i = 0; i < before.rules.size(); ++i) {
        if (counterparts[i] != none) continue;
        RuleChange& removed = changes.emplace_back(Described(ChangeKind::kRemoved, before.name, before.rules[i]));
        removed.line_before = before.rules[i].line;
        removed.place_before = i;
    }
}

}  // namespace

std::string_view NameOf(ChangeKind kind) {
    switch (kind) {
        case ChangeKind::kAdded: return "added";
        case ChangeKind::kRemoved: return "removed";
        case ChangeKind::kChanged: break;
    }
    return "changed";
}

std::vector<DetailChange> DiffDetails(const std::vector<std::string>& before, const std::vector<std::string>& after) {
    const std::vector<std::string> removed = LinesBeyond(before, after);
    const std::vector<std::string> added = LinesBeyond(after, before);
    const auto settings_removed = SettingsOf(removed);
    const auto settings_added = SettingsOf(added);
    std::vector<DetailChange> details;
    std::vector<bool> told_removed(removed.size(), false);
    std::vector<bool> told_added(added.size(), false);
    for (const auto& [name, old] : settings_removed) {
        const auto found = settings_added.find(name);
        if (found == settings_added.end()) continue;
        DetailChange& detail = details.emplace_back();
        detail.setting = name;
        detail.removed = LinesBeyond(old.second.values, found->second.second.values);
        detail.added = LinesBeyond(found->second.second.values, old.second.values);
        if (detail.removed.empty() && detail.added.empty()) {  // the same words in another order
            detail.removed = old.second.values;
            detail.added = found->second.second.values;
        }
        told_removed[old.first] = true;
        told_added[found->second.first] = true;
    }
    DetailChange lines;
    for (std::size_t i = 0; i < removed.size(); ++i) {
        if (!told_removed[i]) lines.removed.push_back(Trimmed(removed[i]));
    }
    for (std::size_t i = 0; i < added.size(); ++i) {
        if (!told_added[i]) lines.added.push_back(Trimmed(added[i]));
    }
    if (!lines.removed.empty() || !lines.added.empty()) details.push_back(std::move(lines));
    return details;
}

ConfigurationDifference DiffConfigurations(const Configuration& before, const Configuration& after) {
    ConfigurationDifference difference;
    DiffItems(before.items, after.items, difference.items);
    std::unordered_map<std::string_view, const RuleBase*> old;
    for (const RuleBase& base : before.rule_bases) old.try_emplace(base.name, &base);
    std::unordered_set<std::string_view> present;
    static const RuleBase kNone;
    for (const RuleBase& base : after.rule_bases) {
        present.insert(base.name);
        const auto found = old.find(base.name);
        if (found == old.end()) difference.rule_bases_added.push_back(base.name);
        DiffRules(found == old.end() ? kNone : *found->second, base, difference.rules);
    }
    for (const RuleBase& base : before.rule_bases) {
        if (present.contains(base.name)) continue;
        difference.rule_bases_removed.push_back(base.name);
        RuleBase gone;
        gone.name = base.name;
        DiffRules(base, gone, difference.rules);
    }
    return difference;
}

}  // namespace opsteward::firewall
