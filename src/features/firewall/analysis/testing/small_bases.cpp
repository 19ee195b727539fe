#include "features/firewall/analysis/testing/small_bases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "features/firewall/analysis/alignment.hpp"
#include "features/firewall/analysis/evaluate.hpp"
#include "features/firewall/analysis/meaning_diff.hpp"
#include "features/firewall/analysis/members.hpp"
#include "features/firewall/analysis/query.hpp"
#include "features/firewall/analysis/recheck.hpp"
#include "features/firewall/analysis/removal.hpp"

namespace opsteward::firewall::testing {

namespace {

/// Every set is a union of these pieces, so that one packet of each stands for all.
template <typename T>
using Pieces = std::vector<Range<T>>;

const Pieces<std::uint32_t> kZonePieces{{0, 0}, {1, 1}};
const Pieces<std::uint32_t> kAddressPieces{{0, 0x0A00'0000U}, {0x0A00'0001U, 0x7FFF'FFFFU}, {0x8000'0000U, 0xFFFF'FFFFU}};
const Pieces<Uint128> kLongAddressPieces{
    {0, 0xFFFFU}, {0x1'0000U, static_cast<Uint128>(0x2001'0DB8U) << 96}, {(static_cast<Uint128>(0x2001'0DB8U) << 96) + 1, ~Uint128{0}}};
const Pieces<std::uint32_t> kServicePieces{
    {0, ServiceKey(1, 8 << 8) - 1}, {ServiceKey(1, 8 << 8), ServiceKey(1, 8 << 8 | 0xFF)}, {ServiceKey(1, 9 << 8), kLastService}};
const Pieces<std::uint32_t> kPortPieces{{0, 1023}, {1024, kLastPort}};
const Pieces<std::uint32_t> kStatePieces{{0, 0}, {1, kLastState}};

bool Chance(std::mt19937& random, int percent) { return std::uniform_int_distribution<int>(0, 99)(random) < percent; }
std::size_t Below(std::mt19937& random, std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(random); }

template <typename T>
RangeSet<T> Some(const Pieces<T>& pieces, std::mt19937& random, int percent_all) {
    if (Chance(random, percent_all)) return RangeSet<T>(pieces);
    Pieces<T> chosen;
    for (const auto& piece : pieces) {
        if (Chance(random, 55)) chosen.push_back(piece);
    }
    const RangeSet<T> set(std::move(chosen));
    // An empty set matches nothing: seldom wanted.
    return set.empty() && Chance(random, 90) ? RangeSet<T>(pieces) : set;
}

Traffic MakeProduct(std::mt19937& random) {
    Traffic traffic;
    traffic.family = Chance(random, 70) ? Family::kIpv4 : Family::kIpv6;
    traffic.in = Some(kZonePieces, random, 60);
    traffic.out = Some(kZonePieces, random, 60);
    if (traffic.family == Family::kIpv4) {
        traffic.source4 = Some(kAddressPieces, random, 30);
        traffic.destination4 = Some(kAddressPieces, random, 30);
    } else {
        traffic.source6 = Some(kLongAddressPieces, random, 30);
        traffic.destination6 = Some(kLongAddressPieces, random, 30);
    }
    traffic.services = Some(kServicePieces, random, 40);
    traffic.source_ports = Some(kPortPieces, random, 80);
    traffic.states = Some(kStatePieces, random, 80);
    return traffic;
}

void AddMembers(Rule& rule, std::mt19937& random) {
    MemberList& list = rule.members.emplace_back();
    list.where = "source";
    for (std::size_t i = 0; i < rule.traffic.size(); ++i) list.members.push_back({fmt::format("m{}", i), i, {rule.traffic[i]}});
    if (Chance(random, 30)) list.members.push_back({"two", 9, {rule.traffic.front(), rule.traffic.back()}});
    if (Chance(random, 10)) list.members.push_back({"none", 10, {}});
}

Rule MakeRule(std::mt19937& random) {
    Rule rule;
    rule.action = static_cast<Action>(Below(random, 3));
    if (Chance(random, 15)) rule.action = Action::kAccept;
    rule.is_enabled = !Chance(random, 7);
    rule.has_ended = Chance(random, 4);
    const std::size_t products = Chance(random, 3) ? 0 : 1 + Below(random, Chance(random, 30) ? 3 : 1);
    for (std::size_t i = 0; i < products; ++i) rule.traffic.push_back(MakeProduct(random));
    if (Chance(random, 18)) rule.unknown.push_back({"schedule", fmt::format("s{}", Below(random, 3)), 1});
    if (products > 0 && Chance(random, 40)) AddMembers(rule, random);
    return rule;
}

std::vector<Packet> MakePackets(Family family) {
    std::vector<Packet> packets{Packet{}};
    packets[0].family = family;
    const auto spread = [&packets](const auto& pieces, auto put) {
        std::vector<Packet> more;
        for (const Packet& packet : packets) {
            for (const auto& piece : pieces) put(more.emplace_back(packet), piece.first);
        }
        packets = std::move(more);
    };
    spread(kZonePieces, [](Packet& packet, std::uint32_t value) { packet.in = value; });
    spread(kZonePieces, [](Packet& packet, std::uint32_t value) { packet.out = value; });
    spread(kServicePieces, [](Packet& packet, std::uint32_t value) { packet.service = value; });
    spread(kPortPieces, [](Packet& packet, std::uint32_t value) { packet.source_port = value; });
    spread(kStatePieces, [](Packet& packet, std::uint32_t value) { packet.state = value; });
    if (family == Family::kIpv4) {
        spread(kAddressPieces, [](Packet& packet, std::uint32_t value) { packet.source4 = value; });
        spread(kAddressPieces, [](Packet& packet, std::uint32_t value) { packet.destination4 = value; });
    } else {
        spread(kLongAddressPieces, [](Packet& packet, Uint128 value) { packet.source6 = value; });
        spread(kLongAddressPieces, [](Packet& packet, Uint128 value) { packet.destination6 = value; });
    }
    return packets;
}

const std::vector<Packet>& AllPackets() {
    static const std::vector<Packet> kPackets = [] {
        std::vector<Packet> packets = MakePackets(Family::kIpv4);
        for (const Packet& packet : MakePackets(Family::kIpv6)) packets.push_back(packet);
        return packets;
    }();
    return kPackets;
}

/// Which of all packets.
using Bits = std::vector<char>;

/// Of the family and each dimension, a byte each, which pieces there are, a bit each.
using PieceBits = std::uint64_t;

template <typename Set, typename T>
unsigned char PiecesOf(const Set& set, const Pieces<T>& pieces) {
    unsigned char bits = 0;
    for (std::size_t i = 0; i < pieces.size(); ++i) bits |= static_cast<unsigned char>(set.Contains(pieces[i].first) ? 1U << i : 0U);
    return bits;
}

PieceBits PiecesOf(const Traffic& traffic) {
    const bool is_ipv4 = traffic.family == Family::kIpv4;
    PieceBits bits = is_ipv4 ? 1 : 2;
    for (const unsigned char pieces :
         {PiecesOf(traffic.in, kZonePieces), PiecesOf(traffic.out, kZonePieces),
          is_ipv4 ? PiecesOf(traffic.source4, kAddressPieces) : PiecesOf(traffic.source6, kLongAddressPieces),
          is_ipv4 ? PiecesOf(traffic.destination4, kAddressPieces) : PiecesOf(traffic.destination6, kLongAddressPieces),
          PiecesOf(traffic.services, kServicePieces), PiecesOf(traffic.source_ports, kPortPieces), PiecesOf(traffic.states, kStatePieces)}) {
        bits = bits << 8 | pieces;
    }
    return bits;
}

/// Whether no byte is 0 (Mycroft, 1987).
bool HasEveryByte(std::uint64_t bytes) { return ((bytes - 0x0101'0101'0101'0101U) & ~bytes & 0x8080'8080'8080'8080U) == 0; }

const std::vector<PieceBits>& PiecesOfAllPackets() {
    static const std::vector<PieceBits> kAll = [] {
        std::vector<PieceBits> all;
        for (const Packet& packet : AllPackets()) {
            Traffic traffic;
            traffic.family = packet.family;
            traffic.in = NumberSet(packet.in);
            traffic.out = NumberSet(packet.out);
            traffic.source4 = Ipv4Set(packet.source4);
            traffic.destination4 = Ipv4Set(packet.destination4);
            traffic.source6 = Ipv6Set(packet.source6);
            traffic.destination6 = Ipv6Set(packet.destination6);
            traffic.services = NumberSet(packet.service);
            traffic.source_ports = NumberSet(packet.source_port);
            traffic.states = NumberSet(packet.state);
            all.push_back(PiecesOf(traffic));
        }
        return all;
    }();
    return kAll;
}

Bits BitsOf(const std::vector<Traffic>& traffic) {
    const std::vector<PieceBits>& packets = PiecesOfAllPackets();
    Bits bits(packets.size());
    for (const Traffic& entry : traffic) {
        const PieceBits pieces = PiecesOf(entry);
        for (std::size_t i = 0; i < packets.size(); ++i) {
            if (HasEveryByte(pieces & packets[i])) bits[i] = 1;
        }
    }
    return bits;
}

/// Of each rule the packets that it matches, none where it is not active.
std::vector<Bits> BitsOf(const RuleBase& base) {
    std::vector<Bits> all;
    for (const Rule& rule : base.rules) all.push_back(rule.IsActive() ? BitsOf(rule.traffic) : Bits(AllPackets().size()));
    return all;
}

bool IsUncertain(const RuleBase& base, std::size_t rule) { return !base.rules[rule].unknown.empty(); }
bool Lets(const RuleBase& base, std::size_t rule) { return LetsThrough(rule < base.rules.size() ? base.rules[rule].action : base.fallback); }

/// The rules that may decide of a packet: those with unknown parts before the first that has none, and that; rules.size() is the fallback.
std::vector<std::size_t> Deciders(const RuleBase& base, const std::vector<Bits>& bits, std::size_t packet) {
    std::vector<std::size_t> deciders;
    for (std::size_t i = 0; i < base.rules.size(); ++i) {
        if (bits[i][packet] == 0) continue;
        deciders.push_back(i);
        if (!IsUncertain(base, i)) return deciders;
    }
    deciders.push_back(base.rules.size());
    return deciders;
}

/// Packets of `of` that none of the rules has.
bool IsCovered(const Bits& of, const std::vector<Bits>& bits, const std::vector<std::size_t>& rules) {
    for (std::size_t i = 0; i < of.size(); ++i) {
        if (of[i] != 0 && std::ranges::none_of(rules, [&](std::size_t rule) { return bits[rule][i] != 0; })) return false;
    }
    return true;
}

struct Expected {
    VerdictKind kind;
    VerdictCause cause;
};

Expected ExpectedVerdict(const RuleBase& base, const std::vector<Bits>& bits, std::size_t rule) {
    if (!base.rules[rule].IsActive()) return {VerdictKind::kInactive, VerdictCause::kNone};
    bool has_any = false;
    bool is_free = false;
    bool is_free_of_certain = false;
    bool has_own = false;
    bool has_other = false;
    for (std::size_t i = 0; i < bits[rule].size(); ++i) {
        if (bits[rule][i] == 0) continue;
        has_any = true;
        const auto deciders = Deciders(base, bits, i);
        is_free |= deciders.front() == rule;
        is_free_of_certain |= deciders.back() >= rule;
        if (deciders.back() < rule) (Lets(base, deciders.back()) == Lets(base, rule) ? has_own : has_other) = true;
    }
    if (!has_any) return {VerdictKind::kDead, VerdictCause::kEmpty};
    if (is_free)
        return IsUncertain(base, rule) ? Expected{VerdictKind::kLiveUnless, VerdictCause::kOwnUnknownPart} : Expected{VerdictKind::kLive, VerdictCause::kNone};
    if (is_free_of_certain) return {VerdictKind::kLiveUnless, VerdictCause::kEarlierUnknownPart};
    if (!has_other) return {VerdictKind::kDead, VerdictCause::kRedundant};
    return {VerdictKind::kDead, has_own ? VerdictCause::kPartlyShadowed : VerdictCause::kShadowed};
}

std::string HoldCover(const RuleBase& base, const std::vector<Bits>& bits, std::size_t rule, const RuleVerdict& verdict) {
    const bool is_dead = verdict.kind == VerdictKind::kDead;
    if (verdict.cause == VerdictCause::kEmpty || (!is_dead && verdict.cause != VerdictCause::kEarlierUnknownPart))
        return verdict.covered_by.empty() ? "" : "a cover of nothing";
    if (!std::ranges::is_sorted(verdict.covered_by)) return "the cover is not in order";
    for (const std::size_t other : verdict.covered_by) {
        if (other >= rule || !base.rules[other].IsActive() || (is_dead && IsUncertain(base, other))) return "a rule that can't cover does";
    }
    if (!IsCovered(bits[rule], bits, verdict.covered_by)) return "the cover does not cover";
    for (const std::size_t other : verdict.covered_by) {
        std::vector<std::size_t> rest = verdict.covered_by;
        std::erase(rest, other);
        if (other != verdict.opposed && IsCovered(bits[rule], bits, rest)) return "the cover has a rule too many";
    }
    const bool is_shadowed = verdict.cause == VerdictCause::kShadowed || verdict.cause == VerdictCause::kPartlyShadowed;
    if (is_shadowed != verdict.opposed.has_value()) return "opposed is wrong";
    if (verdict.opposed && Lets(base, *verdict.opposed) == Lets(base, rule)) return "opposed has the same outcome";
    return "";
}

std::string HoldWitness(const RuleBase& base, std::size_t rule, const RuleVerdict& verdict) {
    const bool wants_one = verdict.kind == VerdictKind::kLive || verdict.kind == VerdictKind::kLiveUnless || verdict.opposed;
    if (wants_one != verdict.witness.has_value()) return "a witness too many or too few";
    if (!wants_one) return "";
    if (!Matches(base.rules[rule], *verdict.witness)) return "the witness is not matched";
    const Decision decision = Evaluate(base, *verdict.witness);
    if (verdict.kind == VerdictKind::kLive && (decision.rule != rule || !decision.may_decide.empty())) return "the witness is decided by another";
    if (verdict.opposed && decision.rule != verdict.opposed) return "the witness is not decided by opposed";
    if (verdict.kind == VerdictKind::kLiveUnless && decision.rule != rule && !std::ranges::count(decision.may_decide, rule))
        return "the witness can't be decided by it";
    return "";
}

/// Who decides when the unknown parts of these rules match and those of no others do.
std::size_t DeciderWhen(const RuleBase& base, const std::vector<std::size_t>& deciders, const std::set<std::size_t>& matching) {
    return *std::ranges::find_if(deciders, [&](std::size_t rule) { return rule == base.rules.size() || !IsUncertain(base, rule) || matching.contains(rule); });
}

using Pair = std::pair<std::size_t, std::size_t>;

/// Every pair of rules with different outcomes that may decide of the packet before and after; rules that both have match or not together.
struct Outcomes {
    std::set<Pair> different;
    bool is_always_so = true;  ///< there is one pair only, whatever matches
};
Outcomes OutcomesOf(const RuleBase& before, const std::vector<std::size_t>& deciders_before, const RuleBase& after,
                    const std::vector<std::size_t>& deciders_after, const std::vector<std::size_t>& partners) {
    // Each variable is a rule before, a rule after, or both.
    std::vector<std::pair<std::size_t, std::size_t>> variables;
    for (const std::size_t rule : deciders_before) {
        if (rule < before.rules.size() && IsUncertain(before, rule)) variables.emplace_back(rule, kNoPartner);
    }
    for (const std::size_t rule : deciders_after) {
        if (rule == after.rules.size() || !IsUncertain(after, rule)) continue;
        const auto shared =
            std::ranges::find_if(variables, [&](const auto& variable) { return partners[rule] != kNoPartner && variable.first == partners[rule]; });
        if (shared == variables.end()) variables.emplace_back(kNoPartner, rule);
        else shared->second = rule;
    }
    std::set<Pair> all;
    for (unsigned mask = 0; mask < 1U << variables.size(); ++mask) {
        std::set<std::size_t> matching_before;
        std::set<std::size_t> matching_after;
        for (std::size_t i = 0; i < variables.size(); ++i) {
            if ((mask >> i & 1U) == 0) continue;
            matching_before.insert(variables[i].first);
            matching_after.insert(variables[i].second);
        }
        all.emplace(DeciderWhen(before, deciders_before, matching_before), DeciderWhen(after, deciders_after, matching_after));
    }
    Outcomes outcomes;
    outcomes.is_always_so = all.size() == 1;
    for (const Pair& pair : all) {
        if (Lets(before, pair.first) != Lets(after, pair.second)) outcomes.different.insert(pair);
    }
    return outcomes;
}

/// Whether another member has all of one product's member, an earlier one or one that has more.
bool IsInAnother(const MemberList& list, std::size_t member) {
    const auto covers = [&list](std::size_t outer, std::size_t inner) {
        return list.members[outer].traffic.size() == 1 && list.members[inner].traffic.size() == 1 &&
               IsCovered(BitsOf(list.members[inner].traffic), {BitsOf(list.members[outer].traffic)}, {0});
    };
    for (std::size_t other = 0; other < list.members.size(); ++other) {
        if (other != member && covers(other, member) && (other < member || !covers(member, other))) return true;
    }
    return false;
}

std::string Describe(const RuleBase& base) {
    std::string text;
    for (const Rule& rule : base.rules) {
        text +=
            fmt::format("\n{} {}{}", NameOf(rule.action), rule.IsActive() ? "" : "inactive ", rule.unknown.empty() ? "" : "unknown " + rule.unknown[0].text);
        for (const Traffic& traffic : rule.traffic) {
            text += traffic.family == Family::kIpv4 ? " [4" : " [6";
            const auto add = [&text](const char* name, const auto& pieces, const auto& set) {
                text += fmt::format(" {}:", name);
                for (std::size_t i = 0; i < pieces.size(); ++i) text += set.Contains(pieces[i].first) ? std::to_string(i) : "";
            };
            add("in", kZonePieces, traffic.in);
            add("out", kZonePieces, traffic.out);
            if (traffic.family == Family::kIpv4) {
                add("s", kAddressPieces, traffic.source4);
                add("d", kAddressPieces, traffic.destination4);
            } else {
                add("s", kLongAddressPieces, traffic.source6);
                add("d", kLongAddressPieces, traffic.destination6);
            }
            add("svc", kServicePieces, traffic.services);
            add("sp", kPortPieces, traffic.source_ports);
            add("st", kStatePieces, traffic.states);
            text += "]";
        }
    }
    return text + "\nfallback " + std::string(NameOf(base.fallback));
}

JudgeOptions OneThread() {
    JudgeOptions options;
    options.threads = 1;
    return options;
}

}  // namespace

RuleBase MakeBase(std::mt19937& random) {
    RuleBase base;
    base.name = "small";
    base.zones = {"inside", "outside"};
    base.fallback = Chance(random, 70) ? Action::kDeny : Action::kAccept;
    const std::size_t rules = 3 + Below(random, 6);
    for (std::size_t i = 0; i < rules; ++i) base.rules.push_back(MakeRule(random));
    return base;
}

RuleBase Changed(const RuleBase& base, std::mt19937& random) {
    RuleBase changed = base;
    const std::size_t changes = 1 + Below(random, 2);
    for (std::size_t i = 0; i < changes; ++i) {
        const std::size_t place = Below(random, changed.rules.size());
        const auto at = changed.rules.begin() + static_cast<std::ptrdiff_t>(place);
        switch (Below(random, 6)) {
            case 0: changed.rules.insert(at, MakeRule(random)); break;
            case 1:
                if (changed.rules.size() > 1) changed.rules.erase(at);
                break;
            case 2: std::swap(*at, changed.rules[Below(random, changed.rules.size())]); break;
            case 3: *at = MakeRule(random); break;
            case 4: at->is_enabled = !at->is_enabled; break;
            default: at->action = LetsThrough(at->action) ? Action::kDeny : Action::kAccept;
        }
    }
    if (Chance(random, 10)) changed.fallback = LetsThrough(base.fallback) ? Action::kDeny : Action::kAccept;
    return changed;
}

std::vector<Traffic> MakeTraffic(std::mt19937& random) {
    std::vector<Traffic> traffic{MakeProduct(random)};
    if (Chance(random, 30)) traffic.push_back(MakeProduct(random));
    return traffic;
}

std::string HoldVerdicts(const RuleBase& base) {
    const auto verdicts = JudgeRules(base, OneThread());
    const auto bits = BitsOf(base);
    for (std::size_t rule = 0; rule < base.rules.size(); ++rule) {
        const Expected expected = ExpectedVerdict(base, bits, rule);
        const RuleVerdict& verdict = verdicts[rule];
        if (verdict.kind != expected.kind || verdict.cause != expected.cause) {
            return fmt::format("rule {} is {} {}, not {} {}", rule, NameOf(expected.kind), NameOf(expected.cause), NameOf(verdict.kind), NameOf(verdict.cause));
        }
        for (const std::string& problem : {HoldCover(base, bits, rule, verdict), HoldWitness(base, rule, verdict)}) {
            if (!problem.empty()) return fmt::format("rule {}: {}", rule, problem);
        }
    }
    const Evaluator evaluator(base);
    for (std::size_t i = 0; i < AllPackets().size(); i += 29) {
        if (evaluator.Evaluate(AllPackets()[i]) != Evaluate(base, AllPackets()[i])) return fmt::format("packet {} is evaluated differently", i);
    }
    return "";
}

std::string HoldRemovals(const RuleBase& base) {
    const auto removals = JudgeRemovals(CompiledRules(base), OneThread());
    const auto bits = BitsOf(base);
    for (std::size_t rule = 0; rule < base.rules.size(); ++rule) {
        // What may be decided by it, and by another of the other outcome without it. Unknown parts may match or not.
        bool may_change = false;
        auto without = bits;
        without[rule].assign(without[rule].size(), 0);
        for (std::size_t i = 0; i < AllPackets().size() && !may_change; ++i) {
            if (bits[rule][i] == 0) continue;
            const auto now = Deciders(base, bits, i);
            if (std::ranges::find(now, rule) == now.end()) continue;
            for (const std::size_t other : Deciders(base, without, i)) may_change |= other > rule && Lets(base, other) != Lets(base, rule);
        }
        const Removal& removal = removals[rule];
        if ((removal.effect == RemovalEffect::kMayChange) != may_change || removal.effect == RemovalEffect::kUndecided) {
            return fmt::format("removing rule {}: {}, which is wrong", rule, NameOf(removal.effect));
        }
        if (may_change && (!Matches(base.rules[rule], *removal.example) || (removal.below && !Matches(base.rules[*removal.below], *removal.example)))) {
            return fmt::format("removing rule {}: the example is wrong", rule);
        }
    }
    return "";
}

std::string HoldMembers(const RuleBase& base) {
    const CompiledRules rules(base);
    const auto verdicts = JudgeRules(rules, OneThread());
    const auto bits = BitsOf(base);
    std::map<std::pair<std::size_t, std::size_t>, DeadMember> found;
    for (const DeadMember& dead : FindDeadMembers(rules, verdicts, OneThread())) found[{dead.rule, dead.member}] = dead;
    for (std::size_t rule = 0; rule < base.rules.size(); ++rule) {
        if (!base.rules[rule].IsActive() || verdicts[rule].kind == VerdictKind::kDead || base.rules[rule].members.empty()) continue;
        std::vector<std::size_t> earlier;
        for (std::size_t i = 0; i < rule; ++i) {
            if (!IsUncertain(base, i)) earlier.push_back(i);
        }
        const MemberList& list = base.rules[rule].members[0];
        for (std::size_t member = 0; member < list.members.size(); ++member) {
            const Bits own = BitsOf(list.members[member].traffic);
            const bool is_empty = std::ranges::count(own, 1) == 0;
            const bool is_dead = IsCovered(own, bits, earlier);
            const auto dead = found.find({rule, member});
            if (dead == found.end()) {
                if (is_dead || IsInAnother(list, member)) return fmt::format("member {} of rule {} never matters and was not told", member, rule);
                continue;
            }
            const DeadMember& told = dead->second;
            const bool is_right = told.reason == MemberReason::kEmpty ? is_empty
                                  : told.reason == MemberReason::kEarlierRules
                                      ? is_dead && !is_empty
                                      : *told.other != member && IsCovered(own, {BitsOf(list.members[*told.other].traffic)}, {0});
            if (!is_right) return fmt::format("member {} of rule {} is not {}", member, rule, NameOf(told.reason));
        }
    }
    return "";
}

std::string HoldAnswer(const RuleBase& base, const std::vector<Traffic>& traffic) {
    const TrafficAnswer answer = AskTraffic(base, traffic, Budget());
    const auto bits = BitsOf(base);
    const Bits asked = BitsOf(traffic);
    std::set<std::size_t> deciding;
    bool has_allowed = false;
    bool has_blocked = false;
    bool has_open = false;
    for (std::size_t i = 0; i < asked.size(); ++i) {
        if (asked[i] == 0) continue;
        const auto deciders = Deciders(base, bits, i);
        deciding.insert(deciders.begin(), deciders.end());
        const bool may_pass = std::ranges::any_of(deciders, [&](std::size_t rule) { return Lets(base, rule); });
        const bool may_stop = std::ranges::any_of(deciders, [&](std::size_t rule) { return !Lets(base, rule); });
        (may_pass && may_stop ? has_open : may_pass ? has_allowed : has_blocked) = true;
    }
    const Extent expected = has_allowed && has_blocked                  ? Extent::kPartly
                            : has_open                                  ? Extent::kDepends
                            : has_allowed                               ? Extent::kAllowed
                            : has_blocked                               ? Extent::kBlocked
                                                                        : Extent::kEmpty;
    if (answer.extent != expected) return fmt::format("the answer is {}, not {}", NameOf(expected), NameOf(answer.extent));
    if (answer.allowed.has_value() != has_allowed || answer.blocked.has_value() != has_blocked) return "an example is missing";
    std::set<std::size_t> told;
    for (const DecidingRule& one : answer.deciding) {
        told.insert(one.rule.value_or(base.rules.size()));
        if (std::ranges::none_of(traffic, [&](const Traffic& entry) { return Matches(entry, one.example); })) return "an example is not of the traffic";
        if (one.rule && !Matches(base.rules[*one.rule], one.example)) return "an example is not matched by its rule";
        if (OutcomeOf(base, Evaluate(base, one.example)) != one.outcome) return "an example has another outcome";
    }
    if (told != deciding) return "the deciding rules are others";
    return "";
}

std::string HoldDifference(const RuleBase& before, const RuleBase& after) {
    const MeaningDifference difference = CompareMeaning(before, after, {100'000, {}});
    if (!difference.is_complete) return "the difference is not complete";
    const auto partners = AlignRules(before.rules, after.rules);
    const auto bits_before = BitsOf(before);
    const auto bits_after = BitsOf(after);
    std::vector<Bits> changes;
    for (const MeaningChange& change : difference.changes) {
        changes.push_back(BitsOf(change.traffic));
        if (change.before && !Matches(before.rules[*change.before], change.example)) return "the example is not matched before";
        if (change.after && !Matches(after.rules[*change.after], change.example)) return "the example is not matched after";
    }
    std::map<std::pair<std::vector<std::size_t>, std::vector<std::size_t>>, Outcomes> outcomes;
    for (std::size_t i = 0; i < AllPackets().size(); ++i) {
        const std::pair deciders(Deciders(before, bits_before, i), Deciders(after, bits_after, i));
        const auto [known, is_new] = outcomes.try_emplace(deciders);
        if (is_new) known->second = OutcomesOf(before, deciders.first, after, deciders.second, partners);
        const Outcomes& expected = known->second;
        std::set<Pair> found;
        for (std::size_t k = 0; k < changes.size(); ++k) {
            if (changes[k][i] == 0) continue;
            const MeaningChange& change = difference.changes[k];
            found.emplace(change.before.value_or(before.rules.size()), change.after.value_or(after.rules.size()));
            if (!change.is_conditional && !expected.is_always_so) return fmt::format("a change of packet {} is conditional", i);
        }
        if (found != expected.different) return fmt::format("packet {} changes between {} pairs of rules, not {}", i, expected.different.size(), found.size());
    }
    return "";
}

std::string HoldRecheck(const RuleBase& before, const RuleBase& after) {
    const auto verdicts = JudgeRules(before, OneThread());
    const CompiledRules rules(after);
    const auto expected = JudgeRules(rules, OneThread());
    const Recheck recheck = RecheckRules(before, verdicts, rules, OneThread());
    for (std::size_t rule = 0; rule < expected.size(); ++rule) {
        if (recheck.verdicts[rule] != expected[rule])
            return fmt::format("after the change rule {} is {}, not {}", rule, NameOf(expected[rule].kind), NameOf(recheck.verdicts[rule].kind));
    }
    return "";
}

std::string HoldCase(unsigned seed) {
    std::mt19937 random(seed);
    const RuleBase base = MakeBase(random);
    const RuleBase changed = Changed(base, random);
    const std::vector<Traffic> traffic = MakeTraffic(random);
    for (const std::string& problem :
         {HoldVerdicts(base), HoldRemovals(base), HoldMembers(base), HoldAnswer(base, traffic), HoldDifference(base, changed), HoldRecheck(base, changed)}) {
        if (!problem.empty()) return fmt::format("case {}: {}{}\nchanged:{}", seed, problem, Describe(base), Describe(changed));
    }
    return "";
}

}  // namespace opsteward::firewall::testing
