#include "features/firewall/formats/opnsense/counters.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "base/json.hpp"
#include "base/text.hpp"
#include "features/firewall/formats/readers.hpp"

namespace opsteward::firewall {
namespace {

constexpr std::size_t kMaxUnknown = 20'000;

class CounterReader {
  public:
    explicit CounterReader(const Configuration& configuration);

    void ReadText(std::string_view text);
    Result<void> ReadJson(std::string_view text);
    Result<HitCounts> Finish();

  private:
    struct PfRule {
        std::vector<std::string> labels;
        std::string_view text;
        std::size_t line = 0;
        bool is_counted = false;
    };
    void ReadRule(std::string_view line, std::size_t number);
    void ReadNumbers(std::string_view line);
    void Count(const std::vector<std::string>& labels, std::string_view text, std::size_t line, const RuleCounter& counter);
    const std::string* RuleOf(const std::string& label) const;

    std::unordered_map<std::string, std::string> by_uuid_;
    std::unordered_map<std::string, std::string> by_name_;  ///< empty: several have it
    std::unordered_map<std::string, std::string> names_;    ///< descriptions by label, of rules.debug
    std::unordered_map<std::string, std::size_t> found_;
    std::optional<PfRule> open_;
    std::vector<PfRule> waiting_;
    std::vector<RuleCounter> counters_;
    HitCounts counts_;
    bool has_counters_ = false;
};

CounterReader::CounterReader(const Configuration& configuration) {
    for (const RuleBase& base : configuration.rule_bases) {
        for (const Rule& rule : base.rules) {
            const std::string id = rule.id.substr(rule.id.rfind('/') + 1);
            if (!rule.uuid.empty()) by_uuid_.try_emplace(rule.uuid, id);
            if (rule.name.empty()) continue;
            const auto [name, is_new] = by_name_.try_emplace(rule.name, id);
            if (!is_new && name->second != id) name->second.clear();
        }
    }
}

const std::string* CounterReader::RuleOf(const std::string& label) const {
    const auto of_name = [this](const std::string& name) -> const std::string* {
        const auto found = by_name_.find(name);
        return found == by_name_.end() || found->second.empty() ? nullptr : &found->second;
    };
    std::string_view text = label;
    if (text.starts_with("id:")) text.remove_prefix(3);
    if (const auto uuid = by_uuid_.find(std::string(text)); uuid != by_uuid_.end()) return &uuid->second;
    if (label.starts_with("USER_RULE")) {
        text.remove_prefix(std::min(text.size(), std::string_view("USER_RULE").size()));
        if (text.starts_with(':')) text.remove_prefix(1);
        return of_name(std::string(Trim(text)));
    }
    const auto name = names_.find(label);
    return name == names_.end() ? nullptr : of_name(name->second);
}

void CounterReader::Count(const std::vector<std::string>& labels, std::string_view text, std::size_t line, const RuleCounter& counter) {
    for (const std::string& label : labels) {
        const std::string* const rule = RuleOf(label);
        if (rule == nullptr) continue;
        const auto [found, is_new] = found_.try_emplace(*rule, counts_.counts.size());
        if (is_new) counts_.counts.push_back({"", *rule, line, RuleCounter()});
        RuleCounter& total = counts_.counts[found->second].counter;
        total.hits = total.hits.value_or(0) + counter.hits.value_or(0);
        total.bytes = total.bytes.value_or(0) + counter.bytes.value_or(0);
        if (counter.active_sessions) total.active_sessions = total.active_sessions.value_or(0) + *counter.active_sessions;
        return;
    }
    const bool is_users = std::ranges::any_of(labels, [](const std::string& label) { return label.starts_with("USER_RULE"); });
    if (is_users && counts_.unknown.size() < kMaxUnknown) counts_.unknown.push_back({line, Shorten(ReplaceInvalidUtf8(text), 300)});
}

/// The texts of all `label "…"`, and the number of `ridentifier`.
void CounterReader::ReadRule(std::string_view line, std::size_t number) {
    PfRule rule{{}, line, number, false};
    for (std::size_t at = line.find("label \""); at != std::string_view::npos; at = line.find("label \"", at)) {
        at += 7;
        const std::size_t end = line.find('"', at);
        if (end == std::string_view::npos) break;
        rule.labels.emplace_back(line.substr(at, end - at));
        at = end;
    }
    if (const std::size_t at = line.find("ridentifier "); at != std::string_view::npos) {
        const std::string_view text = line.substr(at + 12);
        rule.labels.emplace_back(text.substr(0, text.find_first_not_of("0123456789")));
    }
    const std::size_t comment = line.rfind(" # ");
    const bool is_counted = line.starts_with('@');
    if (!is_counted && comment != std::string_view::npos && !rule.labels.empty())
        names_.try_emplace(rule.labels.front(), ReplaceInvalidUtf8(Trim(line.substr(comment + 3))));
    open_ = is_counted ? std::optional<PfRule>(std::move(rule)) : std::nullopt;
}

/// "[ Evaluations: 81  Packets: 7  Bytes: 612  States: 1 ]"
void CounterReader::ReadNumbers(std::string_view line) {
    const auto number_behind = [line](std::string_view name) -> std::optional<std::uint64_t> {
        const std::size_t at = line.find(name);
        if (at == std::string_view::npos) return std::nullopt;
        const std::string_view rest = Trim(line.substr(at + name.size()));
        const auto number = ParseInt(rest.substr(0, rest.find(' ')));
        if (!number || *number < 0) return std::nullopt;
        return static_cast<std::uint64_t>(*number);
    };
    RuleCounter counter;
    counter.hits = number_behind("Packets:");
    counter.bytes = number_behind("Bytes:");
    counter.active_sessions = number_behind("States:");
    if (!counter.hits || !open_ || open_->is_counted) return;
    has_counters_ = true;
    open_->is_counted = true;
    waiting_.push_back(*open_);
    counters_.push_back(counter);
}

void CounterReader::ReadText(std::string_view text) {
    std::size_t number = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string_view line = Trim(text.substr(at, end - at));
        at = end + 1;
        ++number;
        if (line.starts_with('[')) {
            ReadNumbers(line);
        } else if (!line.empty()) {
            ReadRule(line, number);
        }
    }
}

Result<void> CounterReader::ReadJson(std::string_view text) {
    OPS_TRY(const json::value document, ParseJson(text));
    const auto* stats = document.if_object();
    if (stats != nullptr && stats->contains("stats")) stats = stats->at("stats").if_object();
    if (stats == nullptr) return Ok();
    for (const auto& [label, value] : *stats) {
        const auto* const object = value.if_object();
        if (object == nullptr) continue;
        const auto number_of = [object](std::string_view key) -> std::optional<std::uint64_t> {
            const auto* const number = object->if_contains(key);
            if (number == nullptr || !number->is_int64() || number->get_int64() < 0) return std::nullopt;
            return static_cast<std::uint64_t>(number->get_int64());
        };
        RuleCounter counter;
        counter.hits = number_of("packets");
        counter.bytes = number_of("bytes");
        counter.active_sessions = number_of("states");
        if (!counter.hits) continue;
        has_counters_ = true;
        Count({std::string(label)}, label, 0, counter);
    }
    return Ok();
}

Result<HitCounts> CounterReader::Finish() {
    for (std::size_t i = 0; i < waiting_.size(); ++i) Count(waiting_[i].labels, waiting_[i].text, waiting_[i].line, counters_[i]);
    if (!has_counters_) {
        return Error::Of(ErrorCode::kInvalidInput, "第 1 行起沒有任何計數；請提供 pfctl -vvsr 的輸出，或 OPNsense API 的 rule_stats。",
                         "From line 1 on there is no counter; give the output of pfctl -vvsr, or what OPNsense's API rule_stats answers.");
    }
    return std::move(counts_);
}

}  // namespace

Result<HitCounts> ReadOpnsenseHitCounts(std::string_view text, const Configuration& configuration) {
    if (text.size() > kMaxConfigurationBytes) return Error::Of(ErrorCode::kTooLarge, "計數超過 64 MiB。", "The counters are larger than 64 MiB.");
    CounterReader reader(configuration);
    if (Trim(text).starts_with('{')) {
        OPS_CHECK(reader.ReadJson(text));
    } else {
        reader.ReadText(text);
    }
    return reader.Finish();
}

}  // namespace opsteward::firewall
