#include "features/firewall/formats/hit_counts.hpp"

#include <fmt/format.h>

#include <unordered_map>
#include <unordered_set>

#include "base/text.hpp"
#include "features/firewall/formats/palo_alto/xml.hpp"
#include "features/firewall/formats/readers.hpp"

namespace opsteward::firewall {
namespace {

Error TooLarge() {
    return Error::Of(ErrorCode::kTooLarge, fmt::format("計數輸出超過 {}，或項目過多。", FormatBytes(kMaxConfigurationBytes)),
                     fmt::format("The counters are larger than {}, or are too many.", FormatBytes(kMaxConfigurationBytes)));
}

std::optional<std::uint64_t> CountOf(std::string_view text) {
    const auto number = ParseInt(Trim(text));
    if (!number || *number < 0) return std::nullopt;
    return static_cast<std::uint64_t>(*number);
}

/// Seconds since 1970; 0 stands for never.
std::optional<std::int64_t> MomentOf(std::string_view text) {
    const auto number = ParseInt(Trim(text));
    if (!number || *number <= 0) return std::nullopt;
    return *number;
}

class PaloAltoCounts {
  public:
    PaloAltoCounts(HitCounts& counts, ReaderNotes& notes) : counts_(counts), notes_(notes) {}

    /// <rule-hit-count><vsys><entry name="vsys1"><rule-base><entry name="security"><rules><entry name="RULE">.
    void Read(WordNode answer) {
        for (const WordNode vsys : answer["vsys"].children()) {
            for (const WordNode base : vsys["rule-base"].children()) {
                if (base.word() != "security" && base.word() != "default-security-rules") continue;
                for (const WordNode rule : base["rules"].children()) ReadRule(std::string(vsys.word()), rule);
            }
        }
    }

  private:
    void ReadRule(std::string vsys, WordNode rule) {
        HitCount count{std::move(vsys), ReplaceInvalidUtf8(rule.word()), rule.line(), {}};
        for (const WordNode field : rule.children()) {
            const std::string_view word = field.word();
            if (word == "hit-count") {
                count.counter.hits = CountOf(field.value());
            } else if (word == "last-hit-timestamp") {
                count.counter.last_hit = MomentOf(field.value());
            } else if (word == "first-hit-timestamp") {
                count.counter.first_hit = MomentOf(field.value());
            } else if (word == "last-reset-timestamp") {
                count.counter.last_reset = MomentOf(field.value());
            } else if (word == "rule-creation-timestamp") {
                count.counter.created = MomentOf(field.value());
            } else if (word != "latest" && word != "rule-modification-timestamp" && word != "all-connected" && word != "rule-state") {
                notes_.NotUnderstood(field);
            }
        }
        if (!count.counter.hits) {
            notes_.NotUnderstood(rule);
            return;
        }
        counts_.counts.push_back(std::move(count));
    }

