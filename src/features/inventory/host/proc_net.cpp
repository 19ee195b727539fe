#include "features/inventory/host/proc_net.hpp"

#include <arpa/inet.h>

#include <array>
#include <bit>
#include <charconv>
#include <cstring>
#include <optional>

#include "base/text.hpp"
#include "features/inventory/host/words.hpp"

namespace opsteward::inventory::host {
namespace {

constexpr unsigned kTcpListen = 0x0A;       // TCP_LISTEN of the kernel's tcp_states.h
constexpr unsigned kUdpUnconnected = 0x07;  // a UDP socket without a peer is shown as TCP_CLOSE

template <typename Number>
std::optional<Number> ParseNumber(std::string_view text, int base) {
    Number number{};
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    if (text.empty() || code != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

struct Address {
    std::string text;
    bool is_loopback = false;
};

/// Each 32 bits of the address, in network order in memory, printed as one hexadecimal number of this machine.
std::optional<Address> ParseAddress(std::string_view hex) {
    if (hex.size() != 8 && hex.size() != 32) return std::nullopt;
    std::array<std::uint32_t, 4> words{};
    for (std::size_t i = 0; i < hex.size() / 8; ++i) {
        const auto word = ParseNumber<std::uint32_t>(hex.substr(i * 8, 8), 16);
        if (!word) return std::nullopt;
        words[i] = *word;
    }
    std::array<unsigned char, 16> bytes{};
    std::memcpy(bytes.data(), words.data(), bytes.size());
    std::array<char, INET6_ADDRSTRLEN> text{};
    const bool is_v4 = hex.size() == 8;
    if (!::inet_ntop(is_v4 ? AF_INET : AF_INET6, bytes.data(), text.data(), text.size())) return std::nullopt;
    constexpr std::array<unsigned char, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    const bool is_mapped = !is_v4 && std::memcmp(bytes.data(), kMapped.data(), kMapped.size()) == 0;
    const std::string_view shown = text.data();
    return Address{std::string(shown), is_v4 ? bytes[0] == 127 : shown == "::1" || (is_mapped && bytes[12] == 127)};
}

}  // namespace

std::vector<ListeningSocket> ParseProcNet(std::string_view text, Transport transport) {
    std::vector<ListeningSocket> sockets;
    for (const std::string_view line : SplitLines(text)) {
        // sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode …
        const auto words = SplitWords(line);
        if (words.size() < 10) continue;
        const auto state = ParseNumber<unsigned>(words[3], 16);
        if (state != (transport == Transport::kTcp ? kTcpListen : kUdpUnconnected)) continue;
        const std::size_t colon = words[1].find(':');
        if (colon == std::string_view::npos) continue;
        const auto address = ParseAddress(words[1].substr(0, colon));
        const auto port = ParseNumber<std::uint16_t>(words[1].substr(colon + 1), 16);
        const auto uid = ParseNumber<std::uint32_t>(words[7], 10);
        const auto inode = ParseNumber<std::uint64_t>(words[9], 10);
        if (!address || !port || !uid || !inode) continue;
        sockets.push_back({.address = address->text, .port = *port, .uid = *uid, .inode = *inode,
                           .is_loopback = address->is_loopback});
    }
    return sockets;
}

}  // namespace opsteward::inventory::host
