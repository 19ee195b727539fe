#include "features/firewall/formats/opnsense/rule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "features/firewall/formats/net_names.hpp"

namespace opsteward::firewall {
namespace {

// Elements of a rule that say how it acts, or who made it, not what matches.
constexpr auto kIgnored = std::to_array<std::string_view>({
    "@attributes", "ackqueue", "action", "adaptiveend", "adaptivestart", "allowopts", "associated-rule-id", "categories", "category", "created",
    "defaultqueue", "descr", "description", "destination", "destination_net", "destination_not", "destination_port", "direction", "disabled",
    "disablereplyto", "dnpipe", "enabled", "floating", "gateway", "icmp6-type", "icmp6type", "icmptype", "id", "interface", "interfacenot", "ipprotocol",
    "label", "local-port", "log", "max", "max-src-conn", "max-src-conn-rate", "max-src-conn-rates", "max-src-nodes", "max-src-states", "natreflection",
    "nopfsync", "nordr", "nosync", "nottagged", "os", "overload", "pdnpipe", "pflow", "prio_group", "protocol", "quick", "replyto", "ridentifier", "sched",
    "seq", "sequence", "set-prio", "set-prio-low", "shaper1", "shaper2", "sort_order", "source", "source_net", "source_not", "source_port", "state-policy",
    "statepolicy", "statetimeout", "statetype", "tag", "target", "tcpflags1", "tcpflags2", "tcpflags_any", "tracker", "type", "udp-first", "udp-multiple",
    "udp-single", "updated", "uuid",
});
static_assert(std::ranges::is_sorted(kIgnored));

struct UnknownElement {
    std::string_view name;
    std::string_view what;
};
// Elements that ask for what the model has no dimension for, where they say something.
constexpr auto kUnknownElements = std::to_array<UnknownElement>({
    {"dscp", "other"}, {"l7container", "application"}, {"max-src-conn", "rate"}, {"max-src-conn-rate", "rate"}, {"max-src-nodes", "rate"},
    {"max-src-states", "rate"}, {"os", "other"}, {"prio", "other"}, {"sched", "schedule"}, {"tagged", "other"}, {"tcpflags1", "state"}, {"tcpflags2", "state"},
    {"tos", "other"}, {"vlanprio", "other"},
});

class RuleReader {
  public:
    RuleReader(pugi::xml_node node, const OpnsenseXml& xml, OpnsenseObjects& objects, ReaderNotes& notes)
        : node_(node),
          objects_(objects),
          notes_(notes),
          line_(xml.LineOf(node)),
          is_new_(node.child("action")),
          is_pfsense_(std::string_view(xml.root().name()) == "pfsense"),
          xml_(xml) {}

    OpnsenseRule Read();

  private:
    void ReadOrder();
    void ReadAction();
    void ReadProtocol();
    AddressMatch ReadEnd(bool is_source, std::vector<NameRef>& names);
    std::string PortOf(bool is_source) const;
    void ReadServices();
    void ReadIcmp();
    void ReadUnknown();
    void Describe();
    void AddUnknownPart(std::string_view what, std::string_view text) {
        AddUnknown(read_.rule.unknown, {std::string(what), Shorten(ReplaceInvalidUtf8(text), 300), line_});
    }

