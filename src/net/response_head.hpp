// The head of a response as it goes over the wire.
#pragma once

#include <chrono>
#include <string>

#include "net/http_message.hpp"

namespace opsteward::net {

/// IMF-fixdate (RFC 9110 section 5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT".
std::string FormatHttpDate(std::chrono::sys_seconds when);

/// How the body of a response ends, which decides Content-Length and Connection.
struct ResponseFraming {
    bool keep_alive = true;
    bool to_http_1_0 = false;     ///< then keep-alive must be said
    bool ends_with_close = false;  ///< an event stream: no length, the end of the connection ends it
};

/// False when a name or value could break out of its line, or the status is not a final one: such a response is a
/// defect of the handler and must not be sent.
bool IsSendable(const Response& response);

/// The bytes a response has for a body: `shared_body` or `static_body` if there is one, else `body`; none with 204 and 304.
std::string_view BodyOf(const Response& response);

/// Status line, fields and the empty line. The server alone says Content-Length, Date, Connection and
/// Transfer-Encoding; what the handler set for these is left out. Precondition: IsSendable().
std::string SerializeHead(const Response& response, std::string_view date, const ResponseFraming& framing);

}  // namespace opsteward::net
