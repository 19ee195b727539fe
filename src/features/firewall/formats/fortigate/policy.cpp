#include "features/firewall/formats/fortigate/policy.hpp"

#include <algorithm>
#include <unordered_set>

#include "base/text.hpp"
#include "features/firewall/formats/fortigate/policy_settings.hpp"
#include "features/firewall/formats/fortigate/secrets.hpp"
#include "features/firewall/formats/fortigate/traffic.hpp"

namespace opsteward::firewall {

namespace {

using Names = std::vector<std::string>;

bool IsLocalIn(FortigatePolicyKind kind) { return kind == FortigatePolicyKind::kLocalIn || kind == FortigatePolicyKind::kLocalIn6; }
/// Of policy6 and local-in-policy6, whose srcaddr and dstaddr are of IPv6.
bool IsIpv6Only(FortigatePolicyKind kind) { return kind == FortigatePolicyKind::kPolicy6 || kind == FortigatePolicyKind::kLocalIn6; }

/// Names of one side of a policy, by family.
struct Side {
    Names names4;
    Names names6;
    bool negates4 = false;
    bool negates6 = false;
    bool is_internet_service = false;
    std::uint32_t line = 0;

    bool IsEmpty() const { return names4.empty() && names6.empty() && !is_internet_service; }
};

Side SideOf(const FortigateSettings& settings, const std::string& prefix, FortigatePolicyKind kind) {
    Side side;
    const FortigateValue& plain = settings.Of(prefix + "addr");
    const bool plain_negates = settings.IsEnabled(prefix + "addr-negate");
    side.line = plain.line;
    (IsIpv6Only(kind) ? side.names6 : side.names4) = plain.values;
    side.negates4 = plain_negates || settings.IsEnabled(prefix + "addr4-negate");
    side.negates6 = (IsIpv6Only(kind) && plain_negates) || settings.IsEnabled(prefix + "addr6-negate");
    for (const auto& [name, list] : {std::pair{prefix + "addr4", &side.names4}, std::pair{prefix + "addr6", &side.names6}}) {
        const FortigateValue& value = settings.Of(name);
        list->insert(list->end(), value.values.begin(), value.values.end());
        side.line = std::max(side.line, value.line);
    }
    const std::string service = prefix == "src" ? "-src" : "";
    side.is_internet_service = settings.IsEnabled("internet-service" + service) || settings.IsEnabled("internet-service6" + service);
    return side;
}

template <typename Set>
Set NegatedOf(const Set& set, bool is_known) {
    return is_known ? set.Complement() : Set::All();
}

class RuleReader {
  public:
    RuleReader(FortigatePolicyKind kind, FortigateRuleContext& context, const FortigateActiveVips& active) : kind_(kind), context_(context), active_(active) {}

    Rule Read(FortigateNodeId node, std::string_view section) {
        const FortigateTree& tree = context_.objects.tree();
        settings_ = tree.SettingsOf(node);
        rule_ = Rule();
        rule_.id = tree.node(node).name;
        rule_.line = tree.node(node).line;
        rule_.uuid = std::string(settings_.First("uuid"));
        rule_.name = std::string(settings_.First("name"));
        rule_.comment = std::string(settings_.First("comments"));
        rule_.text = Join(FortigateCanonicalLines(tree, node, section, context_.hash_key), "\n");
        rule_.is_logged = settings_.First("logtraffic") == "all";
        rule_.is_enabled = settings_.First("status", "enable") != "disable";
        ReadAction();
        ReadSchedule();
        ReadOtherSettings();
        FortigateMatch match = ReadMatch();
        rule_.traffic = FortigateTraffic(match, active_, context_.zones, rule_.unknown);
        Charge(rule_.traffic);
        if (rule_.IsActive() && !context_.budget.is_used_up) ReadMembers(std::move(match));
        return std::move(rule_);
    }

  private:
    void Unknown(std::string_view what, std::string text, std::uint32_t line) { AddUnknownPart(rule_.unknown, {std::string(what), Shorten(text, 200), line}); }

