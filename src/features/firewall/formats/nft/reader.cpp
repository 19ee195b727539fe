// `nft -j list ruleset`: libnftables-json(5). A rule has no line there; its handle stands for it.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>

#include "base/json.hpp"
#include "base/text.hpp"
#include "features/firewall/formats/chain_walk.hpp"
#include "features/firewall/formats/configuration_size.hpp"
#include "features/firewall/formats/net_names.hpp"
#include "features/firewall/formats/nft/match.hpp"
#include "features/firewall/formats/nft/text.hpp"
#include "features/firewall/formats/reader_notes.hpp"
#include "features/firewall/formats/readers.hpp"
#include "features/firewall/model/traffic_sets.hpp"

namespace opsteward::firewall {
namespace {

constexpr std::size_t kMaxName = 128;  ///< NFT_NAME_MAXLEN is 256; ids are made of names
constexpr std::size_t kMaxVerdicts = 4096;  ///< of one verdict map
constexpr std::array<std::string_view, 3> kHooks{"input", "forward", "output"};

std::string_view StringOf(const json::object& object, std::string_view key) {
    const auto* const value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

std::optional<std::uint64_t> NumberOf(const json::object& object, std::string_view key) {
    const auto* const value = object.if_contains(key);
    if (value == nullptr) return std::nullopt;
    if (value->is_int64() && value->get_int64() >= 0) return static_cast<std::uint64_t>(value->get_int64());
    if (value->is_uint64()) return value->get_uint64();
    return std::nullopt;
}

/// A chain as the listing has it.
struct NftChain {
    std::string scope;  ///< "inet fw "
    std::string_view family;
    std::string_view type;
    std::string_view hook;
    std::int64_t priority = 0;
    std::string_view policy;
    std::uint64_t handle = 0;
    std::vector<const json::object*> rules;
    std::vector<std::string> others;  ///< rules that decide nothing
    bool is_named = false;            ///< something jumps to it

    bool IsAsked() const {
        const bool is_of_ip = family == "ip" || family == "ip6" || family == "inet";
        const bool is_filter = type == "filter" || (type == "route" && hook == "output");
        return is_of_ip && is_filter && std::ranges::find(kHooks, hook) != kHooks.end();
    }
};

struct Verdict {
    ChainVerdict verdict = ChainVerdict::kContinue;
    std::string target;

    bool operator==(const Verdict&) const = default;
};

std::optional<Verdict> VerdictOf(std::string_view name, const json::value& value) {
    if (name == "accept") return Verdict{ChainVerdict::kAccept, {}};
    if (name == "drop") return Verdict{ChainVerdict::kDeny, {}};
    if (name == "return") return Verdict{ChainVerdict::kReturn, {}};
    if (name == "continue") return Verdict{ChainVerdict::kContinue, {}};
    if (name != "jump" && name != "goto") return std::nullopt;
    const auto* const object = value.if_object();
    if (object == nullptr || StringOf(*object, "target").empty()) return std::nullopt;
    return Verdict{name == "jump" ? ChainVerdict::kJump : ChainVerdict::kGoto, std::string(StringOf(*object, "target"))};
}

// Statements that change a packet or its connection and let the rule go on.
constexpr auto kGoesOn =
    std::to_array<std::string_view>({"ct expectation", "ct helper", "ct timeout", "dup", "flow", "last", "mangle", "map", "notrack", "secmark", "tproxy"});
// Those that match or not by what they have counted.
constexpr auto kRates = std::to_array<std::string_view>({"connlimit", "ct count", "limit", "meter", "quota", "set"});
// Those that decide in a way that is not told here.
constexpr auto kElsewhere = std::to_array<std::string_view>({"dnat", "fwd", "masquerade", "queue", "redirect", "snat", "synproxy"});

bool IsOneOf(const auto& names, std::string_view name) { return std::ranges::find(names, name) != names.end(); }

/// A rule as far as it has been read.
struct RuleState {
    Rule rule;
    std::vector<Traffic> products;
    bool reads_any_transport = false;
    bool is_decided = false;
    bool is_logged = false;
    std::vector<ChainRule> rules;
};

class NftReader {
  public:
    explicit NftReader(const ReadOptions& options)
        : notes_(configuration_, options, [](std::string_view) { return false; }), matcher_(sets_, options.bounds) {}

    Result<Configuration> Read(std::string_view text);

  private:
    void Survey(std::string_view kind, const json::object& object);
    void AddChain(const json::object& object);
    void AddSet(const json::object& object, bool is_map);
    void SurveyRule(const json::object& object);
    Result<void> ReadChain(std::size_t number);
    Result<void> ReadRule(const json::object& object, std::size_t number, std::size_t place);
    bool ReadStatement(std::string_view name, const json::value& value, const NftChain& chain, RuleState& state);
    bool ReadMatch(const json::value& value, const NftChain& chain, RuleState& state);
    bool ReadVerdictMap(const json::value& value, const NftChain& chain, RuleState& state);
    bool ReadReject(const json::value& value, RuleState& state);
    void And(const NftMatcher::Match& match, const NftSelectors& selectors, const std::string& text, RuleState& state);
    bool Decide(const Verdict& verdict, const NftChain& chain, std::vector<Traffic> traffic, RuleState& state);
    std::vector<Traffic> SeenBy(const NftChain& chain) const;
    void NameChainsApart();
    Result<void> AddRuleBase(std::string_view hook);
    void AddItems();

    Configuration configuration_;
    ReaderNotes notes_;
    NftMatcher::Sets sets_;
    NftMatcher matcher_;
    std::vector<NftChain> listed_;
    std::vector<Chain> chains_;  ///< by the same numbers
    std::unordered_map<std::string, std::size_t> numbers_;  ///< by scope and name
    std::size_t rules_ = 0;
};

std::string ScopeOf(const json::object& object) {
    std::string scope(StringOf(object, "family").substr(0, kMaxName));
    scope += ' ';
    scope += StringOf(object, "table").substr(0, kMaxName);
    return scope + ' ';
}

void NftReader::AddChain(const json::object& object) {
    const std::string_view name = StringOf(object, "name");
    NftChain chain;
    chain.scope = ScopeOf(object);
    chain.family = StringOf(object, "family");
    chain.type = StringOf(object, "type");
    chain.hook = StringOf(object, "hook");
    chain.policy = StringOf(object, "policy");
    chain.handle = NumberOf(object, "handle").value_or(0);
    if (const auto* const priority = object.if_contains("prio"); priority != nullptr && priority->is_int64()) chain.priority = priority->get_int64();
    const bool is_new = !name.empty() && name.size() <= kMaxName && numbers_.try_emplace(chain.scope + std::string(name), listed_.size()).second;
    if (!is_new) return notes_.NotUnderstood(chain.handle, "chain " + chain.scope + std::string(name));
    listed_.push_back(std::move(chain));
    chains_.push_back({ReplaceInvalidUtf8(name), {}});
}

void NftReader::AddSet(const json::object& object, bool is_map) {
    NftSet set;
    set.handle = NumberOf(object, "handle").value_or(0);
    if (const auto* const elements = object.if_contains("elem")) set.elements = elements->if_array();
    if (const auto* const flags = object.if_contains("flags")) {
        const auto goes_on = [](const json::value& flag) { return flag == "dynamic" || flag == "timeout"; };
        set.goes_on = flags->is_array() ? std::ranges::any_of(flags->get_array(), goes_on) : goes_on(*flags);
    }
    set.goes_on = set.goes_on || object.contains("timeout");
    const std::string name = ScopeOf(object) + std::string(StringOf(object, "name").substr(0, kMaxName));
    Item item{is_map ? "map" : "set", ReplaceInvalidUtf8(name), set.handle, {}};
    for (std::size_t i = 0; set.elements != nullptr && !set.goes_on && i < set.elements->size(); ++i) {
        const json::value& element = (*set.elements)[i];
        const bool is_pair = is_map && element.is_array() && element.get_array().size() == 2;
        item.lines.push_back(is_pair ? NftValueText(element.get_array()[0]) + " : " + NftValueText(element.get_array()[1]) : NftValueText(element));
    }
    configuration_.items.push_back(std::move(item));
    sets_.try_emplace(name, set);
}

/// The first reading: what rules name before or after.
void NftReader::Survey(std::string_view kind, const json::object& object) {
    // Known, and of no matter for what a rule decides.
    static constexpr auto kKnown = std::to_array<std::string_view>(
        {"counter", "ct expectation", "ct helper", "ct timeout", "flowtable", "limit", "quota", "rule", "secmark", "synproxy", "table"});
    if (kind == "chain") return AddChain(object);
    if (kind == "set" || kind == "map") return AddSet(object, kind == "map");
    if (kind == "metainfo") {
        configuration_.vendor_version = ReplaceInvalidUtf8(StringOf(object, "version").substr(0, 40));
        return;
    }
    if (!IsOneOf(kKnown, kind)) notes_.NotUnderstood(NumberOf(object, "handle").value_or(0), kind);
}

void NftReader::SurveyRule(const json::object& object) {
    const auto* const statements = object.if_contains("expr");
    const std::string scope = ScopeOf(object);
    const auto chain = numbers_.find(scope + std::string(StringOf(object, "chain")));
    if (chain == numbers_.end() || statements == nullptr || !statements->is_array()) {
        return notes_.NotUnderstood(NumberOf(object, "handle").value_or(0), "rule of chain " + scope + std::string(StringOf(object, "chain")));
    }
    listed_[chain->second].rules.push_back(&object);
    for (const json::value& statement : statements->get_array()) {
        if (!statement.is_object()) continue;
        for (const auto& [name, left, right] : {std::tuple("match", "left", "right"), std::tuple("vmap", "key", "data")}) {
            const auto* const match = statement.get_object().if_contains(name);
            if (match == nullptr || !match->is_object()) continue;
            const auto* const read = match->get_object().if_contains(left);
            const auto* const wanted = match->get_object().if_contains(right);
            if (read != nullptr && wanted != nullptr) matcher_.CollectZones(ReadNftSelectors(*read), *wanted, scope);
        }
    }
}

/// Ids of rules are made of the names: where two tables have a chain of one name, its table's stands before it.
void NftReader::NameChainsApart() {
    std::unordered_map<std::string, std::size_t> uses;
    for (const Chain& chain : chains_) ++uses[chain.name];
    for (std::size_t i = 0; i < chains_.size(); ++i) {
        if (uses[chains_[i].name] > 1) chains_[i].name = ReplaceInvalidUtf8(listed_[i].scope) + chains_[i].name;
    }
}

/// Packets of the table's family.
std::vector<Traffic> NftReader::SeenBy(const NftChain& chain) const {
    std::vector<Traffic> seen = matcher_.Everything();
    if (chain.family == "ip") seen.pop_back();
    if (chain.family == "ip6") seen.erase(seen.begin());
    return seen;
}

void NftReader::And(const NftMatcher::Match& match, const NftSelectors& selectors, const std::string& text, RuleState& state) {
    state.products = Intersection(state.products, match.traffic);
    state.reads_any_transport = state.reads_any_transport || std::ranges::any_of(selectors, &NftSelector::ReadsAnyTransport);
    if (!match.is_known) AddUnknown(state.rule.unknown, {std::string(match.what), text, state.rule.line});
}

bool NftReader::ReadMatch(const json::value& value, const NftChain& chain, RuleState& state) {
    const auto* const match = value.if_object();
    const auto* const left = match != nullptr ? match->if_contains("left") : nullptr;
    const auto* const right = match != nullptr ? match->if_contains("right") : nullptr;
    if (left == nullptr || right == nullptr) return false;
    // What was counted before a match is more than the rule's.
    state.rule.counter = std::nullopt;
    const NftSelectors selectors = ReadNftSelectors(*left);
    And(matcher_.Of(selectors, StringOf(*match, "op"), *right, chain.scope), selectors, Shorten(NftValueText(json::object{{"match", *match}}), 300), state);
    return true;
}

bool NftReader::Decide(const Verdict& verdict, const NftChain& chain, std::vector<Traffic> traffic, RuleState& state) {
    ChainRule rule{state.rule, verdict.verdict, 0};
    rule.rule.traffic = std::move(traffic);
    rule.rule.is_logged = state.is_logged;
    state.is_decided = true;
    if (verdict.verdict == ChainVerdict::kContinue) return true;
    if (!verdict.target.empty()) {
        const auto target = numbers_.find(chain.scope + verdict.target);
        if (target == numbers_.end()) return false;
        rule.target = target->second;
        listed_[rule.target].is_named = true;
    }
    state.rules.push_back(std::move(rule));
    return true;
}

bool NftReader::ReadVerdictMap(const json::value& value, const NftChain& chain, RuleState& state) {
    const auto* const map = value.if_object();
    const auto* const key = map != nullptr ? map->if_contains("key") : nullptr;
    const auto* const data = map != nullptr ? map->if_contains("data") : nullptr;
    if (key == nullptr || data == nullptr) return false;
    const NftSelectors selectors = ReadNftSelectors(*key);
    const json::array* elements = nullptr;
    if (data->is_string()) {
        const NftSet* const set = matcher_.FindSet(chain.scope, data->get_string());
        if (set == nullptr || set->goes_on) return false;
        elements = set->elements;
    } else if (data->is_object() && data->get_object().contains("set")) {
        elements = data->get_object().at("set").if_array();
    }
    struct Group {
        Verdict verdict;
        std::vector<const json::value*> elements;
        bool is_for_others = false;
    };
    std::vector<Group> groups;
    for (std::size_t i = 0; elements != nullptr && i < elements->size(); ++i) {
        const auto* const pair = (*elements)[i].if_array();
        if (pair == nullptr || pair->size() != 2 || !(*pair)[1].is_object() || (*pair)[1].get_object().empty()) return false;
        const auto& given = *(*pair)[1].get_object().begin();
        const auto verdict = VerdictOf(given.key(), given.value());
        if (!verdict) return false;
        const bool is_for_others = (*pair)[0] == "*";
        auto group = std::ranges::find_if(groups, [&](const Group& one) { return one.verdict == *verdict && one.is_for_others == is_for_others; });
        if (group == groups.end()) {
            if (groups.size() == kMaxVerdicts) return false;
            groups.push_back({*verdict, {}, is_for_others});
            group = std::prev(groups.end());
        }
        group->elements.push_back(&(*elements)[i]);
    }
    std::ranges::stable_partition(groups, [](const Group& group) { return !group.is_for_others; });
    std::size_t number = 0;
    state.is_decided = true;
    for (const Group& group : groups) {
        RuleState part{state.rule, state.products, state.reads_any_transport, false, state.is_logged, {}};
        if (groups.size() > 1) part.rule.id = fmt::format("{}.{}", state.rule.id, ++number);
        const NftMatcher::Match match =
            group.is_for_others ? NftMatcher::Match{matcher_.AllOf(selectors), true, {}} : matcher_.OfElements(selectors, group.elements);
        And(match, selectors, "vmap " + Shorten(NftValueText(*data), 200), part);
        if (!Decide(group.verdict, chain, std::move(part.products), part)) return false;
        std::ranges::move(part.rules, std::back_inserter(state.rules));
    }
    return true;
}

/// What it answers with decides which packets it is for: nft leaves out the matches that follow from it.
bool NftReader::ReadReject(const json::value& value, RuleState& state) {
    const auto* const reject = value.if_object();
    const std::string_view type = reject != nullptr ? StringOf(*reject, "type") : std::string_view();
    std::vector<Traffic> wanted = matcher_.Everything();
    if (type == "icmp") wanted.pop_back();
    if (type == "icmpv6") wanted.erase(wanted.begin());
    for (Traffic& product : wanted) {
        if (type == "tcp reset") product.services = ServicesOf(kTcp);
    }
    state.products = Intersection(state.products, wanted);
    return true;
}

/// False: not understood, so that what the rule does is not known.
bool NftReader::ReadStatement(std::string_view name, const json::value& value, const NftChain& chain, RuleState& state) {
    if (name == "match") return ReadMatch(value, chain, state);
    if (name == "vmap") return ReadVerdictMap(value, chain, state);
    if (name == "counter") {
        if (const auto* const counter = value.if_object()) {
            state.rule.counter = RuleCounter{};
            state.rule.counter->hits = NumberOf(*counter, "packets");
            state.rule.counter->bytes = NumberOf(*counter, "bytes");
        }
        return true;  // one with a name counts for several rules
    }
    if (name == "log") {
        state.is_logged = true;
        return true;
    }
    if (name == "reject") return ReadReject(value, state) && Decide({ChainVerdict::kReject, {}}, chain, state.products, state);
    if (const auto verdict = VerdictOf(name, value)) return Decide(*verdict, chain, state.products, state);
    if (IsOneOf(kGoesOn, name)) return true;
    if (IsOneOf(kRates, name)) {
        AddUnknown(state.rule.unknown, {"rate", Shorten(NftValueText(json::object{{name, value}}), 300), state.rule.line});
        return true;
    }
    if (!IsOneOf(kElsewhere, name)) return false;
    AddUnknown(state.rule.unknown, {name == "queue" ? "other" : "nat", std::string(name) + ": decided elsewhere", state.rule.line});
    return Decide({ChainVerdict::kAccept, {}}, chain, state.products, state);
}

Result<void> NftReader::ReadRule(const json::object& object, std::size_t number, std::size_t place) {
    if (++rules_ > kMaxChainRules) {
        return Error::Of(ErrorCode::kTooLarge, fmt::format("規則超過 {} 條。", kMaxChainRules), fmt::format("There are more than {} rules.", kMaxChainRules));
    }
    const NftChain& chain = listed_[number];
    const json::array& statements = object.at("expr").get_array();
    RuleState state;
    state.rule.id = fmt::format("{}:{}", chains_[number].name, place);
    state.rule.line = NumberOf(object, "handle").value_or(0);
    state.rule.comment = ReplaceInvalidUtf8(StringOf(object, "comment"));
    state.rule.text = NftRuleText(statements);
    state.products = SeenBy(chain);
    bool is_understood = true;
    for (const json::value& statement : statements) {
        const auto* const named = statement.if_object();
        if (state.is_decided) break;
        if (named == nullptr || named->size() != 1 || !ReadStatement(named->begin()->key(), named->begin()->value(), chain, state)) {
            is_understood = false;
            break;
        }
    }
    if (matcher_.is_spent()) {
        return Error::Of(ErrorCode::kTooLarge, fmt::format("代號 {} 的規則處：集合合計太大，無法讀完。", state.rule.line),
                         fmt::format("At the rule of handle {}: the sets are too large in all to read them.", state.rule.line));
    }
    if (!is_understood) {
        // What it does is not known: it may let through.
        notes_.NotUnderstood(state.rule.line, state.rule.text);
        AddUnknown(state.rule.unknown, {"other", Shorten(state.rule.text, 300), state.rule.line});
        state.rules.clear();
        Decide({ChainVerdict::kAccept, {}}, chain, state.products, state);
    } else if (!state.is_decided && state.is_logged) {
        Decide({ChainVerdict::kLog, {}}, chain, state.products, state);
    }
    if (state.rules.empty()) state.rules.push_back({state.rule, ChainVerdict::kContinue, 0});
    const NumberSet without_ports = ServicesWithPorts().Complement(kLastService);
    for (ChainRule& rule : state.rules) {
        const bool is_open = state.reads_any_transport &&
                             std::ranges::any_of(rule.rule.traffic, [&](const Traffic& product) { return product.services.Intersects(without_ports); });
        if (is_open) AddUnknown(rule.rule.unknown, {"other", "th: of protocols without ports", rule.rule.line});
        const bool decides = rule.verdict != ChainVerdict::kContinue && rule.verdict != ChainVerdict::kLog;
        if (!decides) listed_[number].others.push_back(rule.rule.text);
        chains_[number].rules.push_back(std::move(rule));
    }
    return Ok();
}

Result<void> NftReader::ReadChain(std::size_t number) {
    const NftChain& chain = listed_[number];
    const bool is_of_ip = chain.family == "ip" || chain.family == "ip6" || chain.family == "inet";
    // A chain without a hook may be jumped to from one that is asked.
    if (!is_of_ip || (!chain.hook.empty() && !chain.IsAsked())) return Ok();
    for (std::size_t i = 0; i < chain.rules.size(); ++i) OPS_CHECK(ReadRule(*chain.rules[i], number, i + 1));
    return Ok();
}

Result<void> NftReader::AddRuleBase(std::string_view hook) {
    std::vector<std::size_t> asked;
    for (std::size_t i = 0; i < listed_.size(); ++i) {
        if (listed_[i].hook == hook && listed_[i].IsAsked()) asked.push_back(i);
    }
    if (asked.empty()) return Ok();
    std::ranges::stable_sort(asked, {}, [this](std::size_t number) { return listed_[number].priority; });
    ChainHook wanted;
    wanted.name = hook;
    wanted.zones = matcher_.zones().Texts();
    wanted.has_in = hook != "output";
    wanted.has_out = hook != "input";
    for (const std::size_t number : asked) {
        const NftChain& chain = listed_[number];
        BaseChain base;
        base.chain = number;
        base.families = {chain.family != "ip6", chain.family != "ip"};
        base.policy = chain.policy == "drop" ? Action::kDeny : Action::kAccept;
        base.policy_line = chain.handle;
        base.policy_text = chains_[number].name + ": policy " + (base.policy == Action::kDeny ? "drop" : "accept");
        wanted.bases.push_back(std::move(base));
    }
    OPS_TRY(RuleBase base, FlattenChains(chains_, std::move(wanted)));
    configuration_.rule_bases.push_back(std::move(base));
    return Ok();
}

/// Chains of other hooks and chains that nothing jumps to whole, of the others what decides nothing.
void NftReader::AddItems() {
    for (std::size_t i = 0; i < listed_.size(); ++i) {
        NftChain& chain = listed_[i];
        Item item{"chain", chains_[i].name.starts_with(chain.scope) ? chains_[i].name : ReplaceInvalidUtf8(chain.scope) + chains_[i].name, chain.handle, {}};
        const bool is_whole = !chain.IsAsked() && !chain.is_named;
        if (is_whole && !chain.hook.empty())
            item.lines.push_back(ReplaceInvalidUtf8(fmt::format("type {} hook {} priority {}", chain.type, chain.hook, chain.priority)));
        for (const json::object* const rule : chain.rules) {
            if (is_whole) item.lines.push_back(NftRuleText(rule->at("expr").get_array()));
        }
        if (!is_whole) item.lines = std::move(chain.others);
        if (is_whole && chain.hook.empty()) notes_.AddFact("setting", item.name, "jumps_to_it", "0", chain.handle);
        const bool drops =
            chain.policy == "drop" || std::ranges::any_of(item.lines, [](const std::string& line) { return line.ends_with(" drop") || line == "drop"; });
        if (is_whole && !chain.hook.empty() && drops) notes_.AddFact("setting", item.name, "drops_outside_filter", item.lines.front(), chain.handle);
        if (!item.lines.empty()) configuration_.items.push_back(std::move(item));
    }
}

Result<Configuration> NftReader::Read(std::string_view text) {
    OPS_TRY(const json::value document, ParseJson(text));
    const auto* const root = document.if_object();
    const auto* const list = root != nullptr ? root->if_contains("nftables") : nullptr;
    if (list == nullptr || !list->is_array()) {
        return Error::Of(ErrorCode::kInvalidInput, "第 1 行起的 JSON 沒有 nftables 陣列；請以「nft -j list ruleset」匯出。",
                         "From line 1 on the JSON has no array \"nftables\"; export it by \"nft -j list ruleset\".");
    }
    configuration_.format = Format::kNft;
    const auto visit = [&](auto&& each) {
        for (const json::value& entry : list->get_array()) {
            const auto* const object = entry.if_object();
            if (object != nullptr && object->size() == 1 && object->begin()->value().is_object())
                each(object->begin()->key(), object->begin()->value().get_object());
        }
    };
    for (const json::value& entry : list->get_array()) {
        const auto* const object = entry.if_object();
        if (object == nullptr || object->size() != 1 || !object->begin()->value().is_object()) notes_.NotUnderstood(0, Shorten(json::serialize(entry), 200));
    }
    visit([this](std::string_view kind, const json::object& object) { Survey(kind, object); });
    visit([this](std::string_view kind, const json::object& object) {
        if (kind == "rule") SurveyRule(object);
    });
    matcher_.zones().Finish();
    NameChainsApart();
    for (std::size_t i = 0; i < listed_.size(); ++i) OPS_CHECK(ReadChain(i));
    for (const std::string_view hook : kHooks) OPS_CHECK(AddRuleBase(hook));
    AddItems();
    notes_.Finish();
    return std::move(configuration_);
}

}  // namespace

Result<Configuration> ReadNft(std::string_view text, const ReadOptions& options) {
    OPS_CHECK(CheckConfigurationSize(text));
    return NftReader(options).Read(text);
}

}  // namespace opsteward::firewall
