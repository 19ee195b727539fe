#include "features/firewall/model/service_text.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.hpp"

namespace opsteward::firewall {

namespace {

struct Protocol {
    std::string_view name;
    std::uint8_t number;
};
/// IANA's protocol numbers, as far as rules name them.
constexpr std::array<Protocol, 14> kProtocols{{{"icmp", 1},
                                               {"igmp", 2},
                                               {"tcp", 6},
                                               {"egp", 8},
                                               {"udp", 17},
                                               {"dccp", 33},
                                               {"gre", 47},
                                               {"esp", 50},
                                               {"ah", 51},
                                               {"icmpv6", 58},
                                               {"ospf", 89},
                                               {"vrrp", 112},
                                               {"sctp", 132},
                                               {"udplite", 136}}};
constexpr std::array<std::string_view, kLastState + 1> kStates{"new", "established", "related", "invalid", "untracked"};

using Numbers = Range<std::uint32_t>;

/// "443" or "8000-8100".
std::optional<Numbers> ParseNumbers(std::string_view text, std::int64_t most) {
    const std::size_t dash = text.find('-');
    const auto first = ParseInt(text.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : ParseInt(text.substr(dash + 1));
    if (!first || !last || *first < 0 || *first > *last || *last > most) return std::nullopt;
    return Numbers{static_cast<std::uint32_t>(*first), static_cast<std::uint32_t>(*last)};
}

/// "8" or "3/1": types, or a type and its codes.
std::optional<Numbers> ParseIcmp(std::string_view text) {
    const std::size_t slash = text.find('/');
    const auto type = ParseNumbers(text.substr(0, slash), 0xFF);
    if (!type) return std::nullopt;
    if (slash == std::string_view::npos) return Numbers{type->first << 8, type->last << 8 | 0xFFU};
    const auto code = ParseNumbers(text.substr(slash + 1), 0xFF);
    if (!code || type->first != type->last) return std::nullopt;
    return Numbers{type->first << 8 | code->first, type->first << 8 | code->last};
}

/// The parts of a range of ICMP's types and codes that can be written: whole types, and codes of one type.
std::vector<std::string> FormatIcmp(Numbers range) {
    std::vector<std::string> texts;
    const auto add_codes = [&texts](std::uint32_t type, Numbers codes) { texts.push_back(fmt::format("{}/{}", type, FormatNumbers(codes))); };
    if ((range.first & 0xFF) != 0 && range.first >> 8 != range.last >> 8) {
        add_codes(range.first >> 8, {range.first & 0xFF, 0xFF});
        range.first = (range.first | 0xFF) + 1;
    }
    const bool is_whole = (range.first & 0xFF) == 0 && (range.last & 0xFF) == 0xFF;
    if (!is_whole && range.first >> 8 != range.last >> 8) {
        texts.push_back(FormatNumbers({range.first >> 8, (range.last >> 8) - 1}));
        range.first = range.last & ~0xFFU;
    }
    if (is_whole) {
        texts.push_back(FormatNumbers({range.first >> 8, range.last >> 8}));
    } else {
        add_codes(range.first >> 8, {range.first & 0xFF, range.last & 0xFF});
    }
    return texts;
}

/// What is of one protocol; `numbers` without the protocol's.
std::vector<std::string> FormatOneProtocol(std::uint8_t protocol, const Numbers& numbers) {
    const std::string name = ProtocolName(protocol);
    if (numbers.first == 0 && numbers.last == kLastPort) return {name == std::to_string(protocol) ? "ip/" + name : name};
    std::vector<std::string> texts = IsIcmp(protocol) ? FormatIcmp(numbers) : std::vector<std::string>{FormatNumbers(numbers)};
    for (std::string& text : texts) text.insert(0, name + "/");
    return texts;
}

/// So many protocols one after the other are told by their numbers.
constexpr std::uint32_t kLeastProtocolsInOne = 4;

/// How many protocols from this one on lie in the range with all that they have.
std::uint32_t WholeProtocolsFrom(std::uint32_t protocol, const Numbers& range) {
    if (range.first > protocol << 16) return 0;
    return ((range.last + 1) >> 16) - protocol;
}

std::vector<std::string> WithMore(std::vector<std::string> texts) {
    texts.emplace_back("…");
    return texts;
}

}  // namespace

std::string FormatNumbers(const Range<std::uint32_t>& numbers) {
    return numbers.first == numbers.last ? fmt::format("{}", numbers.first) : fmt::format("{}-{}", numbers.first, numbers.last);
}

std::optional<std::uint32_t> NumberUpTo(std::string_view text, std::uint32_t last) {
    if (text.empty() || text.size() > 10 || text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
    const auto number = ParseInt(text);
    if (!number || *number > last) return std::nullopt;
    return static_cast<std::uint32_t>(*number);
}

bool HasPorts(std::uint8_t protocol) { return protocol == 6 || protocol == 17 || protocol == 33 || protocol == 132 || protocol == 136; }
bool IsIcmp(std::uint8_t protocol) { return protocol == 1 || protocol == 58; }

std::string ProtocolName(std::uint8_t protocol) {
    const auto known = std::ranges::find(kProtocols, protocol, &Protocol::number);
    return known != kProtocols.end() ? std::string(known->name) : std::to_string(protocol);
}

std::optional<std::uint8_t> ParseProtocol(std::string_view text) {
    std::string name = ToLowerAscii(text);
    if (name == "ipv6-icmp" || name == "icmp6") name = "icmpv6";
    if (const auto known = std::ranges::find(kProtocols, name, &Protocol::name); known != kProtocols.end()) return known->number;
    const auto number = NumberUpTo(text, 0xFF);
    if (!number) return std::nullopt;
    return static_cast<std::uint8_t>(*number);
}

std::optional<Range<std::uint32_t>> ParseService(std::string_view text) {
    if (text == "any") return Numbers{0, kLastService};
    const std::size_t slash = text.find('/');
    const std::string_view name = text.substr(0, slash);
    const std::string_view rest = slash == std::string_view::npos ? std::string_view() : text.substr(slash + 1);
    if (name == "ip" && slash != std::string_view::npos) {
        const auto protocols = ParseNumbers(rest, 0xFF);
        if (!protocols) return std::nullopt;
        return Numbers{protocols->first << 16, protocols->last << 16 | kLastPort};
    }
    const auto known = std::ranges::find(kProtocols, name, &Protocol::name);
    if (known == kProtocols.end()) return std::nullopt;
    const std::uint32_t base = ServiceKey(known->number, 0);
    if (slash == std::string_view::npos) return Numbers{base, base | kLastPort};
    if (!HasPorts(known->number) && !IsIcmp(known->number)) return std::nullopt;
    const auto numbers = HasPorts(known->number) ? ParseNumbers(rest, kLastPort) : ParseIcmp(rest);
    if (!numbers) return std::nullopt;
    return Numbers{base | numbers->first, base | numbers->last};
}

std::vector<std::string> FormatServices(const NumberSet& services, std::size_t most) {
    if (services.Covers(AllServices())) return {"any"};
    std::vector<std::string> texts;
    for (const auto& range : services.ranges()) {
        for (std::uint32_t protocol = range.first >> 16; protocol <= range.last >> 16; ++protocol) {
            const std::uint32_t whole = WholeProtocolsFrom(protocol, range);
            if (whole >= kLeastProtocolsInOne) {
                if (texts.size() == most) return WithMore(std::move(texts));
                texts.push_back(fmt::format("ip/{}-{}", protocol, protocol + whole - 1));
                protocol += whole - 1;
                continue;
            }
            const Numbers numbers{std::max(range.first, protocol << 16) & kLastPort, std::min(range.last, protocol << 16 | kLastPort) & kLastPort};
            for (std::string& text : FormatOneProtocol(static_cast<std::uint8_t>(protocol), numbers)) {
                if (texts.size() == most) return WithMore(std::move(texts));
                texts.push_back(std::move(text));
            }
        }
    }
    return texts;
}

std::string_view StateName(std::uint32_t state) { return kStates[std::min(state, kLastState)]; }

std::optional<std::uint32_t> ParseState(std::string_view text) {
    const auto known = std::ranges::find(kStates, ToLowerAscii(text));
    if (known == kStates.end()) return std::nullopt;
    return static_cast<std::uint32_t>(known - kStates.begin());
}

}  // namespace opsteward::firewall