    void ReadAction() {
        const FortigateValue& value = settings_.Of("action");
        const std::string_view action = settings_.First("action", "deny");
        if (action == "accept") {
            rule_.action = Action::kAccept;
        } else if (action == "deny") {
            rule_.action = settings_.IsEnabled("send-deny-packet") ? Action::kReject : Action::kDeny;
        } else {  // ipsec, learn, redirect, isolate: let through, but not as plain traffic
            rule_.action = Action::kAccept;
            Unknown("other", "action " + std::string(action), value.line);
        }
    }

    void ReadSchedule() {
        const std::string schedule(settings_.First("schedule", "always"));
        const FortigateSchedule kind = context_.objects.Schedule(schedule);
        rule_.has_ended = kind == FortigateSchedule::kEnded;
        if (kind == FortigateSchedule::kUnknown) Unknown("schedule", schedule, settings_.Of("schedule").line);
        if (!settings_.IsEnabled("policy-expiry")) return;
        std::optional<std::int64_t> end;
        for (const char* const name : {"policy-expiry-date-utc", "policy-expiry-date"}) {
            std::string written = Join(settings_.Of(name).values, " ");
            const std::size_t blank = written.find_first_of(" T");
            if (!end && blank != std::string::npos) end = LatestMomentOf(written.substr(0, blank), std::string_view(written).substr(blank + 1));
        }
        if (context_.now != 0 && end && *end < context_.now) {
            rule_.has_ended = true;
        } else {
            Unknown("schedule", "policy-expiry", settings_.Of("policy-expiry").line);
        }
    }

    /// Those that may narrow the match, and those that nobody knows.
    void ReadOtherSettings() {
        for (const auto& [name, value] : settings_.all()) {
            const FortigatePolicySettingKind kind = KindOfFortigatePolicySetting(name);
            const std::string text = value.values.empty() ? name : name + " " + Join(value.values, " ");
            const bool is_on = !value.values.empty() && value.values[0] != "disable" && value.values[0] != "0";
            switch (kind.setting) {
                case FortigatePolicySetting::kMatch:
                case FortigatePolicySetting::kIrrelevant: break;
                case FortigatePolicySetting::kNarrows:
                case FortigatePolicySetting::kNarrowsIfOn:
                    if (is_on) narrowing_.push_back({std::string(kind.unknown_part), text, value.line});
                    break;
                case FortigatePolicySetting::kNotKnown:
                    narrowing_.push_back({"other", text, value.line});
                    NoteUnknownFortigateLine(context_.unknown, value.line, "set " + name);
                    break;
            }
        }
        std::ranges::sort(narrowing_, {}, [](const UnknownPart& part) { return std::pair(part.line, part.text); });
        for (UnknownPart& part : narrowing_) Unknown(part.what, part.text, static_cast<std::uint32_t>(part.line));
        narrowing_.clear();
    }

    FortigateMatch ReadMatch() {
        FortigateMatch match;
        if (IsLocalIn(kind_)) {
            match.in = InterfacesOf("intf");
            match.out = NumberSet(0, static_cast<std::uint32_t>(context_.zones.names().size() - 1));
        } else {
            match.in = InterfacesOf("srcintf");
            match.out = InterfacesOf("dstintf");
        }
        source_ = SideOf(settings_, "src", kind_);
        destination_ = SideOf(settings_, "dst", kind_);
        match.source = AddressesOf(source_, "srcaddr");
        match.destination = AddressesOf(destination_, "dstaddr");
        for (const FortigateAddress* const side : {&match.source, &match.destination}) {
            for (const UnknownPart& part : side->unknown) AddUnknownPart(rule_.unknown, part);
        }
        match.service = ServicesOf();
        for (const UnknownPart& part : match.service.unknown) AddUnknownPart(rule_.unknown, part);
        match.match_vip = MatchVip();
        match.uses_central_nat = context_.uses_central_nat;
        return match;
    }

