// Filter sets of ClassBench (Taylor, Turner: ClassBench: A Packet Classification Benchmark, 2007): a rule a line, the first that matches decides. They name no
// action, so every rule accepts; flags of TCP are no dimension of the model and the figures known of these sets leave them out, so they are read and not asked
// for.
#include <fmt/format.h>

#include <charconv>
#include <limits>

#include "base/text.hpp"
#include "features/firewall/formats/readers.hpp"
#include "features/firewall/model/address.hpp"

namespace opsteward::firewall {

namespace {

/// Takes the fields of one line off its front.
class LineFields {
  public:
    explicit LineFields(std::string_view line) : rest_(line) {}

    std::string_view Next() {
        constexpr std::string_view kBlanks = " \t\r";
        rest_.remove_prefix(std::min(rest_.find_first_not_of(kBlanks), rest_.size()));
        const std::string_view field = rest_.substr(0, std::min(rest_.find_first_of(kBlanks), rest_.size()));
        rest_.remove_prefix(field.size());
        return field;
    }

  private:
    std::string_view rest_;
};

std::optional<unsigned> Hexadecimal(std::string_view text, unsigned most) {
    if (!text.starts_with("0x") || text.size() < 3) return std::nullopt;
    unsigned number = 0;
    const auto [end, failure] = std::from_chars(text.data() + 2, text.data() + text.size(), number, 16);
    if (failure != std::errc() || end != text.data() + text.size() || number > most) return std::nullopt;
    return number;
}

struct Masked {
    unsigned value = 0;
    unsigned mask = 0;
};

/// "0x06/0xFF"
std::optional<Masked> ReadMasked(std::string_view text, unsigned most) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const auto value = Hexadecimal(text.substr(0, slash), most);
    const auto mask = Hexadecimal(text.substr(slash + 1), most);
    if (!value || !mask) return std::nullopt;
    return Masked{*value, *mask};
}

/// "80 : 443": three fields.
std::optional<Range<std::uint32_t>> ReadPorts(LineFields& fields) {
    const auto first = ParseInt(fields.Next());
    const bool has_colon = fields.Next() == ":";
    const auto last = ParseInt(fields.Next());
    if (!first || !has_colon || !last || *first < 0 || *first > *last || *last > kLastPort) return std::nullopt;
    return Range<std::uint32_t>{static_cast<std::uint32_t>(*first), static_cast<std::uint32_t>(*last)};
}

NumberSet ServicesOf(const Masked& protocol, const Range<std::uint32_t>& ports) {
    std::vector<Range<std::uint32_t>> ranges;
    for (unsigned number = 0; number <= 0xFF; ++number) {
        if (((number ^ protocol.value) & protocol.mask) != 0) continue;
        const std::uint32_t base = ServiceKey(static_cast<std::uint8_t>(number), 0);
        ranges.push_back({base | ports.first, base | ports.last});
    }
    return NumberSet(std::move(ranges));
}

std::optional<Traffic> ReadTraffic(std::string_view line) {
    if (!line.starts_with('@')) return std::nullopt;
    LineFields fields(line.substr(1));
    const auto source = ParseIpv4Range(fields.Next());
    const auto destination = ParseIpv4Range(fields.Next());
    const auto source_ports = ReadPorts(fields);
    const auto ports = ReadPorts(fields);
    const auto protocol = ReadMasked(fields.Next(), 0xFF);
    const std::string_view flags = fields.Next();
    if (!source || !destination || !source_ports || !ports || !protocol) return std::nullopt;
    if ((!flags.empty() && !ReadMasked(flags, 0xFFFF)) || !fields.Next().empty()) return std::nullopt;
    Traffic traffic;
    traffic.in = NumberSet(0U);
    traffic.out = NumberSet(0U);
    traffic.source4 = Ipv4Set(source->first, source->last);
    traffic.destination4 = Ipv4Set(destination->first, destination->last);
    traffic.source_ports = NumberSet(source_ports->first, source_ports->last);
    traffic.services = ServicesOf(*protocol, *ports);
    return traffic;
}

}  // namespace

Result<Configuration> ReadClassbench(std::string_view text) {
    if (text.size() > kMaxConfigurationBytes) {
        return Error::Of(ErrorCode::kTooLarge, fmt::format("過濾規則檔過大：最多 {}。", FormatBytes(kMaxConfigurationBytes)),
                         fmt::format("The filter set is too large: at most {}.", FormatBytes(kMaxConfigurationBytes)));
    }
    Configuration configuration;
    configuration.format = Format::kClassbench;
    RuleBase& base = configuration.rule_bases.emplace_back();
    base.name = "filters";
    base.zones = {"*"};
    std::size_t number = 0;
    for (const std::string_view line : SplitLines(text)) {
        ++number;
        if (Trim(line).empty()) continue;
        auto traffic = ReadTraffic(Trim(line));
        if (!traffic) {
            configuration.unknown.push_back({number, ReplaceInvalidUtf8(line)});
            continue;
        }
        Rule& rule = base.rules.emplace_back();
        rule.id = std::to_string(number);
        rule.text = std::string(Trim(line));
        rule.line = number;
        rule.action = Action::kAccept;
        rule.traffic.push_back(std::move(*traffic));
    }
    if (base.rules.empty()) {
        return Error::Of(ErrorCode::kInvalidInput, "第 1 行起沒有任何 ClassBench 規則（應以 @ 開頭）。",
                         "From line 1 on there is no rule of ClassBench (they begin with @).");
    }
    return configuration;
}

}  // namespace opsteward::firewall
