// One coroutine per connection on the I/O thread. Coroutine rule of this folder: what is awaited takes named
// variables, never a capturing lambda or a braced aggregate (g++ 12 destroys such temporaries twice).
#include "net/connection.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <optional>
#include <type_traits>

#include "base/log.hpp"
#include "net/event_mailbox.hpp"
#include "net/read_buffer.hpp"
#include "net/request_parser.hpp"
#include "net/response_head.hpp"

namespace opsteward::net {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

template <typename T>
using Task = asio::awaitable<T, Executor>;
using Token = asio::as_tuple_t<asio::use_awaitable_t<Executor>>;
using Timer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;
using TlsStream = asio::ssl::stream<Socket>;

constexpr std::size_t kReadBytes = 4 * 1024;
constexpr std::size_t kBodyReadBytes = 64 * 1024;
/// Written under one deadline: together with write_timeout the slowest reader that is borne.
constexpr std::size_t kWriteSlice = 256 * 1024;
/// After a refusal the client may still be sending. Closing at once would make its machine throw our answer away
/// (RFC 9112 section 9.6), so what comes is read for a while.
constexpr std::chrono::seconds kLingerTime{2};
constexpr std::size_t kLingerBytes = 8 * 1024 * 1024;

constexpr Refusal kTimedOut{408, {"請求逾時。", "The request took too long to arrive."}};
constexpr Refusal kTooManyConnections{503, {"連線數已達上限，請稍後再試。", "Too many connections; try again shortly."}};
constexpr Phrase kShuttingDown{"系統正在停止，請稍後再試。", "The system is stopping; try again shortly."};
constexpr Phrase kHandlerFailed{"系統發生錯誤，詳情已記入系統日誌。",
                                "Something went wrong; the details are in the system log."};
constexpr Refusal kPlainOnTls{400, {"這個埠號使用 TLS，請改用 https://。", "This port speaks TLS. Use https:// instead."}};

Response TextResponse(int status, const Phrase& text) {
    Response response = Response::PlainText(fmt::format("{}\n{}\n", text.zh, text.en), status);
    if (status == 405) response.headers.Set("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE");
    response.headers.Set("Cache-Control", "no-store");
    return response;
}

/// Ends a subscription with its scope.
class Subscription {
  public:
    Subscription(EventHub& hub, std::string_view channel, EventHub::Sink sink)
        : hub_(hub), id_(hub.Subscribe(channel, std::move(sink))) {}
    ~Subscription() { hub_.Unsubscribe(id_); }
    Subscription(const Subscription&) = delete;
    Subscription& operator=(const Subscription&) = delete;

  private:
    EventHub& hub_;
    std::uint64_t id_;
};

template <typename Stream>
class StreamConnection final : public Connection, public std::enable_shared_from_this<StreamConnection<Stream>> {
    static constexpr bool kIsTls = std::is_same_v<Stream, TlsStream>;

  public:
    StreamConnection(ConnectionContext& context, Stream stream, std::string peer_address)
        : context_(context),
          stream_(std::move(stream)),
          wake_(context.io.get_executor()),
          peer_address_(std::move(peer_address)) {}

    void Start() override { Spawn(Run()); }
    void StartRefusing() override { Spawn(RunRefusing()); }

    void CheckDeadline(MonotonicTime now) override {
        if (now < deadline_) return;
        deadline_ = MonotonicTime::max();
        if (phase_ == Phase::kIdle || phase_ == Phase::kHead || phase_ == Phase::kBody) {
            timed_out_ = true;
            CancelRead();
        } else {
            Close();
        }
    }

    void Drain() override {
        draining_ = true;
        if (phase_ == Phase::kIdle) CancelRead();
        if (phase_ == Phase::kEvents) wake_.cancel();
        if (phase_ == Phase::kHandshake) Close();
    }

    void Abort() override { Close(); }

  private:
    enum class Phase { kHandshake, kIdle, kHead, kBody, kHandler, kWrite, kEvents, kLinger, kClosed };
    enum class ReadOutcome { kRequest, kRefused, kGone };

    /// Posts a worker's job and has the coroutine go on when it is done.
    struct RunOnWorker {
        StreamConnection* connection;

        template <typename Continuation>
        void operator()(Continuation continuation) const {
            asio::post(connection->context_.workers,
                       [self = connection, next = std::move(continuation)]() mutable {
                           self->AnswerRequest();
                           asio::post(self->context_.io, std::move(next));
                       });
        }
    };