    pugi::xml_node node_;
    OpnsenseObjects& objects_;
    ReaderNotes& notes_;
    std::size_t line_;
    bool is_new_;  ///< OPNsense's newer form
    bool is_pfsense_;
    const OpnsenseXml& xml_;
    OpnsenseRule read_;
    std::vector<std::uint8_t> protocols_;  ///< empty: all
    std::string ends_[2];
};

void RuleReader::ReadOrder() {
    OpnsenseOrder& order = read_.order;
    read_.interfaces = ReplaceInvalidUtf8(ChildText(node_, "interface"));
    read_.is_not_interfaces = ChildSaysYes(node_, "interfacenot") && !read_.interfaces.empty();
    const bool is_one = OpnsenseList(read_.interfaces).size() == 1 && !read_.is_not_interfaces;
    const bool is_floating = is_new_ ? !is_one : ChildSaysYes(node_, "floating");
    if (is_floating) {
        order.place = OpnsensePlace::kFloating;
    } else if (objects_.IsGroup(read_.interfaces)) {
        order.place = OpnsensePlace::kGroup;
    }
    order.list = is_floating ? "floating" : read_.interfaces;
    const std::string_view quick = ChildText(node_, "quick");
    order.is_quick = is_floating && !is_new_ ? quick == "yes" || quick == "1" : quick != "0" && quick != "no";
    const std::string_view direction = ChildText(node_, "direction");
    order.is_in = direction != "out";
    order.is_out = direction == "out" || direction == "any" || (direction.empty() && is_floating);
}

void RuleReader::ReadAction() {
    const std::string_view action = ChildText(node_, is_new_ ? "action" : "type");
    read_.verdict = action == "pass" || action.empty() ? ChainVerdict::kAccept : action == "reject" ? ChainVerdict::kReject : ChainVerdict::kDeny;
    if (action == "match") read_.verdict = ChainVerdict::kContinue;
    const bool is_known = action.empty() || action == "pass" || action == "block" || action == "reject" || action == "match";
    if (!is_known) notes_.NotUnderstood(line_, "<type>" + std::string(action));
    read_.rule.is_enabled = is_new_ ? ChildText(node_, "enabled") != "0" : !ChildSaysYes(node_, "disabled");
    read_.rule.is_logged = ChildSaysYes(node_, "log");
}

void RuleReader::ReadProtocol() {
    const std::string_view family = ChildText(node_, "ipprotocol");
    read_.has_ipv6 = family == "inet6" || family == "inet46" || (family.empty() && !is_pfsense_);
    read_.has_ipv4 = family != "inet6";
    const std::string name = ToLowerAscii(ChildText(node_, "protocol"));
    if (name.empty() || name == "any") return;
    if (name == "tcp/udp") {
        protocols_ = {kTcp, kUdp};
    } else if (name == "icmp") {
        if (read_.has_ipv4) protocols_.push_back(kIcmp);
        if (read_.has_ipv6) protocols_.push_back(kIcmpv6);
    } else if (const auto protocol = ProtocolNumber(name)) {
        protocols_ = {*protocol};
    } else {
        notes_.NotUnderstood(line_, "<protocol>" + name);
        AddUnknownPart("other", "protocol " + name);
    }
}

AddressMatch RuleReader::ReadEnd(bool is_source, std::vector<NameRef>& names) {
    const pugi::xml_node end = node_.child(is_source ? "source" : "destination");
    std::string text(is_new_ ? ChildText(node_, is_source ? "source_net" : "destination_net") : ChildText(end, "address"));
    if (!is_new_ && text.empty()) text = ChildText(end, "network");
    if (text.empty()) text = "any";
    const bool is_not = is_new_ ? ChildSaysYes(node_, is_source ? "source_not" : "destination_not") : ChildSaysYes(end, "not");
    for (const std::string_view name : OpnsenseList(text)) names.push_back({ReplaceInvalidUtf8(name), line_});
    AddressMatch match = objects_.addresses().ResolveAll(0, names);
    ends_[is_source ? 0 : 1] = (is_not ? "!" : "") + ReplaceInvalidUtf8(text);
    if (!is_not) return match;
    names.clear();
    return match.Complement();
}

std::string RuleReader::PortOf(bool is_source) const {
    if (is_new_) return std::string(ChildText(node_, is_source ? "source_port" : "destination_port"));
    return std::string(ChildText(node_.child(is_source ? "source" : "destination"), "port"));
}

/// Ports of TCP as those of the rule's protocols.
NumberSet PortsIn(const ServiceMatch& match) {
    std::vector<Range<std::uint32_t>> ports;
    for (const ServiceBox& box : match.boxes) {
        for (const auto& range : box.services.ranges()) ports.push_back({range.first & kLastPort, range.last & kLastPort});
    }
    return NumberSet(std::move(ports));
}

void RuleReader::ReadServices() {
    NumberSet services;
    for (const std::uint8_t protocol : protocols_) services = services.Union(ServicesOf(protocol));
    read_.parts.services = ServiceMatch::Of(protocols_.empty() ? AllServices() : services);
    ServiceBox& box = read_.parts.services.boxes[0];
    for (const bool is_source : {true, false}) {
        const std::string text = PortOf(is_source);
        if (text.empty() || text == "any" || protocols_.empty() || !HasPorts(protocols_[0])) continue;
        std::vector<NameRef> names;
        for (const std::string_view name : OpnsenseList(text)) names.push_back({ReplaceInvalidUtf8(name), line_});
        const ServiceMatch match = objects_.ports().ResolveAll(0, names);
        for (const UnknownPart& part : match.unknown) AddUnknown(read_.parts.services.unknown, part);
        // What a name that is not known stands for may be any port.
        const bool is_open = std::ranges::any_of(match.boxes, [](const ServiceBox& one) { return !one.is_sure; });
        const NumberSet ports = is_open ? AllPorts() : PortsIn(match);
        if (is_open) box.is_sure = false;
        if (is_source) {
            box.source_ports = ports;
        } else {
            NumberSet wanted;
            for (const std::uint8_t protocol : protocols_) wanted = wanted.Union(ServicesOf(protocol, ports));
            box.services = wanted;
            if (protocols_ == std::vector<std::uint8_t>{kTcp}) read_.lists.services = names;
        }
    }
    if (box.source_ports != AllPorts()) read_.lists.services.clear();
    if (box.source_ports.empty()) read_.parts.services.boxes.clear();
}

void RuleReader::ReadIcmp() {
    NumberSet services;
    bool has_types = false;
    for (const auto& [element, protocol] : {std::pair("icmptype", kIcmp), std::pair("icmp6-type", kIcmpv6), std::pair("icmp6type", kIcmpv6)}) {
        for (const std::string_view type : OpnsenseList(ChildText(node_, element))) {
            if (type == "any") continue;
            has_types = true;
            bool is_known = false;
            for (const std::uint8_t of : {kIcmp, kIcmpv6}) {
                // One list serves both protocols in rules of both families.
                if (std::ranges::find(protocols_, of) == protocols_.end() || (of != protocol && protocol == kIcmpv6)) continue;
                if (const auto kind = IcmpKindOf(of, type)) {
                    services = services.Union(ServicesOf(of, *kind));
                    is_known = true;
                }
            }
            if (is_known) continue;
            notes_.NotUnderstood(line_, "<icmptype>" + std::string(type));
            AddUnknownPart("other", "icmptype " + std::string(type));
            return;
        }
    }
    const bool is_icmp = !protocols_.empty() && (protocols_[0] == kIcmp || protocols_[0] == kIcmpv6);
    if (!has_types || !is_icmp) return;
    read_.parts.services = ServiceMatch::Of(services);
    if (services.empty()) read_.parts.services.boxes.clear();
}

void RuleReader::ReadUnknown() {
    for (const pugi::xml_node child : node_.children()) {
        if (child.type() != pugi::node_element) continue;
        const std::string_view name = child.name();
        const std::string_view value = Trim(child.child_value());
        const auto known = std::ranges::find(kUnknownElements, name, &UnknownElement::name);
        if (known != kUnknownElements.end()) {
            if (!value.empty() && value != "any" && value != "0") AddUnknownPart(known->what, std::string(name) + " " + std::string(value));
        } else if (!std::ranges::binary_search(kIgnored, name)) {
            notes_.NotUnderstood(xml_.LineOf(child), "<" + std::string(name) + ">" + std::string(value));
            if (!value.empty()) AddUnknownPart("other", std::string(name) + " " + std::string(value));
        }
    }
    const std::string_view schedule = ChildText(node_, "sched");
    if (!schedule.empty() && !objects_.HasSchedule(schedule)) notes_.NotUnderstood(line_, "<sched>" + std::string(schedule) + ": no such schedule");
}

/// pf's own way to write it, as far as the names go.
void RuleReader::Describe() {
    const std::string protocol(ChildText(node_, "protocol"));
    const std::string source_port = PortOf(true);
    const std::string port = PortOf(false);
    std::string text = read_.verdict == ChainVerdict::kAccept   ? "pass"
                       : read_.verdict == ChainVerdict::kReject ? "reject"
                       : read_.verdict == ChainVerdict::kDeny   ? "block"
                                                                : "match";
    text += read_.order.is_in && read_.order.is_out ? "" : read_.order.is_in ? " in" : " out";
    if (read_.order.is_quick) text += " quick";
    if (!read_.interfaces.empty()) text += std::string(" on ") + (read_.is_not_interfaces ? "!" : "") + read_.interfaces;
    text += read_.has_ipv4 && read_.has_ipv6 ? "" : read_.has_ipv4 ? " inet" : " inet6";
    if (!protocol.empty()) text += " proto " + protocol;
    text += " from " + ends_[0] + (source_port.empty() ? "" : " port " + source_port) + " to " + ends_[1] + (port.empty() ? "" : " port " + port);
    read_.rule.text = ReplaceInvalidUtf8(text);
}

OpnsenseRule RuleReader::Read() {
    read_.rule.line = line_;
    read_.rule.name = ReplaceInvalidUtf8(ChildText(node_, is_new_ ? "description" : "descr"));
    read_.rule.comment = read_.rule.name;
    read_.rule.uuid = ReplaceInvalidUtf8(node_.attribute("uuid").value());
    if (read_.rule.uuid.empty()) read_.rule.uuid = ReplaceInvalidUtf8(ChildText(node_, "tracker"));
    ReadOrder();
    ReadAction();
    ReadProtocol();
    read_.parts.source = ReadEnd(true, read_.lists.source);
    read_.parts.destination = ReadEnd(false, read_.lists.destination);
    ReadServices();
    ReadIcmp();
    ReadUnknown();
    Describe();
    return std::move(read_);
}

}  // namespace

OpnsenseRule ReadOpnsenseRule(pugi::xml_node node, const OpnsenseXml& xml, OpnsenseObjects& objects, ReaderNotes& notes) {
    return RuleReader(node, xml, objects, notes).Read();
}

void FillOpnsenseTraffic(const OpnsenseRule& read, bool is_in, OpnsenseObjects& objects, RangeBudget& ranges, RangeBudget& members, Rule& rule) {
    NumberSet zones = objects.ZonesOf(read.interfaces);
    if (read.is_not_interfaces) zones = objects.AllZones().Difference(zones);
    // What goes out by none of the interfaces is for the firewall itself.
    if (!is_in) zones = zones.Difference(NumberSet(static_cast<std::uint32_t>(objects.zones().size() - 1)));
    RuleParts parts = read.parts;
    if (!zones.empty()) parts.zones = {is_in ? ZonePair{zones, objects.AllZones()} : ZonePair{objects.AllZones(), zones}};
    FillTraffic(parts, ranges, rule);
    FillMembers(read.lists, parts, objects.addresses(), objects.ports(), members, rule);
    const auto is_other_family = [&read](const Traffic& traffic) { return traffic.family == Family::kIpv4 ? !read.has_ipv4 : !read.has_ipv6; };
    std::erase_if(rule.traffic, is_other_family);
    for (MemberList& list : rule.members) {
        for (Member& member : list.members) std::erase_if(member.traffic, is_other_family);
    }
}

}  // namespace opsteward::firewall
