#include "features/firewall/formats/chain_walk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "base/text.hpp"
#include "features/firewall/formats/rule_parts.hpp"
#include "features/firewall/model/traffic_sets.hpp"

namespace opsteward::firewall {
namespace {

constexpr std::size_t kMaxSteps = 4'000'000;   ///< rules looked at
constexpr std::size_t kMaxRanges = 20'000'000;
constexpr std::size_t kMaxProducts = 64;       ///< of what is left of a chain after returns
constexpr std::size_t kMaxPartial = 16;        ///< returns that are remembered apart because they may not happen
constexpr std::size_t kMaxLogRules = 4;        ///< of a chain that are remembered
constexpr std::size_t kMaxWork = 600'000'000;  ///< ranges compared
constexpr std::size_t kMaxBases = 32;          ///< base chains of one hook

/// How a packet got to where it is.
struct Path {
    std::vector<Traffic> traffic;
    std::vector<UnknownPart> unknown;
    std::string prefix;  ///< of ids: "FORWARD:3/"
    bool is_logged = false;
    std::size_t level = 0;            ///< of the base chain
    const Rule* accepted = nullptr;   ///< by which the base chain before was left; none: by its policy
    std::string accepted_id;

    /// The same way, with other packets on it.
    Path With(std::vector<Traffic> other) const {
        return {std::move(other), unknown, prefix, is_logged, level, accepted, accepted_id};
    }
};

Error TooMuch(std::size_t line) {
    return Error::Of(
        ErrorCode::kTooLarge, fmt::format("第 {} 行：沿著各鏈展開後的規則太多（上限 {} 條），無法讀完。請縮減互相跳轉的鏈或大型集合。", line, kMaxChainRules),
        fmt::format("Line {}: followed through the chains, there are too many rules (at most {}) to read them all. Make the chains that jump to each "
                    "other, or the large sets, smaller.",
                    line, kMaxChainRules));
}

Error InCircle(std::size_t line) {
    return Error::Of(
        ErrorCode::kInvalidInput, fmt::format("第 {} 行：鏈互相跳轉成環或超過 {} 層；核心不會接受這樣的規則，檔案可能損壞。", line, kMaxChainDepth),
        fmt::format("Line {}: chains jump in a circle or more than {} deep; no kernel accepts that, so the file may be damaged.", line, kMaxChainDepth));
}

class Walker {
  public:
    Walker(const std::vector<Chain>& chains, ChainHook hook, bool follows_accepted)
        : chains_(chains), hook_(std::move(hook)), follows_accepted_(follows_accepted), heights_(chains.size(), kUnseen), sizes_(chains.size(), 0) {}

    Result<RuleBase> Run();

  private:
    /// What has been seen of a chain so far, on one path.
    struct Frame {
        const Path& path;
        std::vector<Traffic> left;                ///< what has not returned
        std::size_t left_cost = 1;
        std::vector<Traffic> partial;             ///< what may have returned
        std::optional<UnknownPart> partial_part;  ///< why
        bool is_all_partial = false;
        std::vector<std::vector<Traffic>> logs;
    };

    static constexpr std::size_t kUnseen = ~std::size_t{0};

    Result<std::size_t> HeightOf(std::size_t chain, std::size_t depth);
    Result<void> AskBases(std::size_t level, Path path);
    Result<void> AskBase(const BaseChain& base, Path path);
    Result<void> WalkChain(std::size_t number, const Path& path, const BaseChain* base);
    Result<void> Step(const ChainRule& rule, Frame& frame, const BaseChain* base);
    Result<void> Follow(const ChainRule& rule, Path path);
    Result<void> Decide(const ChainRule& rule, Action action, Path path, const Path& before, const std::vector<Traffic>& left);
    Result<void> ByPolicy(const BaseChain& base, const Rule* by, Path path);
    Result<void> Emit(Rule rule);
    Result<void> Spend(const std::vector<Traffic>& traffic, std::size_t line);
    void TakeReturned(const ChainRule& rule, Frame& frame);
    std::vector<Traffic> MatchOf(const std::vector<Traffic>& traffic) const;
    std::vector<Traffic> OfFamilies(const std::vector<Traffic>& traffic, const std::array<bool, 2>& families, bool are_wanted) const;
    void SettleFallback();
    Way WayOf() const;
    std::optional<Family> FamilyOf() const;

