#include "features/firewall/formats/iptables/rule.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.hpp"
#include "features/firewall/formats/net_names.hpp"
#include "features/firewall/model/address.hpp"
#include "features/firewall/model/traffic_sets.hpp"

namespace opsteward::firewall {
namespace {

constexpr std::size_t kMaxAlternatives = 4096;   ///< products of one rule
constexpr std::size_t kMaxShownMembers = 512;    ///< of a set
constexpr std::size_t kMaxNegatedProducts = 64;  ///< that are taken from everything

struct ModuleKind {
    std::string_view module;
    std::string_view what;  ///< of the unknown part
};

// Matches that are known and that the model has no dimension for.
constexpr auto kUnknownModules = std::to_array<ModuleKind>({
    {"addrtype", "other"},  {"ah", "other"},         {"bpf", "other"},        {"cgroup", "other"},     {"cluster", "other"},   {"condition", "other"},
    {"connbytes", "rate"},  {"connlabel", "other"},  {"connlimit", "rate"},   {"connmark", "other"},   {"cpu", "other"},       {"devgroup", "interface"},
    {"dscp", "other"},      {"dst", "other"},        {"ecn", "other"},        {"esp", "other"},        {"eui64", "mac"},       {"frag", "other"},
    {"geoip", "geography"}, {"hashlimit", "rate"},   {"hbh", "other"},        {"helper", "application"}, {"hl", "other"},      {"ipv6header", "other"},
    {"ipvs", "other"},      {"layer7", "application"}, {"length", "other"},   {"limit", "rate"},       {"mac", "mac"},         {"mark", "other"},
    {"mh", "other"},        {"ndpi", "application"}, {"nfacct", "rate"},      {"osf", "other"},        {"owner", "user"},      {"physdev", "interface"},
    {"pkttype", "other"},   {"policy", "other"},     {"quota", "rate"},       {"quota2", "rate"},      {"rateest", "rate"},    {"realm", "other"},
    {"recent", "rate"},     {"rpfilter", "other"},   {"rt", "other"},         {"socket", "other"},     {"statistic", "rate"},  {"string", "application"},
    {"tcpmss", "other"},    {"time", "schedule"},    {"tos", "other"},        {"ttl", "other"},        {"u32", "other"},
});
static_assert(std::ranges::is_sorted(kUnknownModules, {}, &ModuleKind::module));

struct TargetKind {
    std::string_view target;
    ChainVerdict verdict;
};

constexpr auto kTargets = std::to_array<TargetKind>({
    {"ACCEPT", ChainVerdict::kAccept},     {"AUDIT", ChainVerdict::kContinue},    {"CHECKSUM", ChainVerdict::kContinue}, {"CLASSIFY", ChainVerdict::kContinue},
    {"CONNMARK", ChainVerdict::kContinue}, {"CONNSECMARK", ChainVerdict::kContinue}, {"CT", ChainVerdict::kContinue},    {"DROP", ChainVerdict::kDeny},
    {"DSCP", ChainVerdict::kContinue},     {"ECN", ChainVerdict::kContinue},      {"HL", ChainVerdict::kContinue},       {"HMARK", ChainVerdict::kContinue},
    {"IDLETIMER", ChainVerdict::kContinue}, {"LED", ChainVerdict::kContinue},     {"LOG", ChainVerdict::kLog},           {"MARK", ChainVerdict::kContinue},
    {"NFLOG", ChainVerdict::kLog},         {"NOTRACK", ChainVerdict::kContinue},  {"RATEEST", ChainVerdict::kContinue},  {"REJECT", ChainVerdict::kReject},
    {"RETURN", ChainVerdict::kReturn},     {"SECMARK", ChainVerdict::kContinue},  {"SET", ChainVerdict::kContinue},      {"TCPMSS", ChainVerdict::kContinue},
    {"TCPOPTSTRIP", ChainVerdict::kContinue}, {"TEE", ChainVerdict::kContinue},   {"TOS", ChainVerdict::kContinue},      {"TRACE", ChainVerdict::kContinue},
    {"TTL", ChainVerdict::kContinue},      {"ULOG", ChainVerdict::kLog},
});
static_assert(std::ranges::is_sorted(kTargets, {}, &TargetKind::target));

struct StateName {
    std::string_view text;
    ConnectionState state;
};
constexpr auto kStates = std::to_array<StateName>({
    {"NEW", ConnectionState::kNew}, {"ESTABLISHED", ConnectionState::kEstablished}, {"RELATED", ConnectionState::kRelated},
    {"INVALID", ConnectionState::kInvalid}, {"UNTRACKED", ConnectionState::kUntracked},
});

template <typename T>
std::optional<RangeSet<T>> MaskedAddresses(std::string_view text, std::optional<Range<T>> (*parse)(std::string_view)) {
    const auto range = parse(text);
    if (!range) return std::nullopt;
    return RangeSet<T>(range->first, range->last);
}

/// Of IPv4 also with a mask written as an address.
std::optional<Ipv4Set> Addresses4(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos || text.find('.', slash) == std::string_view::npos) return MaskedAddresses<std::uint32_t>(text, ParseIpv4Range);
    const auto addresses = ParseWildcard(text, MaskOnes::kCount);
    return addresses ? std::optional(addresses->v4) : std::nullopt;
}

std::optional<NumberSet> PortList(std::string_view text) {
    std::vector<Range<std::uint32_t>> ranges;
    for (const std::string_view part : Split(text, ',')) {
        const std::size_t colon = part.find(':');
        if (colon == std::string_view::npos) {
            const auto port = PortNumber(part);
            if (!port) return std::nullopt;
            ranges.push_back({*port, *port});
            continue;
        }
        const auto first = colon == 0 ? std::optional<std::uint16_t>(0) : PortNumber(part.substr(0, colon));
        const auto last = colon + 1 == part.size() ? std::optional<std::uint16_t>(0xFFFF) : PortNumber(part.substr(colon + 1));
        if (!first || !last || *first > *last) return std::nullopt;
        ranges.push_back({*first, *last});
    }
    return NumberSet(std::move(ranges));
}

class RuleReader {
  public:
    RuleReader(const std::vector<std::string>& words, std::size_t first, std::size_t line, Family family, IptablesWorld& world)
        : words_(words), at_(first), line_(line), family_(family), world_(world) {
        products_ = {AnyTraffic(family, world.zones.All())};
    }