    HitCounts& counts_;
    ReaderNotes& notes_;
};

std::vector<std::string_view> WordsOf(std::string_view line) {
    std::vector<std::string_view> words;
    for (std::size_t at = line.find_first_not_of(" \t\r"); at != std::string_view::npos && words.size() < 12; at = line.find_first_not_of(" \t\r", at)) {
        const std::size_t end = std::min(line.find_first_of(" \t\r", at), line.size());
        words.push_back(line.substr(at, end - at));
        at = end;
    }
    return words;
}

/// What the table's counter does not tell stays.
void Join(const RuleCounter& from, RuleCounter& into) {
    const auto take = [](const auto& value, auto& place) {
        if (value) place = value;
    };
    take(from.hits, into.hits);
    take(from.bytes, into.bytes);
    take(from.first_hit, into.first_hit);
    take(from.last_hit, into.last_hit);
    take(from.last_reset, into.last_reset);
    take(from.created, into.created);
    take(from.active_sessions, into.active_sessions);
}

std::string KeyOf(std::string_view rule_base, std::string_view rule) {
    return fmt::format("{}\n{}", rule_base, rule);
}

/// Of a rule that stands once for each way to it, "in1:2/out1:1" (docs/formats/firewall-chains.md): its own id, "out1:1". In other formats a name may have a
/// slash in it. Empty: it is no such rule.
std::string_view LastOfWay(Format format, std::string_view id) {
    const std::size_t slash = id.rfind('/');
    const bool is_way = (format == Format::kAsa || format == Format::kOpnsense) && slash != std::string_view::npos && id.find(':') < slash;
    return is_way ? id.substr(slash + 1) : std::string_view();
}

bool IsSecretNowhere(std::string_view) {
    return false;
}

}  // namespace

Result<HitCounts> ReadPaloAltoHitCounts(std::string_view text) {
    if (text.size() > kMaxConfigurationBytes) return TooLarge();
    Configuration unknown;
    const ReadOptions options;
    ReaderNotes notes(unknown, options, IsSecretNowhere);
    WordTree tree;
    OPS_CHECK(ReadPaloAltoXml(text, tree, notes));
    if (tree.is_full()) return TooLarge();
    const WordNode answer = tree.root()["rule-hit-count"];
    if (!answer) {
        return Error::Of(ErrorCode::kInvalidInput, "第 1 行起沒有 <rule-hit-count>；請提供 show rule-hit-count 的 XML 輸出。",
                         "From line 1 on there is no <rule-hit-count>; give the XML that show rule-hit-count answers.");
    }
    HitCounts counts;
    PaloAltoCounts(counts, notes).Read(answer);
    notes.Finish();
    counts.unknown = std::move(unknown.unknown);
    return counts;
}

Result<HitCounts> ReadSrxHitCounts(std::string_view text) {
    if (text.size() > kMaxConfigurationBytes) return TooLarge();
    HitCounts counts;
    Configuration unknown;
    const ReadOptions options;
    ReaderNotes notes(unknown, options, IsSecretNowhere);
    std::string rule_base;
    bool has_head = false;
    std::size_t line = 0;
    for (const std::string_view row : SplitLines(text)) {
        ++line;
        const std::vector<std::string_view> words = WordsOf(row);
        if (words.empty() || words[0] == "Number" || words[0] == "From" || words[0] == "node0:" || words[0] == "node1:" || words[0].starts_with("---"))
            continue;
        if (words.size() >= 3 && words[0] == "Logical" && words[1] == "system:") {
            rule_base = words[2] == "root-logical-system" ? "" : std::string(words[2]);
        } else if (words[0] == "Index") {
            has_head = true;
        } else if (words.size() >= 5 && CountOf(words[0]) && CountOf(words[4])) {
            const bool is_global = words[1] == "junos-global" || words[2] == "junos-global";
            const std::string rule = is_global ? fmt::format("global/{}", words[3]) : fmt::format("{}/{}/{}", words[1], words[2], words[3]);
            RuleCounter counter;
            counter.hits = CountOf(words[4]);
            counts.counts.push_back({rule_base, ReplaceInvalidUtf8(rule), line, counter});
        } else {
            notes.NotUnderstood(line, Trim(row));
        }
    }
    if (!has_head) {
        return Error::Of(ErrorCode::kInvalidInput, "第 1 行起沒有「Index … From zone … To zone」的表頭；請提供 show security policies hit-count 的輸出。",
                         "From line 1 on there is no head \"Index From zone To zone …\"; give what show security policies hit-count prints.");
    }
    notes.Finish();
    counts.unknown = std::move(unknown.unknown);
    return counts;
}

std::size_t AddHitCounts(const HitCounts& counts, Configuration& configuration) {
    // Of several counts of one rule the last stands.
    std::unordered_map<std::string, const HitCount*> by_rule;
    for (const HitCount& count : counts.counts) by_rule[KeyOf(count.rule_base, count.rule)] = &count;
    const auto count_of = [&by_rule](const RuleBase& base, std::string_view id) -> const HitCount* {
        auto found = by_rule.find(KeyOf(base.name, id));
        if (found == by_rule.end()) found = by_rule.find(KeyOf("", id));
        return found == by_rule.end() ? nullptr : found->second;
    };
    std::unordered_set<const HitCount*> met;
    for (RuleBase& base : configuration.rule_bases) {
        for (Rule& rule : base.rules) {
            const HitCount* count = count_of(base, rule.id);
            const std::string_view last = LastOfWay(configuration.format, rule.id);
            if (count == nullptr && !last.empty()) count = count_of(base, last);
            if (count == nullptr) continue;
            RuleCounter joined = rule.counter.value_or(RuleCounter());
            Join(count->counter, joined);
            rule.counter = joined;
            met.insert(count);
        }
    }
    return met.size();
}

}  // namespace opsteward::firewall
