// The HTTP server: HTTP/1.1 with keep-alive over TLS (or plain on loopback), handlers on a pool of worker threads.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "net/event_hub.hpp"
#include "net/http_message.hpp"

namespace opsteward::net {

struct Endpoint {
    std::string address = "127.0.0.1";  ///< an IP address, not a name
    std::uint16_t port = 8443;          ///< 0: any free port
};
/// "127.0.0.1:8443", "[::1]:8443"
Result<Endpoint> ParseEndpoint(std::string_view text);
bool IsLoopback(const Endpoint& endpoint);

struct TlsFiles {
    std::filesystem::path certificate;  ///< PEM, leaf first
    std::filesystem::path key;          ///< PEM
};
/// Uses FOLDER/server.crt and server.key if both are there; else makes a P-256 key (mode 0600) and a self-signed
/// certificate for `names` valid 397 days. Errors name the file and what is wrong (key does not fit, expired, unreadable).
Result<TlsFiles> LoadOrMakeCertificate(const std::filesystem::path& folder, const std::vector<std::string>& names,
                                       Instant now);

struct ServerLimits {
    std::size_t max_header_bytes = 16 * 1024;       ///< over: 431
    std::size_t max_body_bytes = 4 * 1024 * 1024;   ///< over: 413
    std::size_t max_target_bytes = 4 * 1024;        ///< over: 414
    std::chrono::milliseconds header_timeout{10'000};   ///< 408, from the first byte to the end of the header
    std::chrono::milliseconds body_timeout{30'000};     ///< 408, for the whole body
    std::chrono::milliseconds idle_timeout{60'000};     ///< between requests: closed
    std::chrono::milliseconds write_timeout{30'000};    ///< a client that takes less than 256 KiB in this time is dropped
    std::chrono::milliseconds event_heartbeat{15'000};  ///< an event stream without events gets a comment this often
    std::size_t max_connections = 2000;             ///< over: the newest is answered 503 (with TLS: nothing) and closed
    std::size_t max_connections_per_address = 200;  ///< an IPv6 network of 64 bits counts as one address
};

struct ServerOptions {
    Endpoint listen;
    std::optional<TlsFiles> tls;  ///< none: plain HTTP, refused unless `listen` is a loopback address
    ServerLimits limits;
    std::size_t workers = 4;
    std::chrono::milliseconds drain_timeout{10'000};
};

struct ServerStatistics {
    std::uint64_t requests = 0;  ///< answered, refused ones included
    std::uint64_t responses_by_class[6] = {};  ///< [2] = 2xx …
    std::uint64_t connections_open = 0;
    std::uint64_t connections_refused = 0;
    std::uint64_t handler_microseconds = 0;
};

class Server {
  public:
    /// Called on a worker thread, several at once. An exception that leaves it becomes a 500 with a short text.
    using Handler = std::function<Response(const Request&)>;

    /// Binds and starts. kConflict when the port is in use (says by what address), kForbidden when not allowed.
    static Result<std::unique_ptr<Server>> Start(ServerOptions options, Handler handler, std::shared_ptr<EventHub> events);
    virtual ~Server() = default;

    /// Where it listens, with the real port.
    virtual Endpoint local_endpoint() const = 0;
    virtual ServerStatistics statistics() const = 0;
    /// No new connections; requests under way are answered (at most drain_timeout); event streams are ended. Blocks, and
    /// past drain_timeout still waits for handlers that run. Not to be called from a handler. The destructor calls it.
    virtual void Stop() = 0;
};

}  // namespace opsteward::net
