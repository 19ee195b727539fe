#include "features/firewall/formats/asa/counters.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <unordered_map>

#include "base/text.hpp"
#include "features/firewall/formats/asa/text.hpp"
#include "features/firewall/formats/readers.hpp"

namespace opsteward::firewall {
namespace {

constexpr std::size_t kMaxUnknown = 20'000;

std::optional<std::uint64_t> Hexadecimal(std::string_view text, std::size_t most_digits) {
    std::uint64_t number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number, 16);
    if (text.empty() || text.size() > most_digits || failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

struct Counted {
    std::string rule;
    std::size_t line = 0;
    std::optional<std::uint64_t> own;
    std::optional<std::uint64_t> of_lines;  ///< of what its groups stand for
    std::optional<std::uint64_t> in_brief;
    std::optional<std::int64_t> last_hit;
};

class CounterReader {
  public:
    void ReadLine(std::string_view line, std::size_t number);
    Result<HitCounts> Finish();

  private:
    bool ReadEntry(AsaCursor words, bool is_below, std::size_t number);
    bool ReadBrief(const std::vector<std::string_view>& words);
    void NotUnderstood(std::string_view line, std::size_t number);

    std::string list_;  ///< of the last "access-list NAME; …"
    std::vector<Counted> counted_;
    std::unordered_map<std::string, std::size_t> by_rule_;
    std::unordered_map<std::string, std::size_t> by_hash_;  ///< "NAME 12345678"
    std::vector<UnknownLine> unknown_;
    bool has_entries_ = false;
};

void CounterReader::NotUnderstood(std::string_view line, std::size_t number) {
    if (unknown_.size() < kMaxUnknown) unknown_.push_back({number, Shorten(ReplaceInvalidUtf8(line), 300)});
}

/// "NAME line 3 extended permit tcp any any eq www (hitcnt=30) 0x12345679"
bool CounterReader::ReadEntry(AsaCursor words, bool is_below, std::size_t number) {
    std::string name(words.Next());
    if (name.ends_with(';')) {
        name.pop_back();
        list_ = name;
        return true;
    }
    if (!words.Skip("line")) return name == "cached";
    const auto place = ParseInt(words.Next());
    if (!place || *place < 0) return false;
    has_entries_ = true;
    if (words.Peek() == "remark") return true;
    std::optional<std::uint64_t> hits;
    std::optional<std::uint64_t> hash;
    while (!words.is_done()) {
        const std::string_view word = words.Next();
        if (word.starts_with("(hitcnt=") && word.ends_with(')')) {
            const auto count = ParseInt(word.substr(8, word.size() - 9));
            if (!count || *count < 0) return false;
            hits = static_cast<std::uint64_t>(*count);
        }
        if (word.starts_with("0x")) hash = Hexadecimal(word.substr(2), 8);
    }
    const std::string rule = ReplaceInvalidUtf8(name) + ":" + std::to_string(*place);
    const auto [found, is_new] = by_rule_.try_emplace(rule, counted_.size());
    if (is_new) counted_.push_back({rule, number, {}, {}, {}, {}});
    Counted& counted = counted_[found->second];
    if (is_below) {
        if (hits) counted.of_lines = counted.of_lines.value_or(0) + *hits;
    } else if (hits) {
        counted.own = hits;
    }
    if (hash) by_hash_.try_emplace(name + " " + std::to_string(*hash), found->second);
    return hash.has_value() || hits.has_value();
}

/// Hash of the line, hash of its entry (0: it is the entry), count, time of the last hit.
bool CounterReader::ReadBrief(const std::vector<std::string_view>& words) {
    if (words.size() < 3 || words.size() > 4) return false;
    std::uint64_t numbers[4] = {};
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto number = Hexadecimal(words[i], 16);
        if (!number) return false;
        numbers[i] = *number;
    }
    for (const std::uint64_t hash : {numbers[1], numbers[0]}) {
        const auto found = by_hash_.find(list_ + " " + std::to_string(hash));
        if (hash == 0 || found == by_hash_.end()) continue;
        Counted& counted = counted_[found->second];
        counted.in_brief = counted.in_brief.value_or(0) + numbers[2];
        if (words.size() == 4 && numbers[3] != 0)
            counted.last_hit = std::max(counted.last_hit.value_or(0), static_cast<std::int64_t>(numbers[3] & 0xFFFF'FFFF));
        return true;
    }
    return false;
}

void CounterReader::ReadLine(std::string_view line, std::size_t number) {
    AsaCursor words(line);
    if (words.is_done() || words.Peek() == "alert-interval" || words.Peek() == "!") return;
    // What was typed: "fw# show access-list".
    if (line.find("# show access-list") != std::string_view::npos || line.find("> show access-list") != std::string_view::npos) return;
    if (words.Skip("access-list")) {
        if (!ReadEntry(std::move(words), line.starts_with(' '), number)) NotUnderstood(line, number);
        return;
    }
    if (!ReadBrief(AsaWords(line))) NotUnderstood(line, number);
}

Result<HitCounts> CounterReader::Finish() {
    if (!has_entries_) {
        return Error::Of(ErrorCode::kInvalidInput, "第 1 行起沒有任何「access-list 名稱 line 編號」；請附上 show access-list 的完整輸出（brief 的輸出接在其後）。",
                         "From line 1 on there is no \"access-list NAME line N\"; give the whole output of show access-list, with that of brief behind it.");
    }
    HitCounts counts;
    for (Counted& counted : counted_) {
        HitCount count{"", std::move(counted.rule), counted.line, {}};
        count.counter.hits = counted.own ? counted.own : counted.of_lines ? counted.of_lines : counted.in_brief;
        count.counter.last_hit = counted.last_hit;
        counts.counts.push_back(std::move(count));
    }
    counts.unknown = std::move(unknown_);
    return counts;
}

}  // namespace

Result<HitCounts> ReadAsaHitCounts(std::string_view text) {
    if (text.size() > kMaxConfigurationBytes) {
        return Error::Of(ErrorCode::kTooLarge, "存取清單的計數超過 64 MiB。", "The counts of the access lists are larger than 64 MiB.");
    }
    CounterReader reader;
    std::size_t number = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        reader.ReadLine(text.substr(at, end - at), ++number);
        at = end + 1;
    }
    return reader.Finish();
}

}  // namespace opsteward::firewall