    Socket& socket() {
        if constexpr (kIsTls) {
            return stream_.next_layer();
        } else {
            return stream_;
        }
    }

    void Spawn(Task<void> task) {
        asio::co_spawn(context_.io, std::move(task),
                       [self = this->shared_from_this()](const std::exception_ptr& failure) { self->Finish(failure); });
    }

    void Finish(const std::exception_ptr& failure) {
        try {
            if (failure) std::rethrow_exception(failure);
        } catch (const std::exception& e) {
            log::error("connection of {}: {}", peer_address_, e.what());
        }
        Close();
        context_.on_finished(*this);
    }

    void Enter(Phase phase, std::chrono::milliseconds allowed) {
        phase_ = phase;
        timed_out_ = false;
        deadline_ = std::chrono::steady_clock::now() + allowed;
    }
    void EnterWithoutDeadline(Phase phase) {
        phase_ = phase;
        deadline_ = MonotonicTime::max();
    }

    void CancelRead() {
        error_code ignored;
        socket().cancel(ignored);
    }
    void Close() {
        EnterWithoutDeadline(Phase::kClosed);
        error_code ignored;
        socket().close(ignored);
    }

    Task<void> Run() {
        const bool established = co_await Handshake();
        if (!established) co_return;
        co_await ServeRequests();
        if (phase_ != Phase::kClosed) co_await SayGoodbye();
    }

    Task<void> RunRefusing() {
        // With TLS an answer would cost the handshake that the limit is there to save.
        if constexpr (!kIsTls) co_await Refuse(kTooManyConnections);
        co_return;
    }

    Task<bool> Handshake() {
        if constexpr (kIsTls) {
            Enter(Phase::kHandshake, context_.limits.header_timeout);
            const auto readable = Socket::wait_read;
            const auto [wait_error] = co_await socket().async_wait(readable, Token());
            if (wait_error) co_return false;
            char first = 0;
            error_code peek_error;
            const std::size_t peeked = socket().receive(asio::buffer(&first, 1), Socket::message_peek, peek_error);
            if (peek_error || peeked == 0) co_return false;
            if (first >= 'A' && first <= 'Z') {
                co_await RefusePlainHttp();
                co_return false;
            }
            const auto role = asio::ssl::stream_base::server;
            const auto [error] = co_await stream_.async_handshake(role, Token());
            co_return !error;
        }
        co_return true;
    }

    /// A TLS record begins with byte 22, an HTTP request with a capital letter.
    Task<void> RefusePlainHttp() {
        const Response response = TextResponse(kPlainOnTls.status, kPlainOnTls.text);
        ResponseFraming framing;
        framing.keep_alive = false;
        const std::string answer = SerializeHead(response, context_.http_date(), framing) + response.body;
        const asio::const_buffer bytes(answer.data(), answer.size());
        const auto [error, written] = co_await asio::async_write(socket(), bytes, Token());
        Count(response.status);
        if (!error) co_await Linger();
    }

    Task<void> ServeRequests() {
        for (;;) {
            const ReadOutcome outcome = co_await ReadRequest();
            if (outcome == ReadOutcome::kGone) co_return;
            if (outcome == ReadOutcome::kRefused) {
                const Refusal refusal = timed_out_ ? kTimedOut : parser_->refusal();
                co_await Refuse(refusal);
                co_return;
            }
            const bool stays = co_await ServeRequest();
            if (!stays) co_return;
        }
    }

    Task<ReadOutcome> ReadRequest() {
        parser_.emplace(context_.limits);
        buffer_.ReleaseIfLargerThan(kReadBytes);
        Enter(Phase::kIdle, context_.limits.idle_timeout);
        for (;;) {
            buffer_.Consume(parser_->Feed(buffer_.View()));
            const auto state = parser_->state();
            if (state == RequestParser::State::kDone) co_return ReadOutcome::kRequest;
            if (state == RequestParser::State::kRefused) co_return ReadOutcome::kRefused;
            if (state == RequestParser::State::kHead && phase_ == Phase::kIdle && !buffer_.empty()) {
                Enter(Phase::kHead, context_.limits.header_timeout);
            }
            if (state == RequestParser::State::kBody && phase_ != Phase::kBody) {
                Enter(Phase::kBody, context_.limits.body_timeout);
                if (parser_->expects_continue() && buffer_.empty()) {
                    constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
                    const asio::const_buffer bytes(kContinue.data(), kContinue.size());
                    const auto [error, written] = co_await asio::async_write(stream_, bytes, Token());
                    if (error) co_return ReadOutcome::kGone;
                }
            }
            if (phase_ == Phase::kClosed || (phase_ == Phase::kIdle && draining_)) co_return ReadOutcome::kGone;
            if (timed_out_) co_return phase_ == Phase::kIdle ? ReadOutcome::kGone : ReadOutcome::kRefused;

            const auto room = buffer_.Prepare(phase_ == Phase::kBody ? kBodyReadBytes : kReadBytes);
            const asio::mutable_buffer space(room.data(), room.size());
            const auto [error, size] = co_await stream_.async_read_some(space, Token());
            buffer_.Commit(size);
            if (error && !timed_out_) co_return ReadOutcome::kGone;
        }
    }