    IptablesRule Read();

  private:
    struct PendingList {
        std::string where;
        std::vector<Member> members;  ///< whose traffic is what they ask for alone
    };

    bool ReadOption(std::string_view option, bool is_negated);
    bool ReadCommon(std::string_view option, bool is_negated, bool& is_known);
    bool ReadOfModule(std::string_view option, bool is_negated);
    bool ReadTarget(std::string_view option);
    bool ReadModule();
    bool AddressOption(bool is_source, bool is_negated, bool is_range);
    bool PortOption(bool is_source, bool is_negated);
    bool MultiportOption(std::string_view option, bool is_negated);
    bool IcmpOption(bool is_negated);
    bool StateOption(bool is_negated);
    bool SetOption(bool is_negated);
    bool ProtocolOption(bool is_negated);

    std::optional<std::string_view> Argument(bool& is_negated);
    void AddUnknownPart(std::string_view what, std::string text) { AddUnknown(result_.rule.rule.unknown, {std::string(what), std::move(text), line_}); }
    std::string TextFrom(std::size_t first) const;
    void SkipArguments();
    void And(const std::vector<Traffic>& alternatives);
    void AndServices(const NumberSet& services);
    void AndSourcePorts(const NumberSet& ports);
    void NoteMultiport(std::string_view list, bool is_source);
    void NoteSet(std::string_view name, std::string_view direction);
    void FinishMembers();

