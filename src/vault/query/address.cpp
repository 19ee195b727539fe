#include "vault/query/address.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <span>

namespace opsteward::vault::query {
namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr int kMappedBits = 96;

void ClearBehind(std::span<std::uint8_t> bytes, int prefix) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const int kept = std::clamp(prefix - static_cast<int>(i) * 8, 0, 8);
        bytes[i] &= static_cast<std::uint8_t>(0xff00 >> kept);
    }
}

/// As written: a mapped address is not yet the IPv4 address that it stands for.
std::optional<Address> ReadAddress(std::string_view text) {
    const bool is_v6 = text.find(':') != std::string_view::npos;
    if (is_v6) text = text.substr(0, text.find('%'));
    if (text.size() >= INET6_ADDRSTRLEN || text.find('\0') != std::string_view::npos) return std::nullopt;
    char terminated[INET6_ADDRSTRLEN] = {};
    std::copy(text.begin(), text.end(), terminated);
    Address address{.is_v6 = is_v6};
    if (inet_pton(is_v6 ? AF_INET6 : AF_INET, terminated, address.bytes.data()) != 1) return std::nullopt;
    return address;
}

bool IsMapped(const Address& address) {
    return address.is_v6 && std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), address.bytes.begin());
}

Address Unmapped(const Address& mapped) {
    Address address;
    std::copy_n(mapped.bytes.begin() + kMappedPrefix.size(), 4, address.bytes.begin());
    return address;
}

}  // namespace

std::optional<Address> ParseAddress(std::string_view text) {
    std::optional<Address> address = ReadAddress(text);
    if (address && IsMapped(*address)) return Unmapped(*address);
    return address;
}

bool Network::Contains(const Address& other) const {
    if (other.is_v6 != address.is_v6) return false;
    Address network = other;
    ClearBehind(network.bytes, prefix);
    return network == address;
}

std::optional<Network> MakeNetwork(std::string_view written, int prefix) {
    std::optional<Address> address = ReadAddress(written);
    if (!address || prefix < 0 || prefix > address->bits()) return std::nullopt;
    if (IsMapped(*address) && prefix >= kMappedBits) {
        address = Unmapped(*address);
        prefix -= kMappedBits;
    }
    ClearBehind(address->bytes, prefix);
    return Network{*address, prefix};
}

std::string ToText(const Network& network) {
    char text[INET6_ADDRSTRLEN] = {};
    inet_ntop(network.address.is_v6 ? AF_INET6 : AF_INET, network.address.bytes.data(), text, sizeof text);
    return fmt::format("{}/{}", text, network.prefix);
}

}  // namespace opsteward::vault::query