    /// False when the connection ends with this request.
    Task<bool> ServeRequest() {
        request_ = parser_->TakeRequest();
        request_.peer_address = peer_address_;
        request_.is_tls = kIsTls;
        EnterWithoutDeadline(Phase::kHandler);
        const RunOnWorker job{this};
        const asio::use_awaitable_t<Executor> token;
        co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void()>(job, token);
        if (phase_ == Phase::kClosed) co_return false;

        Count(response_.status);
        if (response_.events) {
            co_await StreamEvents();
            co_return false;
        }
        ResponseFraming framing;
        framing.keep_alive = parser_->keep_alive() && !draining_ && response_.headers.Get("Connection") != "close";
        framing.to_http_1_0 = parser_->is_http_1_0();
        const std::string head = SerializeHead(response_, context_.http_date(), framing);
        const std::string_view body = request_.method == Method::kHead ? std::string_view() : BodyOf(response_);
        const bool written = co_await Write(head, body);
        request_ = Request();
        response_ = Response();
        co_return written && framing.keep_alive;
    }

    /// On a worker thread, while the coroutine waits.
    void AnswerRequest() {
        if (context_.abandoned) {
            response_ = TextResponse(503, kShuttingDown);
            return;
        }
        const auto begin = std::chrono::steady_clock::now();
        try {
            response_ = context_.handler(request_);
            if (!IsSendable(response_)) throw std::logic_error("status or field that can't be sent");
            if (response_.events && !context_.events) throw std::logic_error("event stream without an event hub");
        } catch (const std::exception& e) {
            log::error("{} {}: {}", MethodName(request_.method), request_.path, e.what());
            response_ = TextResponse(500, kHandlerFailed);
        } catch (...) {
            log::error("{} {}: unknown exception", MethodName(request_.method), request_.path);
            response_ = TextResponse(500, kHandlerFailed);
        }
        const auto spent = std::chrono::steady_clock::now() - begin;
        context_.counters.handler_microseconds += static_cast<std::uint64_t>(
            std::chrono::duration_cast<std::chrono::microseconds>(spent).count());
    }

    Task<bool> Write(std::string_view head, std::string_view body) {
        Enter(Phase::kWrite, context_.limits.write_timeout);
        std::size_t offset = std::min(body.size(), kWriteSlice);
        const std::array<asio::const_buffer, 2> first = {asio::const_buffer(head.data(), head.size()),
                                                         asio::const_buffer(body.data(), offset)};
        const auto [first_error, first_size] = co_await asio::async_write(stream_, first, Token());
        bool written = !first_error;
        while (written && offset < body.size()) {
            Enter(Phase::kWrite, context_.limits.write_timeout);
            const asio::const_buffer slice(body.data() + offset, std::min(body.size() - offset, kWriteSlice));
            const auto [error, size] = co_await asio::async_write(stream_, slice, Token());
            offset += size;
            written = !error;
        }
        if (phase_ == Phase::kClosed) co_return false;
        if (!written) Close();
        co_return written;
    }

    Task<void> Refuse(const Refusal& refusal) {
        Count(refusal.status);
        const Response response = TextResponse(refusal.status, refusal.text);
        ResponseFraming framing;
        framing.keep_alive = false;
        const std::string head = SerializeHead(response, context_.http_date(), framing);
        const bool written = co_await Write(head, response.body);
        if (!written) co_return;
        co_await SayGoodbye();
        co_await Linger();
    }

