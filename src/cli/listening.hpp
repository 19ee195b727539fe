// How the program's servers listen: by TLS with a certificate in the data folder, or plain on loopback.
#pragma once

#include <filesystem>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "net/server.hpp"

namespace opsteward::cli {

/// Makes a certificate for this machine in `data` when there is none.
Result<net::ServerOptions> ListenOptions(const std::filesystem::path& data, const net::Endpoint& listen, bool is_plain_http, Instant now);

/// "https://127.0.0.1:8443"
std::string AddressText(const net::Endpoint& endpoint, bool is_plain_http);

}  // namespace opsteward::cli
