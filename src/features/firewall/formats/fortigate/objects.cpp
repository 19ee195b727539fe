#include "features/firewall/formats/fortigate/objects.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "features/firewall/model/address.hpp"

namespace opsteward::firewall {

namespace {

constexpr std::size_t kMaxGroupDepth = 32;
constexpr std::size_t kMaxUnknownParts = 16;

/// A group's members in the order of the file, as its last commands leave them, with the line each was written in.
std::vector<std::pair<std::string, std::uint32_t>> MembersOf(const FortigateSettings& settings, const std::string& name) {
    const FortigateValue& value = settings.Of(name);
    std::vector<std::pair<std::string, std::uint32_t>> members;
    members.reserve(value.values.size());
    for (const std::string& member : value.values) members.emplace_back(member, value.line);
    return members;
}

}  // namespace

void AddUnknownPart(std::vector<UnknownPart>& parts, UnknownPart part) {
    if (parts.size() >= kMaxUnknownParts || std::ranges::find(parts, part) != parts.end()) return;
    parts.push_back(std::move(part));
}

FortigateObjects::FortigateObjects(const FortigateTree& tree, std::vector<FortigateNodeId> scopes, std::int64_t now, FortigateBudget& budget)
    : tree_(tree), scopes_(std::move(scopes)), now_(now), budget_(budget) {}

FortigateNodeId FortigateObjects::Section(std::string_view name) const {
    for (const FortigateNodeId scope : scopes_) {
        const FortigateNodeId section = tree_.Child(scope, name);
        if (section != kNoFortigateNode) return section;
    }
    return kNoFortigateNode;
}

FortigateNodeId FortigateObjects::Entry(std::string_view section, const std::string& name) const {
    for (const FortigateNodeId scope : scopes_) {
        const FortigateNodeId table = tree_.Child(scope, section);
        const FortigateNodeId entry = table == kNoFortigateNode ? kNoFortigateNode : tree_.Child(table, name);
        if (entry != kNoFortigateNode) return entry;
    }
    return kNoFortigateNode;
}

const FortigateAddress& FortigateObjects::Address(Family family, const std::string& name) {
    auto& cache = family == Family::kIpv4 ? addresses4_ : addresses6_;
    if (const auto found = cache.find(name); found != cache.end()) return found->second;
    FortigateAddress address = ReadAddress(family, name);
    budget_.TakeRanges(address.v4.ranges().size() + address.v6.ranges().size());
    return cache.insert_or_assign(name, std::move(address)).first->second;
}

FortigateAddress FortigateObjects::ReadAddress(Family family, const std::string& name) {
    const std::string suffix = family == Family::kIpv4 ? "" : "6";
    FortigateAddress address;
    if (const FortigateNodeId entry = Entry("firewall address" + suffix, name); entry != kNoFortigateNode) {
        ReadAddressEntry(family, name, entry, address);
        address.line = tree_.node(entry).line;
        return address;
    }
    for (const std::string_view section : {"firewall addrgrp", "firewall vipgrp"}) {
        const FortigateNodeId entry = Entry(std::string(section) + suffix, name);
        if (entry != kNoFortigateNode) return ReadGroup(family, entry);
    }
    if (const FortigateNodeId entry = Entry("firewall vip" + suffix, name); entry != kNoFortigateNode) {
        const FortigateVip* vip = ReadVip(family, name, entry);
        address.vips.push_back(vip);
        address.line = vip->line;
        return address;
    }
    if (family == Family::kIpv4 && name == "none") {
        address.v4 = Ipv4Set(0);
        return address;
    }
    if (family == Family::kIpv6 && name == "none") {
        address.v6 = Ipv6Set(0);
        return address;
    }
    (family == Family::kIpv4) ? void(address.v4 = Ipv4Set::All()) : void(address.v6 = Ipv6Set::All());
    if (name != "all" && name != "any") AddUnknownPart(address.unknown, {"other", name, 0});
    return address;
}

FortigateAddress FortigateObjects::ReadGroup(Family family, FortigateNodeId node) {
    const FortigateSettings settings = tree_.SettingsOf(node);
    const std::string& name = tree_.node(node).name;
    auto& cache = family == Family::kIpv4 ? addresses4_ : addresses6_;
    FortigateAddress group;
    group.line = tree_.node(node).line;
    // Until it is done the group stands for everything, so that one that holds itself comes to an end.
    FortigateAddress standing;
    (family == Family::kIpv4) ? void(standing.v4 = Ipv4Set::All()) : void(standing.v6 = Ipv6Set::All());
    standing.unknown.push_back({"other", name, group.line});
    if (depth_ >= kMaxGroupDepth) return standing;
    cache.insert_or_assign(name, std::move(standing));
    ++depth_;
    group.members = MembersOf(settings, "member");
    std::vector<Range<std::uint32_t>> ranges4;
    std::vector<Range<Uint128>> ranges6;
    for (const auto& [member, line] : group.members) {
        const FortigateAddress& part = Address(family, member);
        budget_.TakeRanges(part.v4.ranges().size() + part.v6.ranges().size());
        if (budget_.is_used_up) break;
        ranges4.insert(ranges4.end(), part.v4.ranges().begin(), part.v4.ranges().end());
        ranges6.insert(ranges6.end(), part.v6.ranges().begin(), part.v6.ranges().end());
        budget_.TakeRanges(part.vips.size());
        group.vips.insert(group.vips.end(), part.vips.begin(), part.vips.end());
        for (const UnknownPart& unknown : part.unknown) AddUnknownPart(group.unknown, unknown);
    }
    group.v4 = Ipv4Set(std::move(ranges4));
    group.v6 = Ipv6Set(std::move(ranges6));
    if (settings.IsEnabled("exclude")) {
        group.has_exclusions = true;
        std::vector<Range<std::uint32_t>> excluded4;
        std::vector<Range<Uint128>> excluded6;
        for (const auto& [member, line] : MembersOf(settings, "exclude-member")) {
            const FortigateAddress& part = Address(family, member);
            budget_.TakeRanges(part.v4.ranges().size() + part.v6.ranges().size());
            if (budget_.is_used_up) break;
            for (const UnknownPart& unknown : part.unknown) AddUnknownPart(group.unknown, unknown);
            if (!part.unknown.empty()) continue;  // what is taken away is not known: the set stays larger
            excluded4.insert(excluded4.end(), part.v4.ranges().begin(), part.v4.ranges().end());
            excluded6.insert(excluded6.end(), part.v6.ranges().begin(), part.v6.ranges().end());
        }
        group.v4 = group.v4.Difference(Ipv4Set(std::move(excluded4)));
        group.v6 = group.v6.Difference(Ipv6Set(std::move(excluded6)));
    }
    --depth_;
    return group;
}

const FortigateVip* FortigateObjects::ReadVip(Family family, const std::string& name, FortigateNodeId node) {
    auto vip = std::make_unique<FortigateVip>(ReadFortigateVip(family, tree_, node));
    vip->name = name;
    vip->line = tree_.node(node).line;
    vips_.push_back(std::move(vip));
    return vips_.back().get();
}

const FortigateService& FortigateObjects::Service(const std::string& name) {
    if (const auto found = services_.find(name); found != services_.end()) return found->second;
    FortigateService service = ReadService(name);
    for (const FortigateServicePart& part : service.parts) budget_.TakeRanges(part.services.ranges().size() + part.source_ports.ranges().size());
    return services_.insert_or_assign(name, std::move(service)).first->second;
}

FortigateService FortigateObjects::ReadService(const std::string& name) {
    if (const FortigateNodeId entry = Entry("firewall service custom", name); entry != kNoFortigateNode) return ReadFortigateCustomService(tree_, entry);
    const FortigateNodeId node = Entry("firewall service group", name);
    FortigateServiceBuilder everything;
    everything.Add(AllServices(), AllPorts());
    const bool is_everything = name == "ALL" || name == "ANY" || name == "any" || name == "all";
    if (node != kNoFortigateNode || !is_everything) everything.AddUnknown({"other", name, node == kNoFortigateNode ? 0 : tree_.node(node).line});
    if (node == kNoFortigateNode || depth_ >= kMaxGroupDepth) return everything.Build();
    // Until it is done the group stands for everything, so that one that holds itself comes to an end.
    services_.insert_or_assign(name, everything.Build());
    ++depth_;
    const std::vector<std::pair<std::string, std::uint32_t>> members = MembersOf(tree_.SettingsOf(node), "member");
    FortigateServiceBuilder builder;
    for (const auto& [member, line] : members) {
        const FortigateService& part = Service(member);
        for (const FortigateServicePart& product : part.parts) budget_.TakeRanges(product.services.ranges().size() + product.source_ports.ranges().size());
        if (budget_.is_used_up) break;
        builder.Add(part);
    }
    --depth_;
    FortigateService service = builder.Build();
    service.line = tree_.node(node).line;
    service.members = members;
    return service;
}

FortigateSchedule FortigateObjects::Schedule(const std::string& name) {
    if (const auto found = schedules_.find(name); found != schedules_.end()) return found->second;
    const FortigateSchedule schedule = ReadSchedule(name, 0);
    schedules_.insert_or_assign(name, schedule);
    return schedule;
}

FortigateSchedule FortigateObjects::ReadSchedule(const std::string& name, std::size_t depth) {
    if (const FortigateNodeId entry = Entry("firewall schedule onetime", name); entry != kNoFortigateNode) {
        const FortigateSettings settings = tree_.SettingsOf(entry);
        std::optional<std::int64_t> end;
        if (const auto utc = ParseInt(settings.First("end-utc")); utc && *utc > 0) end = *utc;
        const std::vector<std::string>& written = settings.Of("end").values;
        if (!end && written.size() == 2) end = LatestMomentOf(written[1], written[0]);
        return now_ != 0 && end && *end < now_ ? FortigateSchedule::kEnded : FortigateSchedule::kUnknown;
    }
    if (const FortigateNodeId entry = Entry("firewall schedule recurring", name); entry != kNoFortigateNode) {
        static constexpr std::size_t kDaysOfWeek = 7;
        const FortigateSettings settings = tree_.SettingsOf(entry);
        std::vector<std::string> days = settings.Of("day").values;
        std::ranges::sort(days);
        days.erase(std::unique(days.begin(), days.end()), days.end());
        const bool whole_day = settings.First("start", "00:00") == settings.First("end", "00:00");
        return whole_day && days.size() == kDaysOfWeek && !std::ranges::count(days, "none") ? FortigateSchedule::kAlways : FortigateSchedule::kUnknown;
    }
    if (const FortigateNodeId entry = Entry("firewall schedule group", name); entry != kNoFortigateNode && depth < kMaxGroupDepth) {
        const FortigateSettings settings = tree_.SettingsOf(entry);
        const std::vector<std::string>& members = settings.Of("member").values;
        std::size_t ended = 0;
        for (const std::string& member : members) {
            // A group holds schedules, not groups: what is a group again is not decided.
            const bool is_group = Entry("firewall schedule group", member) != kNoFortigateNode;
            const FortigateSchedule part = is_group ? FortigateSchedule::kUnknown : ReadSchedule(member, depth + 1);
            if (part == FortigateSchedule::kAlways) return FortigateSchedule::kAlways;
            if (part == FortigateSchedule::kEnded) ++ended;
        }
        return !members.empty() && ended == members.size() ? FortigateSchedule::kEnded : FortigateSchedule::kUnknown;
    }
    return name == "always" ? FortigateSchedule::kAlways : FortigateSchedule::kUnknown;
}

}  // namespace opsteward::firewall
