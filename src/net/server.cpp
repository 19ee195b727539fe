// Listens, counts and limits connections, keeps their deadlines, and ends them in order.
#include "net/server.hpp"

#include <algorithm>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <map>
#include <thread>
#include <unordered_map>

#include "base/log.hpp"
#include "base/mutex.hpp"
#include "net/connection.hpp"
#include "net/response_head.hpp"
#include "net/tls_context.hpp"

namespace opsteward::net {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;
using Timer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;

/// Clients beyond the limit that are being told so at the same time; the ones beyond these are just closed.
constexpr std::size_t kMaxRefusing = 64;
/// Waited before accepting again when the machine has no descriptors or memory left.
constexpr std::chrono::milliseconds kAcceptBackOff{100};

std::string Describe(const Endpoint& endpoint) {
    const bool is_v6 = endpoint.address.find(':') != std::string::npos;
    return fmt::format(fmt::runtime(is_v6 ? "[{}]:{}" : "{}:{}"), endpoint.address, endpoint.port);
}

Error CannotListen(const Endpoint& endpoint, const error_code& error) {
    const std::string where = Describe(endpoint);
    if (error == asio::error::address_in_use) {
        return Error::Of(ErrorCode::kConflict,
                         where + " 已由其他程式使用。請停止該程式，或在設定中改用其他埠號。",
                         where + " is already in use by another program. Stop that program, or set another port.");
    }
    if (error == asio::error::access_denied) {
        return Error::Of(ErrorCode::kForbidden,
                         "沒有在 " + where + " 接受連線的權限；1024 以下的埠號需要 CAP_NET_BIND_SERVICE。",
                         "Not allowed to listen on " + where + "; ports below 1024 need CAP_NET_BIND_SERVICE.");
    }
    if (error == boost::system::errc::address_not_available) {
        return Error::Of(ErrorCode::kInvalidInput, "本機沒有 " + endpoint.address + " 這個位址。",
                         "This machine has no address " + endpoint.address + ".");
    }
    return Error::System("cannot listen on " + where, error.value());
}

asio::ip::address Unmapped(const asio::ip::address& address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped()) {
        return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
    }
    return address;
}

/// Whoever has one IPv6 address commonly has all 2^64 of its network.
asio::ip::address CountedAs(const asio::ip::address& address) {
    if (!address.is_v6()) return address;
    auto bytes = address.to_v6().to_bytes();
    std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
    return asio::ip::address_v6(bytes);
}

/// How often deadlines are looked at: an eighth of the shortest, within bounds.
std::chrono::milliseconds TickFor(const ServerLimits& limits) {
    const auto shortest =
        std::min({limits.header_timeout, limits.body_timeout, limits.idle_timeout, limits.write_timeout});
    return std::clamp(shortest / 8, std::chrono::milliseconds(5), std::chrono::milliseconds(500));
}

class AsioServer final : public Server {
  public:
    AsioServer(ServerOptions options, Handler handler, std::shared_ptr<EventHub> events, SslContextPtr tls)
        : options_(std::move(options)),
          tls_(std::move(tls)),
          workers_(std::max<std::size_t>(options_.workers, 1)),
          acceptor_(io_.get_executor()),
          accept_timer_(io_.get_executor()),
          tick_timer_(io_.get_executor()),
          drain_timer_(io_.get_executor()),
          work_(io_.get_executor()),
          context_{.limits = options_.limits,
                   .handler = std::move(handler),
                   .events = std::move(events),
                   .io = io_,
                   .workers = workers_,
                   .counters = {},
                   .abandoned = false,
                   .http_date = [this] { return HttpDate(); },
                   .on_finished = [this](const Connection& connection) { Forget(connection); }} {}

    ~AsioServer() override { Stop(); }

    Result<void> Listen() {
        error_code error;
        const auto address = asio::ip::make_address(options_.listen.address, error);
        if (error) {
            return Error::Of(ErrorCode::kInvalidInput, "「" + options_.listen.address + "」不是 IP 位址。",
                             "\"" + options_.listen.address + "\" is not an IP address.");
        }
        const asio::ip::tcp::endpoint endpoint(address, options_.listen.port);
        acceptor_.open(endpoint.protocol(), error);
        // A restarted server need not wait for the old connections' TIME_WAIT; two listeners are still refused.
        if (!error) acceptor_.set_option(Acceptor::reuse_address(true), error);
        if (!error) acceptor_.bind(endpoint, error);
        if (!error) acceptor_.listen(Acceptor::max_listen_connections, error);
        if (error) return CannotListen(options_.listen, error);
        const auto bound = acceptor_.local_endpoint(error);
        if (error) return CannotListen(options_.listen, error);
        local_endpoint_ = {options_.listen.address, bound.port()};
        Accept();
        io_thread_ = std::thread([this] { RunIo(); });
        return Ok();
    }

    Endpoint local_endpoint() const override { return local_endpoint_; }

    ServerStatistics statistics() const override {
        const Counters& counters = context_.counters;
        ServerStatistics result;
        result.requests = counters.requests;
        for (std::size_t i = 0; i < counters.responses_by_class.size(); ++i) {
            result.responses_by_class[i] = counters.responses_by_class[i];
        }
        result.connections_open = counters.connections_open;
        result.connections_refused = counters.connections_refused;
        result.handler_microseconds = counters.handler_microseconds;
        return result;
    }

    void Stop() override {
        const MutexLock lock(stop_mutex_);
        if (!io_thread_.joinable()) return;
        asio::post(io_, [this] { BeginDraining(); });
        io_thread_.join();
        workers_.join();
    }

  private:
    struct Entry {
        std::shared_ptr<Connection> connection;
        asio::ip::address counted_as;
        bool is_refused = false;
    };

