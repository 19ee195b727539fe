#include "cli/listening.hpp"

#include <fmt/format.h>

#include "cli/host_name.hpp"

namespace opsteward::cli {

Result<net::ServerOptions> ListenOptions(const std::filesystem::path& data, const net::Endpoint& listen, bool is_plain_http, Instant now) {
    net::ServerOptions options;
    options.listen = listen;
    if (is_plain_http) return options;
    std::vector<std::string> names{"localhost", "127.0.0.1", "::1", listen.address};
    if (const std::string host = HostName(); !host.empty()) names.insert(names.begin() + 1, host);
    OPS_TRY(options.tls, net::LoadOrMakeCertificate(data, names, now));
    return options;
}

std::string AddressText(const net::Endpoint& endpoint, bool is_plain_http) {
    const bool is_ipv6 = endpoint.address.find(':') != std::string::npos;
    return fmt::format(fmt::runtime(is_ipv6 ? "{}://[{}]:{}" : "{}://{}:{}"), is_plain_http ? "http" : "https", endpoint.address, endpoint.port);
}

}  // namespace opsteward::cli
