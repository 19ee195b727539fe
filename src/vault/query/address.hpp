// IP addresses and networks as a query names them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace opsteward::vault::query {

/// An IPv4 address uses the first 4 bytes, the others are 0. An IPv4-mapped IPv6 address (RFC 4291, 2.5.5.2) is kept as the IPv4
/// address that it stands for.
struct Address {
    bool is_v6 = false;
    std::array<std::uint8_t, 16> bytes = {};

    int bits() const { return is_v6 ? 128 : 32; }
    bool operator==(const Address&) const = default;
};

/// Dotted quads without leading zeros and the forms of RFC 4291, 2.2; a zone (`%eth0`) is accepted after IPv6 and left out.
std::optional<Address> ParseAddress(std::string_view text);

/// A network in CIDR notation (RFC 4632); the bits behind the prefix are 0.
struct Network {
    Address address;
    int prefix = 0;  ///< 0 to address.bits()

    bool Contains(const Address& other) const;
    bool operator==(const Network&) const = default;
};

/// `prefix` counts in the notation that `written` was read from: a mapped address is given with 0 to 128. Nothing when the prefix
/// is longer than the address.
std::optional<Network> MakeNetwork(std::string_view written, int prefix);

/// 10.0.0.0/8, 2001:db8::/32 (RFC 5952)
std::string ToText(const Network& network);

}  // namespace opsteward::vault::query
