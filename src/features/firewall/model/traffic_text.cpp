#include "features/firewall/model/traffic_text.hpp"

#include "base/text.hpp"
#include "features/firewall/model/address.hpp"
#include "features/firewall/model/named_values.hpp"
#include "features/firewall/model/service_text.hpp"

namespace opsteward::firewall {

namespace {

Error Wrong(const std::string& zh, const std::string& en) { return Error::Of(ErrorCode::kInvalidInput, "流量：" + zh, "Traffic: " + en); }

struct Addresses {
    std::vector<Range<std::uint32_t>> ipv4;
    std::vector<Range<Uint128>> ipv6;
};

class TrafficReader {
  public:
    TrafficReader(NamedValues values, const RuleBase& rules) : values_(std::move(values)), rules_(rules) {}

    Result<std::vector<Traffic>> Read() {
        Traffic both;
        OPS_TRY(const Addresses source, AddressesOf("src"));
        OPS_TRY(const Addresses destination, AddressesOf("dst"));
        OPS_TRY(both.services, Numbers("service", AllServices(), [](std::string_view text) { return ParseService(text); }));
        OPS_TRY(both.source_ports, Numbers("sport", AllPorts(), [](std::string_view text) { return PortsOf(text); }));
        OPS_TRY(both.in, Numbers("in", rules_.AllZones(), [this](std::string_view text) { return ZoneOf(text); }));
        OPS_TRY(both.out, Numbers("out", rules_.AllZones(), [this](std::string_view text) { return ZoneOf(text); }));
        OPS_TRY(both.states, Numbers("state", AllStates(), [](std::string_view text) { return AlonePart(ParseState(text)); }));
        if (const auto done = values_.ExpectNoOthers(); !done.ok()) return Wrong(done.error().caller_text.zh, done.error().caller_text.en);
        return Families(both, source, destination);
    }

  private:
    using Part = std::optional<Range<std::uint32_t>>;

    static Part AlonePart(std::optional<std::uint32_t> number) { return number ? Part({*number, *number}) : std::nullopt; }
    static Part PortsOf(std::string_view text) {
        const auto service = ParseService("tcp/" + std::string(text));
        return service ? Part({service->first & kLastPort, service->last & kLastPort}) : std::nullopt;
    }
    Part ZoneOf(std::string_view text) const { return AlonePart(rules_.ZoneOfInterface(text)); }

    template <typename Parse>
    Result<NumberSet> Numbers(const std::string& name, const NumberSet& any, const Parse& parse) {
        const auto text = values_.Take(name);
        if (!text || *text == "any") return any;
        std::vector<Range<std::uint32_t>> parts;
        for (const std::string_view one : Split(*text, ',')) {
            const Part part = parse(one);
            if (!part) return Wrong(name + " 中的「" + std::string(one) + "」無法理解。", "\"" + std::string(one) + "\" of " + name + " is not understood.");
            parts.push_back(*part);
        }
        return NumberSet(std::move(parts));
    }

    Result<Addresses> AddressesOf(const std::string& name) {
        Addresses addresses;
        const std::string text = values_.Take(name).value_or("any");
        for (const std::string_view one : Split(text, ',')) {
            const bool is_any = one == "any";
            const auto ipv4 = is_any ? Range<std::uint32_t>{0, Ipv4Set::kMax} : ParseIpv4Range(one);
            const auto ipv6 = is_any ? Range<Uint128>{0, Ipv6Set::kMax} : ParseIpv6Range(one);
            if (!ipv4 && !ipv6) {
                return Wrong(name + " 中的「" + std::string(one) + "」不是位址、網段或範圍。",
                             "\"" + std::string(one) + "\" of " + name + " is no address, network or range.");
            }
            if (ipv4) addresses.ipv4.push_back(*ipv4);
            if (ipv6) addresses.ipv6.push_back(*ipv6);
        }
        return addresses;
    }

    static Result<std::vector<Traffic>> Families(const Traffic& both, const Addresses& source, const Addresses& destination) {
        std::vector<Traffic> traffic;
        if (!source.ipv4.empty() && !destination.ipv4.empty()) {
            Traffic& one = traffic.emplace_back(both);
            one.family = Family::kIpv4;
            one.source4 = Ipv4Set(source.ipv4);
            one.destination4 = Ipv4Set(destination.ipv4);
        }
        if (!source.ipv6.empty() && !destination.ipv6.empty()) {
            Traffic& one = traffic.emplace_back(both);
            one.family = Family::kIpv6;
            one.source6 = Ipv6Set(source.ipv6);
            one.destination6 = Ipv6Set(destination.ipv6);
        }
        if (traffic.empty()) return Wrong("src 與 dst 沒有共同的 IP 版本。", "src and dst have no version of IP in common.");
        return traffic;
    }

    NamedValues values_;
    const RuleBase& rules_;
};

template <typename Set, typename Format>
std::vector<std::string> Texts(const Set& set, std::size_t most, const Format& format) {
    std::vector<std::string> texts;
    for (const auto& range : set.ranges()) {
        if (texts.size() == most) {
            texts.emplace_back("…");
            break;
        }
        texts.push_back(format(range));
    }
    return texts;
}

std::vector<std::string> NamesOf(const NumberSet& numbers, std::size_t most, const auto& name) {
    std::vector<std::string> texts;
    for (const auto& range : numbers.ranges()) {
        for (std::uint32_t number = range.first;; ++number) {
            if (texts.size() == most) {
                texts.emplace_back("…");
                return texts;
            }
            texts.emplace_back(name(number));
            if (number == range.last) break;
        }
    }
    return texts;
}

}  // namespace

Result<std::vector<Traffic>> ParseTraffic(std::string_view text, const RuleBase& rules) {
    auto values = NamedValues::Parse(text);
    if (!values.ok()) return Wrong(values.error().caller_text.zh, values.error().caller_text.en);
    return TrafficReader(std::move(*values), rules).Read();
}

std::vector<std::pair<std::string, std::string>> TrafficFields(const Traffic& traffic, const std::vector<std::string>& zones, std::size_t most) {
    std::vector<std::pair<std::string, std::string>> fields;
    const auto add = [&fields](std::string name, const std::vector<std::string>& texts) { fields.emplace_back(std::move(name), Join(texts, ",")); };
    const bool is_ipv4 = traffic.family == Family::kIpv4;
    // Which family it is has to be seen, so the addresses stand there even where they are all.
    add("src", is_ipv4 ? Texts(traffic.source4, most, FormatIpv4Range) : Texts(traffic.source6, most, FormatIpv6Range));
    add("dst", is_ipv4 ? Texts(traffic.destination4, most, FormatIpv4Range) : Texts(traffic.destination6, most, FormatIpv6Range));
    if (!traffic.services.Covers(AllServices())) add("service", FormatServices(traffic.services, most));
    if (!traffic.source_ports.Covers(AllPorts())) add("sport", Texts(traffic.source_ports, most, FormatNumbers));
    const NumberSet all(0, static_cast<std::uint32_t>(zones.empty() ? 0 : zones.size() - 1));
    const auto zone = [&zones](std::uint32_t number) { return number < zones.size() ? zones[number] : std::string("*"); };
    if (!traffic.in.Covers(all)) add("in", NamesOf(traffic.in, most, zone));
    if (!traffic.out.Covers(all)) add("out", NamesOf(traffic.out, most, zone));
    if (!traffic.states.Covers(AllStates())) add("state", NamesOf(traffic.states, most, StateName));
    return fields;
}

}  // namespace opsteward::firewall
