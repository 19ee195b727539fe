#include "features/firewall/formats/asa/objects.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>

#include "base/text.hpp"
#include "features/firewall/formats/net_names.hpp"
#include "features/firewall/model/address.hpp"

namespace opsteward::firewall {
namespace {

// What a member that is written out begins with in a NameRef. No name of an object has a blank in it.
constexpr std::string_view kLiteralService = "service ";
constexpr std::string_view kLiteralPorts = "ports ";

/// "00:00 01 January 2026"; the clock may be up to half a day off UTC, so an end is only believed a day later.
std::optional<std::int64_t> SecondsOf(AsaCursor& cursor) {
    static constexpr std::array<std::string_view, 12> kMonths{"January", "February", "March",     "April",   "May",      "June",
                                                             "July",    "August",   "September", "October", "November", "December"};
    const std::vector<std::string_view> clock = Split(cursor.Next(), ':');
    const auto day = NumberUpTo(cursor.Next(), 31);
    const auto month = std::ranges::find(kMonths, cursor.Next());
    const auto year = NumberUpTo(cursor.Next(), 9999);
    if (clock.size() != 2 || !day || month == kMonths.end() || !year) return std::nullopt;
    const auto hours = NumberUpTo(clock[0], 23);
    const auto minutes = NumberUpTo(clock[1], 59);
    const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(*year)), std::chrono::month(static_cast<unsigned>(month - kMonths.begin()) + 1),
                                           std::chrono::day(*day));
    if (!hours || !minutes || !date.ok()) return std::nullopt;
    return std::chrono::sys_days(date).time_since_epoch().count() * std::int64_t{86400} + *hours * 3600 + *minutes * 60;
}

std::vector<std::uint8_t> ProtocolsOf(std::string_view text) {
    if (text == "tcp-udp") return {kTcp, kUdp};
    const auto protocol = ProtocolNumber(text);
    if (!protocol) return {};
    return {*protocol};
}

}  // namespace

AsaObjects::AsaObjects(RangeBudget& budget, ReaderNotes& notes, std::int64_t now)
    : notes_(notes),
      now_(now),
      addresses_(budget, [this](const NameRef& ref) { return LiteralAddress(ref); }),
      services_(budget, [this](const NameRef& ref) { return LiteralService(ref); }) {
    addresses_.AddScope(std::nullopt);
    services_.AddScope(std::nullopt);
}

AsaObjectKind AsaObjects::KindOf(std::string_view name) const {
    const auto found = kinds_.find(std::string(name));
    return found == kinds_.end() ? AsaObjectKind::kOther : found->second;
}

const AsaObjects::TimeRange* AsaObjects::FindTimeRange(std::string_view name) const {
    const auto found = times_.find(std::string(name));
    return found == times_.end() ? nullptr : &found->second;
}

std::optional<std::uint32_t> AsaObjects::Ipv4Of(std::string_view text) const {
    if (const auto address = ParseIpv4(text)) return address;
    const auto name = names_.find(std::string(text));
    if (name == names_.end()) return std::nullopt;
    return name->second;
}

bool AsaObjects::Read(const AsaCommand& command) {
    AsaCursor head(command.head.text);
    const std::string_view word = head.Next();
    if (word == "name") {
        const auto address = ParseIpv4(head.Next());
        if (address) names_.try_emplace(std::string(head.Next()), *address);
        return true;
    }
    if (word == "time-range") {
        TimeRange& range = times_[std::string(head.Next())];
        range.line = command.head.number;
        for (const AsaLine& line : command.below) {
            AsaCursor words(line.text);
            if (!words.Skip("absolute")) continue;
            while (!words.is_done() && words.Peek() != "end") words.Next();
            if (!words.Skip("end")) continue;
            const auto end = SecondsOf(words);
            if (!end) notes_.NotUnderstood(line.number, line.text);
            range.has_ended = end && now_ != 0 && now_ > *end + 86400;
        }
        return true;
    }
    if (word == "object") return ReadObject(command);
    return word == "object-group" && ReadGroup(command);
}