    const std::vector<Chain>& chains_;
    ChainHook hook_;
    bool follows_accepted_;  ///< to the next base chain; else that is an unknown part
    RuleBase result_;
    std::vector<std::size_t> heights_;  ///< of the jumps below each chain
    std::vector<std::size_t> sizes_;    ///< rules that each chain stands for, with those of the chains below
    std::unordered_map<std::string, std::size_t> passed_;  ///< rules by which all base chains are passed, by their ids
    std::size_t steps_ = 0;
    std::size_t work_ = 0;
    RangeBudget budget_{kMaxRanges};
    struct Final {
        Action action = Action::kAccept;
        const BaseChain* base = nullptr;
    };
    std::array<Final, 2> final_{};
};

Result<RuleBase> Walker::Run() {
    result_.name = hook_.name;
    result_.way = WayOf();
    result_.family = FamilyOf();
    result_.zones = hook_.zones;
    Path path;
    for (const Family family : {Family::kIpv4, Family::kIpv6}) {
        if (hook_.families[static_cast<std::size_t>(family)]) path.traffic.push_back(AnyTraffic(family, result_.AllZones()));
    }
    if (hook_.bases.size() > kMaxBases) return TooMuch(hook_.bases.back().policy_line);
    for (const BaseChain& base : hook_.bases) OPS_CHECK(HeightOf(base.chain, 0));
    OPS_CHECK(AskBases(0, std::move(path)));
    SettleFallback();
    return std::move(result_);
}

/// How many jumps may follow each other from here. Bounded by the depth, so that a circle ends it too. Paths that are too many are known before any is gone.
Result<std::size_t> Walker::HeightOf(std::size_t chain, std::size_t depth) {
    const std::vector<ChainRule>& rules = chains_[chain].rules;
    const auto too_deep = [&](std::size_t height) { return depth + height > kMaxChainDepth; };
    if (heights_[chain] == kUnseen) {
        if (too_deep(0)) return InCircle(rules.empty() ? 0 : rules.front().rule.line);
        std::size_t height = 0;
        std::size_t size = 0;
        for (const ChainRule& rule : rules) {
            const bool decides = rule.verdict == ChainVerdict::kAccept || rule.verdict == ChainVerdict::kDeny || rule.verdict == ChainVerdict::kReject;
            if (decides) ++size;
            if (rule.verdict != ChainVerdict::kJump && rule.verdict != ChainVerdict::kGoto) continue;
            OPS_TRY(const std::size_t below, HeightOf(rule.target, depth + 1));
            height = std::max(height, below + 1);
            size += sizes_[rule.target];
            if (size > kMaxChainRules) return TooMuch(rule.rule.line);
        }
        heights_[chain] = height;
        sizes_[chain] = size;
    }
    if (too_deep(heights_[chain])) return InCircle(rules.empty() ? 0 : rules.front().rule.line);
    return heights_[chain];
}

Way Walker::WayOf() const {
    if (!hook_.has_in) return Way::kFromDevice;
    return hook_.has_out ? Way::kThrough : Way::kToDevice;
}

/// The one whose packets some base chain sees, where the other's are seen by none.
std::optional<Family> Walker::FamilyOf() const {
    const auto is_seen = [this](Family family) {
        const auto place = static_cast<std::size_t>(family);
        return hook_.families[place] && std::ranges::any_of(hook_.bases, [place](const BaseChain& base) { return base.families[place]; });
    };
    if (is_seen(Family::kIpv4) == is_seen(Family::kIpv6)) return std::nullopt;
    return is_seen(Family::kIpv4) ? Family::kIpv4 : Family::kIpv6;
}

/// The policies of both families as the one of the rule base, with a rule for the family whose packets it would let through in error.
void Walker::SettleFallback() {
    const auto base_of = [this](std::size_t family) { return hook_.families[family] ? final_[family] : final_[1 - family]; };
    const Final first = base_of(0);
    const Final second = base_of(1);
    const Final& fallback = first.action == Action::kAccept ? first : second;
    result_.fallback = fallback.action;
    result_.fallback_line = fallback.base != nullptr ? fallback.base->policy_line : 0;
    if (first.action == second.action) return;
    const std::size_t denied = first.action == Action::kAccept ? 1 : 0;
    const BaseChain& base = *final_[denied].base;
    Rule rule;
    rule.id = chains_[base.chain].name + ":policy";
    rule.text = base.policy_text;
    rule.line = base.policy_line;
    rule.action = final_[denied].action;
    rule.traffic = {AnyTraffic(denied == 0 ? Family::kIpv4 : Family::kIpv6, result_.AllZones())};
    result_.rules.push_back(std::move(rule));
}

std::vector<Traffic> Walker::OfFamilies(const std::vector<Traffic>& traffic, const std::array<bool, 2>& families, bool are_wanted) const {
    std::vector<Traffic> part;
    std::ranges::copy_if(traffic, std::back_inserter(part),
                         [&](const Traffic& product) { return families[static_cast<std::size_t>(product.family)] == are_wanted; });
    return part;
}

/// The path is where the base chains before `level` have let it through.
Result<void> Walker::AskBases(std::size_t level, Path path) {
    if (path.traffic.empty()) return Ok();
    if (level == hook_.bases.size()) {
        if (path.accepted == nullptr) return Ok();  // by the policies alone: the fallback of its families is to accept
        const auto [passed, is_new] = passed_.try_emplace(path.accepted_id, result_.rules.size());
        if (!is_new) {  // its other family: what stands between is not of this one
            std::ranges::move(path.traffic, std::back_inserter(result_.rules[passed->second].traffic));
            return Ok();
        }
        Rule rule = *path.accepted;
        rule.id = path.accepted_id;
        rule.action = Action::kAccept;
        rule.traffic = std::move(path.traffic);
        rule.unknown = std::move(path.unknown);
        rule.is_logged = path.is_logged;
        return Emit(std::move(rule));
    }
    const BaseChain& base = hook_.bases[level];
    Path seen = path.With(OfFamilies(path.traffic, base.families, true));
    seen.level = level;
    path.traffic = OfFamilies(path.traffic, base.families, false);
    if (!seen.traffic.empty()) OPS_CHECK(AskBase(base, std::move(seen)));
    return AskBases(level + 1, std::move(path));
}

Result<void> Walker::AskBase(const BaseChain& base, Path path) {
    OPS_CHECK(WalkChain(base.chain, path, &base));
    if (path.accepted != nullptr) return ByPolicy(base, path.accepted, std::move(path));
    for (const Traffic& product : path.traffic) final_[static_cast<std::size_t>(product.family)] = {base.policy, &base};
    if (base.policy == Action::kAccept) return AskBases(path.level + 1, std::move(path));
    return Ok();
}

/// What the chain leaves to its policy: at its end, by a return, or behind a chain that was gone to.
Result<void> Walker::ByPolicy(const BaseChain& base, const Rule* by, Path path) {
    if (base.policy == Action::kAccept) {
        if (path.accepted != by) {
            path.accepted = by;
            path.accepted_id = path.prefix + by->id;
            path.prefix = path.accepted_id + "/";
        }
        return AskBases(path.level + 1, std::move(path));
    }
    Rule rule;
    if (path.accepted == by) {
        rule.id = path.prefix + chains_[base.chain].name + ":policy";
        rule.text = base.policy_text;
        rule.line = base.policy_line;
    } else {
        rule = *by;
        rule.id = path.prefix + by->id;
    }
    rule.action = base.policy;
    rule.traffic = std::move(path.traffic);
    rule.unknown = std::move(path.unknown);
    rule.is_logged = path.is_logged;
    return Emit(std::move(rule));
}

Result<void> Walker::WalkChain(std::size_t number, const Path& path, const BaseChain* base) {
    Frame frame{path, path.traffic, 1, {}, {}, false, {}};
    for (const ChainRule& rule : chains_[number].rules) OPS_CHECK(Step(rule, frame, base));
    return Ok();
}

/// A hook without an interface on that side has none for a name to match; what asks for no name matches whatever the side.
std::vector<Traffic> Walker::MatchOf(const std::vector<Traffic>& traffic) const {
    std::vector<Traffic> match;
    const NumberSet all(0, static_cast<std::uint32_t>(hook_.zones.size() - 1));
    const auto adapt = [&all](NumberSet& side, bool has_side) {
        if (has_side) return true;
        if (!side.Contains(all.ranges()[0].last)) return false;
        side = all;
        return true;
    };
    for (const Traffic& product : traffic) {
        Traffic adapted = product;
        if (adapt(adapted.in, hook_.has_in) && adapt(adapted.out, hook_.has_out)) match.push_back(std::move(adapted));
    }
    return match;
}

Result<void> Walker::Spend(const std::vector<Traffic>& traffic, std::size_t line) {
    std::size_t ranges = 0;
    for (const Traffic& product : traffic) ranges += RangesOf(product);
    if (!budget_.Spend(ranges)) return TooMuch(line);
    return Ok();
}

Result<void> Walker::Step(const ChainRule& rule, Frame& frame, const BaseChain* base) {
    if (++steps_ > kMaxSteps) return TooMuch(rule.rule.line);
    if (rule.verdict == ChainVerdict::kContinue) return Ok();
    const bool is_plain = hook_.has_in && hook_.has_out;
    std::vector<Traffic> adapted;
    if (!is_plain) adapted = MatchOf(rule.rule.traffic);
    for (const Traffic& product : rule.rule.traffic) work_ += RangesOf(product) * frame.left.size() + frame.left_cost;
    if (work_ > kMaxWork) return TooMuch(rule.rule.line);
    std::vector<Traffic> match = Intersection(frame.left, is_plain ? rule.rule.traffic : adapted);
    OPS_CHECK(Spend(match, rule.rule.line));
    if (rule.verdict == ChainVerdict::kLog) {
        if (frame.logs.size() == kMaxLogRules) frame.logs.erase(frame.logs.begin());
        frame.logs.push_back(std::move(match));
        return Ok();
    }
    Path path = frame.path.With({});
    for (const UnknownPart& part : rule.rule.unknown) AddUnknown(path.unknown, part);
    const auto meets = [&match](const Traffic& returned) {
        return std::ranges::any_of(match, [&returned](const Traffic& product) { return Intersects(product, returned); });
    };
    if (frame.partial_part && (frame.is_all_partial || std::ranges::any_of(frame.partial, meets))) AddUnknown(path.unknown, *frame.partial_part);
    const auto covers = [&match](const std::vector<Traffic>& logged) {
        return std::ranges::all_of(match, [&logged](const Traffic& product) {
            return std::ranges::any_of(logged, [&product](const Traffic& log) { return Covers(log, product); });
        });
    };
    path.is_logged = path.is_logged || rule.rule.is_logged || std::ranges::any_of(frame.logs, covers);
    path.traffic = std::move(match);
    switch (rule.verdict) {
        case ChainVerdict::kAccept: return Decide(rule, Action::kAccept, std::move(path), frame.path, frame.left);
        case ChainVerdict::kDeny: return Decide(rule, Action::kDeny, std::move(path), frame.path, frame.left);
        case ChainVerdict::kReject: return Decide(rule, Action::kReject, std::move(path), frame.path, frame.left);
        case ChainVerdict::kJump: return Follow(rule, std::move(path));
        default: break;
    }
    if (rule.verdict == ChainVerdict::kGoto) OPS_CHECK(Follow(rule, path));
    if (base != nullptr) return path.traffic.empty() ? Ok() : ByPolicy(*base, &rule.rule, std::move(path));
    TakeReturned(rule, frame);
    return Ok();
}

void Walker::TakeReturned(const ChainRule& rule, Frame& frame) {
    const std::vector<Traffic> returned = MatchOf(rule.rule.traffic);
    bool is_taken = rule.rule.unknown.empty();
    if (is_taken) {
        std::vector<Traffic> left = frame.left;
        for (const Traffic& product : returned) is_taken = is_taken && Subtract(left, product, kMaxProducts);
        if (is_taken) {
            frame.left = std::move(left);
            frame.left_cost = 0;
            for (const Traffic& product : frame.left) frame.left_cost += RangesOf(product);
        }
    }
    if (is_taken) return;
    frame.partial_part = UnknownPart{"other", rule.rule.text, rule.rule.line};
    if (frame.partial.size() + returned.size() <= kMaxPartial) {
        frame.partial.insert(frame.partial.end(), returned.begin(), returned.end());
    } else {
        frame.is_all_partial = true;
    }
}

Result<void> Walker::Follow(const ChainRule& rule, Path path) {
    if (path.traffic.empty() && path.level > 0) return Ok();
    path.prefix += rule.rule.id + "/";
    return WalkChain(rule.target, path, nullptr);
}

Result<void> Walker::Decide(const ChainRule& rule, Action action, Path path, const Path& before, const std::vector<Traffic>& left) {
    const bool goes_on = action == Action::kAccept && rule.rule.IsActive() && path.level + 1 < hook_.bases.size();
    if (path.traffic.empty() && path.level > 0) return Ok();
    if (goes_on && !follows_accepted_) {
        AddUnknown(path.unknown, {"other", chains_[hook_.bases[path.level + 1].chain].name + ": asked of this as well", rule.rule.line});
    } else if (goes_on && !path.traffic.empty()) {
        path.accepted = &rule.rule;
        path.accepted_id = before.prefix + rule.rule.id;
        path.prefix = path.accepted_id + "/";
        return AskBases(path.level + 1, std::move(path));
    }
    Rule decided = rule.rule;
    decided.id = before.prefix + rule.rule.id;
    decided.action = action;
    decided.traffic = std::move(path.traffic);
    decided.unknown = std::move(path.unknown);
    decided.is_logged = path.is_logged;
    for (MemberList& list : decided.members) {
        for (Member& member : list.members) member.traffic = Intersection(left, MatchOf(member.traffic));
    }
    return Emit(std::move(decided));
}

Result<void> Walker::Emit(Rule rule) {
    if (result_.rules.size() >= kMaxChainRules) return TooMuch(rule.line);
    result_.rules.push_back(std::move(rule));
    return Ok();
}

}  // namespace

Result<RuleBase> FlattenChains(const std::vector<Chain>& chains, ChainHook hook) {
    auto result = Walker(chains, hook, true).Run();
    if (result.ok() || result.error().code != ErrorCode::kTooLarge || hook.bases.size() < 2) return result;
    return Walker(chains, std::move(hook), false).Run();
}

}  // namespace opsteward::firewall
