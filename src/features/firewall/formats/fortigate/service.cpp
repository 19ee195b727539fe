// FortiOS's services: firewall service custom.
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "features/firewall/formats/fortigate/objects.hpp"

namespace opsteward::firewall {

namespace {

constexpr std::size_t kMaxParts = 64;
constexpr std::uint8_t kIcmp = 1;
constexpr std::uint8_t kTcp = 6;
constexpr std::uint8_t kUdp = 17;
constexpr std::uint8_t kIcmpV6 = 58;
constexpr std::uint8_t kSctp = 132;
constexpr std::uint8_t kUdpLite = 136;

struct PortSetting {
    const char* name;
    std::uint8_t protocol;
};
constexpr std::array kPortSettings{PortSetting{"tcp-portrange", kTcp}, PortSetting{"udp-portrange", kUdp}, PortSetting{"sctp-portrange", kSctp},
                                   PortSetting{"udplite-portrange", kUdpLite}};

/// "80", "80-90", "80-90:1024-65535": destination, and source behind the colon.
bool AddPortRange(std::string_view text, std::uint8_t protocol, FortigateServiceBuilder& service) {
    const std::size_t colon = text.find(':');
    const auto ports = FortigatePorts(text.substr(0, colon));
    const auto source =
        colon == std::string_view::npos ? Range<std::uint32_t>{0, kLastPort} : FortigatePorts(text.substr(colon + 1)).value_or(Range<std::uint32_t>{1, 0});
    if (!ports || source.first > source.last) return false;
    service.Add(NumberSet(ServiceKey(protocol, static_cast<std::uint16_t>(ports->first)), ServiceKey(protocol, static_cast<std::uint16_t>(ports->last))),
                NumberSet(source.first, source.last));
    return true;
}

std::optional<std::uint8_t> ByteOf(const FortigateValue& value) {
    const auto number = value.values.size() == 1 ? ParseInt(value.values[0]) : std::nullopt;
    if (!number || *number < 0 || *number > 255) return std::nullopt;
    return static_cast<std::uint8_t>(*number);
}

/// False: a value that is no number.
bool AddIcmp(const FortigateValue& type_value, const FortigateValue& code_value, std::uint8_t protocol, FortigateServiceBuilder& service) {
    const auto type = ByteOf(type_value);
    const auto code = ByteOf(code_value);
    if ((!type_value.values.empty() && !type) || (!code_value.values.empty() && !code)) return false;
    if (!type) {
        service.Add(ServicesOf(protocol), AllPorts());
    } else {
        const auto first = static_cast<std::uint16_t>(*type << 8 | code.value_or(0));
        const auto last = static_cast<std::uint16_t>(*type << 8 | code.value_or(255));
        service.Add(NumberSet(ServiceKey(protocol, first), ServiceKey(protocol, last)), AllPorts());
    }
    return true;
}

/// Commands in order: a change of `protocol` forgets ports, types and the number; `unset icmptype` forgets the code with it.
class CustomService {
  public:
    CustomService(const FortigateTree& tree, FortigateNodeId node) : settings_(tree.SettingsOf(node)) {
        for (const FortigateSetting& setting : tree.node(node).settings) {
            const std::vector<FortigateWord> words = FortigateWords(tree.Raw(setting));
            if (words.size() < 2) continue;
            const std::string& name = words[1].text;
            if (name == "protocol")
                Forget({"icmptype", "icmpcode", "protocol-number", "tcp-portrange", "udp-portrange", "sctp-portrange", "udplite-portrange"});
            if (name == "icmptype" && words[0].text == "unset") Forget({"icmptype", "icmpcode"});
            std::erase(forgotten_, name);
        }
    }

    const FortigateValue& Of(const std::string& name) const {
        static const FortigateValue kNone;
        return IsForgotten(name) ? kNone : settings_.Of(name);
    }
    const FortigateSettings& settings() const { return settings_; }
    bool IsForgotten(const std::string& name) const { return std::ranges::find(forgotten_, name) != forgotten_.end(); }

  private:
    void Forget(std::initializer_list<const char*> names) {
        for (const char* const name : names) {
            if (!IsForgotten(name)) forgotten_.emplace_back(name);
        }
    }

