#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstring>
#include <limits>

#include "base/text.hpp"
#include "net/server.hpp"

namespace opsteward::net {
namespace {

Error NotAnEndpoint(std::string_view text) {
    const std::string shown = Shorten(ReplaceInvalidUtf8(text), 80);
    return Error::Of(ErrorCode::kInvalidInput,
                     "「" + shown + "」不是「位址:埠號」，例如 127.0.0.1:8443 或 [::1]:8443。",
                     "\"" + shown + "\" is not ADDRESS:PORT, such as 127.0.0.1:8443 or [::1]:8443.");
}

bool IsAddress(int family, const std::string& address) {
    in6_addr storage{};
    return inet_pton(family, address.c_str(), &storage) == 1;
}

}  // namespace

Result<Endpoint> ParseEndpoint(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return NotAnEndpoint(text);
    std::string_view address = text.substr(0, colon);
    const std::string_view digits = text.substr(colon + 1);
    const bool bracketed = address.size() > 2 && address.front() == '[' && address.back() == ']';
    if (bracketed) address = address.substr(1, address.size() - 2);

    const std::int64_t port = digits.starts_with('-') ? -1 : ParseInt(digits).value_or(-1);
    Endpoint endpoint;
    endpoint.address = address;
    // A C string ends at a NUL that a string_view would carry on.
    const bool is_address = address.find('\0') == std::string_view::npos &&
                            IsAddress(bracketed ? AF_INET6 : AF_INET, endpoint.address);
    if (!is_address || port < 0 || port > std::numeric_limits<std::uint16_t>::max()) return NotAnEndpoint(text);
    endpoint.port = static_cast<std::uint16_t>(port);
    return endpoint;
}

bool IsLoopback(const Endpoint& endpoint) {
    in_addr v4{};
    if (inet_pton(AF_INET, endpoint.address.c_str(), &v4) == 1) return ntohl(v4.s_addr) >> 24 == 127;
    in6_addr v6{};
    if (inet_pton(AF_INET6, endpoint.address.c_str(), &v6) != 1) return false;
    if (IN6_IS_ADDR_V4MAPPED(&v6)) return v6.s6_addr[12] == 127;
    return IN6_IS_ADDR_LOOPBACK(&v6);
}

}  // namespace opsteward::net
