// From bytes to a Request, without sockets: Boost.Beast's HTTP/1.1 grammar (RFC 9112), and on top of it the refusals
// that keep two readers of the same bytes from seeing two different requests.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/language.hpp"
#include "net/http_message.hpp"
#include "net/server.hpp"

namespace opsteward::net {

/// Why a request is not handed to the handler: the status of the answer and its text. The connection is closed after it.
struct Refusal {
    int status = 400;
    Phrase text;
};

/// Reads exactly one request. Beyond what Beast refuses (bad line ends, bad names and values, Content-Length together
/// with Transfer-Encoding, every limit) it refuses: folded lines, more than one Content-Length or one that is not plain
/// digits, any transfer coding but a lone "chunked" and that one in HTTP/1.0, a missing or repeated Host, over 100
/// fields, a path ParseRequestTarget refuses, a query FormFields::Parse refuses.
class RequestParser {
  public:
    enum class State {
        kHead,     ///< the head is not complete
        kBody,     ///< the head stands; body bytes are missing
        kDone,     ///< TakeRequest() may be called
        kRefused,  ///< refusal() says why; nothing more is read
    };

    /// `limits` must outlive the parser.
    explicit RequestParser(const ServerLimits& limits);
    ~RequestParser();
    RequestParser(const RequestParser&) = delete;
    RequestParser& operator=(const RequestParser&) = delete;

    /// Reads from the front of `bytes` and says how many it is done with. The rest must be presented again, with more
    /// behind it. Bytes after the end of the request are left alone.
    std::size_t Feed(std::string_view bytes);

    State state() const;
    const Refusal& refusal() const;
    /// The client waits for "100 Continue" before it sends the body. From kBody on.
    bool expects_continue() const;
    /// The client can take another answer on this connection. From kBody on.
    bool keep_alive() const;
    bool is_http_1_0() const;
    /// Precondition: kDone. Peer address and is_tls are for the caller to fill in.
    Request TakeRequest();

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace opsteward::net