    const std::vector<std::string>& words_;
    std::size_t at_;
    std::size_t line_;
    Family family_;
    IptablesWorld& world_;
    std::vector<Traffic> products_;
    std::optional<std::uint8_t> protocol_;
    std::string module_;
    std::string_view module_what_;  ///< of an unknown part; empty: the module's options are read
    std::vector<PendingList> lists_;
    IptablesRule result_;
};

std::string RuleReader::TextFrom(std::size_t first) const {
    std::string text;
    for (std::size_t i = first; i < at_ && i < words_.size() && text.size() < 300; ++i) text += (text.empty() ? "" : " ") + words_[i];
    return Shorten(ReplaceInvalidUtf8(text), 300);
}

/// What belongs to the option before: up to the next word with a dash.
void RuleReader::SkipArguments() {
    while (at_ < words_.size() && words_[at_] != "!" && !(words_[at_].size() > 1 && words_[at_][0] == '-' && !(words_[at_][1] >= '0' && words_[at_][1] <= '9')))
        ++at_;
}

std::optional<std::string_view> RuleReader::Argument(bool& is_negated) {
    if (at_ < words_.size() && words_[at_] == "!") {
        is_negated = !is_negated;
        ++at_;
    }
    if (at_ >= words_.size()) return std::nullopt;
    return words_[at_++];
}

void RuleReader::And(const std::vector<Traffic>& alternatives) {
    std::size_t cost = 0;
    for (const Traffic& product : alternatives) cost += RangesOf(product);
    if (!world_.ranges.Spend(cost)) return;
    products_ = Intersection(products_, alternatives);
    if (products_.size() > kMaxAlternatives) Merge(products_);
}

void RuleReader::AndServices(const NumberSet& services) {
    Traffic wanted = AnyTraffic(family_, world_.zones.All());
    wanted.services = services;
    And({std::move(wanted)});
}

void RuleReader::AndSourcePorts(const NumberSet& ports) {
    Traffic wanted = AnyTraffic(family_, world_.zones.All());
    wanted.source_ports = ports;
    And({std::move(wanted)});
}

IptablesRule RuleReader::Read() {
    while (at_ < words_.size()) {
        const std::size_t before = at_;
        bool is_negated = false;
        if (words_[at_] == "!") {
            is_negated = true;
            ++at_;
        }
        if (at_ < words_.size() && ReadOption(words_[at_++], is_negated)) continue;
        SkipArguments();
        result_.is_understood = false;
        AddUnknownPart("other", TextFrom(before));
    }
    FinishMembers();
    result_.rule.rule.traffic = std::move(products_);
    result_.rule.rule.line = line_;
    return std::move(result_);
}

bool RuleReader::ReadOption(std::string_view option, bool is_negated) {
    bool is_known = false;
    const bool is_read = ReadCommon(option, is_negated, is_known);
    if (is_known) return is_read;
    if (!module_what_.empty()) {
        const std::size_t before = at_ - 1;
        SkipArguments();
        std::string& text = result_.rule.rule.unknown.back().text;
        if (text.size() < 300) text += (is_negated ? " ! " : " ") + TextFrom(before);
        return option.starts_with("-");
    }
    return ReadOfModule(option, is_negated);
}

bool RuleReader::ReadCommon(std::string_view option, bool is_negated, bool& is_known) {
    is_known = true;
    if (option == "-s" || option == "--source" || option == "--src") return AddressOption(true, is_negated, false);
    if (option == "-d" || option == "--destination" || option == "--dst") return AddressOption(false, is_negated, false);
    if (option == "-p" || option == "--protocol" || option == "--proto") return ProtocolOption(is_negated);
    if (option == "-m" || option == "--match") return ReadModule();
    if (option == "-j" || option == "-g" || option == "--jump" || option == "--goto") return ReadTarget(option);
    if (option == "-i" || option == "-o" || option == "--in-interface" || option == "--out-interface") {
        const auto name = Argument(is_negated);
        if (!name) return false;
        Traffic wanted = AnyTraffic(family_, world_.zones.All());
        const NumberSet zones = world_.zones.Of(*name);
        const bool is_in = option == "-i" || option == "--in-interface";
        (is_in ? wanted.in : wanted.out) = is_negated ? zones.Complement(world_.zones.Others()) : zones;
        And({std::move(wanted)});
        return true;
    }
    if (option == "-f" || option == "--fragment") {
        AddUnknownPart("other", is_negated ? "! -f" : "-f");
        return true;
    }
    if (option == "-c" || option == "--set-counters") {
        if (at_ + 1 >= words_.size()) return false;
        const auto packets = ParseInt(words_[at_]);
        const auto bytes = ParseInt(words_[at_ + 1]);
        at_ += 2;
        if (!packets || !bytes || *packets < 0 || *bytes < 0) return false;
        result_.rule.rule.counter = RuleCounter{};
        result_.rule.rule.counter->hits = static_cast<std::uint64_t>(*packets);
        result_.rule.rule.counter->bytes = static_cast<std::uint64_t>(*bytes);
        return true;
    }
    is_known = false;
    return false;
}

bool RuleReader::ReadOfModule(std::string_view option, bool is_negated) {
    if (module_ == "comment" && option == "--comment") {
        const auto comment = Argument(is_negated);
        if (comment) result_.rule.rule.comment = ReplaceInvalidUtf8(*comment);
        return comment.has_value();
    }
    if (option == "--sport" || option == "--source-port") return PortOption(true, is_negated);
    if (option == "--dport" || option == "--destination-port") return PortOption(false, is_negated);
    if (module_ == "multiport") return MultiportOption(option, is_negated);
    if (option == "--icmp-type" || option == "--icmpv6-type") return IcmpOption(is_negated);
    if (option == "--src-range" || option == "--dst-range") return AddressOption(option == "--src-range", is_negated, true);
    if (option == "--state" || option == "--ctstate") return StateOption(is_negated);
    if (option == "--match-set") return SetOption(is_negated);
    const bool is_of_connection = (module_ == "conntrack" && option.starts_with("--ct")) || option == "--tcp-flags" || option == "--syn" ||
                                  option == "--tcp-option" || option == "--chunk-types" || option == "--dccp-types" || option == "--dccp-option";
    const bool is_of_set = module_ == "set" && option.starts_with("--");
    if (!is_of_connection && !is_of_set) return false;
    const std::size_t before = at_ - 1;
    SkipArguments();
    AddUnknownPart(is_of_connection ? "state" : "other", (is_negated ? "! " : "") + TextFrom(before));
    return true;
}

bool RuleReader::ReadModule() {
    bool is_negated = false;
    const auto name = Argument(is_negated);
    if (!name) return false;
    module_ = *name;
    module_what_ = {};
    static constexpr std::string_view kRead[] = {"comment",   "conntrack", "dccp", "icmp",  "icmp6", "icmpv6", "iprange",
                                                 "multiport", "sctp",      "set",  "state", "tcp",   "udp",    "udplite"};
    if (std::ranges::find(kRead, *name) != std::end(kRead)) return true;
    const auto kind = std::ranges::lower_bound(kUnknownModules, *name, {}, &ModuleKind::module);
    const bool is_known = kind != kUnknownModules.end() && kind->module == *name;
    module_what_ = is_known ? kind->what : "other";
    std::vector<UnknownPart>& parts = result_.rule.rule.unknown;
    // Not by AddUnknown: options are added to its text.
    if (parts.size() < kMaxUnknownParts) parts.push_back({std::string(module_what_), "-m " + Shorten(ReplaceInvalidUtf8(*name), 60), line_});
    if (!is_known) result_.is_understood = false;
    return true;
}

bool RuleReader::ReadTarget(std::string_view option) {
    bool is_negated = false;
    const auto name = Argument(is_negated);
    if (!name) return false;
    result_.target = *name;
    const auto kind = std::ranges::lower_bound(kTargets, *name, {}, &TargetKind::target);
    const bool goes = option == "-g" || option == "--goto";
    if (!goes && kind != kTargets.end() && kind->target == *name) {
        result_.rule.verdict = kind->verdict;
    } else if (*name == "QUEUE" || *name == "NFQUEUE") {
        result_.rule.verdict = ChainVerdict::kAccept;
        AddUnknownPart("other", "-j " + std::string(*name) + ": a program decides");
    } else {
        result_.rule.verdict = goes ? ChainVerdict::kGoto : ChainVerdict::kJump;
    }
    // The target's own options say how it is done, not what matches.
    while (at_ < words_.size() && words_[at_] != "-m") ++at_;
    return true;
}

bool RuleReader::AddressOption(bool is_source, bool is_negated, bool is_range) {
    const std::size_t before = at_ - 1;
    const auto list = Argument(is_negated);
    if (!list) return false;
    Traffic wanted = AnyTraffic(family_, world_.zones.All());
    Ipv4Set v4;
    Ipv6Set v6;
    for (const std::string_view text : Split(*list, ',')) {
        if (is_range && text.find('/') != std::string_view::npos) return false;
        const auto part4 = family_ == Family::kIpv4 ? Addresses4(text) : std::nullopt;
        const auto part6 = family_ == Family::kIpv6 ? MaskedAddresses<Uint128>(text, ParseIpv6Range) : std::nullopt;
        if (!part4 && !part6) {
            AddUnknownPart(text.find('/') == std::string_view::npos ? "fqdn" : "other", (is_negated ? "! " : "") + TextFrom(before));
            return true;
        }
        if (part4) v4 = v4.Union(*part4);
        if (part6) v6 = v6.Union(*part6);
    }
    if (family_ == Family::kIpv4) {
        (is_source ? wanted.source4 : wanted.destination4) = is_negated ? v4.Complement() : v4;
    } else {
        (is_source ? wanted.source6 : wanted.destination6) = is_negated ? v6.Complement() : v6;
    }
    And({std::move(wanted)});
    return true;
}

bool RuleReader::ProtocolOption(bool is_negated) {
    const auto name = Argument(is_negated);
    if (!name) return false;
    if (*name == "all" || *name == "0" || *name == "ip") {
        if (is_negated) products_.clear();
        return true;
    }
    const auto protocol = ProtocolNumber(*name);
    if (!protocol) return false;
    if (!is_negated) protocol_ = protocol;
    AndServices(is_negated ? ServicesOf(*protocol).Complement(kLastService) : ServicesOf(*protocol));
    return true;
}

bool RuleReader::PortOption(bool is_source, bool is_negated) {
    const auto text = Argument(is_negated);
    if (!text || !protocol_ || text->find(',') != std::string_view::npos) return false;
    const auto list = PortList(*text);
    if (!list) return false;
    const NumberSet ports = is_negated ? list->Complement(kLastPort) : *list;
    if (is_source) {
        AndSourcePorts(ports);
    } else {
        AndServices(ServicesOf(*protocol_, ports));
    }
    return true;
}

bool RuleReader::MultiportOption(std::string_view option, bool is_negated) {
    const auto text = Argument(is_negated);
    if (!text || !protocol_) return false;
    const auto list = PortList(*text);
    if (!list) return false;
    const NumberSet ports = is_negated ? list->Complement(kLastPort) : *list;
    if (option == "--sports" || option == "--source-ports") {
        AndSourcePorts(ports);
    } else if (option == "--dports" || option == "--destination-ports") {
        AndServices(ServicesOf(*protocol_, ports));
        if (!is_negated) NoteMultiport(*text, false);
    } else if (option == "--ports" && is_negated) {
        AndSourcePorts(ports);
        AndServices(ServicesOf(*protocol_, ports));
    } else if (option == "--ports") {
        Traffic by_source = AnyTraffic(family_, world_.zones.All());
        Traffic by_destination = by_source;
        by_source.source_ports = ports;
        by_destination.services = ServicesOf(*protocol_, ports);
        And({std::move(by_source), std::move(by_destination)});
    } else {
        return false;
    }
    return true;
}

bool RuleReader::IcmpOption(bool is_negated) {
    const auto text = Argument(is_negated);
    if (!text || !protocol_) return false;
    if (*text == "any" || *text == "255") {
        if (is_negated) products_.clear();
        return true;
    }
    const auto kind = IcmpKindOf(*protocol_, *text);
    if (!kind) return false;
    const NumberSet services = ServicesOf(*protocol_, *kind);
    AndServices(is_negated ? ServicesOf(*protocol_).Difference(services) : services);
    return true;
}

bool RuleReader::StateOption(bool is_negated) {
    const std::size_t before = at_ - 1;
    const auto text = Argument(is_negated);
    if (!text) return false;
    NumberSet states;
    for (const std::string_view name : Split(*text, ',')) {
        if (name == "SNAT" || name == "DNAT") {  // beside the state, so that any may have it
            AddUnknownPart("nat", (is_negated ? "! " : "") + TextFrom(before));
            return true;
        }
        const auto state = std::ranges::find(kStates, name, &StateName::text);
        if (state == kStates.end()) return false;
        states = states.Union(NumberSet(static_cast<std::uint32_t>(state->state)));
    }
    Traffic wanted = AnyTraffic(family_, world_.zones.All());
    wanted.states = is_negated ? states.Complement(kLastState) : states;
    And({std::move(wanted)});
    return true;
}

bool RuleReader::SetOption(bool is_negated) {
    const std::size_t before = at_ - 1;
    const auto name = Argument(is_negated);
    if (!name || at_ >= words_.size()) return false;
    const std::string_view directions = words_[at_++];
    const auto& match = world_.sets.Match(*name, directions, family_, world_.zones);
    std::vector<Traffic> others;
    bool is_known = match.has_value();
    if (is_known && is_negated) {
        others = {AnyTraffic(family_, world_.zones.All())};
        for (const Traffic& product : *match) is_known = is_known && Subtract(others, product, kMaxNegatedProducts);
    }
    if (!is_known) {
        AddUnknownPart("other", std::string(is_negated ? "! " : "") + "-m set " + TextFrom(before));
        return true;
    }
    And(is_negated ? others : *match);
    if (!is_negated) NoteSet(*name, directions);
    return true;
}

void RuleReader::NoteMultiport(std::string_view list, bool is_source) {
    PendingList pending{"service", {}};
    for (const std::string_view text : Split(list, ',')) {
        const auto ports = PortList(text);
        Traffic wanted = AnyTraffic(family_, world_.zones.All());
        if (is_source) {
            wanted.source_ports = *ports;
        } else {
            wanted.services = ServicesOf(*protocol_, *ports);
        }
        pending.members.push_back({std::string(text), line_, {std::move(wanted)}});
    }
    if (pending.members.size() > 1) lists_.push_back(std::move(pending));
}

void RuleReader::NoteSet(std::string_view name, std::string_view direction) {
    const auto found = world_.sets.sets().find(name);
    if (found == world_.sets.sets().end()) return;
    const Ipsets::Set& set = found->second;
    const bool is_plain = set.kinds.size() == 1 && (set.kinds[0] == "ip" || set.kinds[0] == "net");
    if (!is_plain || set.elements.size() < 2 || set.elements.size() > kMaxShownMembers) return;
    PendingList pending{std::string(direction == "src" ? "source:" : "destination:") + std::string(name), {}};
    for (const Ipsets::Element& element : set.elements) {
        if (element.is_left_out) return;
        Traffic wanted = AnyTraffic(family_, world_.zones.All());
        if (family_ == Family::kIpv4) {
            const auto range = ParseIpv4Range(element.value);
            if (!range) return;
            (direction == "src" ? wanted.source4 : wanted.destination4) = Ipv4Set(range->first, range->last);
        } else {
            const auto range = ParseIpv6Range(element.value);
            if (!range) return;
            (direction == "src" ? wanted.source6 : wanted.destination6) = Ipv6Set(range->first, range->last);
        }
        pending.members.push_back({element.value, element.line, {std::move(wanted)}});
    }
    lists_.push_back(std::move(pending));
}

/// A member's traffic is the rule's with that member alone: the rule's own, cut with what the member asks for.
void RuleReader::FinishMembers() {
    for (PendingList& pending : lists_) {
        for (Member& member : pending.members) {
            member.traffic = Intersection(products_, member.traffic);
            for (const Traffic& product : member.traffic) {
                if (!world_.members.Spend(RangesOf(product))) return;
            }
        }
        result_.rule.rule.members.push_back({std::move(pending.where), std::move(pending.members)});
    }
}

}  // namespace

IptablesRule ReadIptablesRule(const std::vector<std::string>& words, std::size_t first, std::size_t line, Family family, IptablesWorld& world) {
    return RuleReader(words, first, line, family, world).Read();
}

}  // namespace opsteward::firewall