    NumberSet InterfacesOf(const std::string& setting) {
        const FortigateValue& value = settings_.Of(setting);
        std::vector<Range<std::uint32_t>> ranges;
        for (const std::string& name : value.values) {
            const NumberSet numbers = context_.zones.NumbersOf(name);
            context_.budget.TakeRanges(numbers.ranges().size());
            if (context_.budget.is_used_up) break;
            ranges.insert(ranges.end(), numbers.ranges().begin(), numbers.ranges().end());
        }
        if (value.values.empty()) {
            Unknown("interface", setting, static_cast<std::uint32_t>(rule_.line));
            return context_.zones.NumbersOf("any");
        }
        return NumberSet(std::move(ranges));
    }

    FortigateAddress UnionOf(Family family, const Names& names) {
        FortigateAddress result;
        std::vector<Range<std::uint32_t>> ranges4;
        std::vector<Range<Uint128>> ranges6;
        for (const std::string& name : names) {
            const FortigateAddress& address = context_.objects.Address(family, name);
            context_.budget.TakeRanges(address.v4.ranges().size() + address.v6.ranges().size() + address.vips.size());
            if (context_.budget.is_used_up) break;
            ranges4.insert(ranges4.end(), address.v4.ranges().begin(), address.v4.ranges().end());
            ranges6.insert(ranges6.end(), address.v6.ranges().begin(), address.v6.ranges().end());
            result.vips.insert(result.vips.end(), address.vips.begin(), address.vips.end());
            for (const UnknownPart& part : address.unknown) AddUnknownPart(result.unknown, part);
        }
        result.v4 = Ipv4Set(std::move(ranges4));
        result.v6 = Ipv6Set(std::move(ranges6));
        return result;
    }

    /// Both families of one side, negated where the policy negates them.
    FortigateAddress Combined(const Side& side, FortigateAddress v4, FortigateAddress v6) {
        FortigateAddress result;
        const bool knows4 = v4.unknown.empty() && v4.vips.empty();
        const bool knows6 = v6.unknown.empty() && v6.vips.empty();
        const bool has4 = !side.names4.empty();
        const bool has6 = !side.names6.empty();
        result.v4 = has4 && side.negates4 ? NegatedOf(v4.v4, knows4) : std::move(v4.v4);
        result.v6 = has6 && side.negates6 ? NegatedOf(v6.v6, knows6) : std::move(v6.v6);
        for (const auto& [part, negates] : {std::pair{&v4, side.negates4}, std::pair{&v6, side.negates6}}) {
            for (const UnknownPart& unknown : part->unknown) AddUnknownPart(result.unknown, unknown);
            if (!negates) {
                result.vips.insert(result.vips.end(), part->vips.begin(), part->vips.end());
            } else if (!part->vips.empty()) {
                AddUnknownPart(result.unknown, {"nat", "negate " + part->vips[0]->name, side.line});
            }
        }
        return result;
    }

    FortigateAddress AddressesOf(const Side& side, const std::string& setting) {
        if (side.IsEmpty() || side.is_internet_service) {
            FortigateAddress everything;
            everything.v4 = IsIpv6Only(kind_) ? Ipv4Set() : Ipv4Set::All();
            everything.v6 = Ipv6Set::All();
            if (!side.is_internet_service) everything.unknown.push_back({"other", setting, rule_.line});
            return everything;
        }
        return Combined(side, UnionOf(Family::kIpv4, side.names4), UnionOf(Family::kIpv6, side.names6));
    }

    FortigateService ServicesOf() {
        const FortigateValue& value = settings_.Of("service");
        FortigateServiceBuilder builder;
        for (const std::string& name : value.values) {
            const FortigateService& service = context_.objects.Service(name);
            for (const FortigateServicePart& part : service.parts)
                context_.budget.TakeRanges(part.services.ranges().size() + part.source_ports.ranges().size());
            if (context_.budget.is_used_up) break;
            builder.Add(service);
        }
        if (value.values.empty()) {
            builder.Add(AllServices(), AllPorts());
            if (!destination_.is_internet_service) builder.AddUnknown({"other", "service", rule_.line});
        }
        const FortigateService service = builder.Build();
        return settings_.IsEnabled("service-negate") ? service.Negated() : service;
    }

