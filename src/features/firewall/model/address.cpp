#include "features/firewall/model/address.hpp"

#include <arpa/inet.h>

#include <array>
#include <bit>

#include "base/text.hpp"

namespace opsteward::firewall {

namespace {

/// inet_pton reads up to a zero byte, so that none may be in the text.
std::optional<std::string> Terminated(std::string_view text, std::size_t longest) {
    if (text.empty() || text.size() > longest || text.find('\0') != std::string_view::npos) return std::nullopt;
    return std::string(text);
}

std::optional<unsigned> ParsePrefix(std::string_view text, unsigned longest) {
    const auto number = ParseInt(text);
    if (!number || *number < 0 || *number > longest || std::to_string(*number) != text) return std::nullopt;
    return static_cast<unsigned>(*number);
}

template <typename T>
std::optional<Range<T>> ParseRange(std::string_view text, std::optional<T> (*parse)(std::string_view), Range<T> (*network)(T, unsigned), unsigned bits) {
    if (const std::size_t slash = text.find('/'); slash != std::string_view::npos) {
        const auto address = parse(text.substr(0, slash));
        const auto prefix = ParsePrefix(text.substr(slash + 1), bits);
        if (!address || !prefix) return std::nullopt;
        return network(*address, *prefix);
    }
    if (const std::size_t dash = text.find('-'); dash != std::string_view::npos) {
        const auto first = parse(text.substr(0, dash));
        const auto last = parse(text.substr(dash + 1));
        if (!first || !last || *first > *last) return std::nullopt;
        return Range<T>{*first, *last};
    }
    const auto address = parse(text);
    if (!address) return std::nullopt;
    return Range<T>{*address, *address};
}

/// A mask of `prefix` leading ones.
template <typename T>
T Mask(unsigned prefix, unsigned bits) {
    return prefix == 0 ? T{0} : static_cast<T>(~T{0} << (bits - prefix));
}

template <typename T>
std::string FormatRange(const Range<T>& range, std::string (*format)(T), unsigned bits) {
    if (range.first == range.last) return format(range.first);
    for (unsigned prefix = 0; prefix < bits; ++prefix) {
        const T mask = Mask<T>(prefix, bits);
        if (range.first == (range.first & mask) && range.last == (range.first | static_cast<T>(~mask))) return format(range.first) + "/" + std::to_string(prefix);
    }
    return format(range.first) + "-" + format(range.last);
}

}  // namespace

std::optional<std::uint32_t> ParseIpv4(std::string_view text) {
    const auto terminated = Terminated(text, INET_ADDRSTRLEN);
    in_addr address{};
    if (!terminated || ::inet_pton(AF_INET, terminated->c_str(), &address) != 1) return std::nullopt;
    return ntohl(address.s_addr);
}

std::optional<Uint128> ParseIpv6(std::string_view text) {
    const auto terminated = Terminated(text, INET6_ADDRSTRLEN);
    std::array<std::uint8_t, 16> bytes{};
    if (!terminated || ::inet_pton(AF_INET6, terminated->c_str(), bytes.data()) != 1) return std::nullopt;
    Uint128 address = 0;
    for (const std::uint8_t byte : bytes) address = address << 8 | byte;
    return address;
}

std::string FormatIpv4(std::uint32_t address) {
    std::array<char, INET_ADDRSTRLEN> text{};
    const in_addr in{htonl(address)};
    ::inet_ntop(AF_INET, &in, text.data(), text.size());
    return text.data();
}

std::string FormatIpv6(Uint128 address) {
    std::array<std::uint8_t, 16> bytes{};
    for (std::size_t i = bytes.size(); i > 0; --i, address >>= 8) bytes[i - 1] = static_cast<std::uint8_t>(address & 0xFF);
    std::array<char, INET6_ADDRSTRLEN> text{};
    ::inet_ntop(AF_INET6, bytes.data(), text.data(), text.size());
    return text.data();
}

Range<std::uint32_t> Ipv4Network(std::uint32_t address, unsigned prefix) {
    const auto mask = Mask<std::uint32_t>(prefix, 32);
    return {address & mask, address | ~mask};
}

Range<Uint128> Ipv6Network(Uint128 address, unsigned prefix) {
    const auto mask = Mask<Uint128>(prefix, 128);
    return {address & mask, address | ~mask};
}

std::optional<unsigned> PrefixOfMask(std::uint32_t mask) {
    const auto ones = static_cast<unsigned>(std::countl_one(mask));
    if (mask != Mask<std::uint32_t>(ones, 32)) return std::nullopt;
    return ones;
}

std::optional<Range<std::uint32_t>> ParseIpv4Range(std::string_view text) { return ParseRange(text, ParseIpv4, Ipv4Network, 32); }
std::optional<Range<Uint128>> ParseIpv6Range(std::string_view text) { return ParseRange(text, ParseIpv6, Ipv6Network, 128); }
std::string FormatIpv4Range(const Range<std::uint32_t>& range) { return FormatRange(range, FormatIpv4, 32); }
std::string FormatIpv6Range(const Range<Uint128>& range) { return FormatRange(range, FormatIpv6, 128); }

}  // namespace opsteward::firewall