    FortigateSettings settings_;
    std::vector<std::string> forgotten_;
};

}  // namespace

void FortigateServiceBuilder::Add(std::span<const Range<std::uint32_t>> services, const NumberSet& source_ports) {
    if (services.empty() || source_ports.empty()) return;
    auto place = std::ranges::find(collected_, source_ports, &Collected::source_ports);
    if (place == collected_.end() && collected_.size() >= kMaxParts) {
        AddUnknown({"other", "source ports", 0});
        collected_.back().source_ports = AllPorts();
        place = collected_.end() - 1;
    }
    if (place == collected_.end()) {
        collected_.push_back({source_ports, {}});
        place = collected_.end() - 1;
    }
    place->services.insert(place->services.end(), services.begin(), services.end());
}

void FortigateServiceBuilder::Add(const FortigateService& other) {
    for (const FortigateServicePart& part : other.parts) Add(part.services, part.source_ports);
    for (const UnknownPart& part : other.unknown) AddUnknown(part);
}

FortigateService FortigateServiceBuilder::Build() {
    for (Collected& collected : collected_) service_.parts.push_back({NumberSet(std::move(collected.services)), std::move(collected.source_ports)});
    collected_.clear();
    return std::move(service_);
}

FortigateService FortigateService::Negated() const {
    FortigateServiceBuilder result;
    for (const UnknownPart& part : unknown) result.AddUnknown(part);
    std::vector<FortigateServicePart> rest{{AllServices(), AllPorts()}};
    for (const FortigateServicePart& part : parts) {
        if (!unknown.empty()) break;  // what it matches is not known, so neither is the rest
        std::vector<FortigateServicePart> next;
        for (const FortigateServicePart& from : rest) {
            const NumberSet outside = from.services.Difference(part.services);
            const NumberSet inside = from.services.Intersection(part.services);
            const NumberSet ports = from.source_ports.Difference(part.source_ports);
            if (!outside.empty()) next.push_back({outside, from.source_ports});
            if (!inside.empty() && !ports.empty()) next.push_back({inside, ports});
        }
        rest = std::move(next);
        if (rest.size() <= kMaxParts) continue;
        result.AddUnknown({"other", "service-negate", line});
        rest = {{AllServices(), AllPorts()}};
        break;
    }
    for (const FortigateServicePart& part : rest) result.Add(part.services, part.source_ports);
    return result.Build();
}

std::optional<Range<std::uint32_t>> FortigatePorts(std::string_view text) {
    const std::size_t dash = text.find('-');
    const auto first = ParseInt(text.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : ParseInt(text.substr(dash + 1));
    if (!first || !last || *first < 0 || *first > *last || *last > kLastPort) return std::nullopt;
    return Range<std::uint32_t>{static_cast<std::uint32_t>(*first), static_cast<std::uint32_t>(*last)};
}

FortigateService ReadFortigateCustomService(const FortigateTree& tree, FortigateNodeId node) {
    FortigateServiceBuilder service;
    const FortigateNode& written = tree.node(node);
    const CustomService custom(tree, node);
    const FortigateSettings& settings = custom.settings();
    const std::string protocol = ToLowerAscii(settings.First("protocol", "TCP/UDP/SCTP"));
    bool is_understood = true;
    if (protocol.starts_with("tcp/udp")) {
        for (const PortSetting& setting : kPortSettings) {
            for (const std::string& range : custom.Of(setting.name).values) {
                is_understood = AddPortRange(range, setting.protocol, service) && is_understood;
            }
        }
    } else if (protocol == "icmp" || protocol == "icmp6") {
        is_understood = AddIcmp(custom.Of("icmptype"), custom.Of("icmpcode"), protocol == "icmp" ? kIcmp : kIcmpV6, service);
    } else if (protocol == "ip") {
        const FortigateValue& number = custom.Of("protocol-number");
        const auto value = ByteOf(number);
        is_understood = number.values.empty() || value.has_value();
        service.Add(value.value_or(0) == 0 ? AllServices() : ServicesOf(*value), AllPorts());
    } else if (protocol == "all") {
        service.Add(AllServices(), AllPorts());
    } else {
        is_understood = false;
    }
    if (!is_understood) {
        service.Add(AllServices(), AllPorts());
        service.AddUnknown({"other", written.name, written.line});
    }
    const std::string_view addresses = settings.First("iprange", "0.0.0.0");
    const bool has_addresses = (addresses != "0.0.0.0" && addresses != "0.0.0.0-0.0.0.0") || !settings.Of("fqdn").values.empty();
    if (has_addresses) service.AddUnknown({settings.Of("fqdn").values.empty() ? "other" : "fqdn", written.name, written.line});
    const std::string_view application = settings.First("app-service-type", "disable");
    if (application != "disable") service.AddUnknown({"application", written.name, written.line});
    FortigateService read = service.Build();
    read.line = written.line;
    return read;
}

}  // namespace opsteward::firewall