    /// Accepting policies never see translated packets by their addresses since 6.4.3; denying ones do by default from 7.2.4 on. For 7.2.3 the vendor's own
    /// texts disagree.
    FortigateMatchVip MatchVip() const {
        const FortigateVersion& version = context_.version;
        const std::string_view set = settings_.First("match-vip");
        if (LetsThrough(rule_.action)) {
            if (set != "enable") return FortigateMatchVip::kDoesNotMatch;
            return version.IsKnown() && std::pair(version.major, version.minor) < std::pair(6, 4) ? FortigateMatchVip::kMatches
                                                                                                  : FortigateMatchVip::kNotDecided;
        }
        if (set == "enable") return FortigateMatchVip::kMatches;
        if (set == "disable") return FortigateMatchVip::kDoesNotMatch;
        if (!version.IsKnown()) return FortigateMatchVip::kNotDecided;
        const auto release = std::pair(version.major, version.minor);
        if (release < std::pair(7, 2)) return FortigateMatchVip::kDoesNotMatch;
        if (release > std::pair(7, 2)) return FortigateMatchVip::kMatches;
        if (version.patch >= 4) return FortigateMatchVip::kMatches;
        return version.patch >= 0 && version.patch < 3 ? FortigateMatchVip::kDoesNotMatch : FortigateMatchVip::kNotDecided;
    }

    static std::size_t RangesOf(const std::vector<Traffic>& traffic) {
        std::size_t count = 0;
        for (const Traffic& piece : traffic) {
            count += piece.in.ranges().size() + piece.out.ranges().size() + piece.source4.ranges().size() + piece.destination4.ranges().size() +
                     piece.source6.ranges().size() + piece.destination6.ranges().size() + piece.services.ranges().size() + piece.source_ports.ranges().size() +
                     1;
        }
        return count;
    }
    void Charge(const std::vector<Traffic>& traffic) { context_.budget.TakeRanges(RangesOf(traffic)); }

    // Lists of members: what the rule would match if it had this one alone in its place.

    bool MayAddMembers() const { return context_.budget.members > 0 && context_.budget.member_ranges > 0; }

    void AddMember(MemberList& list, const std::string& name, std::uint32_t line, const FortigateMatch& match) {
        FortigateBudget& budget = context_.budget;
        std::vector<UnknownPart> unknown;
        Member& member = list.members.emplace_back();
        member.name = name;
        member.line = line;
        member.traffic = FortigateTraffic(match, active_, context_.zones, unknown);
        --budget.members;
        budget.member_ranges -= std::min(budget.member_ranges, RangesOf(member.traffic));
    }

    /// One list for the names themselves and one for each group among them.
    void AddressLists(const std::string& where, const Side& side, FortigateMatch& match, FortigateAddress FortigateMatch::*place) {
        if (side.is_internet_service) return;
        FortigateAddress whole = match.*place;
        MemberList list{where, {}};
        std::vector<std::pair<Family, std::string>> groups;
        std::unordered_set<std::string> seen;
        const auto add = [&](MemberList& into, Family family, const std::string& name, std::uint32_t line, const FortigateAddress* group) {
            if (!MayAddMembers()) {
                ++context_.budget.members_left_out;
                return;
            }
            const FortigateAddress& address = context_.objects.Address(family, name);
            FortigateAddress alone;
            alone.v4 = address.v4;
            alone.v6 = address.v6;
            alone.vips = address.vips;
            alone.unknown = address.unknown;
            if (group != nullptr && group->has_exclusions) {  // what the group excludes stays out
                context_.budget.member_ranges -= std::min(context_.budget.member_ranges, group->v4.ranges().size() + group->v6.ranges().size());
                alone.v4 = alone.v4.Intersection(group->v4);
                alone.v6 = alone.v6.Intersection(group->v6);
            }
            const bool is_group = !address.members.empty();
            Side single;
            single.negates4 = side.negates4;
            single.negates6 = side.negates6;
            (family == Family::kIpv4 ? single.names4 : single.names6).push_back(name);
            match.*place = family == Family::kIpv4 ? Combined(single, std::move(alone), {}) : Combined(single, {}, std::move(alone));
            AddMember(into, name, line, match);
            if (is_group && seen.insert((family == Family::kIpv4 ? "4" : "6") + name).second) groups.emplace_back(family, name);
        };
        for (const std::string& name : side.names4) add(list, Family::kIpv4, name, side.line, nullptr);
        for (const std::string& name : side.names6) add(list, Family::kIpv6, name, side.line, nullptr);
        if (!list.members.empty()) rule_.members.push_back(std::move(list));
        for (std::size_t i = 0; i < groups.size() && MayAddMembers(); ++i) {
            const auto [family, name] = groups[i];
            const FortigateAddress& group = context_.objects.Address(family, name);
            MemberList of_group{where + ":" + name, {}};
            for (const auto& [member, line] : group.members) add(of_group, family, member, line, &group);
            if (!of_group.members.empty()) rule_.members.push_back(std::move(of_group));
        }
        match.*place = std::move(whole);
    }

