#include "features/firewall/formats/fortigate/counters.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "base/json.hpp"
#include "base/text.hpp"
#include "features/firewall/formats/fortigate/tree.hpp"
#include "features/firewall/formats/readers.hpp"

namespace opsteward::firewall {

namespace {

constexpr std::size_t kMaxCounters = 200'000;

Error TooMany() {
    return Error::Of(ErrorCode::kTooLarge, fmt::format("計數器超過 {} 筆", kMaxCounters), fmt::format("more than {} counters", kMaxCounters));
}

/// The digits behind `key` in a line; the key stands at the beginning or behind a blank.
std::optional<std::uint64_t> NumberBehind(std::string_view line, std::string_view key) {
    for (std::size_t at = line.find(key); at != std::string_view::npos; at = line.find(key, at + 1)) {
        if (at > 0 && line[at - 1] != ' ' && line[at - 1] != '\t') continue;
        const std::string_view behind = line.substr(at + key.size());
        const auto number = ParseInt(behind.substr(0, behind.find_first_not_of("0123456789")));
        if (number && *number >= 0) return static_cast<std::uint64_t>(*number);
    }
    return std::nullopt;
}

/// "2021-03-02 17:09:00" behind `key`.
std::optional<std::int64_t> TimeBehind(std::string_view line, std::string_view key, std::int64_t zone_offset) {
    static constexpr std::size_t kTimeSize = 19;
    for (std::size_t at = line.find(key); at != std::string_view::npos; at = line.find(key, at + 1)) {
        if (at > 0 && line[at - 1] != ' ' && line[at - 1] != '\t') continue;
        const std::string text(line.substr(at + key.size(), kTimeSize));
        int year = 0;
        unsigned month = 0;
        unsigned day = 0;
        int hour = 0;
        int minute = 0;
        int second = 0;
        if (std::sscanf(text.c_str(), "%4d-%2u-%2u %2d:%2d:%2d", &year, &month, &day, &hour, &minute, &second) != 6) continue;
        const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
        if (!date.ok() || year < 1970 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) continue;
        return std::int64_t{std::chrono::sys_days(date).time_since_epoch().count()} * 86'400 + hour * 3600 + minute * 60 + second - zone_offset;
    }
    return std::nullopt;
}

/// How the lines begin that the command prints of a policy, the figures among them that are not kept too.
bool IsOfPolicy(std::string_view line) {
    static constexpr std::string_view kBeginnings[] = {"idx=",  "idx:",  "pkts",      "bytes:",     "asic_",     "nturbo_",
                                                       "flag=", "flag:", "hit count", "first", "last", "established session count"};
    return std::ranges::any_of(kBeginnings, [line](std::string_view beginning) { return line.starts_with(beginning); });
}

template <typename T>
void Sum(std::optional<T>& sum, const std::optional<T>& value) {
    if (value) sum = sum.value_or(0) + *value;
}

/// One policy's figures of the other family.
void AddUp(RuleCounter& counter, const RuleCounter& other) {
    Sum(counter.hits, other.hits);
    Sum(counter.bytes, other.bytes);
    Sum(counter.active_sessions, other.active_sessions);
    if (other.first_hit) counter.first_hit = std::min(counter.first_hit.value_or(*other.first_hit), *other.first_hit);
    if (other.last_hit) counter.last_hit = std::max(counter.last_hit.value_or(*other.last_hit), *other.last_hit);
}

class CommandLine {
  public:
    explicit CommandLine(const CounterOptions& options) : options_(options) {}

    Result<FortigateCounters> Read(std::string_view text) {
        std::size_t number = 0;
        while (!text.empty()) {
            const std::size_t end = std::min(text.find('\n'), text.size());
            OPS_CHECK(Take(text.substr(0, end), ++number));
            text.remove_prefix(std::min(end + 1, text.size()));
        }
        FortigateCounters read{{}, std::move(unknown_)};
        for (auto& [key, counter] : by_key_) {
            std::vector<FortigateCounter>& counters = read.counters;
            const bool continues = !counters.empty() && counters.back().vdom == counter.vdom && counters.back().policy_id == counter.policy_id;
            if (continues) {
                AddUp(counters.back().counter, counter.counter);
            } else {
                counters.push_back(std::move(counter));
            }
        }
        return read;
    }