    void RunIo() {
        for (;;) {
            try {
                io_.run();
                return;
            } catch (const std::exception& e) {
                // Memory ran out while a connection was set up, at worst: that one is lost, the others go on.
                log::error("server: {}", e.what());
            }
        }
    }

    void Accept() {
        acceptor_.async_accept([this](const error_code& error, Socket socket) {
            if (!acceptor_.is_open()) return;
            if (!error) {
                Accept();
                Admit(std::move(socket));
                return;
            }
            if (error == asio::error::connection_aborted || error == asio::error::try_again) return Accept();
            log::warn("cannot accept a connection: {}", error.message());
            accept_timer_.expires_after(kAcceptBackOff);
            accept_timer_.async_wait([this](const error_code& cancelled) {
                if (!cancelled && acceptor_.is_open()) Accept();
            });
        });
    }

    void Admit(Socket socket) {
        error_code error;
        const auto peer = socket.remote_endpoint(error);
        if (error) return;  // gone already
        socket.set_option(asio::ip::tcp::no_delay(true), error);

        const auto address = Unmapped(peer.address());
        const auto counted_as = CountedAs(address);
        const bool is_full = context_.counters.connections_open >= options_.limits.max_connections ||
                             PerAddress(counted_as) >= options_.limits.max_connections_per_address;
        if (is_full) {
            ++context_.counters.connections_refused;
            if (refusing_ >= kMaxRefusing) return;
        }
        const auto connection = MakeConnection(context_, std::move(socket), address.to_string(), tls_.get());
        connections_[connection.get()] = {connection, counted_as, is_full};
        if (is_full) {
            ++refusing_;
        } else {
            ++context_.counters.connections_open;
            ++per_address_[counted_as];
        }
        if (!ticking_) ScheduleTick();
        try {
            if (is_full) {
                connection->StartRefusing();
            } else {
                connection->Start();
            }
        } catch (...) {
            Forget(*connection);
            throw;
        }
    }

    std::size_t PerAddress(const asio::ip::address& counted_as) const {
        const auto found = per_address_.find(counted_as);
        return found == per_address_.end() ? 0 : found->second;
    }

    void Forget(const Connection& connection) {
        const auto found = connections_.find(&connection);
        if (found->second.is_refused) {
            --refusing_;
        } else {
            --context_.counters.connections_open;
            const auto counted = per_address_.find(found->second.counted_as);
            if (--counted->second == 0) per_address_.erase(counted);
        }
        connections_.erase(found);
        if (draining_ && connections_.empty()) EndDraining();
    }

    /// Looks at the deadlines as long as there are connections, so that an idle server sleeps.
    void ScheduleTick() {
        ticking_ = true;
        tick_timer_.expires_after(TickFor(options_.limits));
        tick_timer_.async_wait([this](const error_code& cancelled) {
            ticking_ = false;
            if (cancelled) return;
            const auto now = std::chrono::steady_clock::now();
            for (const auto& [key, entry] : connections_) entry.connection->CheckDeadline(now);
            if (!connections_.empty()) ScheduleTick();
        });
    }

    void BeginDraining() {
        draining_ = true;
        error_code ignored;
        acceptor_.close(ignored);
        accept_timer_.cancel();
        if (connections_.empty()) return EndDraining();
        drain_timer_.expires_after(options_.drain_timeout);
        drain_timer_.async_wait([this](const error_code& cancelled) {
            if (cancelled) return;
            context_.abandoned = true;
            log::warn("stopping: {} connections are closed before their end", connections_.size());
            for (const auto& [key, entry] : connections_) entry.connection->Abort();
        });
        for (const auto& [key, entry] : connections_) entry.connection->Drain();
    }

    /// With the last connection gone nothing else holds the I/O thread.
    void EndDraining() {
        tick_timer_.cancel();
        drain_timer_.cancel();
        work_.reset();
    }

    std::string_view HttpDate() {
        const auto now = std::chrono::floor<std::chrono::seconds>(clock_.Now());
        if (now != http_date_of_) {
            http_date_of_ = now;
            http_date_ = FormatHttpDate(now);
        }
        return http_date_;
    }

    const ServerOptions options_;
    const SslContextPtr tls_;
    const SystemClock clock_;
    Endpoint local_endpoint_;

    asio::io_context io_{1};
    asio::thread_pool workers_;
    std::thread io_thread_;
    Mutex stop_mutex_;

    // From here on: the I/O thread's, once it runs.
    Acceptor acceptor_;
    Timer accept_timer_;
    Timer tick_timer_;
    Timer drain_timer_;
    asio::executor_work_guard<Executor> work_;
    ConnectionContext context_;
    std::unordered_map<const Connection*, Entry> connections_;
    std::map<asio::ip::address, std::size_t> per_address_;
    std::size_t refusing_ = 0;
    bool ticking_ = false;
    bool draining_ = false;
    std::chrono::sys_seconds http_date_of_{};
    std::string http_date_;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::Start(ServerOptions options, Handler handler, std::shared_ptr<EventHub> events) {
    SslContextPtr tls;
    if (options.tls) {
        OPS_TRY(tls, MakeTlsContext(*options.tls));
    } else if (!IsLoopback(options.listen)) {
        return Error::Of(ErrorCode::kForbidden,
                         "未使用 TLS 時只能在本機位址（127.0.0.1 或 ::1）接受連線，不能用 " + Describe(options.listen) + "。",
                         "Without TLS the server listens only on a loopback address (127.0.0.1 or ::1), not on " +
                             Describe(options.listen) + ".");
    }
    auto server =
        std::make_unique<AsioServer>(std::move(options), std::move(handler), std::move(events), std::move(tls));
    OPS_CHECK(server->Listen());
    return std::unique_ptr<Server>(std::move(server));
}

}  // namespace opsteward::net