    void ServiceLists(FortigateMatch& match) {
        const FortigateValue& value = settings_.Of("service");
        const bool negates = settings_.IsEnabled("service-negate");
        MemberList list{"service", {}};
        std::vector<std::string> groups;
        std::unordered_set<std::string> seen;
        const auto add = [&](MemberList& into, const std::string& name, std::uint32_t line) {
            if (!MayAddMembers()) {
                ++context_.budget.members_left_out;
                return;
            }
            const FortigateService& service = context_.objects.Service(name);
            match.service = negates ? service.Negated() : service;
            AddMember(into, name, line, match);
            if (!service.members.empty() && seen.insert(name).second) groups.push_back(name);
        };
        for (const std::string& name : value.values) add(list, name, value.line);
        if (!list.members.empty()) rule_.members.push_back(std::move(list));
        for (std::size_t i = 0; i < groups.size() && MayAddMembers(); ++i) {
            MemberList of_group{"service:" + groups[i], {}};
            for (const auto& [member, line] : context_.objects.Service(groups[i]).members) add(of_group, member, line);
            if (!of_group.members.empty()) rule_.members.push_back(std::move(of_group));
        }
    }

    void ReadMembers(FortigateMatch match) {
        AddressLists("source", source_, match, &FortigateMatch::source);
        AddressLists("destination", destination_, match, &FortigateMatch::destination);
        ServiceLists(match);
    }

    FortigatePolicyKind kind_;
    FortigateRuleContext& context_;
    const FortigateActiveVips& active_;
    FortigateSettings settings_;
    Side source_;
    Side destination_;
    std::vector<UnknownPart> narrowing_;
    Rule rule_;
};

/// Of all policies of the section that are enabled.
FortigateActiveVips ActiveVips(FortigatePolicyKind kind, FortigateNodeId section, FortigateRuleContext& context) {
    std::vector<const FortigateVip*> vips;
    if (IsLocalIn(kind)) return {};
    std::unordered_set<const FortigateVip*> seen;
    const FortigateTree& tree = context.objects.tree();
    tree.ForEachChild(section, [&](FortigateNodeId node) {
        const FortigateSettings settings = tree.SettingsOf(node);
        if (settings.First("status") == "disable" || context.budget.is_used_up) return;
        const Side side = SideOf(settings, "dst", kind);
        for (const auto& [family, names] : {std::pair{Family::kIpv4, &side.names4}, std::pair{Family::kIpv6, &side.names6}}) {
            for (const std::string& name : *names) {
                for (const FortigateVip* const vip : context.objects.Address(family, name).vips) {
                    context.budget.TakeRanges(1);
                    if (vip->is_enabled && seen.insert(vip).second) vips.push_back(vip);
                }
            }
        }
    });
    return FortigateActiveVips::Of(vips, context.zones);
}

}  // namespace

std::vector<Rule> ReadFortigateRules(FortigatePolicyKind kind, FortigateNodeId section, FortigateRuleContext& context) {
    const FortigateTree& tree = context.objects.tree();
    const FortigateActiveVips active = ActiveVips(kind, section, context);
    RuleReader reader(kind, context, active);
    std::vector<Rule> rules;
    tree.ForEachChild(section, [&](FortigateNodeId node) {
        if (tree.node(node).is_entry && !context.budget.is_used_up) rules.push_back(reader.Read(node, tree.node(section).name));
    });
    return rules;
}

}  // namespace opsteward::firewall