bool AsaObjects::ReadObject(const AsaCommand& command) {
    AsaCursor head(command.head.text);
    head.Next();
    const std::string_view kind = head.Next();
    const std::string name(head.Next());
    if (kind == "network-service") {
        kinds_.try_emplace(name, AsaObjectKind::kNetwork);
        addresses_.Define(0, name, AddressMatch::Unknown("application", command.head.text, command.head.number));
        return true;
    }
    if (kind != "network" && kind != "service") return false;
    kinds_.try_emplace(name, kind == "network" ? AsaObjectKind::kNetwork : AsaObjectKind::kService);
    for (const AsaLine& line : command.below) {
        AsaCursor words(line.text);
        const std::string_view word = words.Peek();
        if (word == "description" || word == "nat") continue;
        if (kind == "service" && word == "service") {
            words.Next();
            if (auto match = ServiceOf(words)) {
                services_.Define(0, name, *std::move(match));
                continue;
            }
        }
        if (kind == "network" && (word == "fqdn" || word == "host" || word == "subnet" || word == "range")) {
            if (word == "fqdn") {
                AddressMatch match = AddressMatch::Unknown("fqdn", line.text, line.number);
                words.Next();
                if (words.Peek() == "v4") match.most.v6 = {};
                if (words.Peek() == "v6") match.most.v4 = {};
                addresses_.Define(0, name, std::move(match));
                continue;
            }
            if (word == "subnet") words.Next();
            if (auto match = LiteralAddress({std::string(words.Rest()), line.number})) {
                addresses_.Define(0, name, *std::move(match));
                continue;
            }
        }
        notes_.NotUnderstood(line.number, line.text);
    }
    return true;
}

/// "host 192.0.2.1", "range 192.0.2.1 192.0.2.9", "192.0.2.0 255.255.255.0", "2001:db8::/32", "any…"
std::optional<AddressMatch> AsaObjects::LiteralAddress(const NameRef& ref) const {
    AsaCursor words(ref.name);
    if (words.Peek() == "any" || words.Peek() == "any4" || words.Peek() == "any6") {
        AddressSet all = AddressSet::All();
        if (words.Peek() == "any4") all.v6 = {};
        if (words.Peek() == "any6") all.v4 = {};
        return AddressMatch::Of(std::move(all));
    }
    if (words.Peek() == "interface" && !words.Peek(1).empty()) return AddressMatch::Unknown("interface", ref.name, ref.line);
    const bool is_host = words.Skip("host");
    const bool is_range = !is_host && words.Skip("range");
    const std::string_view first = words.Next();
    const std::string_view second = words.Next();
    if (const auto address = Ipv4Of(first)) {
        if (is_host) return AddressMatch::Of({Ipv4Set(*address), {}});
        const auto other = is_range ? Ipv4Of(second) : ParseIpv4(second);
        if (!other || (is_range && *other < *address)) return std::nullopt;
        if (is_range) return AddressMatch::Of({Ipv4Set(*address, *other), {}});
        const auto addresses = WildcardAddresses(*address, ~*other);
        if (!addresses) return std::nullopt;
        return AddressMatch::Of(*addresses);
    }
    const std::string text = is_range ? std::string(first) + "-" + std::string(second) : std::string(first);
    const auto range = ParseIpv6Range(text);
    if (!range) return std::nullopt;
    return AddressMatch::Of({{}, Ipv6Set(range->first, range->last)});
}

bool AsaObjects::IsPortOperator(std::string_view word) { return word == "eq" || word == "range" || word == "lt" || word == "gt" || word == "neq"; }

std::optional<NumberSet> AsaObjects::TakePorts(AsaCursor& cursor) {
    const std::string_view how = cursor.Next();
    const auto first = PortNumber(cursor.Next());
    if (!first) return std::nullopt;
    if (how == "eq") return NumberSet(*first);
    if (how == "neq") return NumberSet(*first).Complement(kLastPort);
    if (how == "lt") return *first == 0 ? NumberSet() : NumberSet(0, *first - 1U);
    if (how == "gt") return *first == kLastPort ? NumberSet() : NumberSet(*first + 1U, kLastPort);
    const auto last = PortNumber(cursor.Next());
    if (how != "range" || !last || *last < *first) return std::nullopt;
    return NumberSet(*first, *last);
}

/// "tcp source eq 1 destination range 2 3", "tcp-udp destination eq domain", "icmp echo 0", "ip", "47"
std::optional<ServiceMatch> AsaObjects::ServiceOf(AsaCursor cursor) const {
    const std::string_view name = cursor.Next();
    if (name == "ip") return ServiceMatch::Any();
    const std::vector<std::uint8_t> protocols = ProtocolsOf(name);
    if (protocols.empty()) return std::nullopt;
    NumberSet source_ports = AllPorts();
    NumberSet ports = AllPorts();
    NumberSet services;
    if (protocols[0] == kIcmp || protocols[0] == kIcmpv6) {
        if (cursor.is_done()) return ServiceMatch::Of(ServicesOf(protocols[0]));
        auto kind = IcmpKindOf(protocols[0], cursor.Next());
        const auto code = NumberUpTo(cursor.Peek(), 255);
        if (!kind || (!cursor.is_done() && !code)) return std::nullopt;
        if (code) kind->code = static_cast<std::uint8_t>(*code);
        return ServiceMatch::Of(ServicesOf(protocols[0], *kind));
    }
    while (!cursor.is_done()) {
        const bool is_source = cursor.Skip("source");
        if (!is_source && !cursor.Skip("destination") && !IsPortOperator(cursor.Peek())) return std::nullopt;
        const auto wanted = TakePorts(cursor);
        if (!wanted || !HasPorts(protocols[0])) return std::nullopt;
        (is_source ? source_ports : ports) = *wanted;
    }
    for (const std::uint8_t protocol : protocols) services = services.Union(HasPorts(protocol) ? ServicesOf(protocol, ports) : ServicesOf(protocol));
    return ServiceMatch::Of(std::move(services), std::move(source_ports));
}

