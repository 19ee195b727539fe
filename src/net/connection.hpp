// One client: reads a request, has the handler answer it, writes the answer, and again.
#pragma once

#include <openssl/ssl.h>

#include <array>
#include <atomic>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "net/event_hub.hpp"
#include "net/server.hpp"

namespace opsteward::net {

using Executor = boost::asio::io_context::executor_type;
using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;
/// Deadlines of the network are not the program's time: they run on the machine's monotonic clock.
using MonotonicTime = std::chrono::steady_clock::time_point;

/// Read by any thread.
struct Counters {
    std::atomic<std::uint64_t> requests{0};
    std::array<std::atomic<std::uint64_t>, 6> responses_by_class{};
    std::atomic<std::uint64_t> connections_open{0};
    std::atomic<std::uint64_t> connections_refused{0};
    std::atomic<std::uint64_t> handler_microseconds{0};
};

class Connection;

/// What the server lends its connections; outlives them.
struct ConnectionContext {
    ServerLimits limits;
    Server::Handler handler;
    std::shared_ptr<EventHub> events;
    boost::asio::io_context& io;
    boost::asio::thread_pool& workers;
    Counters counters;
    std::atomic<bool> abandoned{false};  ///< requests that no worker has begun are not begun any more
    std::function<std::string_view()> http_date;          ///< on the I/O thread
    std::function<void(const Connection&)> on_finished;  ///< on the I/O thread, once
};

/// Everything here runs on the I/O thread.
class Connection {
  public:
    virtual ~Connection() = default;

    virtual void Start() = 0;
    /// Answers 503 without reading anything.
    virtual void StartRefusing() = 0;
    /// Ends what has run out of time.
    virtual void CheckDeadline(MonotonicTime now) = 0;
    /// Ends after the request under way, at once if there is none.
    virtual void Drain() = 0;
    /// Closes the socket; only a handler that runs is waited for.
    virtual void Abort() = 0;
};

/// `tls` is null for plain HTTP.
std::shared_ptr<Connection> MakeConnection(ConnectionContext& context, Socket socket, std::string peer_address, SSL_CTX* tls);

}  // namespace opsteward::net