  private:
    /// "FW01 (dmz) # diagnose firewall iprope6 show 100004 2": the VDOM and the family of what follows. False: it is no prompt.
    bool TakePrompt(std::string_view line) {
        const std::size_t mark = line.find("# ");
        if (mark == std::string_view::npos) return Trim(line).ends_with('#');
        const std::string_view host = line.substr(0, mark);
        const std::size_t opening = host.rfind('(');
        const std::size_t closing = host.rfind(')');
        if (opening != std::string_view::npos && closing != std::string_view::npos && opening < closing)
            vdom_ = std::string(host.substr(opening + 1, closing - opening - 1));
        if (line.find("iprope") == std::string_view::npos) return true;
        is_v6_ = line.find("iprope6") != std::string_view::npos;
        is_policy_ =
            line.find(" show ") == std::string_view::npos || line.find(" 100004") != std::string_view::npos || line.find(" 00100004") != std::string_view::npos;
        current_ = nullptr;
        return true;
    }

    Result<void> Take(std::string_view line, std::size_t number) {
        const std::string_view trimmed = Trim(line);
        if (!TakePrompt(line) && is_policy_ && !trimmed.empty() && !IsOfPolicy(trimmed)) NoteUnknownFortigateLine(unknown_, number, trimmed);
        auto index = NumberBehind(line, "idx=");
        if (!index) index = NumberBehind(line, "idx:");
        if (index) {
            current_ = nullptr;
            if (!is_policy_) return Ok();
            FortigateCounter fresh;
            fresh.vdom = vdom_;
            fresh.policy_id = std::to_string(*index);
            fresh.line = number;
            auto& place = by_key_[{vdom_, fresh.policy_id, is_v6_}];
            place = std::move(fresh);
            current_ = &place.counter;
            if (by_key_.size() > kMaxCounters) return TooMany();
        }
        if (current_ == nullptr) return Ok();
        if (const std::size_t at = line.find("pkts/bytes="); at != std::string_view::npos && (at == 0 || line[at - 1] == ' ')) {
            const std::string_view behind = line.substr(at);
            if (const std::size_t slash = behind.find('/', behind.find('=')); slash != std::string_view::npos) {
                current_->bytes = NumberBehind(behind.substr(slash + 1), "");
            }
        }
        if (const auto bytes = NumberBehind(line, "bytes:")) current_->bytes = bytes;
        if (const auto hits = NumberBehind(line, "hit count:")) current_->hits = hits;
        if (const auto sessions = NumberBehind(line, "established session count:")) current_->active_sessions = sessions;
        for (const std::string_view key : {"first:", "first hit:"}) {
            if (const auto time = TimeBehind(line, key, options_.zone_offset)) current_->first_hit = time;
        }
        for (const std::string_view key : {"last:", "last hit:"}) {
            if (const auto time = TimeBehind(line, key, options_.zone_offset)) current_->last_hit = time;
        }
        return Ok();
    }

