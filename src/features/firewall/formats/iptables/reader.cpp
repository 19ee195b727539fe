// iptables-save(8), ip6tables-save(8) and `iptables -S`, with what `ipset save` prints before or behind them.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>

#include "base/text.hpp"
#include "features/firewall/formats/chain_walk.hpp"
#include "features/firewall/formats/configuration_size.hpp"
#include "features/firewall/formats/iptables/rule.hpp"
#include "features/firewall/formats/iptables/words.hpp"
#include "features/firewall/formats/reader_notes.hpp"
#include "features/firewall/formats/readers.hpp"

namespace opsteward::firewall {
namespace {

constexpr std::size_t kMaxChainName = 128;
constexpr std::size_t kMaxSections = 40;  ///< five tables of two families, a few times
constexpr std::array<std::string_view, 3> kHooks{"INPUT", "FORWARD", "OUTPUT"};

/// A table of one family.
struct Section {
    std::string table;
    std::optional<Family> family;  ///< as the comment before says
    bool has_ipv6_words = false;
    std::size_t line = 0;
    bool is_committed = false;
    std::vector<Chain> chains;
    std::unordered_map<std::string, std::size_t> numbers;
    struct Policy {
        std::string text;
        std::size_t line = 0;
    };
    std::unordered_map<std::string, Policy> policies;
    std::vector<Item> items;  ///< by chain

    Family FamilyOf() const { return family.value_or(has_ipv6_words ? Family::kIpv6 : Family::kIpv4); }
};

struct Line {
    std::size_t number = 0;
    std::string_view text;
    std::vector<std::string> words;
    std::size_t first = 0;  ///< of the words that is no counter
    std::optional<RuleCounter> counter;
    bool is_split = true;

    std::string_view Word(std::size_t at) const { return first + at < words.size() ? std::string_view(words[first + at]) : std::string_view(); }
};

/// "[12:3456]"
std::optional<RuleCounter> ReadCounter(std::string_view text) {
    if (!text.starts_with('[') || !text.ends_with(']')) return std::nullopt;
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto packets = ParseInt(text.substr(1, colon - 1));
    const auto bytes = ParseInt(text.substr(colon + 1, text.size() - colon - 2));
    if (!packets || !bytes || *packets < 0 || *bytes < 0) return std::nullopt;
    RuleCounter counter;
    counter.hits = static_cast<std::uint64_t>(*packets);
    counter.bytes = static_cast<std::uint64_t>(*bytes);
    return counter;
}

class IptablesReader {
  public:
    IptablesReader(std::string_view text, const ReadOptions& options)
        : text_(text), notes_(configuration_, options, [](std::string_view) { return false; }), world_(options.bounds) {}

    Result<Configuration> Read();

  private:
    template <typename Visit>
    Result<void> VisitLines(Visit&& visit);
    Result<void> Survey(Line& line);
    Result<void> ReadLine(Line& line);
    void ReadComment(std::string_view text);
    Result<void> Open(std::string_view table, std::size_t line);
    bool Declare(const Line& line);
    Result<void> AddRule(const Line& line);
    void ResolveTargets(Section& section);
    Result<void> AddRuleBases(Section& section);
    void AddItems(Section& section);