/// What groups hold without a name: see DefineGroup's callers.
std::optional<ServiceMatch> AsaObjects::LiteralService(const NameRef& ref) const {
    const std::string_view text = ref.name;
    if (text.starts_with(kLiteralService)) return ServiceOf(AsaCursor(text.substr(kLiteralService.size())));
    if (text.starts_with(kLiteralPorts)) {
        AsaCursor words(text.substr(kLiteralPorts.size()));
        const std::vector<std::uint8_t> protocols = ProtocolsOf(words.Next());
        const auto ports = TakePorts(words);
        if (protocols.empty() || !ports) return std::nullopt;
        NumberSet services;
        for (const std::uint8_t protocol : protocols) services = services.Union(ServicesOf(protocol, *ports));
        return ServiceMatch::Of(std::move(services));
    }
    if (!text.starts_with("icmp-type ")) return std::nullopt;
    NumberSet services;
    for (const std::uint8_t protocol : {kIcmp, kIcmpv6}) {
        if (const auto kind = IcmpKindOf(protocol, text.substr(10))) services = services.Union(ServicesOf(protocol, *kind));
    }
    if (services.empty()) return std::nullopt;
    return ServiceMatch::Of(std::move(services));
}

bool AsaObjects::ReadGroup(const AsaCommand& command) {
    AsaCursor head(command.head.text);
    head.Next();
    const std::string_view kind = head.Next();
    const std::string name(head.Next());
    const std::string protocol(head.Next());
    static constexpr std::array<std::string_view, 4> kKinds{"network", "service", "protocol", "icmp-type"};
    if (std::ranges::find(kKinds, kind) == kKinds.end()) {
        kinds_.try_emplace(name, AsaObjectKind::kOther);
        return kind == "user" || kind == "security" || kind == "network-service";
    }
    std::vector<NameRef> members;
    for (const AsaLine& line : command.below) {
        AsaCursor words(line.text);
        const std::string_view word = words.Next();
        const std::string rest(words.Rest());
        if (word == "description") continue;
        if (word == "group-object") {
            members.push_back({rest, line.number});
        } else if (word == "network-object" && kind == "network") {
            const bool is_named = words.Skip("object");
            members.push_back({is_named ? std::string(words.Rest()) : rest, line.number});
        } else if (word == "service-object" && kind == "service") {
            const bool is_named = words.Skip("object");
            members.push_back({is_named ? std::string(words.Rest()) : std::string(kLiteralService) + rest, line.number, is_named ? "" : rest});
        } else if (word == "port-object" && kind == "service") {
            members.push_back({std::string(kLiteralPorts) + protocol + " " + rest, line.number, rest});
        } else if (word == "protocol-object" && kind == "protocol") {
            members.push_back({std::string(kLiteralService) + rest, line.number, rest});
        } else if (word == "icmp-object" && kind == "icmp-type") {
            members.push_back({"icmp-type " + rest, line.number, rest});
        } else {
            notes_.NotUnderstood(line.number, line.text);
        }
    }
    if (kind == "network") {
        kinds_.try_emplace(name, AsaObjectKind::kNetwork);
        addresses_.DefineGroup(0, name, std::move(members));
        return true;
    }
    const AsaObjectKind of_kind = kind == "protocol" ? AsaObjectKind::kProtocol
                                  : kind == "icmp-type" ? AsaObjectKind::kIcmpType
                                  : protocol.empty() ? AsaObjectKind::kService : AsaObjectKind::kPorts;
    kinds_.try_emplace(name, of_kind);
    services_.DefineGroup(0, name, std::move(members));
    return true;
}

NameRef AsaObjects::TakeAddress(AsaCursor& cursor, std::size_t line) const {
    const std::string_view word = cursor.Peek();
    if (word == "object" || word == "object-group" || word == "object-group-network-service") {
        cursor.Next();
        return {std::string(cursor.Next()), line};
    }
    if (word == "any" || word == "any4" || word == "any6") return {std::string(cursor.Next()), line};
    if (word.find(':') != std::string_view::npos && word.find('/') != std::string_view::npos) return {std::string(cursor.Next()), line};
    const bool is_pair = word == "host" || word == "interface" || Ipv4Of(word).has_value();
    if (!is_pair || cursor.Peek(1).empty()) return {};
    const std::string first(cursor.Next());
    return {first + " " + std::string(cursor.Next()), line};
}

}  // namespace opsteward::firewall