    CounterOptions options_;
    std::string vdom_;
    bool is_v6_ = false;
    bool is_policy_ = true;
    RuleCounter* current_ = nullptr;
    std::map<std::tuple<std::string, std::string, bool>, FortigateCounter> by_key_;
    std::vector<UnknownLine> unknown_;
};

std::optional<std::uint64_t> UnsignedOf(const json::object& entry, std::string_view key) {
    const json::value* value = entry.if_contains(key);
    if (value == nullptr) return std::nullopt;
    if (value->is_uint64()) return value->get_uint64();
    if (value->is_int64() && value->get_int64() >= 0) return static_cast<std::uint64_t>(value->get_int64());
    return std::nullopt;
}

/// Zero is how some releases write never.
std::optional<std::int64_t> MomentOf(const json::object& entry, std::string_view key) {
    const auto value = UnsignedOf(entry, key);
    if (!value || *value == 0 || *value > 1'000'000'000'000U) return std::nullopt;
    return static_cast<std::int64_t>(*value);
}

std::string TextOf(const json::object& entry, std::string_view key) {
    const json::value* value = entry.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

bool AddEntry(const json::value& value, const std::string& vdom, std::vector<FortigateCounter>& counters) {
    const json::object* entry = value.if_object();
    const auto id = entry == nullptr ? std::nullopt : UnsignedOf(*entry, "policyid");
    if (!id) return false;
    if (*id == 0) return true;  // what no policy matched
    FortigateCounter& made = counters.emplace_back();
    made.vdom = vdom;
    made.policy_id = std::to_string(*id);
    made.uuid = TextOf(*entry, "uuid");
    made.counter.bytes = UnsignedOf(*entry, "bytes");
    made.counter.hits = UnsignedOf(*entry, "hit_count");
    if (!made.counter.hits && made.counter.bytes.value_or(0) == 0) made.counter.hits = 0;
    made.counter.first_hit = MomentOf(*entry, "first_used");
    made.counter.last_hit = MomentOf(*entry, "last_used");
    if (const auto session = MomentOf(*entry, "session_last_used")) made.counter.last_hit = std::max(made.counter.last_hit.value_or(*session), *session);
    made.counter.active_sessions = UnsignedOf(*entry, "active_sessions");
    return true;
}

/// One answer {"vdom": …, "results": […]}, several of them in an array, or the entries themselves.
void AddAnswer(const json::value& value, const std::string& vdom, std::size_t depth, FortigateCounters& read) {
    static constexpr std::size_t kDeepest = 3;
    if (read.counters.size() > kMaxCounters || (depth <= kDeepest && AddEntry(value, vdom, read.counters))) return;
    const json::object* const answer = value.if_object();
    const json::value* const results = answer == nullptr ? nullptr : answer->if_contains("results");
    if (depth <= kDeepest && results != nullptr) {
        const std::string named = TextOf(*answer, "vdom");
        AddAnswer(*results, named.empty() ? vdom : named, depth + 1, read);
    } else if (depth <= kDeepest && value.is_array()) {
        for (const json::value& entry : value.get_array()) AddAnswer(entry, vdom, depth + 1, read);
    } else {
        NoteUnknownFortigateLine(read.unknown, 0, json::serialize(value));
    }
}

Result<FortigateCounters> ReadJson(std::string_view text) {
    OPS_TRY(const json::value document, ParseJson(text));
    FortigateCounters read;
    AddAnswer(document, "", 0, read);
    if (read.counters.size() > kMaxCounters) return TooMany();
    return read;
}

/// The VDOM of a rule base is what stands before its '/'; only policies of the forward direction have these counters.
std::string_view VdomOf(const RuleBase& base) { return std::string_view(base.name).substr(0, base.name.find('/')); }
bool HasPolicies(const RuleBase& base) { return base.name.find("/local-in") == std::string::npos; }

}  // namespace

Result<FortigateCounters> ReadFortigateCounters(std::string_view text, const CounterOptions& options) {
    if (text.size() > kMaxConfigurationBytes) {
        return Error::Of(ErrorCode::kTooLarge, fmt::format("計數器檔案超過 {}", FormatBytes(kMaxConfigurationBytes)),
                         fmt::format("the counters are longer than {}", FormatBytes(kMaxConfigurationBytes)));
    }
    const std::string_view trimmed = Trim(text);
    const bool is_json = trimmed.starts_with('{') || trimmed.starts_with('[');
    OPS_TRY(FortigateCounters read, is_json ? ReadJson(trimmed) : CommandLine(options).Read(text));
    if (read.counters.empty()) {
        return Error::Of(
            ErrorCode::kInvalidInput, "第 1 行起找不到任何規則的計數器，請貼上 diagnose firewall iprope show 100004 的輸出，或 REST 的 JSON",
            "from line 1 on there is no policy's counter; give what diagnose firewall iprope show 100004 prints, or the JSON of the REST interface");
    }
    return read;
}

std::size_t ApplyFortigateCounters(const std::vector<FortigateCounter>& counters, Configuration& configuration) {
    std::unordered_map<std::string, const FortigateCounter*> by_uuid;
    std::map<std::pair<std::string, std::string>, const FortigateCounter*> by_id;
    for (const FortigateCounter& counter : counters) {
        if (!counter.uuid.empty()) by_uuid.insert_or_assign(counter.uuid, &counter);
        by_id.insert_or_assign({counter.vdom, counter.policy_id}, &counter);
    }
    const bool has_one_vdom =
        std::ranges::all_of(configuration.rule_bases, [&](const RuleBase& base) { return VdomOf(base) == VdomOf(configuration.rule_bases[0]); });
    std::unordered_set<const FortigateCounter*> met;
    for (RuleBase& base : configuration.rule_bases) {
        if (!HasPolicies(base)) continue;
        for (Rule& rule : base.rules) {
            const FortigateCounter* found = nullptr;
            if (const auto uuid = by_uuid.find(rule.uuid); !rule.uuid.empty() && uuid != by_uuid.end()) found = uuid->second;
            if (const auto id = by_id.find({std::string(VdomOf(base)), rule.id}); found == nullptr && id != by_id.end()) found = id->second;
            if (const auto id = by_id.find({std::string(), rule.id}); found == nullptr && has_one_vdom && id != by_id.end()) found = id->second;
            // An id is given to another policy once its first one is gone; the uuid tells.
            if (found == nullptr || (!found->uuid.empty() && !rule.uuid.empty() && found->uuid != rule.uuid)) continue;
            rule.counter = found->counter;
            met.insert(found);
        }
    }
    return met.size();
}

}  // namespace opsteward::firewall