    std::string_view text_;
    Configuration configuration_;
    ReaderNotes notes_;
    IptablesWorld world_;
    std::vector<Section> sections_;
    std::size_t section_ = 0;  ///< of the second reading: one past the open one
    bool is_open_ = false;
    std::optional<Family> family_;
    std::unordered_map<std::string, std::size_t> names_;  ///< of rule bases: how often
    std::size_t rules_ = 0;
};

template <typename Visit>
Result<void> IptablesReader::VisitLines(Visit&& visit) {
    Line line;
    for (std::size_t at = 0; at < text_.size();) {
        const std::size_t end = std::min(text_.find('\n', at), text_.size());
        line.text = Trim(text_.substr(at, end - at));
        at = end + 1;
        ++line.number;
        if (line.text.empty()) continue;
        line.is_split = SplitWords(line.text, line.words);
        line.first = 0;
        line.counter = std::nullopt;
        if (line.is_split && !line.words.empty() && line.words.size() > 1 && line.words[1].starts_with("-A")) {
            line.counter = ReadCounter(line.words[0]);
            line.first = line.counter ? 1 : 0;
        }
        OPS_CHECK(visit(line));
    }
    return Ok();
}

Result<void> IptablesReader::Open(std::string_view table, std::size_t line) {
    if (sections_.size() == kMaxSections) {
        return Error::Of(ErrorCode::kTooLarge, fmt::format("第 {} 行：表格超過 {} 個。", line, kMaxSections),
                         fmt::format("Line {}: there are more than {} tables.", line, kMaxSections));
    }
    Section& section = sections_.emplace_back();
    section.table = ReplaceInvalidUtf8(table.substr(0, kMaxChainName));
    section.family = family_;
    section.line = line;
    is_open_ = true;
    return Ok();
}

void IptablesReader::ReadComment(std::string_view text) {
    const std::size_t tool = text.find("tables-save v");
    if (!text.starts_with("# Generated by ") || tool == std::string_view::npos) return;
    family_ = text.find("ip6tables-save") != std::string_view::npos ? Family::kIpv6 : Family::kIpv4;
    const std::string_view version = text.substr(tool + 13);
    if (configuration_.vendor_version.empty())
        configuration_.vendor_version = ReplaceInvalidUtf8(version.substr(0, std::min<std::size_t>(version.find(' '), 30)));
}

bool IsDeclaration(std::string_view word) { return word.starts_with(':') || word == "-P" || word == "-N"; }

/// The first reading: tables, chains, interfaces and sets, which rules name before or after.
Result<void> IptablesReader::Survey(Line& line) {
    if (line.text.starts_with('#')) {
        ReadComment(line.text);
        return Ok();
    }
    if (!line.is_split) return Ok();
    const std::string_view word = line.Word(0);
    if (word.starts_with('*')) {
        OPS_CHECK(Open(word.substr(1), line.number));
    } else if (word == "COMMIT") {
        if (is_open_) sections_.back().is_committed = true;
        is_open_ = false;
    } else if (word == "create" || word == "add") {
        if (!world_.sets.ReadLine(line.words, line.number)) notes_.NotUnderstood(line.number, line.text);
    } else if (IsDeclaration(word) || word == "-A") {
        // `iptables -S` prints one table without its name; the table filter is what it prints unless asked for another.
        if (!is_open_) {
            OPS_CHECK(Open("filter", line.number));
            sections_.back().is_committed = true;
        }
        if (word != "-A") {
            if (!Declare(line)) notes_.NotUnderstood(line.number, line.text);
            return Ok();
        }
        for (std::size_t i = 2; line.first + i + 1 < line.words.size(); ++i) {
            const std::string_view option = line.Word(i);
            const std::string_view value = line.Word(i + 1) == "!" ? line.Word(i + 2) : line.Word(i + 1);
            if (option == "-i" || option == "-o" || option == "--in-interface" || option == "--out-interface") world_.zones.Add(value);
            const bool is_address = option == "-s" || option == "-d" || option == "--source" || option == "--destination";
            const bool is_ipv6 = (is_address && value.find(':') != std::string_view::npos) || option == "--icmpv6-type" ||
                                 (option == "-p" && (value == "ipv6-icmp" || value == "icmpv6"));
            sections_.back().has_ipv6_words = sections_.back().has_ipv6_words || is_ipv6;
        }
    }
    return Ok();
}

/// ":FORWARD DROP [0:0]", ":CHAIN - [0:0]", "-P FORWARD DROP", "-N CHAIN"
bool IptablesReader::Declare(const Line& line) {
    const bool is_saved = line.Word(0).starts_with(':');
    const std::string name(is_saved ? line.Word(0).substr(1) : line.Word(1));
    const std::string_view policy = is_saved ? line.Word(1) : line.Word(0) == "-P" ? line.Word(2) : "-";
    Section& section = sections_.back();
    if (name.empty() || name.size() > kMaxChainName || policy.empty()) return false;
    if (!section.numbers.try_emplace(name, section.chains.size()).second) return false;
    section.chains.push_back({ReplaceInvalidUtf8(name), {}});
    section.items.push_back({section.table, ReplaceInvalidUtf8(name), line.number, {}});
    if (policy != "-") section.policies[name] = {std::string(policy), line.number};
    return policy == "-" || policy == "ACCEPT" || policy == "DROP";
}

Result<void> IptablesReader::ReadLine(Line& line) {
    const std::string_view word = line.Word(0);
    if (line.text.starts_with('#')) return Ok();
    if (!line.is_split) {
        notes_.NotUnderstood(line.number, line.text);
        return Ok();
    }
    if (word.starts_with('*')) {
        ++section_;
        is_open_ = true;
    } else if (word == "COMMIT") {
        is_open_ = false;
    } else if (IsDeclaration(word) || word == "-A") {
        if (!is_open_) {
            ++section_;
            is_open_ = true;
        }
        if (word == "-A") return AddRule(line);
    } else if (word != "create" && word != "add") {
        notes_.NotUnderstood(line.number, line.text);
    }
    return Ok();
}

Result<void> IptablesReader::AddRule(const Line& line) {
    Section& section = sections_[section_ - 1];
    const auto chain = section.numbers.find(std::string(line.Word(1)));
    if (chain == section.numbers.end()) {
        notes_.NotUnderstood(line.number, line.text);
        return Ok();
    }
    std::string text = ReplaceInvalidUtf8(line.counter ? line.text.substr(line.text.find("-A")) : line.text);
    if (section.table != "filter") {
        const bool drops = section.table != "nat" && text.find(" -j DROP") != std::string::npos;
        if (drops) notes_.AddFact("setting", section.table + " " + std::string(line.Word(1)), "drops_outside_filter", text, line.number);
        section.items[chain->second].lines.push_back(std::move(text));
        return Ok();
    }
    if (++rules_ > kMaxChainRules) {
        return Error::Of(ErrorCode::kTooLarge, fmt::format("第 {} 行：規則超過 {} 條。", line.number, kMaxChainRules),
                         fmt::format("Line {}: there are more than {} rules.", line.number, kMaxChainRules));
    }
    IptablesRule read = ReadIptablesRule(line.words, line.first + 2, line.number, section.FamilyOf(), world_);
    if (world_.ranges.is_spent()) {
        return Error::Of(ErrorCode::kTooLarge, fmt::format("第 {} 行：規則引用的集合合計太大，無法讀完。", line.number),
                         fmt::format("Line {}: the sets that rules name are too large in all to read them.", line.number));
    }
    Chain& rules = section.chains[chain->second];
    if (!read.is_understood) notes_.NotUnderstood(line.number, line.text);
    if (line.counter) read.rule.rule.counter = line.counter;
    read.rule.rule.id = fmt::format("{}:{}", rules.name, rules.rules.size() + 1);
    read.rule.rule.text = std::move(text);
    const bool goes = read.rule.verdict == ChainVerdict::kJump || read.rule.verdict == ChainVerdict::kGoto;
    if (goes) {
        const auto target = section.numbers.find(read.target);
        if (target != section.numbers.end() && !section.policies.contains(read.target)) {
            read.rule.target = target->second;
        } else {
            // What it does is not known: it may let through.
            notes_.NotUnderstood(line.number, line.text);
            read.rule.verdict = ChainVerdict::kAccept;
            AddUnknown(read.rule.rule.unknown, {"other", "-j " + Shorten(ReplaceInvalidUtf8(read.target), 60), line.number});
        }
    }
    const bool decides = read.rule.verdict != ChainVerdict::kLog && read.rule.verdict != ChainVerdict::kContinue;
    if (!decides) section.items[chain->second].lines.push_back(read.rule.rule.text);
    rules.rules.push_back(std::move(read.rule));
    return Ok();
}

Result<void> IptablesReader::AddRuleBases(Section& section) {
    for (const std::string_view hook : kHooks) {
        const std::string key(hook);
        const auto policy = section.policies.find(key);
        if (policy == section.policies.end()) continue;
        const bool is_ipv6 = section.FamilyOf() == Family::kIpv6;
        ChainHook wanted;
        wanted.name = is_ipv6 ? key + " (IPv6)" : key;
        const std::size_t same = ++names_[wanted.name];
        if (same > 1) wanted.name += fmt::format("#{}", same);
        wanted.zones = world_.zones.Texts();
        wanted.families = {!is_ipv6, is_ipv6};
        wanted.has_in = hook != "OUTPUT";
        wanted.has_out = hook != "INPUT";
        const Action action = policy->second.text == "DROP" ? Action::kDeny : Action::kAccept;
        wanted.bases.push_back({section.numbers.at(key), wanted.families, action, policy->second.line, "policy " + policy->second.text});
        OPS_TRY(RuleBase base, FlattenChains(section.chains, std::move(wanted)));
        configuration_.rule_bases.push_back(std::move(base));
    }
    return Ok();
}

/// Of filter: rules that decide nothing, and all rules of chains that nothing jumps to; of other tables: all.
void IptablesReader::AddItems(Section& section) {
    std::vector<bool> is_named(section.chains.size(), false);
    for (const Chain& chain : section.chains) {
        for (const ChainRule& rule : chain.rules) {
            if (rule.verdict == ChainVerdict::kJump || rule.verdict == ChainVerdict::kGoto) is_named[rule.target] = true;
        }
    }
    for (std::size_t i = 0; i < section.chains.size(); ++i) {
        Item& item = section.items[i];
        if (section.table == "filter" && !is_named[i] && !section.policies.contains(section.chains[i].name)) {
            item.lines.clear();
            for (const ChainRule& rule : section.chains[i].rules) item.lines.push_back(rule.rule.text);
            notes_.AddFact("setting", "chain " + section.chains[i].name, "jumps_to_it", "0", item.line);
        }
        if (section.FamilyOf() == Family::kIpv6) item.kind += " (IPv6)";
        if (!item.lines.empty()) configuration_.items.push_back(std::move(item));
    }
}

Result<Configuration> IptablesReader::Read() {
    configuration_.format = Format::kIptables;
    OPS_CHECK(VisitLines([this](Line& line) { return Survey(line); }));
    if (sections_.empty()) {
        return Error::Of(ErrorCode::kInvalidInput, "第 1 行起找不到任何表格（*filter）或鏈（-P INPUT ACCEPT）；這不是 iptables-save 的輸出。",
                         "From line 1 on there is no table (*filter) and no chain (-P INPUT ACCEPT); this is not what iptables-save prints.");
    }
    world_.sets.AddZones(world_.zones);
    world_.zones.Finish();
    is_open_ = false;
    OPS_CHECK(VisitLines([this](Line& line) { return ReadLine(line); }));
    for (Section& section : sections_) {
        if (!section.is_committed) notes_.NotUnderstood(section.line, "*" + section.table + ": no COMMIT; the text may be cut off");
        if (section.table == "filter") OPS_CHECK(AddRuleBases(section));
        AddItems(section);
        section.chains.clear();
    }
    for (const auto& [name, set] : world_.sets.sets()) configuration_.items.push_back({"ipset", ReplaceInvalidUtf8(name), set.line, Ipsets::LinesOf(set)});
    notes_.Finish();
    return std::move(configuration_);
}

}  // namespace

Result<Configuration> ReadIptables(std::string_view text, const ReadOptions& options) {
    OPS_CHECK(CheckConfigurationSize(text));
    return IptablesReader(text, options).Read();
}

}  // namespace opsteward::firewall
