#include "features/firewall/formats/asa/rule.hpp"

#include <array>
#include <optional>

#include "base/text.hpp"
#include "features/firewall/formats/net_names.hpp"

namespace opsteward::firewall {
namespace {

class EntryReader {
  public:
    EntryReader(AsaCursor words, AsaObjects& objects, Rule& rule) : words_(std::move(words)), objects_(objects), rule_(rule) {}

    bool Read(const ZonePair& zones, AsaBudgets& budgets);

  private:
    bool ReadAction();
    bool ReadProtocol();
    bool ReadEnd(bool is_source);
    void ReadWho();
    bool ReadPorts(bool is_source);
    bool ReadOptions();
    std::optional<NumberSet> PortsOfGroup(std::string_view name);
    void AndServices(const NumberSet& wanted);
    void AddUnknownPart(std::string_view what, std::string_view text) {
        AddUnknown(rule_.unknown, {std::string(what), Shorten(ReplaceInvalidUtf8(text), 300), rule_.line});
    }

    AsaCursor words_;
    AsaObjects& objects_;
    Rule& rule_;
    RuleParts parts_;
    NamedLists lists_;
    std::optional<std::uint8_t> protocol_;
};

bool EntryReader::ReadAction() {
    const std::string_view action = words_.Next();
    rule_.action = action == "permit" ? Action::kAccept : Action::kDeny;
    return action == "permit" || action == "deny";
}

bool EntryReader::ReadProtocol() {
    const std::string_view word = words_.Next();
    parts_.services = ServiceMatch::Any();
    if (word == "object" || word == "object-group") {
        const NameRef name{std::string(words_.Next()), rule_.line};
        parts_.services = objects_.services().ResolveName(0, name);
        lists_.services = {name};
        return !name.name.empty();
    }
    if (word == "ip") return true;
    protocol_ = ProtocolNumber(word);
    if (protocol_) parts_.services = ServiceMatch::Of(ServicesOf(*protocol_));
    return protocol_.has_value();
}

/// "user DOMAIN\NAME", "user-group …", "object-group-user X", "security-group name X", "object-group-security X": before the source, and behind either end.
void EntryReader::ReadWho() {
    while (true) {
        const std::string_view word = words_.Peek();
        const bool is_user = word == "user" || word == "user-group" || word == "object-group-user";
        if (!is_user && word != "security-group" && word != "object-group-security") return;
        std::string text(words_.Next());
        text += " " + std::string(words_.Next());
        if (word == "security-group") text += " " + std::string(words_.Next());
        AddUnknownPart(is_user ? "user" : "other", text);
    }
}

std::optional<NumberSet> EntryReader::PortsOfGroup(std::string_view name) {
    const ServiceMatch match = objects_.services().ResolveName(0, {std::string(name), rule_.line});
    if (!match.unknown.empty()) return std::nullopt;
    std::vector<Range<std::uint32_t>> ports;
    for (const ServiceBox& box : match.boxes) {
        for (const std::uint8_t protocol : {kTcp, kUdp}) {
            if (protocol_ && *protocol_ != protocol) continue;
            for (const auto& range : box.services.Intersection(ServicesOf(protocol)).ranges())
                ports.push_back({range.first & kLastPort, range.last & kLastPort});
        }
    }
    return NumberSet(std::move(ports));
}

void EntryReader::AndServices(const NumberSet& wanted) {
    for (ServiceBox& box : parts_.services.boxes) box.services = box.services.Intersection(wanted);
    std::erase_if(parts_.services.boxes, [](const ServiceBox& box) { return box.services.empty(); });
}

bool EntryReader::ReadPorts(bool is_source) {
    const std::string_view word = words_.Peek();
    if (AsaObjects::IsPortOperator(word)) {
        const auto ports = AsaObjects::TakePorts(words_);
        if (!ports) return false;
        if (is_source) {
            AndServices(ServicesWithPorts());
            for (ServiceBox& box : parts_.services.boxes) box.source_ports = box.source_ports.Intersection(*ports);
            std::erase_if(parts_.services.boxes, [](const ServiceBox& box) { return box.source_ports.empty(); });
            return true;
        }
        NumberSet wanted;
        for (const std::uint8_t protocol : {kTcp, kUdp, std::uint8_t{132}}) wanted = wanted.Union(ServicesOf(protocol, *ports));
        AndServices(wanted);
        return true;
    }
    const bool is_icmp = protocol_ == kIcmp || protocol_ == kIcmpv6;
    if (word == "object-group") {
        const AsaObjectKind kind = objects_.KindOf(words_.Peek(1));
        if (is_source && kind == AsaObjectKind::kNetwork) return true;
        if (kind != AsaObjectKind::kPorts && !(is_icmp && !is_source && kind == AsaObjectKind::kIcmpType)) return false;
        words_.Next();
        const std::string name(words_.Next());
        if (is_source) {
            const auto ports = PortsOfGroup(name);
            if (!ports) return false;
            AndServices(ServicesWithPorts());
            for (ServiceBox& box : parts_.services.boxes) box.source_ports = box.source_ports.Intersection(*ports);
            return true;
        }
        const ServiceMatch match = objects_.services().ResolveName(0, {name, rule_.line});
        for (const UnknownPart& part : match.unknown) AddUnknown(rule_.unknown, part);
        NumberSet wanted;
        for (const ServiceBox& box : match.boxes) wanted = wanted.Union(box.services);
        // The group's members are the rule's services where its protocol leaves them as they are.
        const bool is_whole =
            parts_.services.boxes.size() == 1 && parts_.services.boxes[0].source_ports == AllPorts() && parts_.services.boxes[0].services.Covers(wanted);
        lists_.services = is_whole ? std::vector<NameRef>{{name, rule_.line}} : std::vector<NameRef>();
        AndServices(wanted);
        return true;
    }
    if (is_source || !is_icmp || words_.is_done()) return true;
    auto kind = IcmpKindOf(*protocol_, word);
    if (!kind) return true;  // an option
    words_.Next();
    if (const auto code = NumberUpTo(words_.Peek(), 255)) {
        kind->code = static_cast<std::uint8_t>(*code);
        words_.Next();
    }
    AndServices(ServicesOf(*protocol_, *kind));
    return true;
}

bool EntryReader::ReadEnd(bool is_source) {
    ReadWho();
    const NameRef name = objects_.TakeAddress(words_, rule_.line);
    if (name.name.empty()) return false;
    (is_source ? parts_.source : parts_.destination) = objects_.addresses().ResolveName(0, name);
    (is_source ? lists_.source : lists_.destination) = {name};
    ReadWho();
    return ReadPorts(is_source);
}

bool EntryReader::ReadOptions() {
    static constexpr std::array<std::string_view, 9> kLevels{"emergencies",   "alerts",        "critical",  "errors", "warnings",
                                                             "notifications", "informational", "debugging", "default"};
    while (!words_.is_done()) {
        const std::string_view word = words_.Next();
        if (word == "log") {
            rule_.is_logged = !words_.Skip("disable");
            if (NumberUpTo(words_.Peek(), 7) || std::ranges::find(kLevels, words_.Peek()) != kLevels.end()) words_.Next();
            if (words_.Skip("interval")) words_.Next();
        } else if (word == "inactive") {
            rule_.is_enabled = false;
        } else if (word == "time-range") {
            const std::string_view name = words_.Next();
            const AsaObjects::TimeRange* const range = objects_.FindTimeRange(name);
            rule_.has_ended = rule_.has_ended || (range != nullptr && range->has_ended);
            AddUnknownPart("schedule", "time-range " + std::string(name));
        } else if (word.starts_with('(') || word.starts_with("0x")) {
            continue;  // what "show access-list" puts behind an entry
        } else {
            AddUnknownPart("other", std::string(word) + " " + std::string(words_.Rest()));
            return false;
        }
        if (words_.Peek() == "inactive" || words_.Peek() == "(inactive)") rule_.is_enabled = false;
    }
    return true;
}

bool EntryReader::Read(const ZonePair& zones, AsaBudgets& budgets) {
    const bool has_action = ReadAction();
    bool is_understood = has_action && ReadProtocol() && ReadEnd(true) && ReadEnd(false);
    if (!is_understood) {
        AddUnknownPart("other", rule_.text);
        parts_.source = parts_.destination = AddressMatch::Any();
        parts_.services = ServiceMatch::Any();
        lists_ = {};
    } else {
        is_understood = ReadOptions();
    }
    parts_.zones = {zones};
    FillTraffic(parts_, budgets.ranges, rule_);
    FillMembers(lists_, parts_, objects_.addresses(), objects_.services(), budgets.members, rule_);
    return is_understood;
}

}  // namespace

bool ReadAsaRule(AsaCursor words, const ZonePair& zones, AsaObjects& objects, AsaBudgets& budgets, Rule& rule) {
    return EntryReader(std::move(words), objects, rule).Read(zones, budgets);
}

}  // namespace opsteward::firewall