    /// Tells a TLS peer that the end is no accident, without waiting for it to say the same.
    Task<void> SayGoodbye() {
        if constexpr (kIsTls) {
            Enter(Phase::kLinger, kLingerTime);
            SSL_set_shutdown(stream_.native_handle(), SSL_get_shutdown(stream_.native_handle()) | SSL_RECEIVED_SHUTDOWN);
            [[maybe_unused]] const auto outcome = co_await stream_.async_shutdown(Token());
        }
        co_return;
    }

    Task<void> Linger() {
        Enter(Phase::kLinger, kLingerTime);
        error_code shutdown_error;
        socket().shutdown(Socket::shutdown_send, shutdown_error);
        std::size_t total = 0;
        while (!shutdown_error && phase_ == Phase::kLinger && total < kLingerBytes) {
            const auto room = buffer_.Prepare(kReadBytes);
            const asio::mutable_buffer space(room.data(), room.size());
            const auto [error, size] = co_await socket().async_read_some(space, Token());
            if (error) break;
            total += size;
        }
        Close();
    }

    Task<void> StreamEvents() {
        auto mailbox = std::make_shared<EventMailbox>();
        EventHub::Sink sink = [weak = this->weak_from_this(), mailbox](const EventMailbox::Frame& frame) {
            if (!mailbox->Put(frame)) return;
            if (auto self = weak.lock()) {
                auto& io = self->context_.io;
                asio::post(io, [self = std::move(self), mailbox] { self->OnMail(*mailbox); });
            }
        };
        const Subscription subscription(*context_.events, response_.events->channel, std::move(sink));
        ResponseFraming framing;
        framing.ends_with_close = true;
        response_.headers.Set("Content-Type", "text/event-stream");
        response_.headers.Set("Cache-Control", "no-store");
        const std::string head = SerializeHead(response_, context_.http_date(), framing);
        bool open = co_await Write(head, std::string_view());
        if (request_.method == Method::kHead) co_return;
        if (open) WatchForDisconnect();
        while (open && watching_ && !draining_ && !mailbox->overflowed()) {
            const auto frames = mailbox->TakeAll();
            std::string text;
            for (const auto& frame : frames) text += *frame;
            if (text.empty()) {
                EnterWithoutDeadline(Phase::kEvents);
                wake_.expires_after(context_.limits.event_heartbeat);
                const auto [woken] = co_await wake_.async_wait(Token());
                if (woken) continue;
                text = ": \n\n";
            }
            open = co_await Write(text, std::string_view());
        }
        if (open && draining_) co_await SayGoodbye();
        Close();
        while (watching_) {
            wake_.expires_at(MonotonicTime::max());
            co_await wake_.async_wait(Token());
        }
    }

    void OnMail(const EventMailbox& mailbox) {
        // The coroutine may hang in a write that this reader does not take.
        if (mailbox.overflowed()) Close();
        wake_.cancel();
    }

    /// A client has nothing to say on an event stream; whatever comes, the end above all, ends it.
    void WatchForDisconnect() {
        watching_ = true;
        const asio::mutable_buffer space(&watched_byte_, 1);
        stream_.async_read_some(space, [self = this->shared_from_this()](const error_code&, std::size_t) {
            self->watching_ = false;
            self->wake_.cancel();
        });
    }

    void Count(int status) {
        ++context_.counters.requests;
        ++context_.counters.responses_by_class[static_cast<std::size_t>(status / 100)];
    }

    ConnectionContext& context_;
    Stream stream_;
    Timer wake_;
    const std::string peer_address_;
    Phase phase_ = Phase::kIdle;
    MonotonicTime deadline_ = MonotonicTime::max();
    bool timed_out_ = false;
    bool draining_ = false;
    bool watching_ = false;
    char watched_byte_ = 0;
    ReadBuffer buffer_;
    std::optional<RequestParser> parser_;
    Request request_;
    Response response_;
};

}  // namespace

std::shared_ptr<Connection> MakeConnection(ConnectionContext& context, Socket socket, std::string peer_address,
                                           SSL_CTX* tls) {
    if (tls == nullptr) {
        return std::make_shared<StreamConnection<Socket>>(context, std::move(socket), std::move(peer_address));
    }
    SSL* session = SSL_new(tls);
    if (session == nullptr) throw std::bad_alloc();
    return std::make_shared<StreamConnection<TlsStream>>(context, TlsStream(std::move(socket), session),
                                                         std::move(peer_address));
}

}  // namespace opsteward::net
